using SmartDistrict.Cloud.State;
using SmartDistrict.Configuration;

namespace SmartDistrict.Cloud.Alarms;

/// <summary>Where a setting comes from.</summary>
internal enum RuleSource
{
    Default,
    File,
    Console,
}

/// <summary>A setting in force.</summary>
/// <param name="Since">ms since the Unix epoch; null of a default.</param>
/// <param name="By">Who made it; null where no person of the console did.</param>
internal sealed record RuleInForce(AlarmSetting Setting, RuleSource Source, long? Since, string? By);

/// <summary>A setting that somebody made in the console.</summary>
/// <param name="Subject">The one subject that it is for; empty: all of the kind.</param>
/// <param name="Since">ms since the Unix epoch.</param>
internal sealed record ConsoleRule(string Kind, string Subject, AlarmSetting Setting, long Since, string By);

/// <summary>
/// Which setting holds for a kind and a subject. Of several dated ones the newest counts, whether it stands in the district's
/// file or was made in the console; one for this very subject counts before one for all. Thread-safe.
/// </summary>
internal sealed class AlarmRules(District district, StateFile state, TimeProvider clock)
{
    private readonly Lock gate = new();
    private List<ConsoleRule>? made;
    private int changes;

    /// <summary>Rises with each change, so that what was looked up before is known to be old.</summary>
    public int Changes => Volatile.Read(ref changes);

    /// <summary>The instant at which a setting of the file comes into force next, ms since the Unix epoch.</summary>
    public long NextDate(long now) => district.Alarms
        .Select(rule => rule.Since.ToUnixTimeMilliseconds()).Where(since => since > now).DefaultIfEmpty(long.MaxValue).Min();

    public IReadOnlyList<ConsoleRule> Made()
    {
        lock (gate)
            return made ??= state.Read(AlarmTables.Rules);
    }

    /// <summary>Reads anew what was made in the console.</summary>
    public void Changed()
    {
        lock (gate)
            made = null;
        Interlocked.Increment(ref changes);
    }

    /// <param name="subject">Null: what holds for all that have no setting of their own.</param>
    public RuleInForce For(AlarmKind kind, string? subject)
    {
        var now = clock.GetUtcNow();
        var candidates = district.Alarms
            .Where(rule => rule.Kind == kind.Code && rule.Since <= now && (rule.Only.Count == 0 || (subject is not null && rule.Only.Contains(subject))))
            .Select(rule => (Own: rule.Only.Count > 0, Rule: new RuleInForce(rule.Setting, RuleSource.File, rule.Since.ToUnixTimeMilliseconds(), null)))
            .Concat(Made()
                .Where(rule => rule.Kind == kind.Code && (rule.Subject.Length == 0 || rule.Subject == subject))
                .Select(rule => (Own: rule.Subject.Length > 0, Rule: new RuleInForce(rule.Setting, RuleSource.Console, rule.Since, rule.By))));
        return candidates.OrderByDescending(each => each.Own).ThenByDescending(each => each.Rule.Since).ThenByDescending(each => each.Rule.Source)
            .Select(each => each.Rule).FirstOrDefault() ?? new(kind.Default, RuleSource.Default, null, null);
    }
}
