using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace SmartDistrict.Cloud.Access;

/// <summary>Lets a program in that sends its token with every request: <c>Authorization: Bearer TOKEN</c>.</summary>
internal sealed class BearerAccess(
    ApiTokens tokens, IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logs, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logs, encoder)
{
    public const string SchemeName = "Bearer";

    public static bool Applies(HttpRequest request) =>
        request.Headers.Authorization.ToString().StartsWith(SchemeName + " ", StringComparison.OrdinalIgnoreCase);

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (!Applies(Request))
            return Task.FromResult(AuthenticateResult.NoResult());
        return Task.FromResult(tokens.WhoShows(Request.Headers.Authorization.ToString()[(SchemeName.Length + 1)..]) is { } who
            ? AuthenticateResult.Success(new AuthenticationTicket(who, SchemeName))
            : AuthenticateResult.Fail("unknown token"));
    }
}
