using System.Net.Http.Headers;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace SmartDistrict.Cloud.Access.OpenId;

/// <summary>The scheme's options; the endpoints are found at the provider when they are first needed.</summary>
internal sealed class OpenIdScheme : OAuthOptions
{
    public string Issuer { get; set; } = "";

    /// <summary>Until when the endpoints are believed.</summary>
    public DateTimeOffset FoundUntil { get; set; }

    /// <summary>Whether the client's secret goes into the body; else into the header, which each provider takes unless it says otherwise.</summary>
    public bool SecretInBody { get; set; }
}

/// <summary>
/// Signs people in by OpenID Connect's code flow: state, correlation and PKCE are the framework's, this adds the provider's own
/// description, the nonce and the ID token.
/// </summary>
internal sealed class OpenIdAccess(IOptionsMonitor<OpenIdScheme> options, ILoggerFactory logs, UrlEncoder encoder) : OAuthHandler<OpenIdScheme>(options, logs, encoder)
{
    public const string SchemeName = "OpenId";

    /// <summary>Holds the ID token's claims, as JSON, in the principal.</summary>
    public const string ClaimsClaim = "id_token";

    private const string Nonce = "nonce";

    private static readonly TimeSpan Believed = TimeSpan.FromHours(1);

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        await FindAsync();
        await base.HandleChallengeAsync(properties);
    }

    protected override string BuildChallengeUrl(AuthenticationProperties properties, string redirectUri)
    {
        var nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        // Comes back within the state, which is protected.
        properties.Items[Nonce] = nonce;
        return QueryHelpers.AddQueryString(base.BuildChallengeUrl(properties, redirectUri), Nonce, nonce);
    }

    protected override async Task<HandleRequestResult> HandleRemoteAuthenticateAsync()
    {
        await FindAsync();
        return await base.HandleRemoteAuthenticateAsync();
    }

    protected override async Task<OAuthTokenResponse> ExchangeCodeAsync(OAuthCodeExchangeContext context)
    {
        if (Options.SecretInBody)
            return await base.ExchangeCodeAsync(context);
        // RFC 6749, 2.3.1: both are form-encoded within the header.
        var client = $"{Uri.EscapeDataString(Options.ClientId)}:{Uri.EscapeDataString(Options.ClientSecret)}";
        using var request = new HttpRequestMessage(HttpMethod.Post, Options.TokenEndpoint)
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["grant_type"] = "authorization_code",
                ["code"] = context.Code,
                ["redirect_uri"] = context.RedirectUri,
                [OAuthConstants.CodeVerifierKey] = context.Properties.Items[OAuthConstants.CodeVerifierKey]!,
            }),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(client)));
        request.Headers.Accept.Add(new("application/json"));
        using var response = await Backchannel.SendAsync(request, Context.RequestAborted);
        return response.IsSuccessStatusCode
            ? OAuthTokenResponse.Success(JsonDocument.Parse(await response.Content.ReadAsStringAsync(Context.RequestAborted)))
            : OAuthTokenResponse.Failed(new AuthenticationFailureException($"the provider's token endpoint answers {(int)response.StatusCode}"));
    }

    protected override Task<AuthenticationTicket> CreateTicketAsync(ClaimsIdentity identity, AuthenticationProperties properties, OAuthTokenResponse tokens)
    {
        if (tokens.Response is not { } response || IdToken.Text(response.RootElement, "id_token") is not { } token)
            throw new AuthenticationFailureException("the provider sent no ID token");
        var nonce = properties.Items[Nonce] ?? throw new AuthenticationFailureException("the sign-in was begun without a nonce");
        var claims = IdToken.Read(token, Options.Issuer, Options.ClientId, nonce, TimeProvider.GetUtcNow());
        identity.AddClaim(new(ClaimsClaim, claims.GetRawText()));
        return Task.FromResult(new AuthenticationTicket(new ClaimsPrincipal(identity), properties, Scheme.Name));
    }

    /// <summary>Finds the endpoints (OpenID Connect Discovery 1.0, 4).</summary>
    private async Task FindAsync()
    {
        var now = TimeProvider.GetUtcNow();
        if (now < Options.FoundUntil)
            return;
        using var response = await Backchannel.GetAsync(new Uri(Options.Issuer.TrimEnd('/') + "/.well-known/openid-configuration"), Context.RequestAborted);
        response.EnsureSuccessStatusCode();
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Context.RequestAborted));
        var told = document.RootElement;
        if (IdToken.Text(told, "issuer") != Options.Issuer)
            throw new AuthenticationFailureException($"the provider calls itself {IdToken.Text(told, "issuer")}, not {Options.Issuer}: put its own name into Cloud:OpenId:Issuer");
        Options.AuthorizationEndpoint = Endpoint(told, "authorization_endpoint");
        Options.TokenEndpoint = Endpoint(told, "token_endpoint");
        Options.SecretInBody = told.TryGetProperty("token_endpoint_auth_methods_supported", out var ways)
            && ways.EnumerateArray().All(way => way.GetString() != "client_secret_basic");
        Options.FoundUntil = now + Believed;
    }

    private static string Endpoint(JsonElement told, string name) =>
        Uri.TryCreate(IdToken.Text(told, name), UriKind.Absolute, out var address) && OpenIdOptions.IsSafe(address)
            ? address.ToString()
            : throw new AuthenticationFailureException($"the provider's {name} is not an https address");
}
