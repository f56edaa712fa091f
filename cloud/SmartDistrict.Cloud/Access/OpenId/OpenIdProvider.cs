using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace SmartDistrict.Cloud.Access.OpenId;

/// <summary>A provider as it describes itself (OpenID Connect Discovery 1.0, 4), believed for an hour.</summary>
internal sealed class OpenIdProvider
{
    private static readonly TimeSpan Believed = TimeSpan.FromHours(1);

    /// <summary>A token of an unknown key makes us fetch the keys again, but no more often than so.</summary>
    private static readonly TimeSpan KeysPace = TimeSpan.FromMinutes(1);

    private const int LeastRsaBits = 2048;

    private readonly HttpClient http;
    private readonly string keysAddress;
    private readonly DateTimeOffset foundAt;
    private (IList<SecurityKey> List, DateTimeOffset FetchedAt)? keys;

    private OpenIdProvider(HttpClient http, JsonElement told, DateTimeOffset now)
    {
        (this.http, foundAt) = (http, now);
        (AuthorizationEndpoint, TokenEndpoint, keysAddress) = (Address(told, "authorization_endpoint"), Address(told, "token_endpoint"), Address(told, "jwks_uri"));
        UserInfoEndpoint = told.TryGetProperty("userinfo_endpoint", out _) ? Address(told, "userinfo_endpoint") : null;
        SecretInBody = told.TryGetProperty("token_endpoint_auth_methods_supported", out var ways) && ways.ValueKind == JsonValueKind.Array
            && ways.EnumerateArray().All(way => way.ValueKind != JsonValueKind.String || way.GetString() != "client_secret_basic");
    }

    public string AuthorizationEndpoint { get; }

    public string TokenEndpoint { get; }

    public string? UserInfoEndpoint { get; }

    /// <summary>Whether the client's secret goes into the body; else into the header, which each provider takes unless it says otherwise.</summary>
    public bool SecretInBody { get; }

    /// <exception cref="HttpRequestException">It does not answer.</exception>
    /// <exception cref="AuthenticationFailureException">What it answers is not its description.</exception>
    public static async Task<OpenIdProvider> FindAsync(HttpClient http, string issuer, DateTimeOffset now, CancellationToken stop)
    {
        var told = await GetAsync(http, issuer.TrimEnd('/') + "/.well-known/openid-configuration", null, stop);
        return IdToken.Text(told, "issuer") is var name && name == issuer ? new(http, told, now)
            : throw new AuthenticationFailureException($"the provider calls itself {name}, not {issuer}: put its own name into Cloud:OpenId:Issuer");
    }

    public bool IsBelieved(DateTimeOffset now) => now < foundAt + Believed;

    /// <summary>A token that this provider made for a client, and that is not over.</summary>
    /// <exception cref="AuthenticationFailureException">It is not.</exception>
    public async Task<JsonWebToken> CheckAsync(string token, string issuer, string client, DateTimeOffset now, CancellationToken stop)
    {
        var held = keys ??= await KeysAsync(now, stop);
        var result = await IdToken.ValidateAsync(token, held.List, issuer, client, now);
        // The provider may sign with a new key at any time.
        if (result.Exception is SecurityTokenSignatureKeyNotFoundException && now - held.FetchedAt >= KeysPace)
        {
            keys = held = await KeysAsync(now, stop);
            result = await IdToken.ValidateAsync(token, held.List, issuer, client, now);
        }
        return result.IsValid ? (JsonWebToken)result.SecurityToken
            : throw new AuthenticationFailureException($"the provider's ID token does not hold: {IdToken.WhyNot(result.Exception)}", result.Exception);
    }

    /// <summary>What the provider says of whom an access token is for (Core 1.0, 5.3), where it says anything.</summary>
    public async Task<JsonElement?> UserInfoAsync(string accessToken, CancellationToken stop) =>
        UserInfoEndpoint is null ? null : await GetAsync(http, UserInfoEndpoint, accessToken, stop);

    private async Task<(IList<SecurityKey>, DateTimeOffset)> KeysAsync(DateTimeOffset now, CancellationToken stop)
    {
        var told = new JsonWebKeySet((await GetAsync(http, keysAddress, null, stop)).GetRawText());
        return ([.. told.GetSigningKeys().Where(key => key is ECDsaSecurityKey || key.KeySize >= LeastRsaBits)], now);
    }

    private static async Task<JsonElement> GetAsync(HttpClient http, string address, string? accessToken, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Accept.Add(new("application/json"));
        if (accessToken is not null)
            request.Headers.Authorization = new("Bearer", accessToken);
        using var response = await http.SendAsync(request, stop);
        response.EnsureSuccessStatusCode();
        try
        {
            var told = JsonElement.Parse(await response.Content.ReadAsStringAsync(stop));
            return told.ValueKind == JsonValueKind.Object ? told : throw new AuthenticationFailureException($"the provider's {address} answers no JSON object");
        }
        catch (JsonException e)
        {
            throw new AuthenticationFailureException($"the provider's {address} answers no JSON", e);
        }
    }

    private static string Address(JsonElement told, string name) =>
        Uri.TryCreate(IdToken.Text(told, name), UriKind.Absolute, out var address) && OpenIdOptions.IsSafe(address)
            ? address.ToString()
            : throw new AuthenticationFailureException($"the provider's {name} is not an https address");
}
