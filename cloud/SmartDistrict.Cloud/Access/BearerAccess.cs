using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace SmartDistrict.Cloud.Access;

/// <summary>Lets a program in that sends the access code with every request: <c>Authorization: Bearer CODE</c>.</summary>
internal sealed class BearerAccess(
    AccessCode code, IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logs, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logs, encoder)
{
    public const string SchemeName = "Bearer";

    public static bool Applies(HttpRequest request) =>
        request.Headers.Authorization.ToString().StartsWith(SchemeName + " ", StringComparison.OrdinalIgnoreCase);

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (!Applies(Request))
            return Task.FromResult(AuthenticateResult.NoResult());
        var given = Request.Headers.Authorization.ToString()[(SchemeName.Length + 1)..];
        return Task.FromResult(code.Matches(given)
            ? AuthenticateResult.Success(new AuthenticationTicket(Operator(SchemeName), SchemeName))
            : AuthenticateResult.Fail("not the access code"));
    }

    /// <summary>Who holds the access code. The one place that will know of users and roles.</summary>
    public static ClaimsPrincipal Operator(string scheme) => new(new ClaimsIdentity([new(ClaimTypes.Role, "operator")], scheme));
}
