using SmartDistrict.Configuration;
using SmartDistrict.Configuration.Yaml;
using SmartDistrict.Telemetry;

namespace SmartDistrict.Edge.Devices;

/// <summary>Reads <c>firmware-config/profiles/NAME.yaml</c>. The form is <c>firmware-config/schema/profile.schema.json</c>.</summary>
public static class ProfileFile
{
    /// <summary>The longest payload that any profile may allow, bytes.</summary>
    public const int LargestPayload = 256 * 1024;

    private const int UsualPayload = 64 * 1024;

    /// <summary>Reads a profile; null where anything is wrong, then the problems say what.</summary>
    public static DeviceProfile? Read(string path, ConfigurationProblems problems) => Read(path, problems, out _);

    /// <summary>As <see cref="Read(string, ConfigurationProblems)"/>, from text.</summary>
    public static DeviceProfile? Parse(string text, ConfigurationProblems problems) =>
        YamlFile.Parse(text, problems) is { } root ? Read(root, problems, null, out _) : null;

    /// <summary>Reads a profile and, even where the rest of it is broken, the topic it wants to hear.</summary>
    internal static DeviceProfile? Read(string path, ConfigurationProblems problems, out TopicPattern? topic)
    {
        topic = null;
        return YamlFile.Read(path, problems) is { } root ? Read(root, problems, Path.GetFileNameWithoutExtension(path), out topic) : null;
    }

    private static DeviceProfile? Read(YamlMapping root, ConfigurationProblems problems, string? fileName, out TopicPattern? topic)
    {
        var file = new YamlReader("the profile", root, problems);
        var name = file.RequiredText("profile", fileName ?? "acme-counter");
        if (name is not null && !SiteId.IsValid(name))
            problems.Add(file.Place("profile"), $"'profile' is '{name}'", $"use {SiteId.Rule}");
        else if (name is not null && fileName is not null && name != fileName)
            problems.Add(file.Place("profile"), $"'profile' is '{name}', but the file is called '{fileName}'", "give both the same name");
        else if (name is not null && DeviceProfile.BuiltIn(name) is { } builtIn)
            problems.Add(file.Place("profile"), $"'profile' is '{name}', which is built in: {builtIn.Title}", "give the profile another name");
        var title = file.RequiredText("title", "Acme Counter 3");
        topic = Topic(file);
        var pattern = topic;
        var time = Time(file);
        var textNumbers = file.Choice("numbers", ["json", "text"]) == "text";
        var period = file.Whole("period", 1, 86_400);
        var (maxPerReading, maxBytes) = Limits(file);
        var counter = Counter(file);
        var shape = new PayloadShape();
        var (boot, sequence, use) = Sequence(file, shape);
        var health = Health(file, shape);
        var rules = file.Maps("readings", "a reading of the profile", "[{at: /ts, entries: /in, exits: /out}]")
            .Select(reader => new RuleReader(reader, shape, pattern, time, period is not null).Read()).ToList();
        if (rules.Count == 0 && file.Find("readings") is YamlSequence { Items.Count: 0 } none)
            problems.Add(none, "the profile reads nothing", "add at least one item to 'readings'");
        if (rules.Any(rule => rule.TotalEntries is not null || rule.TotalExits is not null))
            counter ??= new CounterRule(32, false);
        else if (file.Has("counter") && rules.Count > 0)
            problems.Add(file.Place("counter"), "'counter' is given, but no reading has 'total_entries' or 'total_exits'", "remove it, or name the totals");
        var samples = Samples(file);
        file.End();
        return problems.Count > 0 ? null : new DeviceProfile
        {
            Name = name!,
            File = problems.File,
            Title = title!,
            Pattern = topic!,
            Time = time!,
            NumbersAsText = textNumbers,
            Period = period is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            MaxPerReading = maxPerReading,
            MaxPayloadBytes = maxBytes,
            Counter = counter,
            Boot = boot,
            Sequence = sequence,
            SequenceUse = use,
            Health = health,
            Shape = shape,
            Rules = rules,
            Samples = samples,
        };
    }

