using SmartDistrict.Configuration;

namespace SmartDistrict.Testing.Simulation.Devices;

/// <summary>Makes the devices of a district, each after the model that its profile names.</summary>
public static class SimulatedDevices
{
    private static readonly Dictionary<string, Func<District, DeviceEntry, IReadOnlyList<Channel>, Random, SimulatedDevice>> Models = new()
    {
        ["native"] = (district, entry, channels, random) => new NativeDevice(district.Id, entry, channels, random, random.Happens(0.2)),
        ["axis-object-analytics"] = (_, entry, channels, random) => new AxisObjectAnalytics(entry, channels, random),
        ["axis-people-counter"] = (_, entry, channels, random) => new AxisPeopleCounter(entry, channels, random),
        ["xovis-push-v5"] = (_, entry, channels, random) => new Xovis(entry, channels, random),
        ["milesight-vs133"] = (_, entry, channels, random) => new MilesightVs133(entry, channels, random),
        ["milesight-vs350"] = (_, entry, channels, random) => new MilesightVs350(entry, channels, random),
    };

    /// <summary>Whether the model of this profile counts one direction per line.</summary>
    public static bool CountsOneWay(string profile) => profile == "axis-object-analytics";

    /// <param name="district">The district.</param>
    /// <param name="seed">Of the simulation.</param>
    /// <param name="oneWay">Whether a line's device counts people without their direction.</param>
    /// <exception cref="NotSupportedException">A profile of which no model is simulated.</exception>
    public static IReadOnlyList<SimulatedDevice> Of(District district, int seed, Func<string, bool> oneWay)
    {
        var lines = district.Lines.Select((line, i) => (line.Id, i)).ToDictionary(l => l.Id, l => l.i);
        return [.. district.Devices.Select(entry =>
            Models.TryGetValue(entry.Profile, out var make)
                ? make(district, entry, [.. entry.Lines.Select(l => new Channel(l.Key, lines[l.Value], l.Value, oneWay(l.Value)))], Chance.For(seed, entry.Id))
                : throw new NotSupportedException(
                    $"device {entry.Id}: no model of profile '{entry.Profile}' is simulated; simulated are {string.Join(", ", Models.Keys)}"))];
    }
}
