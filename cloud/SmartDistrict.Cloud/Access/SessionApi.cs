using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using SmartDistrict.Cloud.Audit;
using SmartDistrict.Cloud.Problems;
using SmartDistrict.Cloud.State;

namespace SmartDistrict.Cloud.Access;

/// <summary>A wish to sign in.</summary>
public sealed record SignInRequest
{
    /// <summary>The sign-in name; upper and lower case are the same.</summary>
    [Required(ErrorMessage = "name is missing: send the sign-in name in the field name")]
    [StringLength(64, ErrorMessage = "name has 1 to 64 characters")]
    public string? Name { get; init; }

    /// <summary>The password.</summary>
    [Required(ErrorMessage = "password is missing: send it in the field password")]
    [StringLength(Passwords.Longest, ErrorMessage = "password has 1 to 200 characters")]
    public string? Password { get; init; }
}

/// <summary>A wish to change one's own password.</summary>
public sealed record PasswordChange
{
    /// <summary>The password that holds now.</summary>
    [Required(ErrorMessage = "current is missing: send the password that holds now")]
    [StringLength(Passwords.Longest, ErrorMessage = "current has 1 to 200 characters")]
    public string? Current { get; init; }

    /// <summary>The new one: 10 to 200 characters, five of them different, without the sign-in name.</summary>
    [Required(ErrorMessage = "password is missing: send the new one in the field password")]
    public string? Password { get; init; }
}

/// <summary>Who is signed in, or whose token was sent.</summary>
/// <param name="Name">The sign-in name, or the token's name.</param>
/// <param name="DisplayName">The name to call them by.</param>
/// <param name="Role">What they may do.</param>
/// <param name="Person">The person's id; null for a program.</param>
/// <param name="OpenId">Whether they signed in at the OpenID provider: then they have no password here.</param>
public sealed record SessionState(string Name, string DisplayName, Role Role, long? Person, bool OpenId);

/// <summary>How one signs in here.</summary>
/// <param name="SetUp">Whether nobody is an administrator yet: then the console's page /set-up comes first.</param>
/// <param name="OpenId">What the OpenID provider is called, at which one may sign in too, beginning at /sign-in/openid; null where there is none.</param>
public sealed record SignInWays(bool SetUp, string? OpenId);

