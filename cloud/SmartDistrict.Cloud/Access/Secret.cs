using System.Security.Cryptography;
using System.Text;

namespace SmartDistrict.Cloud.Access;

/// <summary>
/// Secrets that this service makes: too long to be guessed, so that a plain SHA-256 of them is safe to keep, and each is
/// found by its hash, so no comparison leaks its text.
/// </summary>
internal static class Secret
{
    /// <summary>No letters that a person may take for another.</summary>
    private const string Letters = "abcdefghjkmnpqrstuvwxyz23456789";

    /// <summary>For a program: 256 bit, with a beginning by which searches for leaked secrets know it.</summary>
    public static string Token() => "sdt_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    /// <summary>For a person to copy or type: 20 letters, 99 bit.</summary>
    public static string Code() => RandomNumberGenerator.GetString(Letters, 20);

    public static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret.Trim())));
}
