using System.Text.Json.Serialization;
using Microsoft.Data.Sqlite;

namespace SmartDistrict.Cloud.Access;

/// <summary>Whether somebody can sign in.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PersonState>))]
public enum PersonState
{
    /// <summary>May sign in: has a password, or is known to the OpenID provider.</summary>
    [JsonStringEnumMemberName("active")]
    Active,

    /// <summary>Has not chosen a password yet.</summary>
    [JsonStringEnumMemberName("invited")]
    Invited,

    /// <summary>May not sign in until an administrator says otherwise.</summary>
    [JsonStringEnumMemberName("blocked")]
    Blocked,
}

/// <summary>Somebody who may come in.</summary>
/// <param name="Id">Stays the same.</param>
/// <param name="Name">The name to sign in with, in lower case.</param>
/// <param name="DisplayName">The name to call them by.</param>
/// <param name="Role">What they may do in this service's district.</param>
/// <param name="State">Whether they can sign in.</param>
/// <param name="MadeAt">ms since the Unix epoch.</param>
/// <param name="SeenAt">When they last signed in, ms since the Unix epoch; null where they never did.</param>
/// <param name="OpenId">Whether they sign in at the OpenID provider, which then also says what they may do.</param>
public sealed record Person(long Id, string Name, string DisplayName, Role Role, PersonState State, long MadeAt, long? SeenAt, bool OpenId)
{
    internal const string Columns = "person.id, person.name, person.display_name, person.role, person.blocked, person.password IS NULL AND person.subject IS NULL, person.made_at, person.seen_at, person.subject IS NOT NULL";

    internal static Person Read(SqliteDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetString(2), Policies.RoleOf(row.GetString(3)),
        row.GetInt64(4) != 0 ? PersonState.Blocked : row.GetInt64(5) != 0 ? PersonState.Invited : PersonState.Active,
        row.GetInt64(6), row.IsDBNull(7) ? null : row.GetInt64(7), row.GetInt64(8) != 0);
}

/// <summary>People, by name.</summary>
/// <param name="People">A page of them.</param>
/// <param name="Next">Ask for the next page with after= this; null where this is the last one.</param>
public sealed record PeoplePage(IReadOnlyList<Person> People, string? Next);

/// <summary>Lets somebody choose a password, once.</summary>
/// <param name="Person">Whose it is.</param>
/// <param name="Code">What they give on the console's page /set-up. Shown here only: the service keeps its hash.</param>
/// <param name="ExpiresAt">ms since the Unix epoch.</param>
public sealed record Invitation(Person Person, string Code, long ExpiresAt);
