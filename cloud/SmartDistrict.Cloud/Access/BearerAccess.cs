using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using SmartDistrict.Cloud.Embedded;

namespace SmartDistrict.Cloud.Access;

/// <summary>Lets a program in that sends its token with every request: <c>Authorization: Bearer TOKEN</c>.</summary>
internal sealed class BearerAccess(
    AccessCode code, IOptions<CloudOptions> settings, IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logs, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logs, encoder)
{
    public const string SchemeName = "Bearer";

    public static bool Applies(HttpRequest request) =>
        request.Headers.Authorization.ToString().StartsWith(SchemeName + " ", StringComparison.OrdinalIgnoreCase);

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (!Applies(Request))
            return Task.FromResult(AuthenticateResult.NoResult());
        var given = Request.Headers.Authorization.ToString()[(SchemeName.Length + 1)..].Trim();
        var hash = GatewayTokens.Hash(given);
        var token = settings.Value.ApiTokens.FirstOrDefault(token => token.TokenSha256.Equals(hash, StringComparison.OrdinalIgnoreCase));
        var who = token is not null ? Principal(token.Name, token.Role, SchemeName)
            : code.Matches(given) ? Principal("access code", Role.Administrator, SchemeName)
            : null;
        return Task.FromResult(who is null ? AuthenticateResult.Fail("unknown token") : AuthenticateResult.Success(new AuthenticationTicket(who, SchemeName)));
    }

    public static ClaimsPrincipal Principal(string name, Role role, string scheme) =>
        new(new ClaimsIdentity([new(ClaimTypes.Name, name), new(ClaimTypes.Role, role.Name())], scheme));
}
