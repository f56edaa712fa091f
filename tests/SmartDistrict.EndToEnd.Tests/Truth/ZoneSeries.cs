using System.Text.Json;
using SmartDistrict.Testing.Simulation;

namespace SmartDistrict.EndToEnd.Tests.Truth;

/// <summary>One zone in one bucket, as the API says it.</summary>
internal sealed record ZoneBucket(long Entries, long Exits, long? Occupancy);

/// <summary>One zone's series of the API.</summary>
/// <param name="Total">Over all buckets, people whose bucket is not known included.</param>
internal sealed record ZoneSeries(string Zone, LineSums Total, IReadOnlyDictionary<long, ZoneBucket> Buckets)
{
    /// <summary>The bucket that begins at an instant (s since the Unix epoch); null where there is no data.</summary>
    public ZoneBucket? At(long start) => Buckets.GetValueOrDefault(start);

    /// <summary>The answer of <c>/api/v1/footfall/zones</c>, by zone.</summary>
    public static Dictionary<string, ZoneSeries> Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        var starts = document.RootElement.GetProperty("starts").EnumerateArray().Select(start => start.GetInt64()).ToList();
        return document.RootElement.GetProperty("zones").EnumerateArray().Select(zone => Read(zone, starts)).ToDictionary(zone => zone.Zone);
    }

    public static long? Number(JsonElement element, string name) =>
        element.GetProperty(name) is { ValueKind: JsonValueKind.Number } number ? number.GetInt64() : null;

    private static ZoneSeries Read(JsonElement zone, List<long> starts)
    {
        long? At(string name, int i) => zone.GetProperty(name)[i] is { ValueKind: JsonValueKind.Number } number ? number.GetInt64() : null;
        long Sum(string name) => Enumerable.Range(0, starts.Count).Sum(i => At(name, i) ?? 0);
        return new(
            zone.GetProperty("zone").GetString()!,
            new LineSums(Sum("entries") + Sum("unplacedEntries"), Sum("exits") + Sum("unplacedExits")),
            Enumerable.Range(0, starts.Count).Where(i => At("entries", i) is not null)
                .ToDictionary(i => starts[i], i => new ZoneBucket(At("entries", i)!.Value, At("exits", i)!.Value, At("occupancy", i))));
    }
}
