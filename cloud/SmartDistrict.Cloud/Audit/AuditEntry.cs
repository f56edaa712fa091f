using System.Text.Json;
using SmartDistrict.Cloud.State;

namespace SmartDistrict.Cloud.Audit;

/// <summary>An act.</summary>
/// <param name="Id">Ascending number.</param>
/// <param name="At">ms since the Unix epoch.</param>
/// <param name="Who">Who acted: a person's name, or a token's.</param>
/// <param name="Role">The role in which it was done; null where nobody was signed in.</param>
/// <param name="Act">Stable name of the act, as person.add.</param>
/// <param name="On">What it was done to: an id.</param>
/// <param name="Before">What held before; null where that says nothing.</param>
/// <param name="After">What held from then on; null where that says nothing.</param>
public sealed record AuditEntry(long Id, long At, string Who, string? Role, string Act, string On, JsonElement? Before, JsonElement? After);

/// <summary>A page of the audit, newest first.</summary>
/// <param name="Entries">The acts.</param>
/// <param name="Next">Ask for the next page with before= this; null where this is the last one.</param>
public sealed record AuditPage(IReadOnlyList<AuditEntry> Entries, long? Next);

/// <summary>Some of the entries; null is all.</summary>
/// <param name="From">ms since the Unix epoch.</param>
/// <param name="To">Exclusive, ms since the Unix epoch.</param>
internal sealed record AuditSelection(string? Who, string? Act, long? From, long? To)
{
    /// <summary>The acts below a number, newest first.</summary>
    public List<AuditEntry> Read(StateRows state, long before, int most) => state.List(
        """
        SELECT id, at, who, role, act, subject, before, after FROM audit
        WHERE id < $1 AND ($2 IS NULL OR who = $2) AND ($3 IS NULL OR act = $3 OR substr(act, 1, length($3) + 1) = $3 || '.')
          AND ($4 IS NULL OR at >= $4) AND ($5 IS NULL OR at < $5)
        ORDER BY id DESC LIMIT $6
        """,
        row => new AuditEntry(
            row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.IsDBNull(3) ? null : row.GetString(3), row.GetString(4), row.GetString(5),
            row.IsDBNull(6) ? null : JsonElement.Parse(row.GetString(6)), row.IsDBNull(7) ? null : JsonElement.Parse(row.GetString(7))),
        before, Who, Act, From, To, most);
}
