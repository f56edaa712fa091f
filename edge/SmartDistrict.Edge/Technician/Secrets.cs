using System.Text;
using System.Text.Encodings.Web;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace SmartDistrict.Edge.Technician;

/// <summary>
/// What must not leave the gateway: values of settings whose names say so, what stands in the files that settings name for
/// secrets, and passwords in addresses. It is taken out wherever it turns up, also in its encoded forms.
/// </summary>
internal sealed partial class Secrets
{
    public const string Mask = "•••";

    private const int LargestFile = 64 << 10;

    /// <summary>Shorter texts are words: taking them out would leave no sense.</summary>
    private const int Shortest = 4;

    private readonly List<string> texts;

    private Secrets(IEnumerable<string> texts) =>
        this.texts = [.. texts.Where(text => text.Length >= Shortest).SelectMany(Forms).Distinct().OrderByDescending(text => text.Length)];

    /// <summary>Reads what is secret from the settings and the files they name; now, because a file may have changed.</summary>
    public static Secrets Of(IConfiguration settings)
    {
        var texts = new List<string>();
        foreach (var (key, value) in settings.AsEnumerable())
        {
            if (string.IsNullOrEmpty(value))
                continue;
            if (NamesSecretFile(key))
                texts.AddRange(ContentOf(value));
            else if (IsSecret(key))
                texts.Add(value);
            if (Uri.TryCreate(value, UriKind.Absolute, out var address) && address.UserInfo.Length > 0)
                texts.AddRange([address.UserInfo, .. address.UserInfo.Split(':', 2), .. address.UserInfo.Split(':', 2).Select(Uri.UnescapeDataString)]);
        }
        return new(texts);
    }

    /// <summary>Whether a setting's value is a secret by its name.</summary>
    public static bool IsSecret(string key) => !NamesSecretFile(key) && key.Split(':').Any(part => SecretName().IsMatch(part));

    /// <summary>A text without them.</summary>
    public string RemoveFrom(string text)
    {
        foreach (var secret in texts)
            text = text.Replace(secret, Mask, StringComparison.Ordinal);
        return UserInfo().Replace(PemBlock().Replace(text, Mask), $"$1{Mask}@");
    }

    /// <summary>By the project's own convention the name ends in File; TLS names its files Key and Certificate.</summary>
    private static bool NamesSecretFile(string key) =>
        Last(key).EndsWith("File", StringComparison.OrdinalIgnoreCase) || key.EndsWith("Tls:Key", StringComparison.OrdinalIgnoreCase);

    private static string Last(string key) => key[(key.LastIndexOf(':') + 1)..];

    private static IEnumerable<string> ContentOf(string path)
    {
        string content;
        try
        {
            if (!File.Exists(path) || new FileInfo(path).Length > LargestFile)
                return [];
            content = File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
        return content.Split(['\n', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(line => !line.StartsWith("-----", StringComparison.Ordinal)).Append(content.Trim());
    }

    /// <summary>As it may stand in JSON, in an address and in a header.</summary>
    private static string[] Forms(string text) =>
    [
        text, Uri.EscapeDataString(text), JavaScriptEncoder.Default.Encode(text), JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text),
        Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).TrimEnd('='),
    ];

    [GeneratedRegex("password|passwd|pwd|secret|token|apikey|api_key|credential|code$|key$|authorization|headers?$|passphrase", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();

    [GeneratedRegex("-----BEGIN [^-]*PRIVATE KEY-----.*?-----END [^-]*PRIVATE KEY-----", RegexOptions.Singleline)]
    private static partial Regex PemBlock();

    /// <summary>scheme://user:password@</summary>
    [GeneratedRegex(@"(\b[a-z][a-z0-9+.-]*://)[^/\s@""]+@", RegexOptions.IgnoreCase)]
    private static partial Regex UserInfo();
}