internal static class SessionApi
{
    public static void MapSession(this IEndpointRouteBuilder routes)
    {
        var session = routes.MapGroup("/session").WithTags("Session");
        session.MapPost("", SignInAsync).AllowAnonymous().RequireRateLimiting(AccessApi.GuessLimit).WithName("signIn")
            .WithSummary("Signs in with name and password; sets a cookie")
            .WithDescription("At most twenty attempts a minute from one address; after five wrong passwords in a row the name is locked, for a minute at first.")
            .Produces(StatusCodes.Status204NoContent).ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status429TooManyRequests);
        session.MapGet("/ways", (SetUpCode setUp, IOptions<CloudOptions> options) => TypedResults.Ok(new SignInWays(setUp.Waits, options.Value.OpenId is { On: true } provider ? provider.Name : null))).AllowAnonymous().WithName("getSignInWays").WithSummary("How one signs in here");
        session.MapGet("", State).WithName("getSession").WithSummary("Who is signed in, and what they may do").ProducesProblem(StatusCodes.Status401Unauthorized);
        session.MapPut("/password", ChangePassword).RequireRateLimiting(AccessApi.GuessLimit).WithName("changePassword")
            .WithSummary("Changes one's own password; ends one's other sessions")
            .ProducesValidationProblem().ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status429TooManyRequests);
        session.MapDelete("", SignOutAsync).AllowAnonymous().WithName("signOut").WithSummary("Signs out: the cookie opens nothing any more");
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> SignInAsync(
        SignInRequest request, HttpContext context, StateFile state, Passwords passwords, Sessions sessions, AuditTrail audit, TimeProvider clock)
    {
        var name = People.Name(request.Name!);
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var (allowed, lockedUntil) = state.Write(rows => SignInAttempts.Begin(rows, name, now));
        if (!allowed)
            return Locked(context, lockedUntil!.Value - now);
        var (person, hash) = state.Read(rows => (People.Find(rows, name), rows.Value("SELECT password FROM person WHERE name = $1", name) as string));
        if (!passwords.Matches(hash, request.Password!))
        {
            if (lockedUntil is not null)
                state.Write(rows => audit.Note(rows, name, null, "session.lock-out", name, after: new { until = lockedUntil }));
            return Problem.Of(StatusCodes.Status401Unauthorized, "wrong-password", "Name and password do not belong together: look at upper and lower case, or ask an administrator for an invitation");
        }
        var session = state.Write(rows =>
        {
            SignInAttempts.Clear(rows, name);
            if (Sessions.IdOf(context.User) is { } before)
                Sessions.End(rows, before);
            // Looked at once more: it may have been changed while the password was checked.
            if (People.Find(rows, name) is not { State: PersonState.Active } active)
                return null;
            audit.Note(rows, active.Name, active.Role, "session.sign-in", active.Name);
            return sessions.Begin(rows, active, context.Request);
        });
        if (session is null)
            return Problem.Of(StatusCodes.Status403Forbidden, "person-blocked", "This person is blocked: an administrator can lift that");
        await Sessions.SendAsync(context, person!, session);
        return TypedResults.NoContent();
    }

    private static Ok<SessionState> State(ClaimsPrincipal who) => TypedResults.Ok(new SessionState(
        who.Identity!.Name!, who.FindFirstValue(ClaimTypes.GivenName) ?? who.Identity.Name!, who.RoleIn()!.Value, Sessions.PersonOf(who), Sessions.IsOpenId(who)));

    private static Results<NoContent, ProblemHttpResult> ChangePassword(
        PasswordChange request, HttpContext context, StateFile state, Passwords passwords, AuditTrail audit, OpenRequests open, TimeProvider clock)
    {
        if (Sessions.PersonOf(context.User) is not { } id)
            return Problem.Of(StatusCodes.Status403Forbidden, "not-a-person", "A token has no password: make another token instead");
        var (person, held) = state.Read(rows => (People.Find(rows, id), rows.Value("SELECT password FROM person WHERE id = $1", id) as string));
        // Whoever sits at somebody's open console may guess no faster than at the door.
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var (allowed, lockedUntil) = state.Write(rows => SignInAttempts.Begin(rows, person!.Name, now));
        if (!allowed)
            return Locked(context, lockedUntil!.Value - now);
        if (!passwords.Matches(held, request.Current!))
            return Problem.Of(StatusCodes.Status403Forbidden, "wrong-password", "current is not the password that holds now");
        if (Passwords.Fault(person!.Name, request.Password!) is { } fault)
            return Problem.BadRequest("weak-password", fault);
        var hash = passwords.Hash(request.Password!);
        state.Write(rows =>
        {
            People.SetPassword(rows, id, hash, except: Sessions.IdOf(context.User));
            audit.Note(rows, context.User, "password.change", person.Name);
        });
        open.EndWhatIsOver();
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> SignOutAsync(HttpContext context, StateFile state, AuditTrail audit, OpenRequests open)
    {
        if (Sessions.IdOf(context.User) is { } session)
            state.Write(rows =>
            {
                Sessions.End(rows, session);
                audit.Note(rows, context.User, "session.sign-out", context.User.Identity!.Name!);
            });
        await context.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        open.EndWhatIsOver();
        return TypedResults.NoContent();
    }

    private static ProblemHttpResult Locked(HttpContext context, long milliseconds)
    {
        var seconds = (milliseconds + 999) / 1000;
        context.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return Problem.Of(StatusCodes.Status429TooManyRequests, "name-locked",
            $"Too many wrong passwords for this name: it can be tried again in {seconds} s, and an administrator's invitation opens it at once");
    }
}
