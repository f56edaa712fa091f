using SmartDistrict.Cloud.State;
using SmartDistrict.Configuration;

namespace SmartDistrict.Cloud.Alarms;

/// <summary>Makes answers of kept alarms and of how their subjects stand now.</summary>
internal sealed class AlarmReader(StateFile state, AlarmBook book, AlarmNames names, District district, TimeProvider clock)
{
    public District District => district;

    /// <summary>ms since the Unix epoch.</summary>
    public long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Null where the page is wanted behind an alarm that there is not.</summary>
    public AlarmPage? Page(AlarmSelection selection) => state.Read(rows =>
    {
        if (selection.Query.After is { } after && AlarmTables.Find(rows, after) is null)
            return null;
        var found = selection.Read(rows);
        var more = selection.Query.Cut(found);
        return new AlarmPage([.. found.Select(alarm => Info(rows, alarm))], selection.Count(rows), more ? found[^1].Id : null);
    });

    /// <summary>Null where there is no such alarm.</summary>
    public AlarmStory? Story(long id) => state.Read(rows => AlarmTables.Find(rows, id) is not { } alarm ? null : new AlarmStory(
        Info(rows, alarm),
        rows.List("SELECT at, what, who, text FROM alarm_event WHERE alarm = $1 ORDER BY id",
            row => new AlarmEvent(row.GetInt64(0), AlarmEventKinds.Parse(row.GetString(1)), AlarmTables.Text(row, 2), AlarmTables.Text(row, 3)), id)));

    private AlarmInfo Info(StateRows rows, Alarm alarm)
    {
        var kind = AlarmKinds.Find(alarm.Kind);
        var isState = kind?.Sense == AlarmSense.State;
        var now = alarm.Cleared is null ? book.Now(alarm.Kind, alarm.Subject) : null;
        var unit = kind?.Unit ?? "";
        return new(
            alarm.Id, alarm.Kind, Subject(alarm), alarm.Severity, alarm.Since, alarm.Raised, alarm.Cleared,
            isState ? null : Rounded(now is { } seen ? seen.Figure : alarm.Figure), alarm.Threshold, isState || unit == "s" ? null : Rounded(alarm.Worst), unit,
            now?.Detail ?? alarm.Detail, now?.Trust ?? alarm.Trust,
            alarm is { Acknowledged: { } at, AcknowledgedBy: { } by } ? new(at, by) : null, alarm.Assignee,
            alarm is { MutedUntil: { } until, MutedBy: { } muter, Cleared: null } && until > Now ? new(until, muter) : null,
            alarm.Cause is { } cause ? Cause(rows, cause) : null,
            alarm.Cleared is null ? Count(rows, "SELECT count(*) FROM alarm WHERE cause = $1 AND cleared IS NULL", alarm.Id) : 0,
            Count(rows, "SELECT count(*) FROM alarm_event WHERE alarm = $1 AND what = 'commented'", alarm.Id));
    }

    private AlarmCause? Cause(StateRows rows, long id) =>
        AlarmTables.Find(rows, id) is { } cause ? new(cause.Id, cause.Kind, Subject(cause), cause.Cleared) : null;

    private AlarmSubjectInfo Subject(Alarm alarm)
    {
        var sort = AlarmKinds.Find(alarm.Kind)?.Subject ?? AlarmSubject.District;
        return new(sort, alarm.Subject, names.Of(sort, alarm.Subject), names.GatewayOf(sort, alarm.Subject), names.PlaceOf(sort, alarm.Subject));
    }

    private static double? Rounded(double? figure) => figure is { } known ? Math.Round(known, 2) : null;

    private static int Count(StateRows rows, string sql, long id) => (int)(long)rows.Value(sql, id)!;
}
