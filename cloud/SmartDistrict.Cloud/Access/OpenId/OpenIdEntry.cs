using System.Security.Claims;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Options;
using SmartDistrict.Cloud.Audit;
using SmartDistrict.Cloud.State;
using SmartDistrict.Configuration;

namespace SmartDistrict.Cloud.Access.OpenId;

/// <summary>
/// Lets in whom the provider names. They are known by its name and theirs in it, never by a name that they can choose, so that
/// nobody becomes somebody else; what they may do is what the provider says at each sign-in.
/// </summary>
internal static partial class OpenIdEntry
{
    /// <summary>Where a sign-in begins; <c>to</c> is the path to go to after it.</summary>
    public const string Path = "/sign-in/openid";

    private const string SignInPage = "/sign-in";

    /// <summary>Leaves room for a number behind it.</summary>
    private const int LongestWish = 56;

    private static readonly string[] NameClaims = ["preferred_username", "email"];

    public static AuthenticationBuilder AddOpenId(this AuthenticationBuilder authentication, OpenIdOptions options)
    {
        if (!options.On)
            return authentication;
        var secret = options.ReadSecret();
        return authentication.AddOAuth<OpenIdScheme, OpenIdAccess>(OpenIdAccess.SchemeName, options.Name, scheme =>
        {
            scheme.SignInScheme = CookieAuthenticationDefaults.AuthenticationScheme;
            scheme.CallbackPath = Path + "/done";
            (scheme.Issuer, scheme.ClientId, scheme.ClientSecret) = (options.Issuer!, options.ClientId, secret);
            // Not empty, as the framework wants it; found before they are used.
            scheme.AuthorizationEndpoint = scheme.TokenEndpoint = options.Issuer!;
            scheme.UsePkce = true;
            scheme.Scope.Clear();
            foreach (var scope in options.Scope.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                scheme.Scope.Add(scope);
            // Sent back with the provider's redirection, by which a browser comes from another site.
            scheme.CorrelationCookie.SameSite = SameSiteMode.Lax;
            scheme.CorrelationCookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            scheme.BackchannelTimeout = TimeSpan.FromSeconds(10);
            scheme.Events.OnTicketReceived = EnterAsync;
            scheme.Events.OnRemoteFailure = context =>
            {
                LogFailed(context.HttpContext.RequestServices.GetRequiredService<ILogger<OpenIdAccess>>(), context.Failure?.Message);
                context.Response.Redirect(Fault("provider-failed"));
                context.HandleResponse();
                return Task.CompletedTask;
            };
        });
    }

    public static void MapOpenId(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<CloudOptions>>().Value.OpenId.On)
            app.MapGet(Path, BeginAsync).AllowAnonymous().RequireRateLimiting(AccessApi.GuessLimit).ExcludeFromDescription();
    }

    private static async Task<IResult> BeginAsync(string? to, HttpContext context, ILogger<OpenIdAccess> log)
    {
        try
        {
            await context.ChallengeAsync(OpenIdAccess.SchemeName, new() { RedirectUri = IsOurs(to) ? to : "/" });
            return Results.Empty;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or JsonException or AuthenticationFailureException)
        {
            LogFailed(log, e.Message);
            return Results.Redirect(Fault("provider-away"));
        }
    }

    /// <summary>A path of this console: no other site, in none of the ways that a browser would read as one.</summary>
    private static bool IsOurs(string? to) => to is ['/', ..] && !to.StartsWith("//", StringComparison.Ordinal) && !to.Contains('\\', StringComparison.Ordinal) && !to.Any(char.IsControl);

    private static async Task EnterAsync(TicketReceivedContext context)
    {
        context.HandleResponse();
        var services = context.HttpContext.RequestServices;
        var claims = JsonElement.Parse(context.Principal!.FindFirstValue(OpenIdAccess.ClaimsClaim)!);
        var options = services.GetRequiredService<IOptions<CloudOptions>>().Value.OpenId;
        var (audit, sessions, clock) = (services.GetRequiredService<AuditTrail>(), services.GetRequiredService<Sessions>(), services.GetRequiredService<TimeProvider>());
        var subject = $"{options.Issuer} {IdToken.Text(claims, "sub")}";
        var role = IdToken.RoleIn(claims, options.RoleClaim, services.GetRequiredService<District>().Id);
        var (person, session, fault) = services.GetRequiredService<StateFile>().Write<(Person?, string, string)>(rows =>
        {
            var known = People.FindSubject(rows, subject);
            if (role is null)
            {
                if (known is not null)
                    Sessions.EndAll(rows, known.Id);
                return (null, "", "no-role");
            }
            if (known is { State: PersonState.Blocked })
                return (null, "", "person-blocked");
            var person = known ?? People.Add(rows, FreeName(rows, claims), DisplayName(claims) ?? "", role.Value, clock.GetUtcNow().ToUnixTimeMilliseconds(), subject);
            var now = person with { Role = role.Value, DisplayName = DisplayName(claims) ?? person.Name };
            People.Change(rows, now);
            if (known is null)
                audit.Note(rows, now.Name, now.Role, "person.join", now.Name, after: PeopleApi.Said(now));
            else if (now != known)
                audit.Note(rows, now.Name, now.Role, "person.change", now.Name, PeopleApi.Said(known), PeopleApi.Said(now));
            audit.Note(rows, now.Name, now.Role, "session.sign-in", now.Name);
            return (now, sessions.Begin(rows, now, context.Request), "");
        });
        services.GetRequiredService<OpenRequests>().EndWhatIsOver();
        if (person is not null)
            await Sessions.SendAsync(context.HttpContext, person, session);
        context.Response.Redirect(person is null ? Fault(fault) : context.ReturnUri ?? "/");
    }

    private static string Fault(string code) => $"{SignInPage}?fault={code}";

    /// <summary>A sign-in name that nobody has, as near to the provider's as our rule lets it be.</summary>
    private static string FreeName(StateRows rows, JsonElement claims)
    {
        var wish = NameClaims.Select(claim => IdToken.Text(claims, claim)).FirstOrDefault(name => name is { Length: <= LongestWish } && NameRule().IsMatch(name)) ?? "openid";
        var name = wish;
        for (var n = 2; People.Find(rows, name) is not null; n++)
            name = $"{wish}-{n}";
        return name;
    }

    private static string? DisplayName(JsonElement claims) => IdToken.Text(claims, "name") is { } name && DisplayNameRule().IsMatch(name) ? name.Trim() : null;

    [GeneratedRegex(PersonRules.Name)]
    private static partial Regex NameRule();

    [GeneratedRegex(PersonRules.DisplayName)]
    private static partial Regex DisplayNameRule();

    [LoggerMessage(LogLevel.Warning, "A sign-in by OpenID Connect did not come about: {Why}")]
    private static partial void LogFailed(ILogger log, string? why);
}
