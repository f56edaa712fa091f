using System.Text.Json;
using System.Text.Json.Nodes;
using SmartDistrict.Cloud.Alarms;
using SmartDistrict.Cloud.Devices;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Cloud.Influx;

/// <summary>
/// Reads the series of an InfluxQL answer: <c>{"tags":{…},"columns":["time",…],"values":[[…],…]}</c> with times in s
/// (<c>epoch=s</c>) and null for a field that a point does not have.
/// </summary>
internal static class InfluxRows
{
    /// <summary>What <see cref="Windows"/> wants selected, in its order.</summary>
    public const string Fields =
        "\"entries\",\"exits\",\"ambiguous\",\"unplaced_entries\",\"unplaced_exits\",\"expected\",\"received\",\"generation\",\"revision\",\"status\"";

    /// <summary>The windows of one series; a point that lacks what every window has was not written by a gateway, and is passed over.</summary>
    public static IEnumerable<LineWindow> Windows(JsonElement series, Resolution resolution)
    {
        if (Tag(series, "line") is not { } line || !series.TryGetProperty("values"u8, out var rows))
            yield break;
        foreach (var row in rows.EnumerateArray())
            if (WindowStatuses.TryParse(row[10].ValueKind == JsonValueKind.String ? row[10].GetString() : "", out var status)
                && Integer(row[1]) is { } entries && Integer(row[2]) is { } exits && Integer(row[7]) is { } received)
                yield return new(
                    line, resolution, Integer(row[0]) ?? 0,
                    new LineCounts
                    {
                        Entries = entries,
                        Exits = exits,
                        Ambiguous = Integer(row[3]) ?? 0,
                        UnplacedEntries = Integer(row[4]) ?? 0,
                        UnplacedExits = Integer(row[5]) ?? 0,
                        Expected = Integer(row[6]),
                        Received = received,
                    },
                    status,
                    new Revision(Integer(row[8]) ?? 0, Integer(row[9]) ?? 0));
    }

    /// <summary>The sightings of one series of <c>SELECT last("last_seen") … GROUP BY "device"</c>.</summary>
    public static IEnumerable<DeviceSighting> Sightings(JsonElement series)
    {
        if (Tag(series, "device") is not { } device || !series.TryGetProperty("values"u8, out var rows))
            yield break;
        foreach (var row in rows.EnumerateArray())
            if (Integer(row[1]) is { } lastSeen)
                yield return new(device, lastSeen);
    }

    /// <summary>The points of one series with all their fields; a field that a point does not have is absent.</summary>
    /// <param name="tag">The tag that names what the report is of.</param>
    public static IEnumerable<HealthReport> Health(JsonElement series, string tag)
    {
        if (Tag(series, tag) is { } id)
            foreach (var (at, fields) in Points(series))
                yield return new(id, at * 1000, fields);
    }

    /// <summary>The points of one series: time, s since the Unix epoch, and all fields; a field that a point does not have is absent.</summary>
    public static IEnumerable<(long At, JsonElement Fields)> Points(JsonElement series)
    {
        if (!series.TryGetProperty("values"u8, out var rows))
            yield break;
        string[] columns = [.. series.GetProperty("columns"u8).EnumerateArray().Select(column => column.GetString() ?? "")];
        foreach (var row in rows.EnumerateArray())
            yield return (Integer(row[0]) ?? 0, FieldsOf(row, columns));
    }

    /// <summary>What the ledger's rows want selected, in their order.</summary>
    public static readonly string[] LedgerCounts = ["expected", "received", "refused", "forwarded", "acknowledged", "rejected", "dropped"];

    /// <summary>The sum of one device: how many points, then <see cref="LedgerCounts"/>.</summary>
    /// <param name="from">Start of the span, s since the Unix epoch.</param>
    public static IEnumerable<LedgerSum> LedgerSums(JsonElement series, long from)
    {
        if (Tag(series, "device") is { } device && series.TryGetProperty("values"u8, out var rows))
            foreach (var row in rows.EnumerateArray())
                yield return Ledger(device, from, (int)(Integer(row[1]) ?? 0), row, 2);
    }

    /// <summary>The quarter hours of one device.</summary>
    public static IEnumerable<LedgerSum> Ledger(JsonElement series, string device)
    {
        if (series.TryGetProperty("values"u8, out var rows))
            foreach (var row in rows.EnumerateArray())
                yield return Ledger(device, Integer(row[0]) ?? 0, 1, row, 1);
    }

    /// <summary>The means of <c>SELECT mean(*) … GROUP BY time(15m)</c>, whose columns are called <c>mean_FIELD</c>.</summary>
    public static IEnumerable<AmbientMean> Means(JsonElement series)
    {
        const string prefix = "mean_";
        if (!series.TryGetProperty("values"u8, out var rows))
            yield break;
        string[] columns = [.. series.GetProperty("columns"u8).EnumerateArray().Select(column => column.GetString() ?? "")];
        foreach (var row in rows.EnumerateArray())
            for (var i = 1; i < columns.Length; i++)
                if (row[i].ValueKind == JsonValueKind.Number && columns[i].StartsWith(prefix, StringComparison.Ordinal))
                    yield return new(Integer(row[0]) ?? 0, columns[i][prefix.Length..], row[i].GetDouble());
    }

    /// <summary>The one number of <c>SELECT sum(…)</c>; null without any.</summary>
    public static long? Digest(JsonElement series) => Integer(series.GetProperty("values"u8)[0][1]);

    private static JsonElement FieldsOf(JsonElement row, string[] columns)
    {
        var fields = new JsonObject();
        for (var i = 1; i < columns.Length; i++)
            if (row[i].ValueKind != JsonValueKind.Null)
                fields[columns[i]] = JsonNode.Parse(row[i].GetRawText());
        return JsonSerializer.SerializeToElement(fields);
    }

    private static LedgerSum Ledger(string device, long start, int quarters, JsonElement row, int at) => new(
        device, start, quarters, Integer(row[at]), Integer(row[at + 1]) ?? 0, Integer(row[at + 2]) ?? 0, Integer(row[at + 3]) ?? 0,
        Integer(row[at + 4]) ?? 0, Integer(row[at + 5]) ?? 0, Integer(row[at + 6]) ?? 0);

    /// <summary>A tag that the answer is grouped by; null where the series does not have it.</summary>
    public static string? Tag(JsonElement series, string name) =>
        series.TryGetProperty("tags"u8, out var tags) && tags.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static long? Integer(JsonElement value) => value.ValueKind != JsonValueKind.Number ? null
        : value.TryGetInt64(out var integer) ? integer
        : (long)value.GetDouble();
}
