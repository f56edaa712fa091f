using System.Text.RegularExpressions;

namespace SmartDistrict.Edge.Drivers.Iio;

/// <summary>
/// Sensor chips as the kernel's drivers show them: IIO (<c>/sys/bus/iio/devices</c>, ABI/testing/sysfs-bus-iio) and hwmon
/// (<c>/sys/class/hwmon</c>, hwmon/sysfs-interface). Looked up at each reading, because chips come and go.
/// </summary>
/// <param name="root">Where sysfs is mounted; a test builds a tree of its own.</param>
public sealed partial class SysfsSensors(string root = "/sys")
{
    /// <summary>Finds a chip.</summary>
    /// <param name="name">What its driver calls it, or its device-tree label.</param>
    /// <param name="at">Bus and address; null where there is only one of the name.</param>
    /// <exception cref="SensorException">There is none, or there are several.</exception>
    internal SensorChip Find(string name, string? at)
    {
        var all = Chips();
        var named = all.FindAll(chip => (chip.Name == name || chip.Label == name) && (at is null || chip.At == at));
        return named switch
        {
            [var only] => only,
            [] => throw new SensorException($"there is no sensor chip '{name}'{(at is null ? "" : $" at {at}")}", all.Count == 0
                ? "the kernel knows no sensor chip at all: check the wires, and load the chip's device-tree overlay (firmware-config/raspberry-pi)"
                : $"check its wires and its device-tree overlay, or name one of {string.Join(", ", all.Select(chip => chip.Shown))}"),
            _ => throw new SensorException($"{named.Count} sensor chips are called '{name}'", $"add 'at: ' and one of {string.Join(", ", named.Select(chip => $"'{chip.At}'"))}"),
        };
    }

    /// <summary>Reads all attributes of a chip that say something of its surroundings, as text and in the order of their names.</summary>
    /// <param name="fault">Why some could not be read; null where all could.</param>
    internal static List<KeyValuePair<string, string>> Read(SensorChip chip, out string? fault)
    {
        fault = null;
        var attributes = new List<KeyValuePair<string, string>>();
        string[] files;
        try
        {
            files = Directory.GetFiles(chip.Folder);
        }
        catch (DirectoryNotFoundException)
        {
            fault = "it went away while it was read";
            return attributes;
        }
        foreach (var file in files.Where(file => Measured().IsMatch(Path.GetFileName(file))).Order(StringComparer.Ordinal))
            try
            {
                // a probe that is open or shorted says so beside its number, which then means nothing
                if (file.EndsWith("_input", StringComparison.Ordinal) && Text($"{file[..^"_input".Length]}_fault") == "1")
                    fault ??= $"{Path.GetFileName(file)} has a fault: the probe is open or shorted";
                else if (Text(file) is { Length: > 0 and <= SensorEnvelope.MaxText } text)
                    attributes.Add(new(Path.GetFileName(file), text));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                fault ??= $"{Path.GetFileName(file)} cannot be read: {e.Message}";
            }
        return attributes;
    }

    private List<SensorChip> Chips()
    {
        var chips = new List<SensorChip>();
        foreach (var folder in Folders($"{root}/bus/iio/devices", "iio:device*"))
            chips.Add(new(folder, Text($"{folder}/name") ?? "", Text($"{folder}/label"), Path.GetFileName(Path.GetDirectoryName(Target(folder)))));
        foreach (var folder in Folders($"{root}/class/hwmon", "hwmon*"))
            chips.Add(new(folder, Text($"{folder}/name") ?? "", Text($"{folder}/label"), Directory.Exists($"{folder}/device") ? Path.GetFileName(Target($"{folder}/device")) : null));
        return chips;
    }

    private static IEnumerable<string> Folders(string within, string pattern) =>
        Directory.Exists(within) ? Directory.GetDirectories(within, pattern).Order(StringComparer.Ordinal) : [];

    private static string Target(string folder) => new DirectoryInfo(folder).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? folder;

    private static string? Text(string file) => File.Exists(file) ? File.ReadAllText(file).Trim() : null;

    [GeneratedRegex("^((temp|humidity|in)[0-9]+_input|in_(temp|humidityrelative|pressure|distance|illuminance|voltage)[0-9]*(_[a-z]+)?_(input|raw|scale|offset)|in_(temp|humidityrelative|pressure|distance|illuminance|voltage)_(scale|offset))$")]
    private static partial Regex Measured();
}

/// <param name="Folder">Where its attributes are.</param>
/// <param name="At">Bus and address, as in <c>1-0044</c>; null for a chip that is on no bus.</param>
internal sealed record SensorChip(string Folder, string Name, string? Label, string? At)
{
    public string Shown => At is null ? $"'{Name}'" : $"'{Name}' at {At}";
}

/// <summary>A sensor chip cannot be read.</summary>
/// <param name="what">What is wrong, a sentence without its full stop.</param>
/// <param name="mend">What a technician does about it.</param>
public sealed class SensorException(string what, string mend) : IOException($"{what}. Mend: {mend}");
