using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace SmartDistrict.Cloud.Access.OpenId;

/// <summary>What an ID token must say to be for this sign-in (OpenID Connect Core 1.0, 3.1.3.7), and what may be read of it.</summary>
internal static class IdToken
{
    /// <summary>How far the provider's clock and ours may be apart.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    /// <summary>By published keys only: neither unsigned nor by a shared secret, whatever the token says of itself.</summary>
    private static readonly string[] WaysToSign = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    private static readonly JsonWebTokenHandler Handler = new();

    /// <summary>Whether issuer, audience, life and signature are right; <see cref="SecurityTokenSignatureKeyNotFoundException"/> where a new key may have made it.</summary>
    public static Task<TokenValidationResult> ValidateAsync(string token, IEnumerable<SecurityKey> keys, string issuer, string client, DateTimeOffset now) =>
        Handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = issuer,
            ValidAudience = client,
            ValidAlgorithms = WaysToSign,
            IssuerSigningKeys = keys,
            LifetimeValidator = (_, end, _, _) => end is { } at && now - Skew < at,
        });

    /// <summary>Why a token did not pass, for the log.</summary>
    public static string WhyNot(Exception e) => e switch
    {
        SecurityTokenInvalidIssuerException => "it was made by another issuer",
        SecurityTokenInvalidAudienceException => "it is for another client than Cloud:OpenId:ClientId",
        SecurityTokenInvalidLifetimeException or SecurityTokenNoExpirationException => "it has expired, or its clock or ours is wrong",
        SecurityTokenInvalidSignatureException or SecurityTokenInvalidAlgorithmException => "none of its keys signed it by RS256, PS256 or ES256",
        _ => $"it cannot be read ({e.GetType().Name})",
    };

    /// <summary>What a valid token says, if it is for this sign-in.</summary>
    /// <exception cref="AuthenticationFailureException">It is not; the message says why.</exception>
    public static JsonElement Read(JsonWebToken token, string client, string nonce, DateTimeOffset now)
    {
        var claims = JsonElement.Parse(Base64UrlEncoder.DecodeBytes(token.EncodedPayload));
        // RFC 7515, 4.1.11: what must be understood is understood by nobody here
        Demand(!token.TryGetHeaderValue<object>("crit", out _), "it asks for what is not understood here");
        Demand(claims.TryGetProperty("azp", out _) ? Text(claims, "azp") == client : token.Audiences.Count() == 1, "it was made for another party");
        Demand(Instant(claims, "iat") is { } made && made < now + Skew, "it was made in the future: its clock or ours is wrong");
        Demand(Text(claims, "nonce") == nonce, "it answers another sign-in");
        Demand(Text(claims, "sub") is { Length: > 0 and <= 255 }, "it names nobody");
        return claims;
    }

    /// <summary>The most that the claim at <paramref name="path"/> lets somebody do in a district; null is nothing.</summary>
    public static Role? RoleIn(JsonElement claims, string path, string district)
    {
        Role? most = null;
        foreach (var value in Texts(claims, path))
            if (Known(value.StartsWith(district + ":", StringComparison.Ordinal) ? value[(district.Length + 1)..] : value) is { } role && !(most >= role))
                most = role;
        return most;
    }

    /// <summary>A claim that is a text or a list of texts; a name with dots is a path where no claim has that very name.</summary>
    public static IReadOnlyList<string> Texts(JsonElement claims, string path)
    {
        if (!claims.TryGetProperty(path, out var value))
        {
            value = claims;
            foreach (var name in path.Split('.'))
                if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(name, out value))
                    return [];
        }
        return value.ValueKind switch
        {
            JsonValueKind.String => [value.GetString()!],
            JsonValueKind.Array => [.. value.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)],
            _ => [],
        };
    }

    public static string? Text(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static Role? Known(string role) => role switch
    {
        Policies.Viewer => Role.Viewer,
        Policies.Operator => Role.Operator,
        Policies.Administrator => Role.Administrator,
        _ => null,
    };

    /// <summary>A claim in s since the Unix epoch, fractions allowed (RFC 7519, NumericDate).</summary>
    private static DateTimeOffset? Instant(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var seconds) && seconds is >= 0 and < 253_402_300_800
            ? DateTimeOffset.UnixEpoch.AddSeconds(seconds)
            : null;

    private static void Demand(bool holds, string otherwise)
    {
        if (!holds)
            throw new AuthenticationFailureException($"the provider's ID token does not hold: {otherwise}");
    }
}
