using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using SmartDistrict.Configuration;
using SmartDistrict.Edge.Checking;
using SmartDistrict.Edge.Devices;
using SmartDistrict.Telemetry;

namespace SmartDistrict.Edge.Technician;

/// <summary>A first draft of a profile for a payload that nobody reads yet; the technician judges and corrects it.</summary>
/// <param name="Name">Name of the profile, and of its file.</param>
/// <param name="Yaml">The draft.</param>
/// <param name="Problems">What <c>check</c> says of it; empty where it is sound.</param>
/// <param name="Readings">What it reads from the payload, in the form of samples.</param>
public sealed record ProfileProposal(string Name, string Yaml, IReadOnlyList<string> Problems, IReadOnlyList<string> Readings)
{
    private const int MostChannels = 32;

    private static readonly JsonWriterOptions OneLine = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Drafts a profile.</summary>
    /// <param name="topic">The topic on which the payload came.</param>
    public static ProfileProposal Of(string topic, string payload)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(payload);
        }
        catch (JsonException e)
        {
            return new("", "", [$"the payload is no JSON that could be read whole ({e.Message.TrimEnd('.')}): a profile reads JSON only"], []);
        }
        using (document)
        {
            var leaves = PayloadLeaf.Of(document.RootElement);
            var name = NameOf(topic);
            var draft = Draft(document.RootElement, name, TopicOf(topic, leaves), leaves, out var channels);
            return Checked(name, WithSample(draft, OnOneLine(document.RootElement), channels, out var readings), readings);
        }
    }

    /// <summary>Judges a profile as <c>smartdistrict-edge check</c> does.</summary>
    public static IReadOnlyList<string> Check(string yaml) => Judge(yaml, out _);

    private static ProfileProposal Checked(string name, string yaml, IReadOnlyList<string> readings) => new(name, yaml, Check(yaml), readings);

    private static List<string> Judge(string yaml, out DeviceProfile? profile)
    {
        var problems = new ConfigurationProblems("profile");
        profile = ProfileFile.Parse(yaml, problems);
        return [.. problems.InOrder.Concat(profile is null ? [] : SampleCheck.Run(profile))
            .Select(problem => problem.Line == 0 ? $"{problem.What}. Mend: {problem.Mend}." : $"{problem.Line}:{problem.Column}: {problem.What}. Mend: {problem.Mend}.")];
    }

    private static string Draft(JsonElement root, string name, string topic, List<PayloadLeaf> leaves, out List<string> channels)
    {
        var counts = leaves.Where(leaf => leaf.IsIn || leaf.IsOut).ToList();
        var undirected = counts.Count == 0;
        if (undirected)
            counts = [.. leaves.Where(leaf => leaf.IsCount && leaf.TimeRank == 0).Take(1)];
        // totals survive lost messages, and what is counted beside them is contained in them
        if (counts.Any(leaf => leaf.IsTotal))
            counts.RemoveAll(leaf => !leaf.IsTotal);
        var groups = counts.GroupBy(leaf => (leaf.Each, leaf.Digits)).Select(group => (group.Key.Each, group.Key.Digits,
            In: group.FirstOrDefault(leaf => leaf.IsIn || undirected), Out: group.FirstOrDefault(leaf => leaf.IsOut))).Take(16).ToList();
        var at = groups.Count == 0 ? Time(leaves, "") : Time(leaves, groups[0].Each);
        var yaml = new StringBuilder("# A draft, made from one payload. Check that each count is what its name suggests.\n");
        yaml.Append("profile: ").Append(name).Append("\ntitle: ").Append(Quoted("Draft of " + name)).Append("\ntopic: ").Append(Quoted(topic)).Append('\n');
        yaml.Append("time: ").Append(at?.Time ?? "received").Append('\n');
        if (counts.Any(leaf => leaf.IsQuotedNumber))
            yaml.Append("numbers: text\n");
        if (leaves.Find(leaf => leaf.Each.Length == 0 && leaf.IsSequence) is { } sequence)
            yaml.Append("# if (boot, number) is unique to a message, 'use: deduplicate' tells repeated messages\nsequence: {")
                .Append(leaves.Find(leaf => leaf.Each.Length == 0 && leaf.IsBoot) is { } boot ? $"boot: {Pointer(boot)}, " : "")
                .Append("number: ").Append(Pointer(sequence)).Append(", use: gaps}\n");
        yaml.Append(Health(leaves));
        yaml.Append(undirected && groups.Count > 0 ? "# nothing in the payload says the direction: taken as entries\nreadings:\n" : "readings:\n");
        channels = [];
        foreach (var (each, digits, enter, leave) in groups)
            Rule(root, yaml, leaves, each, groups.Count > 1 ? digits : "", enter, leave, at, channels);
        if (groups.Count == 0)
            yaml.Append("  # no count was recognised: name the pointers of the counts, as in\n  # - {at: /time, entries: /in, exits: /out}\n  []\n");
        return yaml.ToString();
    }

    private static void Rule(JsonElement root, StringBuilder yaml, List<PayloadLeaf> leaves, string each, string digits, PayloadLeaf? enter, PayloadLeaf? leave, PayloadLeaf? at, List<string> channels)
    {
        var keys = new List<(string Key, string Value)>();
        if (each.Length > 0)
            keys.Add(("each", Quoted(each)));
        if (each.Length > 0 && leaves.Find(leaf => leaf.IsChannel && Holds(leaf, each) && leaf.TimeRank == 0) is { } channel)
        {
            keys.Add(("channel", Pointer(channel)));
            channels.AddRange(PayloadLeaf.All(root, channel.Pointer).Take(MostChannels));
        }
        else
        {
            if (digits.Length > 0)
                keys.Add(("channel", $"\"{digits}\""));
            channels.Add(digits.Length > 0 ? digits : "1");
        }
        var totals = enter?.IsTotal == true || leave?.IsTotal == true;
        if (at is not null)
        {
            if (!totals && leaves.Find(leaf => leaf.IsStart && leaf.Time == at.Time && Holds(leaf, at.Each)) is { } since)
                keys.Add(("since", Pointer(since)));
            keys.Add(("at", Pointer(at)));
        }
        if (enter is not null)
            keys.Add((totals ? "total_entries" : "entries", Pointer(enter)));
        if (leave is not null)
            keys.Add((totals ? "total_exits" : "exits", Pointer(leave)));
        yaml.Append("  - ").AppendJoin("\n    ", keys.Select(key => $"{key.Key}: {key.Value}")).Append('\n');
    }

    /// <summary>A leaf that is there once for each element of an array: in the element itself, or in one around it.</summary>
    private static bool Holds(PayloadLeaf leaf, string each) => leaf.Each == each || (leaf.Each.Length > 0 && each.StartsWith(leaf.Each + "/", StringComparison.Ordinal));

    /// <summary>The best time that holds for the counts of an array's elements: the nearest one around them.</summary>
    private static PayloadLeaf? Time(List<PayloadLeaf> leaves, string each) => leaves
        .Where(leaf => leaf.TimeRank > 0 && (leaf.Each.Length == 0 || Holds(leaf, each)))
        .OrderByDescending(leaf => leaf.Each.Length).ThenByDescending(leaf => leaf.TimeRank).FirstOrDefault();

    /// <summary>Adds the payload and what the draft reads from it, so that a later change of the profile is noticed.</summary>
    private static string WithSample(string draft, string payload, List<string> channels, out IReadOnlyList<string> readings)
    {
        readings = [];
        if (Judge(draft, out var profile).Count > 0 || profile is null)
            return draft;
        readings = SampleCheck.Read(profile, payload, [.. channels.Distinct()], out var health);
        var yaml = new StringBuilder(draft).Append("samples:\n  - payload: '").Append(payload.Replace("'", "''", StringComparison.Ordinal)).Append("'\n    readings:");
        if (readings.Count == 0)
            yaml.Append(" []");
        foreach (var reading in readings)
            yaml.Append("\n      - ").Append(Quoted(reading));
        if (health.Length > 0)
            yaml.Append("\n    health: ").Append(Quoted(health));
        return yaml.Append('\n').ToString();
    }

    /// <summary>Where the payload says how the device itself stands; empty where it does not.</summary>
    private static string Health(List<PayloadLeaf> leaves)
    {
        var keys = new List<string>();
        if (leaves.Find(leaf => leaf.Each.Length == 0 && leaf.BatteryUnit is not null) is { } battery)
            keys.Add($"battery: {Pointer(battery)}, battery_unit: {battery.BatteryUnit}");
        if (leaves.Find(leaf => leaf.Each.Length == 0 && leaf.IsFirmware) is { } firmware)
            keys.Add($"firmware: {Pointer(firmware)}");
        return keys.Count == 0 ? "" : $"health: {{{string.Join(", ", keys)}}}\n";
    }

    /// <summary>The topic with the level that tells the devices apart as <c>{address}</c>: what the payload calls an id, else what looks like a number.</summary>
    private static string TopicOf(string topic, List<PayloadLeaf> leaves)
    {
        var levels = topic.Split('/');
        var ids = leaves.Where(leaf => leaf.IsId).Select(leaf => leaf.Text!).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var address = Array.FindIndex(levels, ids.Contains);
        if (address < 0)
            address = Array.FindLastIndex(levels, level => level.Any(char.IsAsciiDigit) && !(level.Length == 2 && level[0] == 'v'));
        if (address < 0)
            address = Math.Max(0, levels.Length - 2);
        return string.Join('/', levels.Select((level, index) => index == address ? "{address}" : level.AsSpan().IndexOfAny("{}") >= 0 ? "+" : level));
    }

    /// <summary>A site id from the topic's first word that is one.</summary>
    private static string NameOf(string topic)
    {
        var word = topic.Split('/').Select(level => string.Concat(level.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')).Trim('-'))
            .FirstOrDefault(level => level.Any(char.IsAsciiLetter) && SiteId.IsValid(level + "-draft"));
        return word is null ? "draft" : word + "-draft";
    }

    private static string Pointer(PayloadLeaf leaf) => Quoted(leaf.Pointer);

    /// <summary>A YAML scalar; a JSON text is a double-quoted YAML text.</summary>
    private static string Quoted(string text) => text.Length > 0 && char.IsAsciiLetter(text[0] == '/' && text.Length > 1 ? text[1] : text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '-' or '*')
        ? text
        : $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text)}\"";

    private static string OnOneLine(JsonElement root)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, OneLine))
            root.WriteTo(json);
        return Encoding.UTF8.GetString(bytes.ToArray());
    }
}
