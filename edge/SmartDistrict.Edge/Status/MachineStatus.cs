using System.Globalization;

namespace SmartDistrict.Edge.Status;

/// <summary>The gateway's own process and machine. What the machine does not tell is null.</summary>
/// <param name="CpuSeconds">Processor time of the process since its start, user and kernel, s.</param>
/// <param name="ResidentBytes">Resident set of the process, bytes.</param>
/// <param name="DiskWrittenBytes">What the process caused to be written to disks since its start, bytes: /proc/self/io <c>write_bytes</c>, proc(5).</param>
/// <param name="DiskFreeBytes">Free space of the data folder's disk for this user, bytes.</param>
/// <param name="DiskBytes">Size of that disk, bytes.</param>
/// <param name="TemperatureCelsius">The hottest thermal zone, °C: /sys/class/thermal, kernel documentation <c>sysfs-class-thermal</c>.</param>
/// <param name="Throttling">Why the processor is slowed down or its supply is low, in words; empty where it is not.</param>
public sealed record MachineStatus(
    double CpuSeconds, long ResidentBytes, long? DiskWrittenBytes, long? DiskFreeBytes, long? DiskBytes, double? TemperatureCelsius, string? Throttling)
{
    /// <param name="data">The data folder.</param>
    /// <param name="system">Root of /proc and /sys; a test has its own.</param>
    internal static MachineStatus Read(string data, string system = "/")
    {
        var disk = Disk(data);
        return new(
            Environment.CpuUsage.TotalTime.TotalSeconds, Environment.WorkingSet, WriteBytes(Path.Combine(system, "proc/self/io")),
            disk?.AvailableFreeSpace, disk?.TotalSize, Temperature(Path.Combine(system, "sys/class/thermal")), Throttled(system));
    }

    private static DriveInfo? Disk(string data)
    {
        try
        {
            var disk = new DriveInfo(Path.GetFullPath(data));
            return disk.IsReady ? disk : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static long? WriteBytes(string file) =>
        Text(file)?.Split('\n').FirstOrDefault(line => line.StartsWith("write_bytes:", StringComparison.Ordinal)) is { } line
        && long.TryParse(line.AsSpan(12), NumberStyles.Integer, CultureInfo.InvariantCulture, out var bytes) ? bytes : null;

    /// <summary>Zones in thousandths of a degree; a zone whose sensor is off answers with an error, or with nonsense below −50 °C.</summary>
    private static double? Temperature(string folder)
    {
        double? hottest = null;
        if (Directory.Exists(folder))
            foreach (var zone in Directory.EnumerateDirectories(folder, "thermal_zone*"))
                if (int.TryParse(Text(Path.Combine(zone, "temp")), NumberStyles.Integer, CultureInfo.InvariantCulture, out var thousandths) && thousandths > -50_000)
                    hottest = Math.Max(hottest ?? double.MinValue, thousandths / 1000.0);
        return hottest;
    }

    /// <summary>
    /// Raspberry Pi firmware: bits 0-3 of <c>get_throttled</c> say what is now (Raspberry Pi documentation, vcgencmd), bits 16-19 what has been.
    /// </summary>
    private static string? Throttled(string system)
    {
        var text = Text(Path.Combine(system, "sys/devices/platform/soc/soc:firmware/get_throttled"));
        if (text is null || !long.TryParse(text.AsSpan().TrimStart("0x"), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var bits))
            return null;
        string[] meanings = ["under-voltage: the power supply or its cable is too weak", "the processor's frequency is capped", "the processor is throttled", "near the temperature limit"];
        return string.Join("; ", meanings.Where((_, bit) => (bits >> bit & 1) != 0));
    }

    private static string? Text(string file)
    {
        try
        {
            return File.Exists(file) ? File.ReadAllText(file).Trim() : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
