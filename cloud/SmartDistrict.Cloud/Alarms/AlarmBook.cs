using SmartDistrict.Cloud.Alarms.Webhooks;
using SmartDistrict.Cloud.State;
using SmartDistrict.Configuration;

namespace SmartDistrict.Cloud.Alarms;

/// <summary>
/// Raises and clears alarms. What one look at all figures changes, with the messages about it, is one transaction; only when
/// that is on disk does the state in memory follow. So a crash or a disk that refuses costs nothing but time: the next look
/// comes to the same.
/// </summary>
internal sealed class AlarmBook(AlarmRules rules, StateFile state, WebhookOutbox webhooks, AlarmNames names)
{
    /// <summary>The worst figure of an alarm is written when it is this much worse than the one written before.</summary>
    private const double WorthWriting = 0.05;

    private readonly Lock gate = new();
    private readonly Dictionary<(string Kind, string Subject), AlarmSetting> settings = [];
    private Dictionary<(string Kind, string Subject), Observation> seen = [];
    private Dictionary<(string Kind, string Subject), AlarmState>? states;
    private Dictionary<(string Kind, string Subject), Alarm> open = [];
    private (int Changes, long Until) settingsOf = (-1, 0);

    /// <summary>How a subject stood when it was looked at last; null where it is not watched.</summary>
    public Observation? Now(string kind, string subject)
    {
        lock (gate)
            return seen.TryGetValue((kind, subject), out var now) ? now : null;
    }

    /// <summary>Takes one look at everything there is to watch.</summary>
    /// <param name="figures">Every subject of every kind, each once; an alarm about what is not among them ends.</param>
    /// <param name="now">ms since the Unix epoch.</param>
    /// <returns>Whether anything changed that somebody sees.</returns>
    /// <exception cref="Microsoft.Data.Sqlite.SqliteException">The state file takes nothing now; nothing has changed.</exception>
    public bool Take(IEnumerable<Observation> figures, long now)
    {
        lock (gate)
        {
            if (states is null)
                Load();
            RefreshSettings(now);
            seen = figures.ToDictionary(each => (each.Kind.Code, each.Subject));
            var steps = Steps(now);
            return (steps.Count > 0 || state.Read(AlarmTables.NextEnd) <= now) && Write(steps, now);
        }
    }

    private void Load() => (states, open) = state.Read(rows => (
        AlarmTables.Triggers(rows).ToDictionary(each => each.Key, each => each.State),
        AlarmTables.Open(rows).ToDictionary(alarm => alarm.Key)));

    private bool Write(List<AlarmStep> steps, long now)
    {
        var (matters, nowOpen) = state.Write(rows =>
        {
            var change = new AlarmChange(rows, now);
            foreach (var step in steps)
                change.Take(step);
            change.Settle(names.Above);
            webhooks.Put(rows, change.News, now);
            return (change.Matters, AlarmTables.Open(rows));
        });
        open = nowOpen.ToDictionary(alarm => alarm.Key);
        foreach (var step in steps)
            if (step.After.IsIdle)
                states!.Remove(step.Key);
            else
                states![step.Key] = step.After;
        webhooks.Wake();
        return matters;
    }

    private List<AlarmStep> Steps(long now)
    {
        var steps = new List<AlarmStep>();
        foreach (var (key, observation) in seen)
        {
            var setting = Setting(observation.Kind, observation.Subject);
            var before = states!.GetValueOrDefault(key);
            var after = before.Step(observation.Kind.Sense, setting, observation.Figure, now);
            if (before != after || (open.TryGetValue(key, out var alarm) && IsOtherwise(alarm, observation)))
                steps.Add(new(key, before, after, observation, setting));
        }
        // What the district's file no longer has cannot be in alarm.
        foreach (var (key, before) in states!.Where(each => !seen.ContainsKey(each.Key)))
            steps.Add(new(key, before, default, null, null));
        return steps;
    }

    /// <summary>Whether an alarm that goes on is worth writing again: another fault of the same sensor, or much worse than before.</summary>
    private static bool IsOtherwise(Alarm alarm, in Observation now) => now.Kind switch
    {
        { Sense: AlarmSense.State } => now.Figure == 1 && now.Detail != alarm.Detail,
        { Unit: "s" } => false,
        { Sense: AlarmSense.Above } => now.Figure > alarm.Worst + (WorthWriting * alarm.Threshold),
        _ => now.Figure < alarm.Worst - (WorthWriting * alarm.Threshold),
    };

    private AlarmSetting Setting(AlarmKind kind, string subject)
    {
        if (!settings.TryGetValue((kind.Code, subject), out var setting))
            settings[(kind.Code, subject)] = setting = rules.For(kind, subject).Setting;
        return setting;
    }

    private void RefreshSettings(long now)
    {
        if (settingsOf.Changes == rules.Changes && now < settingsOf.Until)
            return;
        settings.Clear();
        settingsOf = (rules.Changes, rules.NextDate(now));
    }
}

/// <summary>One subject in one look.</summary>
/// <param name="Now">Null where the subject is no longer there.</param>
internal readonly record struct AlarmStep(
    (string Kind, string Subject) Key, AlarmState Before, AlarmState After, Observation? Now, AlarmSetting? Setting);
