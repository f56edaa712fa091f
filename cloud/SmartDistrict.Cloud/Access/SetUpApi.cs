using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using SmartDistrict.Cloud.Audit;
using SmartDistrict.Cloud.Problems;
using SmartDistrict.Cloud.State;

namespace SmartDistrict.Cloud.Access;

/// <summary>Somebody chooses their password, with the code of an invitation or of the service's installation.</summary>
public sealed record SetUpRequest
{
    /// <summary>An invitation's code; or the set-up code, which stands in the service's log and in set-up-code in its data folder.</summary>
    [Required(ErrorMessage = "code is missing: send the code of the invitation or of the installation")]
    [StringLength(100, ErrorMessage = "code has 1 to 100 characters")]
    public string? Code { get; init; }

    /// <summary>The first administrator's sign-in name. An invitation has one already.</summary>
    [RegularExpression(PersonRules.Name, ErrorMessage = PersonRules.NameFault)]
    public string? Name { get; init; }

    /// <summary>The password: 10 to 200 characters, five of them different, without the sign-in name.</summary>
    [Required(ErrorMessage = "password is missing: send it in the field password")]
    public string? Password { get; init; }
}

internal static class SetUpApi
{
    public static void MapSetUp(this IEndpointRouteBuilder routes) => routes.MapPost("/set-up", SetUpAsync)
        .AllowAnonymous().RequireRateLimiting(AccessApi.GuessLimit).WithTags("Session").WithName("setUp")
        .WithSummary("Chooses a password with an invitation, or becomes the first administrator; sets a cookie")
        .Produces(StatusCodes.Status204NoContent).ProducesValidationProblem().ProducesProblem(StatusCodes.Status401Unauthorized)
        .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status429TooManyRequests);

    private static async Task<Results<NoContent, ProblemHttpResult>> SetUpAsync(
        SetUpRequest request, HttpContext context, StateFile state, SetUpCode setUp, Passwords passwords, Sessions sessions, AuditTrail audit, OpenRequests open, TimeProvider clock)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var first = setUp.Matches(request.Code!);
        var name = first ? request.Name : state.Read(rows => People.Invited(rows, request.Code!, now))?.Name;
        if (!first && name is null)
            return Problem.Of(StatusCodes.Status401Unauthorized, "unknown-code", "This code opens nothing: it was used, replaced or is over. An administrator can make another");
        if (name is null)
            return Problem.BadRequest("name-missing", "name is missing: choose a sign-in name for the first administrator");
        if (Passwords.Fault(name, request.Password!) is { } fault)
            return Problem.BadRequest("weak-password", fault);
        var hash = passwords.Hash(request.Password!);
        var (person, session) = state.Write<(Person?, string)>(rows =>
        {
            // Asked again: of two who come at once with the same code, one is too late.
            var who = !first ? People.Invited(rows, request.Code!, now)
                : People.Find(rows, name) is null && setUp.Take(request.Code!) ? People.Add(rows, name, name, Role.Administrator, now)
                : null;
            if (who is null)
                return (null, "");
            People.SetPassword(rows, who.Id, hash);
            audit.Note(rows, who.Name, who.Role, first ? "person.set-up" : "person.join", who.Name);
            return (who, sessions.Begin(rows, who, context.Request));
        });
        if (person is null)
            return Problem.Of(StatusCodes.Status409Conflict, first ? "name-taken" : "unknown-code", "Somebody was quicker, or has this name already: choose another name, or sign in");
        if (first)
            setUp.Spend();
        open.EndWhatIsOver();
        await Sessions.SendAsync(context, person, session);
        return TypedResults.NoContent();
    }
}
