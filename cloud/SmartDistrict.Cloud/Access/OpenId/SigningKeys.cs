using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;

namespace SmartDistrict.Cloud.Access.OpenId;

/// <summary>
/// The public keys by which a provider signs (RFC 7517). What the token says of its algorithm chooses among these ways only and must
/// fit the key: neither <c>none</c> nor a signature by a shared secret (<c>HS256</c>) is ever taken.
/// </summary>
/// <param name="keys">The provider's own list; keys of other kinds or for other uses may stand in it.</param>
/// <param name="fetchedAt">When it was fetched.</param>
internal sealed class SigningKeys(IReadOnlyList<JsonElement> keys, DateTimeOffset fetchedAt)
{
    private const int LeastRsaBits = 2048;

    private static readonly Dictionary<string, Way> Ways = new()
    {
        ["RS256"] = new("RSA", HashAlgorithmName.SHA256, Padding: RSASignaturePadding.Pkcs1),
        ["RS384"] = new("RSA", HashAlgorithmName.SHA384, Padding: RSASignaturePadding.Pkcs1),
        ["RS512"] = new("RSA", HashAlgorithmName.SHA512, Padding: RSASignaturePadding.Pkcs1),
        ["PS256"] = new("RSA", HashAlgorithmName.SHA256, Padding: RSASignaturePadding.Pss),
        ["PS384"] = new("RSA", HashAlgorithmName.SHA384, Padding: RSASignaturePadding.Pss),
        ["PS512"] = new("RSA", HashAlgorithmName.SHA512, Padding: RSASignaturePadding.Pss),
        ["ES256"] = new("EC", HashAlgorithmName.SHA256, "P-256", ECCurve.NamedCurves.nistP256),
        ["ES384"] = new("EC", HashAlgorithmName.SHA384, "P-384", ECCurve.NamedCurves.nistP384),
        ["ES512"] = new("EC", HashAlgorithmName.SHA512, "P-521", ECCurve.NamedCurves.nistP521),
    };

    public DateTimeOffset FetchedAt => fetchedAt;

    /// <summary>Whether the key that the token names is among these; one that is not may have come since.</summary>
    public bool Know(SignedToken token) => For(token, WayOf(token)).Any();

    /// <exception cref="AuthenticationFailureException">None of these keys made the token's signature.</exception>
    public void Check(SignedToken token)
    {
        var way = WayOf(token);
        try
        {
            if (For(token, way).Any(key => way.Holds(key, token)))
                return;
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            throw new AuthenticationFailureException("a key of the provider cannot be read", e);
        }
        throw new AuthenticationFailureException("the provider's ID token is not signed by one of its keys");
    }

    private static Way WayOf(SignedToken token)
    {
        var name = IdToken.Text(token.Header, "alg");
        // What must be understood is understood by nobody here.
        if (name is null || !Ways.TryGetValue(name, out var way) || token.Header.TryGetProperty("crit", out _))
            throw new AuthenticationFailureException($"the provider's ID token is signed in a way that is not taken ({name}): let it sign with RS256, PS256 or ES256");
        return way;
    }

    private IEnumerable<JsonElement> For(SignedToken token, Way way) => keys.Where(key => key.ValueKind == JsonValueKind.Object
        && IdToken.Text(key, "kty") == way.Kind && IdToken.Text(key, "crv") == way.CurveName
        && IdToken.Text(key, "use") is null or "sig"
        && (IdToken.Text(key, "alg") is not { } alg || alg == IdToken.Text(token.Header, "alg"))
        && (IdToken.Text(token.Header, "kid") is not { } id || id == IdToken.Text(key, "kid")));

    /// <summary>A way to sign (RFC 7518, 3.1): the kind of key, its curve where it has one, the hash, and how it is padded.</summary>
    private sealed record Way(string Kind, HashAlgorithmName Hash, string? CurveName = null, ECCurve Curve = default, RSASignaturePadding? Padding = null)
    {
        public bool Holds(JsonElement key, SignedToken token)
        {
            if (Padding is null)
            {
                using var curve = ECDsa.Create(new ECParameters { Curve = Curve, Q = new() { X = Bytes(key, "x"), Y = Bytes(key, "y") } });
                return curve.VerifyData(token.Signed, token.Signature, Hash);
            }
            using var rsa = RSA.Create(new RSAParameters { Modulus = Bytes(key, "n"), Exponent = Bytes(key, "e") });
            return rsa.KeySize >= LeastRsaBits && rsa.VerifyData(token.Signed, token.Signature, Hash, Padding);
        }

        private static byte[] Bytes(JsonElement key, string name) => Base64Url.DecodeFromChars(IdToken.Text(key, name));
    }
}
