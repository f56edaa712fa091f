using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using SmartDistrict.Cloud.State;

namespace SmartDistrict.Cloud.Access;

/// <summary>
/// Who is signed in. The cookie holds the session's id, protected; whether it still holds, whose it is and what they may
/// do is asked of the state file at every request, so that a role, a block or a sign-out counts at once.
/// </summary>
internal sealed class Sessions(StateFile state, TimeProvider clock)
{
    /// <summary>A session ends when nobody used it for so long.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromDays(7);

    /// <summary>So long the OpenID provider's word holds: whom it drops or gives another role is asked again by then.</summary>
    public static readonly TimeSpan OpenIdLength = TimeSpan.FromHours(12);

    private const string IdClaim = "session";
    private const string OpenIdClaim = "openid";
    private const int LongestDevice = 200;

    /// <summary>How exactly a session's last use is kept.</summary>
    private static readonly TimeSpan SeenStep = TimeSpan.FromHours(1);

    /// <summary>The session of a principal; null for a program's.</summary>
    public static string? IdOf(ClaimsPrincipal who) => who.FindFirstValue(IdClaim);

    /// <summary>The id of a person; null for a program.</summary>
    public static long? PersonOf(ClaimsPrincipal who) =>
        long.TryParse(who.FindFirstValue(ClaimTypes.NameIdentifier), out var id) ? id : null;

    /// <summary>Notes a new session in the transaction that let somebody in; <see cref="SendAsync"/> then gives it to the browser.</summary>
    public string Begin(StateRows rows, Person person, HttpRequest request)
    {
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var now = Now;
        var device = request.Headers.UserAgent.ToString();
        rows.Run("DELETE FROM session WHERE seen_at < $1", now - (long)Length.TotalMilliseconds);
        rows.Run("INSERT INTO session VALUES ($1, $2, $3, $3, $4)", id, person.Id, now, device.Length > LongestDevice ? device[..LongestDevice] : device);
        rows.Run("UPDATE person SET seen_at = $2 WHERE id = $1", person.Id, now);
        return id;
    }

    /// <summary>Whether somebody signed in at the OpenID provider.</summary>
    public static bool IsOpenId(ClaimsPrincipal who) => who.HasClaim(claim => claim.Type == OpenIdClaim);

    public static void End(StateRows rows, string id) => rows.Run("DELETE FROM session WHERE id = $1", id);

    public static void EndAll(StateRows rows, long person) => rows.Run("DELETE FROM session WHERE person = $1", person);

    public static Task SendAsync(HttpContext context, Person person, string session) => context.SignInAsync(
        CookieAuthenticationDefaults.AuthenticationScheme, Principal(person, session), new() { IsPersistent = true });

    /// <summary>Puts in the place of what the cookie says what holds now, or refuses it.</summary>
    public Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var id = context.Principal is { } principal ? IdOf(principal) : null;
        if (id is not null && Find(id) is var (person, seen))
        {
            if (Now - seen > (long)SeenStep.TotalMilliseconds)
                state.Write(rows => rows.Run("UPDATE session SET seen_at = $2 WHERE id = $1", id, Now));
            context.ReplacePrincipal(Principal(person, id));
        }
        else
        {
            context.RejectPrincipal();
        }
        return Task.CompletedTask;
    }

    public bool Holds(string id) => Find(id) is not null;

    private (Person Person, long Seen)? Find(string id) => state.Read(rows => rows.List<(Person, long)?>(
        $"""
        SELECT {Person.Columns}, session.seen_at FROM session JOIN person ON person.id = session.person
        WHERE session.id = $1 AND session.seen_at > $2 AND (person.subject IS NULL OR session.made_at > $3) AND blocked = 0
        """,
        row => (Person.Read(row), row.GetInt64(9)), id, Now - (long)Length.TotalMilliseconds, Now - (long)OpenIdLength.TotalMilliseconds)).SingleOrDefault();

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    private static ClaimsPrincipal Principal(Person person, string session) => Policies.Principal(
        person.Name, person.Role, CookieAuthenticationDefaults.AuthenticationScheme,
        [
            new(ClaimTypes.NameIdentifier, person.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            new(ClaimTypes.GivenName, person.DisplayName), new(IdClaim, session),
            .. person.OpenId ? [new(OpenIdClaim, "")] : Array.Empty<Claim>(),
        ]);
}
