using System.Globalization;
using SmartDistrict.Configuration;

namespace SmartDistrict.Cloud.Devices;

/// <summary>What holds for a device, whether its entry in the district's file says so or it is as usual.</summary>
internal static class DeviceSettings
{
    public static IReadOnlyList<DeviceSetting> Of(DeviceEntry device, DistrictSource source) =>
        [.. All(device).Select(setting => new DeviceSetting(setting.Key, setting.Value, source.Gives(device.Id, setting.GivenBy ?? setting.Key)))];

    private static IEnumerable<(string Key, string Value, string? GivenBy)> All(DeviceEntry device)
    {
        yield return ("gateway", device.Gateway, null);
        yield return ("profile", device.Profile, null);
        if (device.Sensor is { } sensor)
        {
            yield return ("sensor.chip", sensor.Chip, null);
            if (sensor.At is { } at)
                yield return ("sensor.at", at, null);
            if (device.Period is { } every)
                yield return ("period", Seconds(every), null);
            yield break;
        }
        foreach (var (channel, line) in device.Lines)
            yield return device.Lines.Count == 1 && channel == "1" ? ("line", line, null) : ($"lines.{channel}", line, "lines");
        foreach (var (channel, line) in device.ExitLines)
            yield return ($"exit_lines.{channel}", line, "exit_lines");
        yield return ("reversed", Flag(device.Reversed), null);
        if (device.Beams is { } beams)
        {
            yield return ("gpio.chip", beams.Gpio.Chip, null);
            yield return ("gpio.a", beams.Gpio.A.ToString(), null);
            yield return ("gpio.b", beams.Gpio.B.ToString(), null);
            yield return ("gpio.active_low", Flag(beams.Gpio.ActiveLow), null);
            yield return ("gpio.bias", beams.Gpio.Bias switch { GpioBias.PullUp => "pull-up", GpioBias.PullDown => "pull-down", _ => "none" }, null);
            yield return ("gpio.debounce_ms", Number(beams.Gpio.Debounce.TotalMilliseconds), null);
            yield return ("beams.spacing_mm", Number(beams.Spacing * 1000), null);
            yield return ("beams.longest_person_mm", Number(beams.LongestPerson * 1000), null);
            yield return ("beams.blocked_s", Seconds(beams.Blocked), null);
            yield break;
        }
        yield return ("address", device.Address, null);
        yield return ("time_zone", device.TimeZone.Id, null);
        if (device.Period is { } period)
            yield return ("period", Seconds(period), null);
    }

    private static string Flag(bool value) => value ? "true" : "false";

    private static string Seconds(TimeSpan time) => Number(time.TotalSeconds);

    private static string Number(double value) => Math.Round(value, 3).ToString(CultureInfo.InvariantCulture);
}
