using System.Globalization;
using SmartDistrict.Configuration.Yaml;

namespace SmartDistrict.Configuration;

/// <summary>Reads the key <c>alarms</c> of a district: dated settings of kinds of alarms.</summary>
internal static class AlarmRuleReader
{
    private const int MostSeconds = 86_400;

    private const string Example = "- {since: \"2026-01-01T00:00:00+08:00\", kind: density, warning: 2.15, critical: 3.57}";
    private static readonly string[] Severities = ["warning", "critical"];

    public static List<AlarmRule> Read(YamlReader file, IReadOnlyDictionary<AlarmSubject, SiteTable> subjects)
    {
        var rules = new List<AlarmRule>();
        if (file.Has("alarms"))
            foreach (var reader in file.Maps("alarms", "an alarm rule", Example))
                if (Rule(reader, subjects) is { } rule)
                    rules.Add(rule);
        return rules;
    }

    private static AlarmRule? Rule(YamlReader reader, IReadOnlyDictionary<AlarmSubject, SiteTable> subjects)
    {
        var kind = reader.Choice("kind", [.. AlarmKinds.All.Select(each => each.Code)], required: true) is { } code ? AlarmKinds.Find(code) : null;
        reader.Subject = $"alarm rule '{kind?.Code ?? "?"}'";
        var since = reader.RequiredText("since", "\"2026-01-01T00:00:00+08:00\"") is { } written ? Since(reader, written) : null;
        if (kind is null)
            return null;
        var only = Only(reader, kind, subjects);
        var setting = kind.Sense == AlarmSense.State ? State(reader, kind) : Figure(reader, kind);
        reader.End();
        if (AlarmKinds.Fault(kind, setting) is { } fault)
            reader.Problems.Add(reader.Mapping, $"{reader.Subject}: {fault.What}", fault.Mend);
        return since is { } date ? new(kind.Code, date, only, setting) : null;
    }

    /// <summary>Where any threshold is given, those given are all there are; else the usual ones hold.</summary>
    private static AlarmSetting Figure(YamlReader reader, AlarmKind kind)
    {
        var usual = kind.Default;
        var (warning, critical) = reader.Has("warning") || reader.Has("critical")
            ? (reader.Positive("warning"), reader.Positive("critical"))
            : (usual.Warning, usual.Critical);
        return Times(reader, usual) with { Warning = warning, Critical = critical, Hysteresis = NotNegative(reader, "hysteresis") ?? usual.Hysteresis };
    }

    private static AlarmSetting State(YamlReader reader, AlarmKind kind)
    {
        var setting = Times(reader, kind.Default);
        return reader.Choice("severity", Severities) switch
        {
            "warning" => setting with { Warning = 1, Critical = null },
            "critical" => setting with { Warning = null, Critical = 1 },
            _ => setting,
        };
    }

    private static AlarmSetting Times(YamlReader reader, AlarmSetting usual) => usual with
    {
        HoldSeconds = (int)(reader.Whole("hold_s", 0, MostSeconds) ?? usual.HoldSeconds),
        ClearSeconds = (int)(reader.Whole("clear_s", 0, MostSeconds) ?? usual.ClearSeconds),
        On = !reader.Flag("off"),
    };

    private static double? NotNegative(YamlReader reader, string key)
    {
        if (reader.Find(key) is not { } node)
            return null;
        if ((node as YamlScalar)?.Number is { } value && value >= 0)
            return value;
        reader.Wrong(node, key, "a number from 0");
        return null;
    }

    private static List<string> Only(YamlReader reader, AlarmKind kind, IReadOnlyDictionary<AlarmSubject, SiteTable> subjects)
    {
        var ids = new List<string>();
        if (reader.Has("only") && kind.Subject == AlarmSubject.District)
            reader.Problems.Add(reader.Place("only"), $"{reader.Subject} is about the district as a whole and has 'only'", "remove 'only'");
        else
            foreach (var item in reader.Items("only"))
                if (reader.TextOf(item, "only") is { } id)
                {
                    subjects[kind.Subject].Demand(reader, "only", id);
                    ids.Add(id);
                }
        return ids;
    }

    private static DateTimeOffset? Since(YamlReader reader, string written)
    {
        if (written.Length is 20 or 25 && DateTimeOffset.TryParseExact(
            written, ["yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:ss'Z'"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant))
            return instant;
        reader.Problems.Add(reader.Place("since"), $"'since' of {reader.Subject} is '{written}'",
            "write date, time and offset as in \"2026-01-01T00:00:00+08:00\"");
        return null;
    }
}