    private static TopicPattern? Topic(YamlReader file)
    {
        if (file.RequiredText("topic", "acme/{address}/count") is not { } text)
            return null;
        var pattern = TopicPattern.Parse(text, out var error);
        if (pattern is null)
            file.Problems.Add(file.Place("topic"), $"the topic '{text}' {error}", "write it as the device publishes, as in 'acme/{address}/count'");
        return pattern;
    }

    private static TimeFormat? Time(YamlReader file)
    {
        if (file.RequiredText("time", "unix-ms") is not { } text)
            return null;
        var format = TimeFormat.Parse(text);
        if (format is null)
            file.Problems.Add(file.Place("time"), $"'time' is '{text}'",
                Spelling.Nearest(text, ["unix-ms", "unix-s", "iso-8601", "received"]) is { } near
                    ? $"write '{near}' if that is what you meant"
                    : "write unix-ms, unix-s, iso-8601, received, or a pattern with yyyy, MM, dd, HH, mm (and ss, fff) such as yyyyMMddHHmmss");
        return format;
    }

    private static (long PerReading, int Bytes) Limits(YamlReader file)
    {
        if (file.Map("limits", "'limits' of the profile") is not { } limits)
            return (10_000, UsualPayload);
        var people = limits.Whole("per_reading", 1, 1_000_000) ?? 10_000;
        var bytes = limits.Whole("payload_bytes", 16, LargestPayload) ?? UsualPayload;
        limits.End();
        return (people, (int)bytes);
    }

    private static CounterRule? Counter(YamlReader file)
    {
        if (file.Map("counter", "'counter' of the profile") is not { } counter)
            return null;
        var bits = (int)(counter.Whole("bits", 8, 62) ?? 32);
        var onChange = counter.Choice("reported", ["on-change", "periodic"]) == "on-change";
        counter.End();
        return new CounterRule(bits, onChange);
    }

    private static (PayloadField? Boot, PayloadField? Number, SequenceUse Use) Sequence(YamlReader file, PayloadShape shape)
    {
        if (file.Map("sequence", "'sequence' of the profile") is not { } map)
            return default;
        map.Required("number", "/seq");
        var number = RuleReader.Field(map, "number", shape, []);
        var boot = RuleReader.Field(map, "boot", shape, []);
        var use = map.Choice("use", ["deduplicate", "gaps"], required: true) == "gaps" ? SequenceUse.Gaps : SequenceUse.Deduplicate;
        map.End();
        return (boot, number, use);
    }

    private static HealthRule? Health(YamlReader file, PayloadShape shape)
    {
        if (file.Map("health", "'health' of the profile") is not { } map)
            return null;
        var battery = RuleReader.Field(map, "battery", shape, []);
        var unit = map.Choice("battery_unit", ["percent", "volts", "millivolts"], required: map.Has("battery")) switch
        {
            "volts" => BatteryUnit.Volts,
            "millivolts" => BatteryUnit.Millivolts,
            _ => BatteryUnit.Percent,
        };
        var firmware = RuleReader.Field(map, "firmware", shape, []);
        if (!map.Has("battery") && map.Has("battery_unit"))
            map.Problems.Add(map.Place("battery_unit"), "'battery_unit' is given without 'battery'", "name the pointer to the battery, or remove it");
        else if (!map.Has("battery") && !map.Has("firmware"))
            map.Problems.Add(map.Mapping, "'health' names nothing", "add 'battery' and 'battery_unit', or 'firmware', or remove it");
        map.End();
        return new HealthRule(battery, unit, firmware);
    }

    private static List<ProfileSample> Samples(YamlReader file)
    {
        var samples = new List<ProfileSample>();
        foreach (var sample in file.Maps("samples", "a sample of the profile"))
        {
            var payload = sample.RequiredText("payload", "'{\"in\": 3}'");
            var topic = sample.Text("topic");
            var readings = sample.Items("readings", "[\"line 1 increment …\"]").Select(item => sample.TextOf(item, "readings") ?? "").ToList();
            var health = sample.Text("health");
            sample.End();
            samples.Add(new ProfileSample(sample.Mapping.Line, sample.Mapping.Column, topic, payload ?? "", readings, health ?? ""));
        }
        return samples;
    }
}
