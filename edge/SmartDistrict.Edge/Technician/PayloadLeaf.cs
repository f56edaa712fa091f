using System.Globalization;
using System.Text;
using System.Text.Json;

namespace SmartDistrict.Edge.Technician;

/// <summary>A single value of an unknown payload, with what its name and its content suggest.</summary>
/// <param name="Pointer">As a profile writes it: elements of an array are <c>/*</c>, those told apart by a name <c>/[name=fw]</c>.</param>
/// <param name="Each">Pointer of the innermost array's elements; empty outside of arrays.</param>
/// <param name="Words">The name in lower case, split at capitals, digits and signs: <c>line_1_totalIn</c> is line, 1, total, in.</param>
internal sealed record PayloadLeaf(string Pointer, string Each, IReadOnlyList<string> Words, JsonElement Value)
{
    private const int Deepest = 16;
    private const int Most = 500;

    private static readonly string[] Inwards = ["in", "ins", "ingress", "enter", "entered", "enters", "entering", "entry", "entries", "entrance", "inbound", "incoming", "fw", "fwd", "forward", "进", "进入", "入"];
    private static readonly string[] Outwards = ["out", "outs", "egress", "exit", "exits", "exited", "exiting", "leave", "leaves", "leaving", "outbound", "outgoing", "bw", "bwd", "backward", "出", "离开"];
    private static readonly string[] Totals = ["total", "totals", "sum", "cumulative", "cum", "accumulated", "overall", "累计"];
    private static readonly string[] Times = ["ts", "t", "time", "timestamp", "date", "datetime", "when", "at", "utc", "时间"];
    private static readonly string[] Starts = ["from", "since", "start", "begin"];
    private static readonly string[] Ends = ["to", "end", "until"];
    private static readonly string[] Ids = ["id", "serial", "sn", "mac", "eui", "device", "sensor", "address", "uid", "imei", "deveui"];
    private static readonly string[] Channels = ["channel", "line", "no", "id", "name", "door", "gate", "lane", "zone", "通道"];
    private static readonly string[] Counts = ["count", "counts", "people", "persons", "visitors", "num", "value", "人数"];

    private static readonly string[] Batteries = ["battery", "batt", "bat", "soc", "电量", "电池"];
    private static readonly string[] Volts = ["v", "volt", "volts", "voltage", "电压"];

    /// <summary>A whole number of people, also in quotes.</summary>
    public bool IsNumber => Number is >= 0;

    public bool IsQuotedNumber => Value.ValueKind == JsonValueKind.String && IsNumber;

    public bool IsIn => IsNumber && Words.Any(Inwards.Contains);

    public bool IsOut => IsNumber && Words.Any(Outwards.Contains) && !IsIn;

    public bool IsTotal => Words.Any(Totals.Contains);

    public bool IsCount => IsNumber && Words.Any(Counts.Contains);

    public bool IsStart => Time is not null && Words.Any(Starts.Contains);

    /// <summary>How well it suits as the time of an observation; 0: not at all.</summary>
    public int TimeRank => Time is null ? 0 : Words.Any(Starts.Contains) ? 0 : Words.Any(Ends.Contains) ? 3 : Words.Any(Times.Contains) ? 2 : Value.ValueKind == JsonValueKind.String ? 1 : 0;

    public bool IsSequence => IsNumber && string.Concat(Words) is "seq" or "seqno" or "sequence" or "sequencenumber" or "fcnt" or "msgid" or "messageid" or "packet" or "packetid" or "packetno";

    public bool IsBoot => string.Concat(Words) is "boot" or "bootid" or "bootcount" or "session" or "sessionid";

    /// <summary>The unit in which it says what is left in a battery, as a profile names it; null where it does not seem to.</summary>
    public string? BatteryUnit => Words.Any(Batteries.Contains) && Value.ValueKind == JsonValueKind.Number && Value.TryGetDouble(out var left)
        ? left is > 1000 and < 30_000 ? "millivolts"
        : left is < 0 or > 100 ? null
        : Words.Any(Volts.Contains) ? "volts" : "percent"
        : null;

    public bool IsFirmware => Text is { Length: >= 1 and <= 64 } && string.Concat(Words) is "firmware" or "firmwareversion" or "fw" or "fwversion" or "fwver" or "swversion" or "softwareversion";

    public bool IsId => Text is { Length: >= 2 and <= 64 } && Words.Any(Ids.Contains);

    public bool IsChannel => Text is { Length: >= 1 and <= 32 } && Words.Any(Channels.Contains);

