using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using SmartDistrict.Cloud.Audit;
using SmartDistrict.Cloud.Paging;
using SmartDistrict.Cloud.Problems;
using SmartDistrict.Cloud.State;

namespace SmartDistrict.Cloud.Access;

/// <summary>Somebody who shall come in.</summary>
public sealed record NewPerson
{
    /// <summary>The name to sign in with; upper and lower case are the same.</summary>
    [Required(ErrorMessage = "name is missing: give a sign-in name")]
    [RegularExpression(PersonRules.Name, ErrorMessage = PersonRules.NameFault)]
    public string? Name { get; init; }

    /// <summary>The name to call them by; the sign-in name where none is given.</summary>
    [RegularExpression(PersonRules.DisplayName, ErrorMessage = PersonRules.DisplayNameFault)]
    public string? DisplayName { get; init; }

    /// <summary>What they may do.</summary>
    [Required(ErrorMessage = "role is missing: give viewer, operator or administrator")]
    public Role? Role { get; init; }
}

/// <summary>What changes of a person; what is left out stays.</summary>
public sealed record PersonChange
{
    /// <summary>The name to call them by.</summary>
    [RegularExpression(PersonRules.DisplayName, ErrorMessage = PersonRules.DisplayNameFault)]
    public string? DisplayName { get; init; }

    /// <summary>What they may do, from the next request on.</summary>
    public Role? Role { get; init; }

    /// <summary>Whether they may not sign in; true ends their sessions at once.</summary>
    public bool? Blocked { get; init; }
}

/// <summary>Which people are asked for.</summary>
public sealed class PeopleQuery : PageQuery
{
    [Description("Only those whose names hold this text.")]
    [FromQuery(Name = "search")]
    [StringLength(80, ErrorMessage = "search has at most 80 characters")]
    public string? Search { get; set; }

    [Description("Only those behind this sign-in name: next of the page before.")]
    [FromQuery(Name = "after")]
    [StringLength(64, ErrorMessage = "after has at most 64 characters")]
    public string? After { get; set; }
}

internal static class PeopleApi
{
    public static void MapPeople(this IEndpointRouteBuilder routes)
    {
        var people = routes.MapGroup("/people").WithTags("People").RequireAuthorization(Policies.Administrator)
            .ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden);
        people.MapGet("", Page).WithName("getPeople").WithSummary("Who may come in, by name").ProducesValidationProblem();
        people.MapPost("", Add).WithName("addPerson").WithSummary("Lets somebody in: makes an invitation with which they choose a password")
            .ProducesValidationProblem().ProducesProblem(StatusCodes.Status409Conflict);
        people.MapPatch("/{id:long}", Change).WithName("changePerson").WithSummary("Changes what somebody is called or may do")
            .ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        people.MapPost("/{id:long}/invitation", Invite).WithName("invitePerson")
            .WithSummary("Makes an invitation for a new password; the password of now holds until it is used")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        people.MapDelete("/{id:long}", Remove).WithName("removePerson").WithSummary("Lets somebody in no more; the audit keeps what they did")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static Ok<PeoplePage> Page([AsParameters] PeopleQuery query, StateFile state)
    {
        var people = state.Read(rows => People.List(rows, query.After ?? "", string.IsNullOrEmpty(query.Search) ? null : query.Search.ToLowerInvariant(), query.OneMore));
        var more = query.Cut(people);
        return TypedResults.Ok(new PeoplePage(people, more ? people[^1].Name : null));
    }

    private static Results<Ok<Invitation>, ProblemHttpResult> Add(NewPerson wish, ClaimsPrincipal who, HttpResponse response, StateFile state, AuditTrail audit, TimeProvider clock)
    {
        var invitation = state.Write(rows =>
        {
            if (People.Find(rows, wish.Name!) is not null)
                return null;
            var person = People.Add(rows, wish.Name!, wish.DisplayName ?? wish.Name!, wish.Role!.Value, clock.GetUtcNow().ToUnixTimeMilliseconds());
            audit.Note(rows, who, "person.add", person.Name, after: Said(person));
            return MakeInvitation(rows, person, clock);
        });
        if (invitation is null)
            return Problem.Of(StatusCodes.Status409Conflict, "name-taken", $"Somebody signs in as {People.Name(wish.Name!)} already: choose another name");
        response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(invitation);
    }

