using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;

namespace SmartDistrict.Cloud.Access.OpenId;

/// <summary>A signed token in its parts (RFC 7515, compact form); whether the signature holds is for <see cref="SigningKeys"/> to say.</summary>
/// <param name="Header">How it is signed.</param>
/// <param name="Claims">What it says.</param>
/// <param name="Signed">The bytes that the signature is of.</param>
/// <param name="Signature">The signature.</param>
internal sealed record SignedToken(JsonElement Header, JsonElement Claims, byte[] Signed, byte[] Signature)
{
    /// <exception cref="AuthenticationFailureException">It is no such token.</exception>
    public static SignedToken Parse(string token)
    {
        try
        {
            if (token.Split('.') is [var header, var claims, var signature]
                && Part(header) is { ValueKind: JsonValueKind.Object } how && Part(claims) is { ValueKind: JsonValueKind.Object } what)
                return new(how, what, Encoding.ASCII.GetBytes($"{header}.{claims}"), Base64Url.DecodeFromChars(signature));
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            throw new AuthenticationFailureException("the provider's ID token cannot be read", e);
        }
        throw new AuthenticationFailureException("what the provider sent as ID token is none");
    }

    private static JsonElement Part(string text) => JsonElement.Parse(Base64Url.DecodeFromChars(text));
}
