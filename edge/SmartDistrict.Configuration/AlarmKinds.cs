using System.Text.Json.Serialization;

namespace SmartDistrict.Configuration;

/// <summary>What an alarm is about.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AlarmSubject>))]
public enum AlarmSubject
{
    [JsonStringEnumMemberName("district")]
    District,

    [JsonStringEnumMemberName("zone")]
    Zone,

    [JsonStringEnumMemberName("gateway")]
    Gateway,

    [JsonStringEnumMemberName("device")]
    Device,

    [JsonStringEnumMemberName("locker")]
    Locker,

    [JsonStringEnumMemberName("kiosk")]
    Kiosk,

    [JsonStringEnumMemberName("cart")]
    Cart,
}

/// <summary>How a figure is held against its thresholds.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AlarmSense>))]
public enum AlarmSense
{
    /// <summary>Bad at the threshold and above.</summary>
    [JsonStringEnumMemberName("above")]
    Above,

    /// <summary>Bad at the threshold and below.</summary>
    [JsonStringEnumMemberName("below")]
    Below,

    /// <summary>No figure: it is so or it is not.</summary>
    [JsonStringEnumMemberName("state")]
    State,
}

/// <summary>When an alarm comes and goes. Thresholds and hysteresis are in the kind's unit.</summary>
/// <param name="Warning">From here on a warning; null: never. Of a state: 1 where it is a warning.</param>
/// <param name="Critical">From here on critical; null: never. Of a state: 1 where it is critical.</param>
/// <param name="Hysteresis">How far beyond its threshold a figure must be back before a level can end.</param>
/// <param name="HoldSeconds">A level begins when its threshold was held for this long.</param>
/// <param name="ClearSeconds">A level ends when the figure was back for this long.</param>
/// <param name="On">False: this kind is not watched.</param>
public sealed record AlarmSetting(double? Warning, double? Critical, double Hysteresis, int HoldSeconds, int ClearSeconds, bool On = true);

/// <summary>A sort of alarm.</summary>
/// <param name="Code">Stable name, in files and in the API.</param>
/// <param name="Unit">Unit of figure, thresholds and hysteresis; empty of a state.</param>
/// <param name="Most">The highest threshold that makes sense.</param>
/// <param name="Default">The setting where nobody has made another.</param>
/// <param name="CausedBy">The kind that, of the gateway or district above, explains it: then it is a consequence, and no news.</param>
public sealed record AlarmKind(
    string Code, AlarmSubject Subject, AlarmSense Sense, string Unit, double Most, AlarmSetting Default, string? CausedBy = null);

/// <summary>
/// All kinds of alarms, in the order in which they are shown. A new one is a line here, an observation of it in the cloud's
/// <c>AlarmFigures</c>, and its texts in the console.
/// </summary>
public static class AlarmKinds
{
    /// <remarks>
    /// Density: Fruin's walkway level F begins at 2.15 people/m²; at 3.57 a moving crowd is in contact
    /// (Fruin 1971, Still 2000). A gateway writes of itself every minute, so three minutes of silence are no coincidence; nor are
    /// three missed heartbeats of a kiosk or states of a cart, 30 s each.
    /// Battery: 20 % leaves weeks to plan the change of a cell that lasts years, at 5 % it is due.
    /// </remarks>
    public static readonly IReadOnlyList<AlarmKind> All =
    [
        new("density", AlarmSubject.Zone, AlarmSense.Above, "people/m2", 20, new(2.15, 3.57, 0.2, 30, 120)),
        new("occupancy", AlarmSubject.Zone, AlarmSense.Above, "%", 1_000, new(90, 100, 5, 30, 120)),
        new("store", AlarmSubject.District, AlarmSense.State, "", 1, new(null, 1, 0, 60, 30)),
        new("silent_gateway", AlarmSubject.Gateway, AlarmSense.Above, "s", 604_800, new(null, 180, 0, 0, 30), CausedBy: "store"),
        new("silent_device", AlarmSubject.Device, AlarmSense.Above, "s", 604_800, new(900, null, 0, 0, 30), CausedBy: "silent_gateway"),
        new("sensor", AlarmSubject.Device, AlarmSense.State, "", 1, new(1, null, 0, 0, 60)),
        new("battery", AlarmSubject.Device, AlarmSense.Below, "%", 100, new(20, 5, 5, 600, 600)),
        new("clock", AlarmSubject.Gateway, AlarmSense.State, "", 1, new(1, null, 0, 300, 60)),
        new("backlog", AlarmSubject.Gateway, AlarmSense.Above, "points", 100_000_000, new(20_000, null, 5_000, 300, 300)),
        new("runway", AlarmSubject.Gateway, AlarmSense.Below, "h", 100_000, new(12, 2, 1, 300, 300)),
        new("disk", AlarmSubject.Gateway, AlarmSense.Below, "MB", 100_000_000, new(1_000, 200, 100, 300, 300)),
        new("locker_forced", AlarmSubject.Locker, AlarmSense.State, "", 1, new(null, 1, 0, 0, 30)),
        new("kiosk_offline", AlarmSubject.Kiosk, AlarmSense.Above, "s", 604_800, new(90, null, 0, 0, 30), CausedBy: "silent_gateway"),
        new("cart_stopped", AlarmSubject.Cart, AlarmSense.State, "", 1, new(null, 1, 0, 0, 10)),
        new("cart_lost", AlarmSubject.Cart, AlarmSense.Above, "s", 604_800, new(90, 900, 0, 0, 10), CausedBy: "silent_gateway"),
    ];

    private static readonly Dictionary<string, AlarmKind> ByCode = All.ToDictionary(kind => kind.Code);

    /// <summary>A kind by its code; null where there is none.</summary>
    public static AlarmKind? Find(string code) => ByCode.GetValueOrDefault(code);

    /// <summary>What is wrong with a setting of a kind, and the mend; null where it is sound.</summary>
    public static (string What, string Mend)? Fault(AlarmKind kind, AlarmSetting setting)
    {
        foreach (var (name, value) in (ReadOnlySpan<(string, double?)>)[("warning", setting.Warning), ("critical", setting.Critical)])
            if (value is { } threshold && !(threshold > 0 && threshold <= kind.Most))
                return ($"{name} is {threshold:0.###}", $"give a number above 0, at most {kind.Most:0.###}{Unit(kind)}");
        if (setting.On && setting.Warning is null && setting.Critical is null)
            return ("it has neither a warning nor a critical threshold", "give one of the two, or switch the kind off");
        if (setting is { Warning: { } warning, Critical: { } critical } && (kind.Sense == AlarmSense.Below ? critical >= warning : critical <= warning))
            return ($"critical ({critical:0.###}) is not beyond warning ({warning:0.###})",
                kind.Sense == AlarmSense.Below ? "give critical a smaller number than warning" : "give critical a greater number than warning");
        if (!(setting.Hysteresis >= 0) || (kind.Sense == AlarmSense.Above && setting.Hysteresis > (setting.Warning ?? setting.Critical)))
            return ($"the hysteresis is {setting.Hysteresis:0.###}", "give a number from 0 to the lowest threshold: with more than that an alarm could never end");
        return null;
    }

    private static string Unit(AlarmKind kind) => kind.Unit.Length == 0 ? "" : " " + kind.Unit;
}

/// <summary>A setting from an instant on.</summary>
/// <param name="Only">The zones, gateways, devices and so on that it is for; empty: all of the kind.</param>
public sealed record AlarmRule(string Kind, DateTimeOffset Since, IReadOnlyList<string> Only, AlarmSetting Setting);
