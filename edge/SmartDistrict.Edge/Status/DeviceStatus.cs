using SmartDistrict.Edge.Devices;
using SmartDistrict.Edge.Footfall;
using SmartDistrict.Edge.Sensors;

namespace SmartDistrict.Edge.Status;

/// <summary>One device as the gateway hears it. Counts are of messages or readings since the process started.</summary>
/// <param name="State">ok, unheard, silent, refused, faulted, or what its numbers betray (see <c>SensorFault</c>).</param>
/// <param name="Cause">What is wrong; empty where nothing is.</param>
/// <param name="NextStep">What the technician does about it; empty where nothing is wrong.</param>
/// <param name="LastSeen">Receive time of its newest message, ms since the Unix epoch; null before the first.</param>
/// <param name="AgeSeconds">Time since then, s.</param>
/// <param name="ReadingsPerMinute">Readings booked in the last full minute in which it spoke; 0 once that is over two minutes ago.</param>
/// <param name="Missing">Messages that gaps in its sequence show to be missing.</param>
public sealed record DeviceStatus(
    string Id, string Profile, IReadOnlyList<string> Lines, string State, string Cause, string NextStep,
    long? LastSeen, long? AgeSeconds, long ReadingsPerMinute, long Readings, long Duplicates, long Missing, long Refused)
{
    public const string Ok = "ok";

    /// <summary>Never heard since the gateway was enrolled.</summary>
    public const string Unheard = "unheard";

    /// <summary>Periodic, and it has missed its reports.</summary>
    public const string Silent = "silent";

    /// <summary>Something that it sent a short while ago could not be read, or was too old to be booked.</summary>
    public const string Refusing = "refused";

    /// <summary>Its profile or its entry is broken.</summary>
    public const string Faulted = "faulted";

    /// <summary>What a sensor chip said last: quantity and unit, value; null of all other devices, and before its first reading.</summary>
    public IReadOnlyDictionary<string, double>? Measured { get; init; }

    /// <summary>What of itself its model tells: battery, firmware, both, or nothing. What is not here does not apply.</summary>
    public string Tells { get; init; } = "";

    /// <summary>Charge of its battery, as it told last; null before it told, and of a model that tells a voltage or nothing.</summary>
    public double? BatteryPercent { get; init; }

    /// <summary>Voltage of its battery, likewise.</summary>
    public double? BatteryVolts { get; init; }

    /// <summary>When it told that, ms since the Unix epoch.</summary>
    public long? BatteryAt { get; init; }

    /// <summary>Its firmware's version; null before it told.</summary>
    public string? Firmware { get; init; }

    /// <summary>When it told this version first, ms since the Unix epoch.</summary>
    public long? FirmwareSince { get; init; }

    /// <summary>The minute that "now" is in and the one before it may still be in the making.</summary>
    private const long RateLifetime = 180_000;

    /// <param name="sensor">What its counts betray, and the line they are of.</param>
    /// <param name="now">ms since the Unix epoch.</param>
    internal static DeviceStatus Of(DeviceFold heard, DeviceCatalog catalog, (int Line, SensorState State) sensor, long now)
    {
        var device = heard.Device;
        var seen = heard.LastSeen;
        var told = heard.Health.Now;
        var age = seen == 0 ? (long?)null : Math.Max(0, (now - seen) / 1000);
        var (state, cause, next) = heard.Beams?.Trouble is { } trouble ? (trouble.Name, trouble.Cause, trouble.NextStep) : Judge(device, age);
        if (state == Ok && heard.LastRefusal is { } refusal && refusal.IsRecent(now))
            (state, cause, next) = (Refusing, refusal.Reason, refusal.Mend);
        if (state == Ok && sensor.State.Fault != SensorFault.None)
            (state, cause, next) = (sensor.State.Name,
                device.Lines.Count > 1 ? $"on line {catalog.Lines[sensor.Line].Id} {sensor.State.Cause}" : sensor.State.Cause, sensor.State.NextStep);
        return new(device.Id, device.Profile.Name, [.. device.Lines.Select(line => catalog.Lines[line].Id)], state, cause, next,
            seen == 0 ? null : seen, age, now - seen < RateLifetime ? heard.LastMinuteReadings : 0,
            heard.Readings, heard.Duplicates, heard.Missing, heard.Refused)
        {
            Tells = device.Profile.Tells,
            BatteryPercent = device.Profile.Battery == BatteryUnit.Percent ? told.Battery : null,
            BatteryVolts = device.Profile.Battery == BatteryUnit.Percent ? null : told.Battery,
            BatteryAt = told.Battery is null ? null : told.BatteryAt,
            Firmware = told.Firmware,
            FirmwareSince = told.Firmware is null ? null : told.FirmwareSince,
            Measured = heard.Measured.Count > 0 ? heard.Measured.ToDictionary(value => value.Name, value => value.Value) : null,
        };
    }

    internal static DeviceStatus Of(FaultedDevice device, DeviceCatalog catalog) => new(
        device.Id, device.Profile, [.. device.Lines.Select(line => catalog.Lines[line].Id)],
        Faulted, device.Problem.What, device.Problem.Mend, null, null, 0, 0, 0, 0, 0);

    private static (string State, string Cause, string NextStep) Judge(Device device, long? age) => age switch
    {
        null => (Unheard, "it was never heard", $"check its power, its network and that it publishes as profile {device.Profile.Name} says"),
        { } seconds when device.IsSilent(TimeSpan.FromSeconds(seconds)) =>
            (Silent, $"it reports every {Runway.Words(device.Period!.Value.TotalSeconds)}, but was last heard {Runway.Words(seconds)} ago", "check its power and its network"),
        _ => (Ok, "", ""),
    };
}
