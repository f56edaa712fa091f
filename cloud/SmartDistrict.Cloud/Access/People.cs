using SmartDistrict.Cloud.State;

namespace SmartDistrict.Cloud.Access;

/// <summary>The people in the state file. What changes them also ends what they may no longer do.</summary>
internal static class People
{
    public static readonly TimeSpan InvitationLength = TimeSpan.FromDays(7);

    private const string Administrators = "SELECT count(*) FROM person WHERE role = 'administrator' AND blocked = 0 AND password IS NOT NULL";

    public static bool AnyAdministrator(StateRows state) => state.Value(Administrators) is > 0L;

    /// <summary>Whether nobody could decide who may do what if it were not for this person.</summary>
    public static bool IsLastAdministrator(StateRows state, Person person) =>
        person is { Role: Role.Administrator, State: PersonState.Active, OpenId: false } && state.Value(Administrators) is 1L;

    public static Person? Find(StateRows state, long id) =>
        state.List($"SELECT {Person.Columns} FROM person WHERE id = $1", Person.Read, id).SingleOrDefault();

    public static Person? Find(StateRows state, string name) =>
        state.List($"SELECT {Person.Columns} FROM person WHERE name = $1", Person.Read, Name(name)).SingleOrDefault();

    /// <summary>Whom the OpenID provider calls so.</summary>
    public static Person? FindSubject(StateRows state, string subject) =>
        state.List($"SELECT {Person.Columns} FROM person WHERE subject = $1", Person.Read, subject).SingleOrDefault();

    /// <summary>Those after a name whose names hold a text, given in lower case.</summary>
    public static List<Person> List(StateRows state, string after, string? search, int most) => state.List(
        $"""
        SELECT {Person.Columns} FROM person
        WHERE name > $1 AND ($2 IS NULL OR instr(name, $2) > 0 OR instr(lower(display_name), $2) > 0)
        ORDER BY name LIMIT $3
        """,
        Person.Read, after, search, most);

    public static Person Add(StateRows state, string name, string displayName, Role role, long at, string? subject = null)
    {
        state.Run("INSERT INTO person (name, display_name, role, made_at, subject) VALUES ($1, $2, $3, $4, $5)", Name(name), displayName.Trim(), role.Name(), at, subject);
        return Find(state, name)!;
    }

    public static void Change(StateRows state, Person person)
    {
        state.Run("UPDATE person SET display_name = $2, role = $3, blocked = $4 WHERE id = $1",
            person.Id, person.DisplayName, person.Role.Name(), person.State == PersonState.Blocked);
        if (person.State == PersonState.Blocked)
            Sessions.EndAll(state, person.Id);
    }

    public static void Remove(StateRows state, long id)
    {
        foreach (var table in (string[])["session", "invitation"])
            state.Run($"DELETE FROM {table} WHERE person = $1", id);
        state.Run("DELETE FROM person WHERE id = $1", id);
    }

    /// <summary>Sets a password; whoever was signed in with the one before is so no longer.</summary>
    /// <param name="except">The session that goes on: the one in which the password is changed.</param>
    public static void SetPassword(StateRows state, long id, string hash, string? except = null)
    {
        state.Run("UPDATE person SET password = $2 WHERE id = $1", id, hash);
        state.Run("DELETE FROM invitation WHERE person = $1", id);
        state.Run("DELETE FROM session WHERE person = $1 AND id <> $2", id, except ?? "");
        state.Run("DELETE FROM attempt WHERE name = (SELECT name FROM person WHERE id = $1)", id);
    }

    public static void Invite(StateRows state, long id, string code, long expiresAt) =>
        state.Run("INSERT OR REPLACE INTO invitation VALUES ($1, $2, $3)", id, Secret.Hash(code), expiresAt);

    /// <summary>Whom a code invites; null where it was used, replaced or is over.</summary>
    public static Person? Invited(StateRows state, string code, long now) => state.List(
        $"SELECT {Person.Columns} FROM invitation JOIN person ON person.id = invitation.person WHERE hash = $1 AND expires_at > $2 AND blocked = 0",
        Person.Read, Secret.Hash(code), now).SingleOrDefault();

    /// <summary>A name as it is kept: two that differ by case only are one.</summary>
    public static string Name(string name) => name.Trim().ToLowerInvariant();
}
