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
    /// <summary>Where a sign-in begins; <c>to</c> is the path to go to after it, and with <c>again</c> the provider asks who it is though it knows.</summary>
    public const string Path = "/sign-in/openid";

    private const string SignInPage = "/sign-in";

    /// <summary>Leaves room for a number behind it.</summary>
    private const int LongestWish = 56;

    private const int LongestLog = 500;

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
            (scheme.Issuer, scheme.RoleClaim, scheme.ClientId, scheme.ClientSecret) = (options.Issuer!, options.RoleClaim, options.ClientId, secret);
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
            // Nobody but the provider's own addresses learns the client's secret and the codes.
            scheme.BackchannelHttpHandler = new SocketsHttpHandler { AllowAutoRedirect = false };
            scheme.Events.OnTicketReceived = EnterAsync;
            scheme.Events.OnAccessDenied = context =>
            {
                context.Response.Redirect(Fault("provider-declined", context.ReturnUrl));
                context.HandleResponse();
                return Task.CompletedTask;
            };
            scheme.Events.OnRemoteFailure = context =>
            {
                LogFailed(context.HttpContext.RequestServices.GetRequiredService<ILogger<OpenIdAccess>>(), OneLine(context.Failure?.Message));
                context.Response.Redirect(Fault(IsAway(context.Failure) ? "provider-away" : "provider-failed", context.Properties?.RedirectUri));
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

    private static async Task<IResult> BeginAsync(string? to, bool? again, HttpContext context, ILogger<OpenIdAccess> log)
    {
        var back = IsOurs(to) ? to : "/";
        try
        {
            var properties = new AuthenticationProperties { RedirectUri = back };
            properties.SetParameter(OpenIdAccess.Again, again);
            await context.ChallengeAsync(OpenIdAccess.SchemeName, properties);
            return Results.Empty;
        }
        catch (Exception e) when (IsAway(e) || e is AuthenticationFailureException)
        {
            LogFailed(log, OneLine(e.Message));
            return Results.Redirect(Fault(IsAway(e) ? "provider-away" : "provider-failed", back));
        }
    }

    /// <summary>Whether the provider did not answer, or not as one that runs.</summary>
    private static bool IsAway(Exception? e) => e is HttpRequestException or OperationCanceledException;

    /// <summary>What a provider or a visitor wrote forges no line of the log.</summary>
    private static string? OneLine(string? text) => text is null ? null : new([.. text.Take(LongestLog).Select(letter => char.IsControl(letter) ? ' ' : letter)]);

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
            if (role is null || known is { State: PersonState.Blocked })
            {
                var why = role is null ? "no-role" : "person-blocked";
                if (known is not null)
                    Sessions.EndAll(rows, known.Id);
                // Not by the name that they wish for: it may be somebody else's here.
                audit.Note(rows, known?.Name ?? subject, null, "session.refuse", known?.Name ?? subject, after: new { why });
                return (null, "", why);
            }
            var person = known ?? People.Add(rows, FreeName(rows, claims), DisplayName(claims) ?? "", role.Value, clock.GetUtcNow().ToUnixTimeMilliseconds(), subject);
            var now = person with { Role = role.Value, DisplayName = DisplayName(claims) ?? person.Name };
            People.Change(rows, now);
            if (known is null)
                audit.Note(rows, now.Name, now.Role, "person.join", now.Name, after: new { now.DisplayName, role = now.Role.Name(), subject });
            else if (now != known)
                audit.Note(rows, now.Name, now.Role, "person.change", now.Name, PeopleApi.Said(known), PeopleApi.Said(now));
            audit.Note(rows, now.Name, now.Role, "session.sign-in", now.Name, after: new { provider = options.Name });
            return (now, sessions.Begin(rows, now, context.Request), "");
        });
        services.GetRequiredService<OpenRequests>().EndWhatIsOver();
        if (person is not null)
            await Sessions.SendAsync(context.HttpContext, person, session);
        else if (role is null)
            LogNoRole(services.GetRequiredService<ILogger<OpenIdAccess>>(), OneLine(subject), options.RoleClaim, OneLine(string.Join(", ", IdToken.Texts(claims, options.RoleClaim))));
        context.Response.Redirect(person is null ? Fault(fault, context.ReturnUri) : context.ReturnUri ?? "/");
    }

    /// <summary>The sign-in page with what went wrong; a sign-in in another way still leads where this one was to lead.</summary>
    private static string Fault(string code, string? to = null) =>
        $"{SignInPage}?fault={code}" + (to is null or "/" ? "" : $"&to={Uri.EscapeDataString(to)}");

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

    [LoggerMessage(LogLevel.Warning, "The OpenID provider gives {Subject} no role in this district: {Claim} says '{Said}'. Cloud:OpenId:RoleClaim names the claim")]
    private static partial void LogNoRole(ILogger log, string? subject, string claim, string? said);
}
