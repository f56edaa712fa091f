using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Cloud.Hot;
using SmartDistrict.Cloud.Problems;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Cloud.Heatmap;

/// <summary>What a heatmap shall show.</summary>
public sealed class HeatmapQuery : SpanQuery
{
    private const string Day = "1d";

    [Description("Length of a bucket: 1m, 15m, 1h or 1d (a business day).")]
    [FromQuery(Name = "bucket")]
    [Required(ErrorMessage = "bucket is missing: give 1m, 15m, 1h or 1d")]
    [AllowedValues("1m", "15m", "1h", Day, ErrorMessage = "bucket is not one of 1m, 15m, 1h and 1d")]
    public string? Bucket { get; set; }

    [Description("Which number: entries (default), exits, unplaced-entries, unplaced-exits, or occupancy at the end of the bucket.")]
    [FromQuery(Name = "measure")]
    [AllowedValues(null, "entries", "exits", "unplaced-entries", "unplaced-exits", "occupancy",
        ErrorMessage = "measure is not one of entries, exits, unplaced-entries, unplaced-exits and occupancy")]
    public string? Measure { get; set; }

    [Description("Id of a zone; may be given several times. All zones where none is given.")]
    [FromQuery(Name = "zone")]
    public string[]? Zone { get; set; }

    /// <summary>Reads the question, or says what is wrong with it.</summary>
    internal bool TryRead(Topology topology, BusinessDay day, DateTimeOffset now, out HeatmapRequest request, out ProblemHttpResult? problem)
    {
        request = null!;
        var byDay = Bucket == Day;
        if (!Resolutions.TryParse(Bucket, out var resolution))
            resolution = Resolution.Hour;
        if (!TryRead(resolution, now, out var span, out problem))
            return false;
        var measure = Measures.Parse(Measure);
        if (byDay && measure == Heatmap.Measure.Occupancy)
            problem = Problem.BadRequest("measure-invalid", "A day has no one occupancy: ask for occupancy by 15m or 1h");
        else if (resolution == Resolution.Minute && measure == Heatmap.Measure.Occupancy)
            problem = Problem.BadRequest("measure-invalid", "A heatmap has no occupancy by the minute: ask for it by 15m or 1h, or /api/v1/footfall/zones");
        var zones = new List<int>();
        foreach (var id in Zone ?? [])
            if (topology.ZoneIndex(id) is var zone && zone < 0)
                problem ??= Problem.BadRequest("zone-unknown", $"There is no zone {id}: /api/v1/zones lists the district's zones");
            else if (!zones.Contains(zone))
                zones.Add(zone);
        if (problem is not null)
            return false;
        if (byDay)
            span = span with { From = day.AnchorAt(span.From), To = day.NextAnchor(span.To - 1) };
        request = new(measure, byDay, span, zones.Count == 0 ? null : zones);
        return true;
    }
}

/// <summary>A heatmap to make.</summary>
/// <param name="ByDay">Buckets are business days, and the span goes from reset to reset.</param>
/// <param name="Span">On whole buckets.</param>
/// <param name="Zones">Indices of the zones; null for all.</param>
internal sealed record HeatmapRequest(Measure Measure, bool ByDay, Span Span, IReadOnlyList<int>? Zones)
{
    public string Bucket => ByDay ? "1d" : Span.Resolution.Name();

    /// <summary>The same for the same question.</summary>
    public string Key => string.Join(' ', [Measure.Name(), Bucket, $"{Span.From}-{Span.To}", .. Zones?.Select(zone => $"{zone}") ?? []]);
}

/// <summary>The numbers that a heatmap can show.</summary>
internal enum Measure
{
    Entries,
    Exits,
    UnplacedEntries,
    UnplacedExits,
    Occupancy,
}

internal static class Measures
{
    private static readonly string[] Names = ["entries", "exits", "unplaced-entries", "unplaced-exits", "occupancy"];

    public static string Name(this Measure measure) => Names[(int)measure];

    /// <summary>The measure of a name that passed validation; entries where none is given.</summary>
    public static Measure Parse(string? name) => name is null ? Measure.Entries : (Measure)Array.IndexOf(Names, name);

    public static long Of(this Measure measure, in ZoneSum sum) => measure switch
    {
        Measure.Entries => sum.Entries,
        Measure.Exits => sum.Exits,
        Measure.UnplacedEntries => sum.UnplacedEntries,
        Measure.UnplacedExits => sum.UnplacedExits,
        _ => throw new ArgumentOutOfRangeException(nameof(measure), measure, null),
    };

    public static long[] Of(this Measure measure, DaySum day) => measure switch
    {
        Measure.Entries => day.Entries,
        Measure.Exits => day.Exits,
        Measure.UnplacedEntries => day.UnplacedEntries,
        Measure.UnplacedExits => day.UnplacedExits,
        _ => throw new ArgumentOutOfRangeException(nameof(measure), measure, null),
    };
}
