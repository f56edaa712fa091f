using SmartDistrict.Cloud.Alarms;
using SmartDistrict.Configuration;

namespace SmartDistrict.Cloud.Devices;

/// <summary>What is left in a device's battery, as it told last.</summary>
/// <param name="Percent">Charge, %; null of a model that tells a voltage.</param>
/// <param name="Volts">Voltage, V; null of a model that tells its charge.</param>
/// <param name="At">When the device told it, ms since the Unix epoch.</param>
/// <param name="Low">At or below the warning threshold of the alarm rule "battery" that holds for the device; a voltage is never judged.</param>
/// <param name="Stale">Told more than 48 hours ago: it may have changed since.</param>
public sealed record BatteryStatus(double? Percent, double? Volts, long At, bool Low, bool Stale);

/// <summary>The firmware that a device runs, as it told last.</summary>
/// <param name="Version">As the device writes it.</param>
/// <param name="Since">When it told this version first, ms since the Unix epoch.</param>
public sealed record FirmwareStatus(string Version, long Since);

/// <summary>Reads from <c>device_health</c> what a device told of itself.</summary>
internal static class DeviceCondition
{
    /// <summary>Devices that sleep tell their battery once a day; two days without a word say that what was told is old. ms.</summary>
    private const long Fresh = 48 * 3_600_000L;

    public static readonly string[] Words = ["battery", "firmware"];

    /// <summary>What of itself the model tells; null where its gateway has not said.</summary>
    public static IReadOnlyList<string>? Tells(HealthReport? report) =>
        report?.Text("tells") is { } tells ? [.. tells.Split(',').Intersect(Words)] : null;

    /// <param name="now">ms since the Unix epoch.</param>
    public static BatteryStatus? Battery(HealthReport? report, AlarmSetting rule, long now)
    {
        var (percent, volts) = (report?.Number("battery"), report?.Number("battery_volts"));
        return (percent ?? volts) is null || report?.Number("battery_at") is not { } at ? null : new(percent, volts, (long)at, rule.On && percent <= (rule.Warning ?? rule.Critical), now - at > Fresh);
    }

    /// <summary>The charge that an alarm goes by, %: one that was told long ago is not known now.</summary>
    /// <param name="now">ms since the Unix epoch.</param>
    public static double? Charge(HealthReport? report, long now) => report?.Number("battery_at") is { } at && now - at <= Fresh ? report?.Number("battery") : null;

    public static FirmwareStatus? Firmware(HealthReport? report) =>
        report?.Text("firmware") is { Length: > 0 } version && report?.Number("firmware_since") is { } since ? new(version, (long)since) : null;
}
