using SmartDistrict.Cloud.State;
using SmartDistrict.Configuration;

namespace SmartDistrict.Cloud.Alarms;

/// <summary>Something that is worth a message to the outside.</summary>
internal readonly record struct AlarmMessage(AlarmEventKind What, Alarm Alarm);

/// <summary>What one pass changes in the state file, and what of it is news.</summary>
/// <param name="now">ms since the Unix epoch.</param>
internal sealed class AlarmChange(StateRows rows, long now)
{
    /// <summary>
    /// So long after a cause has ended its consequences are still taken for such: a device speaks again with its next report.
    /// </summary>
    public const long LingerMilliseconds = 10 * 60_000;

    private readonly List<(AlarmEventKind What, long Alarm)> happened = [];

    /// <summary>Whether anything changed that somebody sees.</summary>
    public bool Matters { get; private set; }

    /// <summary>Of alarms that stand for themselves and are not muted; complete after <see cref="Settle"/>.</summary>
    public IReadOnlyList<AlarmMessage> News { get; private set; } = [];

    public void Take(AlarmStep step)
    {
        AlarmTables.Put(rows, step.Key, step.After);
        var (before, after) = (step.Before.Severity, step.After.Severity);
        if (before == Severity.None && after != Severity.None)
            Raise(step);
        else if (after == Severity.None && before != Severity.None)
            Clear(step);
        else if (after != Severity.None)
            Go(step);
    }

    /// <summary>Ends mutes whose time is over, and finds what explains what.</summary>
    /// <param name="above">What is above a subject: the gateway of a device, the district of a gateway.</param>
    public void Settle(Func<AlarmKind, string, string> above)
    {
        foreach (var muted in rows.List(AlarmTables.Select + "WHERE a.cleared IS NULL AND m.until <= $1", AlarmTables.Read, now))
            Happen(AlarmEventKind.Unmuted, muted.Id);
        rows.Run("DELETE FROM alarm_mute WHERE until <= $1", now);
        Explain(above);
        News = [.. Messages()];
    }

    private void Raise(AlarmStep step)
    {
        var (seen, setting) = (step.Now!.Value, step.Setting!);
        // Of a silence the figure itself says since when.
        var since = seen.Kind.Unit == "s" && seen.Figure is { } silence ? now - (long)(silence * 1000) : step.Before.Began ?? now;
        rows.Run(
            """
            INSERT INTO alarm (kind, subject, severity, peak, since, raised, figure, threshold, worst, detail, trust)
            VALUES ($1, $2, $3, $3, $4, $5, $6, $7, $6, $8, $9)
            """,
            step.Key.Kind, step.Key.Subject, (int)step.After.Severity, since, now, seen.Figure,
            setting.Threshold(seen.Kind, step.After.Severity), seen.Detail, (int?)seen.Trust);
        Happen(AlarmEventKind.Raised, (long)rows.Value("SELECT last_insert_rowid()")!);
    }

    private void Go(AlarmStep step)
    {
        if (Find(step.Key) is not { } alarm || step.Now is not { } seen)
            return;
        var (before, after) = (step.Before.Severity, step.After.Severity);
        rows.Run("UPDATE alarm SET severity = $2, figure = $3, threshold = $4, detail = $5, trust = $6, worst = $7, peak = max(peak, $2) WHERE id = $1",
            alarm.Id, (int)after, seen.Figure ?? alarm.Figure, step.Setting!.Threshold(seen.Kind, after), seen.Detail ?? alarm.Detail, (int?)seen.Trust, Worse(seen, alarm.Worst));
        Matters = true;
        if (after > before)
        {
            rows.Run("UPDATE alarm SET acknowledged = NULL, acknowledged_by = NULL WHERE id = $1", alarm.Id);
            Happen(AlarmEventKind.Worse, alarm.Id);
        }
        else if (after < before)
            Happen(AlarmEventKind.Better, alarm.Id);
    }

    private void Clear(AlarmStep step)
    {
        if (Find(step.Key) is not { } alarm)
            return;
        rows.Run("UPDATE alarm SET cleared = $2 WHERE id = $1", alarm.Id, now);
        Happen(AlarmEventKind.Cleared, alarm.Id, step.Now is null ? "removed" : step.Setting is { On: false } ? "off" : null);
    }

    private static double? Worse(in Observation seen, double? worst) => (seen.Figure, worst) switch
    {
        ({ } figure, { } before) => seen.Kind.Sense == AlarmSense.Below ? Math.Min(figure, before) : Math.Max(figure, before),
        var (figure, before) => figure ?? before,
    };

    /// <summary>
    /// An open alarm whose kind has a cause above it is a consequence while that cause is open, and for a while after it was.
    /// </summary>
    private void Explain(Func<AlarmKind, string, string> above)
    {
        foreach (var alarm in AlarmTables.Open(rows))
        {
            if (AlarmKinds.Find(alarm.Kind) is not { CausedBy: { } by } kind)
                continue;
            var cause = rows.Value(
                """
                SELECT id FROM alarm WHERE kind = $1 AND subject = $2 AND (cleared IS NULL OR cleared > $3)
                ORDER BY cleared IS NULL DESC, id DESC LIMIT 1
                """,
                by, above(kind, alarm.Subject), now - LingerMilliseconds) as long?;
            if (cause == alarm.Cause)
                continue;
            rows.Run("UPDATE alarm SET cause = $2 WHERE id = $1", alarm.Id, cause);
            Matters = true;
            if (cause is null)
                Happen(AlarmEventKind.Alone, alarm.Id);
        }
    }

    private void Happen(AlarmEventKind what, long alarm, string? text = null)
    {
        AlarmTables.Note(rows, alarm, now, what, null, text);
        happened.Add((what, alarm));
        Matters = true;
    }

    private IEnumerable<AlarmMessage> Messages()
    {
        foreach (var (what, id) in happened)
            if (AlarmTables.Find(rows, id) is { } alarm && alarm.IsNews(now))
                yield return new(what, alarm);
    }

    private Alarm? Find((string Kind, string Subject) key) => rows.List(
        AlarmTables.Select + "WHERE a.kind = $1 AND a.subject = $2 AND a.cleared IS NULL", AlarmTables.Read, key.Kind, key.Subject).SingleOrDefault();
}
