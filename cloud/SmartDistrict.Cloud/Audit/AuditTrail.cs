using System.Security.Claims;
using System.Text.Encodings.Web;
using System.Text.Json;
using SmartDistrict.Cloud.Access;
using SmartDistrict.Cloud.State;

namespace SmartDistrict.Cloud.Audit;

/// <summary>
/// Who did what, when, on what. An entry is written in the transaction of the change that it tells of, so neither is
/// there without the other; entries are only ever added (the table itself refuses anything else).
/// </summary>
internal sealed class AuditTrail(TimeProvider clock)
{
    public const string Schema =
        """
        CREATE TABLE audit (
            id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, who TEXT NOT NULL, role TEXT,
            act TEXT NOT NULL, subject TEXT NOT NULL, before TEXT, after TEXT);
        CREATE INDEX audit_by_act ON audit (act, id);
        CREATE INDEX audit_by_who ON audit (who, id);
        CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT raise(ABORT, 'the audit is only ever added to'); END;
        CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT raise(ABORT, 'the audit is only ever added to'); END;
        """;

    private const int MostCharacters = 4_000;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Notes an act.</summary>
    /// <param name="state">The transaction of the change.</param>
    /// <param name="who">Who acts: <c>HttpContext.User</c>.</param>
    /// <param name="act">Stable name, subject and verb: <c>alarm.acknowledge</c>, <c>person.add</c>. The console has a text for each (<c>audit.acts</c>).</param>
    /// <param name="on">What it was done to: an id.</param>
    /// <param name="before">What held before; written as JSON, left out above 4,000 characters. No secrets.</param>
    /// <param name="after">What holds now, likewise.</param>
    public void Note(StateRows state, ClaimsPrincipal who, string act, string on, object? before = null, object? after = null) =>
        Note(state, who.Identity?.Name ?? "", who.RoleIn(), act, on, before, after);

    /// <summary>As above, where nobody is signed in yet.</summary>
    public void Note(StateRows state, string who, Role? role, string act, string on, object? before = null, object? after = null) => state.Run(
        "INSERT INTO audit (at, who, role, act, subject, before, after) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        clock.GetUtcNow().ToUnixTimeMilliseconds(), who, role?.Name(), act, on, Text(before), Text(after));

    private static string? Text(object? value)
    {
        if (value is null)
            return null;
        var text = JsonSerializer.Serialize(value, Json);
        return text.Length <= MostCharacters ? text : JsonSerializer.Serialize(new { omittedCharacters = text.Length }, Json);
    }
}
