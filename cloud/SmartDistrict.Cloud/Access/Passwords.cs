using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace SmartDistrict.Cloud.Access;

/// <summary>Passwords are kept as the framework's own hash: PBKDF2 with HMAC-SHA512, a salt of its own for each.</summary>
internal sealed class Passwords
{
    public const int Shortest = 10;
    public const int Longest = 200;

    private const int DifferentCharacters = 5;

    /// <summary>OWASP's figure for PBKDF2-HMAC-SHA512 (Password Storage Cheat Sheet, 2023).</summary>
    private const int Iterations = 210_000;

    private static readonly object Nobody = new();

    private readonly PasswordHasher<object> hasher;
    private readonly Lazy<string> noPassword;

    public Passwords() : this(Iterations)
    {
    }

    /// <summary>For tests, which would spend most of their time on it.</summary>
    internal Passwords(int iterations)
    {
        hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = iterations }));
        noPassword = new(() => Hash(Secret.Code()));
    }

    public string Hash(string password) => hasher.HashPassword(Nobody, password);

    /// <summary>Whether a password is the one of a hash. Without a hash it never is, and takes the same time to say so.</summary>
    public bool Matches(string? hash, string password) =>
        hasher.VerifyHashedPassword(Nobody, hash ?? noPassword.Value, password) != PasswordVerificationResult.Failed && hash is not null;

    /// <summary>What is wrong with a new password, and how to mend it; null where it will do.</summary>
    public static string? Fault(string name, string password) =>
        password.Length < Shortest ? $"password has {password.Length} characters: take at least {Shortest}, several words are easy to remember"
        : password.Length > Longest ? $"password has {password.Length} characters: take at most {Longest}"
        : password.Distinct().Count() < DifferentCharacters ? $"password repeats itself: take at least {DifferentCharacters} different characters"
        : password.Contains(name, StringComparison.OrdinalIgnoreCase) ? "password holds the sign-in name: take one that does not"
        : null;
}
