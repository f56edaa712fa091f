namespace SmartDistrict.Edge.Tests.Drivers.Iio;

/// <summary>A sysfs as the kernel shows it: chips in the device tree, and links to them by class and bus.</summary>
internal sealed class SensorTree : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private int iio;
    private int hwmon;

    public string Root => folder.Path;

    /// <summary>A chip of the IIO subsystem.</summary>
    /// <param name="at">Bus and address, the name of its folder in the device tree.</param>
    public string Iio(string name, string at, params (string Attribute, string Text)[] attributes)
    {
        var number = iio++;
        var device = Directory.CreateDirectory($"{Root}/devices/platform/soc/{at}/iio:device{number}").FullName;
        Directory.CreateDirectory($"{Root}/bus/iio/devices");
        Directory.CreateSymbolicLink($"{Root}/bus/iio/devices/iio:device{number}", $"../../../devices/platform/soc/{at}/iio:device{number}");
        return Fill(device, name, attributes);
    }

    /// <summary>A chip of the hwmon subsystem; without a place it is on no bus, like a thermal zone.</summary>
    public string Hwmon(string name, string? at, params (string Attribute, string Text)[] attributes)
    {
        var number = hwmon++;
        var above = $"devices/{(at is null ? "virtual/thermal" : $"platform/soc/{at}")}";
        var device = Directory.CreateDirectory($"{Root}/{above}/hwmon/hwmon{number}").FullName;
        if (at is not null)
            Directory.CreateSymbolicLink($"{device}/device", $"../../../{at}");
        Directory.CreateDirectory($"{Root}/class/hwmon");
        Directory.CreateSymbolicLink($"{Root}/class/hwmon/hwmon{number}", $"../../{above}/hwmon/hwmon{number}");
        return Fill(device, name, attributes);
    }

    public void Dispose() => folder.Dispose();

    private static string Fill(string device, string name, (string Attribute, string Text)[] attributes)
    {
        File.WriteAllText($"{device}/name", name + "\n");
        foreach (var (attribute, text) in attributes)
            File.WriteAllText($"{device}/{attribute}", text + "\n");
        return device;
    }
}
