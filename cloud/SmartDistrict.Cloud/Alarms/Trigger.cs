using SmartDistrict.Configuration;

namespace SmartDistrict.Cloud.Alarms;

/// <summary>
/// One level of one alarm: begins when its threshold was held for the hold time, ends when the figure was back, beyond the
/// hysteresis, for the clear time. A pure function of state, figure and time; the state is all there is to keep.
/// </summary>
/// <remarks>
/// A figure that is not known changes nothing: it neither begins nor ends an alarm, and what was on its way goes on when the
/// figure is known again. Between threshold and hysteresis the level stays as it is, and what was on its way begins anew.
/// </remarks>
/// <param name="On">Whether the level holds.</param>
/// <param name="Since">Since when the figure has spoken for the other side, ms since the Unix epoch; null while it does not.</param>
internal readonly record struct Trigger(bool On, long? Since)
{
    /// <param name="threshold">Null: there is no such level.</param>
    /// <param name="figure">Null: not known now.</param>
    /// <param name="now">ms since the Unix epoch.</param>
    public Trigger Step(AlarmSense sense, double? threshold, AlarmSetting setting, double? figure, long now)
    {
        if (threshold is not { } limit || !setting.On)
            return default;
        if (figure is not { } known)
            return this;
        var against = On ? IsBack(sense, limit, setting.Hysteresis, known) : IsReached(sense, limit, known);
        if (!against)
            return this with { Since = null };
        // A clock that was set back must not make anything wait for the time that it lost.
        var since = Math.Min(Since ?? now, now);
        var hold = (On ? setting.ClearSeconds : setting.HoldSeconds) * 1000L;
        return now - since >= hold ? new(!On, null) : this with { Since = since };
    }

    private static bool IsReached(AlarmSense sense, double limit, double figure) => sense == AlarmSense.Below ? figure <= limit : figure >= limit;

    private static bool IsBack(AlarmSense sense, double limit, double hysteresis, double figure) =>
        sense == AlarmSense.Below ? figure > limit + hysteresis : figure < limit - hysteresis;
}

/// <summary>Both levels of one alarm. Critical is never without warning where there is a warning level: its threshold lies beyond.</summary>
internal readonly record struct AlarmState(Trigger Warning, Trigger Critical)
{
    public Severity Severity => Critical.On ? Severity.Critical : Warning.On ? Severity.Warning : Severity.None;

    /// <summary>Nothing holds and nothing is on its way: nothing to keep.</summary>
    public bool IsIdle => this == default;

    /// <inheritdoc cref="Trigger.Step"/>
    public AlarmState Step(AlarmSense sense, AlarmSetting setting, double? figure, long now) => new(
        Warning.Step(sense, setting.Warning, setting, figure, now),
        Critical.Step(sense, setting.Critical, setting, figure, now));

    /// <summary>When the condition began that is on its way to an alarm; null where none is.</summary>
    public long? Began => (Warning.On ? null : Warning.Since, Critical.On ? null : Critical.Since) switch
    {
        ({ } warning, { } critical) => Math.Min(warning, critical),
        (var warning, var critical) => warning ?? critical,
    };
}
