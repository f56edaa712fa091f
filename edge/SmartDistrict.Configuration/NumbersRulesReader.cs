using SmartDistrict.Configuration.Yaml;

namespace SmartDistrict.Configuration;

/// <summary>Reads the key <c>numbers</c> of a district.</summary>
internal static class NumbersRulesReader
{
    /// <summary>An area is called by its id in the API: a group, a zone, or this for all of them.</summary>
    private const string District = "district";

    private static readonly string[] CaptureRates = ["entries-per-passer-by", "entries-per-presence"];

    /// <param name="group">Reads id and name of a group.</param>
    public static NumbersRules Read(YamlReader file, SiteTable zones, SiteTable lines, Func<YamlReader, (string? Id, LocalName Name)> group)
    {
        if (file.Map("numbers", "'numbers'") is not { } reader)
            return NumbersRules.Usual;
        var rules = new NumbersRules(
            reader.Choice("capture_rate", CaptureRates) == CaptureRates[1] ? CaptureRate.EntriesPerPresence : CaptureRate.EntriesPerPasserBy,
            (int)(reader.Whole("small_counts_below", 1, 1000) ?? NumbersRules.UsualSmallCounts),
            Groups(reader, zones, group), Passing(reader, zones, lines),
            Names(reader, "queues", zones).ToHashSet());
        reader.End();
        return rules;
    }

    private static List<ZoneGroup> Groups(YamlReader numbers, SiteTable zones, Func<YamlReader, (string? Id, LocalName Name)> read)
    {
        var groups = new List<ZoneGroup>();
        foreach (var reader in numbers.Maps("groups", "a group of zones"))
        {
            var (id, name) = read(reader);
            reader.Subject = $"group '{id ?? "?"}'";
            if (id is not null && (id == District || zones.Has(id) || groups.Exists(group => group.Id == id)))
                reader.Problems.Add(reader.Place("id"), $"'{id}' is already the name of the whole district, a zone or a group", "give this group an id of its own");
            var members = Names(reader, "zones", zones);
            if (members.Count == 0)
                reader.Problems.Add(reader.Place("zones"), $"{reader.Subject} has no zones", "name at least one zone");
            reader.End();
            groups.Add(new(id ?? "", name, members));
        }
        return groups;
    }

    private static Dictionary<string, IReadOnlyList<string>> Passing(YamlReader numbers, SiteTable zones, SiteTable lines)
    {
        var passing = new Dictionary<string, IReadOnlyList<string>>();
        if (numbers.Map("passing_lines", "'passing_lines'") is not { } reader)
            return passing;
        foreach (var (zone, _) in reader.Mapping.Entries)
        {
            if (!zones.Has(zone.Text))
                reader.Problems.Add(zone, $"'passing_lines' names the zone '{zone.Text}', which does not exist", "name a zone of this file");
            passing[zone.Text] = Names(reader, zone.Text, lines);
        }
        return passing;
    }

    /// <summary>A list of ids that must exist, each once.</summary>
    private static List<string> Names(YamlReader reader, string key, SiteTable table)
    {
        var names = new List<string>();
        foreach (var node in reader.Items(key))
            if (reader.TextOf(node, key) is { } name)
            {
                if (!table.Has(name))
                    reader.Problems.Add(node, $"'{key}' of {reader.Subject} names the {table.Sort} '{name}', which does not exist", table.Mend(name));
                else if (names.Contains(name))
                    reader.Problems.Add(node, $"'{key}' of {reader.Subject} names '{name}' twice", "name it once");
                names.Add(name);
            }
        return names;
    }
}
