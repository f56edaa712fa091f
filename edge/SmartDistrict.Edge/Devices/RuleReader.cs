using SmartDistrict.Configuration.Yaml;

namespace SmartDistrict.Edge.Devices;

/// <summary>Reads one item of a profile's <c>readings</c> and adds its pointers to the profile's shape.</summary>
internal sealed class RuleReader(YamlReader reader, PayloadShape shape, TopicPattern? topic, TimeFormat? time, bool hasPeriod)
{
    private static readonly string[] CountKeys = ["entries", "exits", "total_entries", "total_exits"];
    private IReadOnlyList<int> rows = [];

    public ReadingRule Read()
    {
        var each = Each();
        var (fixedChannel, channel) = Channel();
        var at = Field("at");
        var atMayBeAbsent = reader.Choice("at_absent", ["refuse", "received"]) == "received";
        var since = Field("since");
        var (over, overPeriod) = Over();
        var rule = new ReadingRule
        {
            Each = each ?? "",
            Array = rows.Count == 0 ? -1 : rows[^1],
            FixedChannel = fixedChannel,
            Channel = channel,
            ChannelFromTopic = fixedChannel is null && channel is null && topic is { HasChannel: true },
            At = at,
            AtMayBeAbsent = atMayBeAbsent,
            Since = since,
            Over = over,
            OverPeriod = overPeriod,
            Entries = Field("entries"),
            Exits = Field("exits"),
            TotalEntries = Field("total_entries"),
            TotalExits = Field("total_exits"),
            Ambiguous = Field("ambiguous"),
            Heartbeat = reader.Flag("heartbeat"),
            IsBackFill = reader.Flag("back_fill"),
        };
        Check(rule);
        reader.End();
        return rule;
    }

    /// <summary>Reads a pointer to a value, seen from <paramref name="rows"/>; null where it is absent or wrong.</summary>
    public static PayloadField? Field(YamlReader reader, string key, PayloadShape shape, IReadOnlyList<int> rows)
    {
        if (reader.Text(key) is not { } text)
            return null;
        string? error;
        var field = JsonPointer.Parse(text, out error) is { } pointer ? shape.AddField(pointer, rows, out error) : null;
        if (field is null)
            reader.Problems.Add(reader.Place(key), $"the pointer '{text}' {error}", "write it as in '/data/in', '/records/*/in' with 'each: /records/*', or '/counts/[name=fw]/value'");
        return field;
    }

    private PayloadField? Field(string key) => Field(reader, key, shape, rows);

    private string? Each()
    {
        if (reader.Text("each") is not { } text)
            return null;
        var pointer = JsonPointer.Parse(text, out var error);
        if (pointer is not null && pointer.Steps[^1].Kind != JsonPointer.StepKind.Each)
            error = "does not end with '/*'";
        else if (pointer is not null && pointer.Steps.Any(step => step.Kind == JsonPointer.StepKind.Select))
            error = "contains a selector";
        if (error is not null)
            reader.Problems.Add(reader.Place("each"), $"'each: {text}' {error}", "name the array's elements, as in 'each: /records/*'");
        else
            rows = shape.AddArray(pointer!);
        return text;
    }

    private (string? Fixed, PayloadField? Pointer) Channel()
    {
        if (reader.Text("channel") is not { } text)
            return (null, null);
        if (topic is { HasChannel: true })
            reader.Problems.Add(reader.Place("channel"), "'channel' is given, but the topic has '{channel}' already", "keep one of the two");
        return text.StartsWith('/') ? (null, Field("channel")) : (text, null);
    }

    private (long Milliseconds, bool Period) Over()
    {
        if (reader.Find("over") is not { } node)
            return default;
        if (node is YamlScalar { Text: "period" })
        {
            if (!hasPeriod)
                reader.Problems.Add(node, "'over: period' needs to know the device's period", "add 'period: 60' (seconds) to the profile");
            return (0, true);
        }
        if ((node as YamlScalar)?.Whole is { } seconds and >= 1 and <= 86_400)
            return (seconds * 1000, false);
        reader.Wrong(node, "over", "a number of seconds from 1 to 86400, or 'period'");
        return default;
    }

    private void Check(ReadingRule rule)
    {
        var at = reader.Mapping;
        if (!CountKeys.Any(reader.Has))
            reader.Problems.Add(at, $"{reader.Subject} reads no count", "add 'entries' and 'exits', or 'total_entries' and 'total_exits', each with its pointer");
        if (time is { IsReceived: true } && (reader.Has("at") || reader.Has("since")))
            reader.Problems.Add(reader.Place(reader.Has("at") ? "at" : "since"), "'time: received' says that the device sends no time, but here one is read", "say how it is written in 'time', or remove the pointer");
        else if (time is { IsReceived: false } && !reader.Has("at"))
            reader.Problems.Add(at, $"{reader.Subject} has no 'at'", "name the pointer to its time, or write 'time: received' if the device sends none");
        if (reader.Has("at_absent") && !reader.Has("at"))
            reader.Problems.Add(reader.Place("at_absent"), "'at_absent' is given without 'at'", "remove it");
        if (rule.IsBackFill && (!reader.Has("each") || !reader.Has("at") || !hasPeriod || reader.Has("total_entries") || reader.Has("total_exits") || reader.Has("since") || reader.Has("over")))
            reader.Problems.Add(reader.Place("back_fill"), "a back-fill needs 'each', 'at', 'entries' or 'exits' and the profile's 'period', and takes no totals, 'since' or 'over'", "leave 'back_fill' out if each element states its own time span or totals");
        if (rule.Since is not null && reader.Has("over"))
            reader.Problems.Add(reader.Place("over"), "'since' and 'over' are both given", "keep 'since' if the device states the start, else 'over'");
    }
}
