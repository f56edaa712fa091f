using System.Globalization;
using System.Security.Claims;
using SmartDistrict.Cloud.Audit;
using SmartDistrict.Cloud.State;

namespace SmartDistrict.Cloud.Alarms;

/// <summary>What people do about alarms. Each act, the note in the alarm's story and the audit entry are one transaction.</summary>
internal sealed class AlarmDesk(StateFile state, AuditTrail audit, AlarmNews news, TimeProvider clock)
{
    public static readonly TimeSpan LongestMute = TimeSpan.FromDays(30);

    /// <summary>ms since the Unix epoch.</summary>
    public long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Acknowledges open alarms with their open consequences; those that are already are left as they are.</summary>
    /// <returns>The number of the first that does not exist; null where all do, and then all is done.</returns>
    public long? Acknowledge(IReadOnlyList<long> ids, ClaimsPrincipal who) => Change(rows =>
    {
        foreach (var id in ids)
            if (AlarmTables.Find(rows, id) is null)
                return id;
        foreach (var id in ids.Distinct())
            foreach (var alarm in rows.List(
                AlarmTables.Select + "WHERE (a.id = $1 OR a.cause = $1) AND a.cleared IS NULL AND a.acknowledged IS NULL", AlarmTables.Read, id))
            {
                rows.Run("UPDATE alarm SET acknowledged = $2, acknowledged_by = $3 WHERE id = $1", alarm.Id, Now, Name(who));
                AlarmTables.Note(rows, alarm.Id, Now, AlarmEventKind.Acknowledged, Name(who));
                audit.Note(rows, who, "alarm.acknowledge", Id(alarm.Id), null, new { alarm.Kind, alarm.Subject });
            }
        return (long?)null;
    });

    /// <returns>False where there is no such alarm.</returns>
    public bool Assign(long id, string? assignee, ClaimsPrincipal who) => Change(rows => With(rows, id, alarm =>
    {
        if (alarm.Assignee == assignee)
            return;
        rows.Run("UPDATE alarm SET assignee = $2 WHERE id = $1", id, assignee);
        AlarmTables.Note(rows, id, Now, AlarmEventKind.Assigned, Name(who), assignee);
        audit.Note(rows, who, "alarm.assign", Id(id), alarm.Assignee, assignee);
    }));

    /// <inheritdoc cref="Assign"/>
    public bool Comment(long id, string text, ClaimsPrincipal who) => Change(rows => With(rows, id, _ =>
    {
        AlarmTables.Note(rows, id, Now, AlarmEventKind.Commented, Name(who), text);
        audit.Note(rows, who, "alarm.comment", Id(id), null, text);
    }));

    /// <summary>Mutes what the alarm is about, so that its coming and going is quiet too.</summary>
    /// <inheritdoc cref="Assign"/>
    public bool Mute(long id, long until, ClaimsPrincipal who) => Change(rows => With(rows, id, alarm =>
    {
        rows.Run("INSERT OR REPLACE INTO alarm_mute VALUES ($1, $2, $3, $4, $5)", alarm.Kind, alarm.Subject, until, Name(who), Now);
        AlarmTables.Note(rows, id, Now, AlarmEventKind.Muted, Name(who), until.ToString(CultureInfo.InvariantCulture));
        audit.Note(rows, who, "alarm.mute", Id(id), alarm.MutedUntil, new { alarm.Kind, alarm.Subject, until });
    }));

    /// <inheritdoc cref="Assign"/>
    public bool Unmute(long id, ClaimsPrincipal who) => Change(rows => With(rows, id, alarm =>
    {
        if (rows.Run("DELETE FROM alarm_mute WHERE kind = $1 AND subject = $2", alarm.Kind, alarm.Subject) == 0)
            return;
        AlarmTables.Note(rows, id, Now, AlarmEventKind.Unmuted, Name(who));
        audit.Note(rows, who, "alarm.unmute", Id(id), alarm.MutedUntil);
    }));

    private T Change<T>(Func<StateRows, T> change)
    {
        var answer = state.Write(change);
        news.Changed();
        return answer;
    }

    private static bool With(StateRows rows, long id, Action<Alarm> act)
    {
        if (AlarmTables.Find(rows, id) is not { } alarm)
            return false;
        act(alarm);
        return true;
    }

    private static string Name(ClaimsPrincipal who) => who.Identity?.Name ?? "";

    private static string Id(long id) => id.ToString(CultureInfo.InvariantCulture);
}