    /// <summary>The value as a text; null where it is neither text nor number.</summary>
    public string? Text => Value.ValueKind switch
    {
        JsonValueKind.String => Value.GetString(),
        JsonValueKind.Number => Value.GetRawText(),
        _ => null,
    };

    /// <summary>The name of the time format that the value has; null where it is no time of this century.</summary>
    public string? Time => Value.ValueKind switch
    {
        JsonValueKind.Number when Number is >= 1_000_000_000_000 and < 4_102_444_800_000 => "unix-ms",
        JsonValueKind.Number when Number is >= 1_000_000_000 and < 4_102_444_800 => "unix-s",
        JsonValueKind.String => TimeOf(Value.GetString()!),
        _ => null,
    };

    /// <summary>What tells this value's line from its neighbours' in the same object: a digit in its name; empty where there is none.</summary>
    public string Digits => Words.FirstOrDefault(word => word.All(char.IsAsciiDigit)) ?? "";

    private long? Number => Text is { Length: <= 18 } text && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>All values of a document; of arrays the first element stands for all.</summary>
    public static List<PayloadLeaf> Of(JsonElement root)
    {
        var leaves = new List<PayloadLeaf>();
        Walk(root, "", "", [], 0, leaves);
        return leaves;
    }

    /// <summary>The texts that a pointer leads to, of all elements of the arrays it goes through.</summary>
    public static IEnumerable<string> All(JsonElement root, string pointer)
    {
        IEnumerable<JsonElement> at = [root];
        foreach (var step in pointer.Split('/').Skip(1))
        {
            var name = step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            at = at.SelectMany(element => step == "*" && element.ValueKind == JsonValueKind.Array ? element.EnumerateArray()
                : element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member) ? [member] : Enumerable.Empty<JsonElement>()).ToList();
        }
        return at.Select(element => element.ValueKind == JsonValueKind.String ? element.GetString()! : element.GetRawText()).Where(text => text.Length is > 0 and <= 64);
    }

    private static void Walk(JsonElement at, string pointer, string each, IReadOnlyList<string> words, int depth, List<PayloadLeaf> into)
    {
        if (depth > Deepest || into.Count >= Most)
            return;
        if (at.ValueKind == JsonValueKind.Object)
            foreach (var member in at.EnumerateObject())
                Walk(member.Value, $"{pointer}/{Escape(member.Name)}", each, WordsOf(member.Name), depth + 1, into);
        else if (at.ValueKind != JsonValueKind.Array)
            into.Add(new(pointer, each, words, at));
        else if (Named(at) is { } named)
            foreach (var (name, value) in named)
                into.Add(new($"{pointer}/[name={name}]/value", each, WordsOf(name), value));
        else if (at.GetArrayLength() > 0)
            Walk(at[0], pointer + "/*", pointer + "/*", words, depth + 1, into);
    }

    /// <summary>An array of nothing but names and their values, such as <c>[{"name":"fw","value":3}, …]</c>.</summary>
    private static List<(string Name, JsonElement Value)>? Named(JsonElement array)
    {
        var named = new List<(string, JsonElement)>();
        foreach (var element in array.EnumerateArray())
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty("name", out var name) || name.ValueKind != JsonValueKind.String
                || !element.TryGetProperty("value", out var value) || name.GetString()!.AsSpan().IndexOfAny("/[]=~") >= 0)
                return null;
            named.Add((name.GetString()!, value));
        }
        return named.Count > 0 && named.Select(pair => pair.Item1).Distinct().Count() == named.Count ? named : null;
    }

    private static List<string> WordsOf(string name)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        for (var i = 0; i < name.Length; i++)
        {
            var starts = i > 0 && (char.IsUpper(name[i]) && char.IsLower(name[i - 1]) || char.IsAsciiDigit(name[i]) != char.IsAsciiDigit(name[i - 1]));
            if (starts || !char.IsLetterOrDigit(name[i]))
                End();
            if (char.IsLetterOrDigit(name[i]))
                word.Append(char.ToLowerInvariant(name[i]));
        }
        End();
        return words;

        void End()
        {
            if (word.Length > 0)
                words.Add(word.ToString());
            word.Clear();
        }
    }

    private static string? TimeOf(string text) =>
        text.Length >= 16 && text[4] == '-' && text[10] is 'T' or ' ' && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out _) ? "iso-8601"
        : text.Length == 14 && text.All(char.IsAsciiDigit) && DateTime.TryParseExact(text, "yyyyMMddHHmmss", CultureInfo.InvariantCulture, DateTimeStyles.None, out _) ? "yyyyMMddHHmmss"
        : null;

    /// <summary>RFC 6901 section 3.</summary>
    private static string Escape(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
