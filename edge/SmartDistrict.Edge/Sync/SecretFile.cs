using System.Diagnostics.CodeAnalysis;

namespace SmartDistrict.Edge.Sync;

/// <summary>A file that holds one secret: a token or a password.</summary>
internal static class SecretFile
{
    private const int MaxLength = 4096;

    /// <summary>Reads the secret; white space around it (an editor's last newline) is not part of it.</summary>
    /// <param name="problem">What is wrong with the file and how to mend it; never holds its content.</param>
    public static bool TryRead(string path, out string secret, [NotNullWhen(false)] out string? problem)
    {
        secret = "";
        problem = null;
        try
        {
            if (new FileInfo(path).Length > MaxLength)
                problem = $"{path} has more than {MaxLength} bytes: it must hold the secret and nothing else";
            else if ((secret = File.ReadAllText(path).Trim()).Length == 0)
                problem = $"{path} is empty: write the secret into it";
            else if (secret.Any(char.IsControl))
                problem = $"{path} holds more than one line, or control characters: it must hold the secret and nothing else";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problem = $"{path} cannot be read ({e.Message}): let the gateway's user read it";
        }
        return problem is null;
    }
}
