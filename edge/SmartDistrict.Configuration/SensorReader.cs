using SmartDistrict.Configuration.Yaml;

namespace SmartDistrict.Configuration;

/// <summary>Reads the key <c>sensor</c> of a device.</summary>
internal static class SensorReader
{
    /// <summary>Keys of devices that count people or publish payloads.</summary>
    private static readonly string[] OfOthers = ["line", "lines", "exit_lines", "reversed", "address", "time_zone", "gpio", "beams"];

    /// <summary>Reads what is to be read; null for a device of another sort, or where something is wrong.</summary>
    public static SensorEntry? Read(YamlReader device, string profile)
    {
        var sensor = device.Map("sensor", $"'sensor' of {device.Subject}");
        if (profile != SensorEntry.Profile)
        {
            if (device.Has("sensor"))
                device.Problems.Add(device.Place("sensor"), $"{device.Subject} has 'sensor', but the profile '{profile}'",
                    $"write 'profile: {SensorEntry.Profile}' if the gateway itself reads it, or remove 'sensor'");
            return null;
        }
        foreach (var key in OfOthers)
            if (device.Has(key))
                device.Problems.Add(device.Place(key), $"{device.Subject} measures its surroundings and has '{key}'", $"remove '{key}': it counts nobody and publishes nothing");
        if (sensor is null)
        {
            if (!device.Has("sensor"))
                device.Required("sensor", "{chip: sht3x, at: 1-0044}");
            return null;
        }
        var chip = sensor.RequiredText("chip", "sht3x");
        var at = sensor.Text("at");
        sensor.End();
        return chip is null ? null : new SensorEntry(chip, at);
    }
}
