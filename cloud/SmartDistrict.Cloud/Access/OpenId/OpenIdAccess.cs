using System.Net;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace SmartDistrict.Cloud.Access.OpenId;

/// <summary>The scheme's options.</summary>
internal sealed class OpenIdScheme : OAuthOptions
{
    public string Issuer { get; set; } = "";

    public string RoleClaim { get; set; } = "";

    /// <summary>The provider, once it was found.</summary>
    public OpenIdProvider? Provider { get; set; }
}

/// <summary>
/// Signs people in by OpenID Connect's code flow: state, correlation and PKCE are the framework's, this adds the provider's own
/// description, the nonce, and the ID token with its signature.
/// </summary>
internal sealed class OpenIdAccess(IOptionsMonitor<OpenIdScheme> options, ILoggerFactory logs, UrlEncoder encoder) : OAuthHandler<OpenIdScheme>(options, logs, encoder)
{
    public const string SchemeName = "OpenId";

    /// <summary>Holds what the provider says of somebody, as JSON, in the principal.</summary>
    public const string ClaimsClaim = "id_token";

    /// <summary>Challenge parameter: the provider asks who it is, though somebody is signed in there.</summary>
    public const string Again = "again";

    private const string Nonce = "nonce";

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
        var asked = QueryHelpers.AddQueryString(base.BuildChallengeUrl(properties, redirectUri), Nonce, nonce);
        return properties.GetParameter<bool?>(Again) == true ? QueryHelpers.AddQueryString(asked, "prompt", "login") : asked;
    }

    protected override async Task<HandleRequestResult> HandleRemoteAuthenticateAsync()
    {
        await FindAsync();
        return await base.HandleRemoteAuthenticateAsync();
    }

    protected override async Task<OAuthTokenResponse> ExchangeCodeAsync(OAuthCodeExchangeContext context)
    {
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code",
            ["code"] = context.Code,
            ["redirect_uri"] = context.RedirectUri,
            [OAuthConstants.CodeVerifierKey] = context.Properties.Items[OAuthConstants.CodeVerifierKey]!,
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, Options.TokenEndpoint);
        if (Options.Provider!.SecretInBody)
            (form["client_id"], form["client_secret"]) = (Options.ClientId, Options.ClientSecret);
        else
            // RFC 6749, 2.3.1: both are form-encoded within the header.
            request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(Options.ClientId)}:{Uri.EscapeDataString(Options.ClientSecret)}")));
        request.Content = new FormUrlEncodedContent(form);
        request.Headers.Accept.Add(new("application/json"));
        using var response = await Backchannel.SendAsync(request, Context.RequestAborted);
        if (response.StatusCode >= HttpStatusCode.InternalServerError)
            response.EnsureSuccessStatusCode();
        // The body of a refusal may tell of codes and secrets: the log gets its status only.
        return response.IsSuccessStatusCode
            ? OAuthTokenResponse.Success(JsonDocument.Parse(await response.Content.ReadAsStringAsync(Context.RequestAborted)))
            : OAuthTokenResponse.Failed(new AuthenticationFailureException($"the provider's token endpoint answers {(int)response.StatusCode}: look at Cloud:OpenId:ClientId and the client's secret"));
    }

    protected override async Task<AuthenticationTicket> CreateTicketAsync(ClaimsIdentity identity, AuthenticationProperties properties, OAuthTokenResponse tokens)
    {
        if (tokens.Response?.RootElement is not { ValueKind: JsonValueKind.Object } response || IdToken.Text(response, "id_token") is not { } text)
            throw new AuthenticationFailureException("the provider sent no ID token");
        var nonce = properties.Items[Nonce] ?? throw new AuthenticationFailureException("the sign-in was begun without a nonce");
        var now = TimeProvider.GetUtcNow();
        var token = await Options.Provider!.CheckAsync(text, Options.Issuer, Options.ClientId, now, Context.RequestAborted);
        var claims = IdToken.Read(token, Options.ClientId, nonce, now);
        identity.AddClaim(new(ClaimsClaim, (await WithUserInfoAsync(claims, tokens.AccessToken)).GetRawText()));
        return new(new ClaimsPrincipal(identity), properties, Scheme.Name);
    }

    /// <summary>Many providers put the role not into the ID token but into what they tell of its bearer; what the ID token says goes before.</summary>
    private async Task<JsonElement> WithUserInfoAsync(JsonElement claims, string? accessToken)
    {
        if (accessToken is null || IdToken.Texts(claims, Options.RoleClaim).Count > 0 || await Options.Provider!.UserInfoAsync(accessToken, Context.RequestAborted) is not { } more)
            return claims;
        // Core 1.0, 5.3.2: else it may be of somebody else.
        if (IdToken.Text(more, "sub") != IdToken.Text(claims, "sub"))
            throw new AuthenticationFailureException("the provider's user info is of somebody else");
        var both = JsonObject.Create(more)!;
        foreach (var claim in claims.EnumerateObject())
            both[claim.Name] = JsonNode.Parse(claim.Value.GetRawText());
        return JsonSerializer.SerializeToElement(both);
    }

    private async Task FindAsync()
    {
        var now = TimeProvider.GetUtcNow();
        if (Options.Provider?.IsBelieved(now) == true)
            return;
        var found = await OpenIdProvider.FindAsync(Backchannel, Options.Issuer, now, Context.RequestAborted);
        (Options.AuthorizationEndpoint, Options.TokenEndpoint, Options.Provider) = (found.AuthorizationEndpoint, found.TokenEndpoint, found);
    }
}