    private static Results<Ok<Person>, ProblemHttpResult> Change(
        [Description("The person.")] long id, PersonChange change, ClaimsPrincipal who, StateFile state, AuditTrail audit, OpenRequests open)
    {
        var (person, problem) = state.Write<(Person?, ProblemHttpResult?)>(rows =>
        {
            if (People.Find(rows, id) is not { } before)
                return (null, NotFound(id));
            if (before.OpenId && change.Role is { } role && role != before.Role)
                return (null, Elsewhere());
            var after = before with
            {
                DisplayName = change.DisplayName?.Trim() ?? before.DisplayName,
                Role = change.Role ?? before.Role,
                State = change.Blocked is null ? before.State : change.Blocked.Value ? PersonState.Blocked : PersonState.Active,
            };
            if ((after.Role != Role.Administrator || after.State == PersonState.Blocked) && People.IsLastAdministrator(rows, before))
                return (null, LastAdministrator());
            People.Change(rows, after);
            after = People.Find(rows, id)!;
            if (after != before)
                audit.Note(rows, who, "person.change", before.Name, Said(before), Said(after));
            return (after, null);
        });
        if (person is null)
            return problem!;
        open.EndWhatIsOver();
        return TypedResults.Ok(person);
    }

    private static Results<Ok<Invitation>, ProblemHttpResult> Invite(
        [Description("The person.")] long id, ClaimsPrincipal who, HttpResponse response, StateFile state, AuditTrail audit, TimeProvider clock)
    {
        var (invitation, problem) = state.Write<(Invitation?, ProblemHttpResult?)>(rows =>
        {
            if (People.Find(rows, id) is not { } person)
                return (null, NotFound(id));
            if (person.OpenId)
                return (null, Elsewhere());
            audit.Note(rows, who, "person.invite", person.Name);
            SignInAttempts.Clear(rows, person.Name);
            return (MakeInvitation(rows, person, clock), null);
        });
        if (invitation is null)
            return problem!;
        response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(invitation);
    }

    private static Results<NoContent, ProblemHttpResult> Remove([Description("The person.")] long id, ClaimsPrincipal who, StateFile state, AuditTrail audit, OpenRequests open)
    {
        var problem = state.Write(rows =>
        {
            if (People.Find(rows, id) is not { } person)
                return NotFound(id);
            if (People.IsLastAdministrator(rows, person))
                return LastAdministrator();
            People.Remove(rows, id);
            audit.Note(rows, who, "person.remove", person.Name, before: Said(person));
            return null;
        });
        if (problem is not null)
            return problem;
        open.EndWhatIsOver();
        return TypedResults.NoContent();
    }

    private static Invitation MakeInvitation(StateRows rows, Person person, TimeProvider clock)
    {
        var code = Secret.Code();
        var expires = (clock.GetUtcNow() + People.InvitationLength).ToUnixTimeMilliseconds();
        People.Invite(rows, person.Id, code, expires);
        return new(person, code, expires);
    }

    /// <summary>A person as the audit tells of it.</summary>
    internal static object Said(Person person) => new { person.DisplayName, role = person.Role.Name(), blocked = person.State == PersonState.Blocked };

    private static ProblemHttpResult NotFound(long id) =>
        Problem.Of(StatusCodes.Status404NotFound, "person-not-found", $"There is no person {id}: GET /api/v1/people lists them");

    private static ProblemHttpResult Elsewhere() => Problem.Of(StatusCodes.Status409Conflict, "person-elsewhere",
        "This person signs in at the OpenID provider, which says what they may do: change it there, or block them here");

    private static ProblemHttpResult LastAdministrator() => Problem.Of(StatusCodes.Status409Conflict, "last-administrator",
        "This is the last administrator who can sign in: make somebody else an administrator first");
}
