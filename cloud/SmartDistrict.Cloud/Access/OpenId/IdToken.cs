using System.Buffers.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;

namespace SmartDistrict.Cloud.Access.OpenId;

/// <summary>
/// Reads an ID token that came straight from the provider's token endpoint: OpenID Connect Core 1.0, 3.1.3.7. There TLS, by which
/// the endpoint was recognised, stands for the token's signature (point 6).
/// </summary>
internal static class IdToken
{
    /// <summary>How far the provider's clock and ours may be apart.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    /// <returns>The token's claims.</returns>
    /// <exception cref="AuthenticationFailureException">The token is not for this sign-in; the message says why.</exception>
    public static JsonElement Read(string token, string issuer, string client, string nonce, DateTimeOffset now)
    {
        var claims = Payload(token);
        Demand(Text(claims, "iss") == issuer, "it was made by another issuer");
        var audience = Texts(claims, "aud");
        Demand(audience.Contains(client), "it is for another client");
        Demand(Text(claims, "azp") is { } party ? party == client : audience.Count == 1, "it was made for another party");
        Demand(claims.TryGetProperty("exp", out var end) && end.TryGetDouble(out var seconds) && now.ToUnixTimeSeconds() < seconds + Skew.TotalSeconds, "it has expired");
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

    public static string? Text(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static Role? Known(string role) => role switch
    {
        Policies.Viewer => Role.Viewer,
        Policies.Operator => Role.Operator,
        Policies.Administrator => Role.Administrator,
        _ => null,
    };

    /// <summary>A claim that is a text or a list of texts; a name with dots is a path where no claim has that very name.</summary>
    private static List<string> Texts(JsonElement claims, string path)
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

    private static JsonElement Payload(string token)
    {
        try
        {
            if (token.Split('.') is [_, var payload, _] && JsonElement.Parse(Base64Url.DecodeFromChars(payload)) is { ValueKind: JsonValueKind.Object } claims)
                return claims;
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            throw new AuthenticationFailureException("the provider's ID token cannot be read", e);
        }
        throw new AuthenticationFailureException("the provider's ID token is none");
    }

    private static void Demand(bool holds, string otherwise)
    {
        if (!holds)
            throw new AuthenticationFailureException($"the provider's ID token does not hold: {otherwise}");
    }
}
