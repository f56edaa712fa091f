using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace SmartDistrict.Cloud.Access;

/// <summary>
/// The one code that signs an operator in, until there are users and roles. Made at the first start, kept in a file that
/// only this process's user may read; a new one comes into force by deleting the file and starting again.
/// </summary>
internal sealed partial class AccessCode
{
    private const int Length = 20;

    /// <summary>No letters that a person may take for another.</summary>
    private const string Letters = "abcdefghjkmnpqrstuvwxyz23456789";

    private readonly byte[] hash;

    public AccessCode(IOptions<CloudOptions> options, ILogger<AccessCode> log)
    {
        var path = options.Value.AccessCodePath;
        try
        {
            if (!File.Exists(path))
            {
                Create(path);
                LogCreated(log, path, File.ReadAllText(path));
            }
            hash = Hash(File.ReadAllText(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"The access code in {path} cannot be read or made ({e.Message}): set Cloud:AccessCodeFile to a file that this process may write", e);
        }
        if (File.ReadAllText(path).Trim().Length < 8)
            throw new StartException($"The access code in {path} is shorter than 8 characters: delete the file, and a new code is made at the next start");
    }

    /// <summary>Whether a code is the right one, in a time that does not depend on how much of it is.</summary>
    public bool Matches(string code) => CryptographicOperations.FixedTimeEquals(Hash(code), hash);

    private static byte[] Hash(string code) => SHA256.HashData(Encoding.UTF8.GetBytes(code.Trim()));

    private static void Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new StreamWriter(path, Encoding.ASCII, options);
        file.Write(RandomNumberGenerator.GetString(Letters, Length));
    }

    [LoggerMessage(LogLevel.Warning, "The access code of the console is {Code} (made now, kept in {Path}, shown this once)")]
    private static partial void LogCreated(ILogger log, string path, string code);
}
