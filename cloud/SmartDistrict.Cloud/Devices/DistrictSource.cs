using Microsoft.Extensions.Options;
using SmartDistrict.Configuration;
using SmartDistrict.Configuration.Yaml;

namespace SmartDistrict.Cloud.Devices;

/// <summary>
/// The text of the district's file as this service read it at its start, found by what it configures; and the profiles, where
/// they lie in <c>profiles</c> beside the file's folder, as in firmware-config.
/// </summary>
internal sealed class DistrictSource
{
    private const int LongestProfile = 64 * 1024;

    private readonly Dictionary<(string Of, string Id), (SourceText Text, YamlMapping Mapping)> parts = [];
    private readonly Dictionary<string, SourceText> profiles = [];

    public DistrictSource(IOptions<CloudOptions> options, District district)
    {
        var path = options.Value.District;
        var text = File.ReadAllText(path);
        if (YamlFile.Parse(text, new ConfigurationProblems(path)) is { } root)
            Read(Path.GetFileName(path), text.ReplaceLineEndings("\n").Split('\n'), root);
        var folder = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, "..", "profiles");
        foreach (var profile in district.Devices.Select(device => device.Profile).Distinct())
            if (new FileInfo(Path.Combine(folder, profile + ".yaml")) is { Exists: true, Length: <= LongestProfile } file)
                profiles[profile] = new("profile", profile, file.Name, 1, File.ReadAllText(file.FullName).TrimEnd());
    }

    /// <param name="of">gateway, device or line.</param>
    public SourceText? Find(string of, string id) => parts.TryGetValue((of, id), out var part) ? part.Text : null;

    public SourceText? Profile(string name) => profiles.GetValueOrDefault(name);

    /// <summary>Whether a key stands with a device; of a nested one with its parents, <c>gpio.chip</c>.</summary>
    public bool Gives(string device, string key)
    {
        if (!parts.TryGetValue(("device", device), out var part))
            return false;
        YamlNode? node = part.Mapping;
        foreach (var name in key.Split('.', 2))
            node = (node as YamlMapping)?.Entries.FirstOrDefault(entry => entry.Key.Text == name).Value;
        return node is not null;
    }

    private void Read(string file, string[] lines, YamlMapping root)
    {
        for (var at = 0; at < root.Entries.Count; at++)
        {
            var (key, value) = root.Entries[at];
            var of = key.Text switch { "gateways" => "gateway", "devices" => "device", "lines" => "line", _ => null };
            if (of is null || value is not YamlSequence sequence)
                continue;
            var items = sequence.Items.OfType<YamlMapping>().ToList();
            for (var i = 0; i < items.Count; i++)
            {
                // up to the next item, or to the next key of the file
                var end = i + 1 < items.Count ? items[i + 1].Line : at + 1 < root.Entries.Count ? root.Entries[at + 1].Key.Line : lines.Length + 1;
                if (items[i].Entries.FirstOrDefault(entry => entry.Key.Text == "id").Value is YamlScalar id)
                    parts[(of, id.Text)] = (new(of, id.Text, file, items[i].Line, Excerpt(lines, items[i].Line, end)), items[i]);
            }
        }
    }

    /// <summary>The lines from one number to before another, without the blank lines and comments at their end, which belong to what follows.</summary>
    private static string Excerpt(string[] lines, int first, int end)
    {
        var last = Math.Max(first, end - 1);
        while (last > first && lines[last - 1].AsSpan().TrimStart() is var line && (line.IsEmpty || line[0] == '#'))
            last--;
        var excerpt = lines[(first - 1)..last];
        var indent = excerpt.Where(line => line.Trim().Length > 0).Select(line => line.Length - line.TrimStart().Length).DefaultIfEmpty(0).Min();
        return string.Join('\n', excerpt.Select(line => line.Length >= indent ? line[indent..] : line)).TrimEnd();
    }
}
