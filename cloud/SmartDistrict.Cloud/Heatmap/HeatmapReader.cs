using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Cloud.Hot;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Cloud.Heatmap;

/// <summary>Where the windows of a heatmap are now.</summary>
internal enum Source
{
    /// <summary>In memory.</summary>
    Hot,

    /// <summary>At least some are in the store only.</summary>
    Store,
}

/// <summary>Makes heatmaps: of what is hot where it lies, of the rest from the store. The numbers are the same either way.</summary>
internal sealed class HeatmapReader(FootfallReader footfall, HotWindows hot, DaySums days, Topology topology, BusinessDay day, TimeProvider clock)
{
    private IReadOnlyList<int> AllZones { get; } = [.. Enumerable.Range(0, topology.ZoneCount)];

    /// <summary>Where the windows are; waits for what is just being read into memory.</summary>
    public async Task<Source> FindAsync(HeatmapRequest request, CancellationToken cancellation)
    {
        if (request.ByDay)
            return MissingDays(request).Count == 0 ? Source.Hot : Source.Store;
        var (resolution, from) = request.Measure == Measure.Occupancy
            ? (Resolution.QuarterHour, day.AnchorAt(request.Span.From))
            : (request.Span.Resolution, request.Span.From);
        return await hot.CoversAsync(resolution, from, cancellation) ? Source.Hot : Source.Store;
    }

    /// <summary>How many windows must be read from the store, to refuse a question before it costs memory.</summary>
    public long Cells(HeatmapRequest request)
    {
        if (request.ByDay)
            return MissingDays(request).Count * 96L / (DaySums.Whole(request.Span.From, request.Span.To) == Resolution.Hour ? 4 : 1) * Lines(request).Count;
        var occupancy = request.Measure == Measure.Occupancy;
        return Lines(request).Count * (occupancy ? (request.Span.To - day.AnchorAt(request.Span.From)) / 900 : request.Span.Buckets);
    }

    /// <summary>A number that is another one whenever the numbers of a heatmap that is hot may have changed.</summary>
    public (long Windows, long Days) Change(HeatmapRequest request)
    {
        var from = request.Measure == Measure.Occupancy ? day.AnchorAt(request.Span.From) : request.Span.From;
        return (hot.ChangeOf(Math.Max(from, hot.Earliest), request.Span.To), request.ByDay ? days.Change : 0);
    }

    /// <exception cref="StoreUnavailableException">Not all is hot, and the store does not answer.</exception>
    public async Task<HeatmapFigures> ReadAsync(HeatmapRequest request, Source source, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        var figures = new HeatmapFigures(request.Zones ?? AllZones, Starts(request));
        if (request.ByDay)
            await AddDaysAsync(figures, request, now, cancellation);
        else if (source == Source.Hot)
            hot.Read(tables => Add(figures, request, TableOf(tables, request), now));
        else
            Add(figures, request, await GridAsync(request, cancellation), now);
        return figures;
    }

    /// <summary>The instant from which on a heatmap does not change by the passing of time alone.</summary>
    public static long SettledAt(HeatmapRequest request) => request.Span.To + TrustRules.ProvisionalSeconds;

    private static WindowTable TableOf(HotTables tables, HeatmapRequest request) => (request.Measure, request.Span.Resolution) switch
    {
        (Measure.Occupancy, _) or (_, Resolution.QuarterHour) => tables.Quarters,
        (_, Resolution.Minute) => tables.Minutes,
        _ => tables.Hours,
    };

    private bool Add(HeatmapFigures figures, HeatmapRequest request, WindowTable windows, long now)
    {
        if (request.Measure == Measure.Occupancy)
            figures.AddOccupancy(windows, Anchors(request.Span), request.Span.Resolution.Seconds(), now);
        else
            figures.Add(windows, request.Measure, now);
        return true;
    }

    private Task<WindowGrid> GridAsync(HeatmapRequest request, CancellationToken cancellation)
    {
        var span = request.Measure == Measure.Occupancy
            ? new Span(Resolution.QuarterHour, day.AnchorAt(request.Span.From), request.Span.To)
            : request.Span;
        return footfall.GridAsync(span, cancellation, request.Zones is null ? null : Lines(request));
    }

    private async Task AddDaysAsync(HeatmapFigures figures, HeatmapRequest request, long now, CancellationToken cancellation)
    {
        var read = new Dictionary<long, DaySum>();
        foreach (var stretch in Stretches(MissingDays(request)))
            foreach (var sum in await days.ReadAsync(stretch, request.Zones is null ? null : Lines(request), cancellation))
                read[sum.Start] = sum;
        for (var i = 0; i < figures.Starts.Count; i++)
        {
            var (start, end) = (figures.Starts[i], day.NextAnchor(figures.Starts[i]));
            // a day that was forgotten or grew cold meanwhile is read after all
            var sum = read.GetValueOrDefault(start) ?? (IsHot(start)
                ? hot.Read(tables => DaySum.Of(DaySums.Whole(start, end) == Resolution.Hour ? tables.Hours : tables.Quarters, start, end, now))
                : days.Find(start) ?? (await days.ReadAsync([start], null, cancellation))[0]);
            figures.Add(i, sum, request.Measure);
        }
    }

    private bool IsHot(long start) => start >= hot.CoveredFrom(Resolution.QuarterHour) && start >= hot.CoveredFrom(Resolution.Hour);

    private List<long> MissingDays(HeatmapRequest request) => [.. Starts(request).Where(start => !IsHot(start) && days.Find(start) is null)];

    /// <summary>Days that follow each other, as many as are read at once.</summary>
    private IEnumerable<List<long>> Stretches(List<long> starts)
    {
        var stretch = new List<long>();
        foreach (var start in starts)
        {
            if (stretch.Count > 0 && (stretch.Count == days.AtOnce || day.NextAnchor(stretch[^1]) != start))
            {
                yield return stretch;
                stretch = [];
            }
            stretch.Add(start);
        }
        if (stretch.Count > 0)
            yield return stretch;
    }

    private IReadOnlyList<int> Lines(HeatmapRequest request)
    {
        var lines = new SortedSet<int>();
        foreach (var zone in request.Zones ?? AllZones)
            foreach (ref readonly var side in topology.SidesOf(zone))
                lines.Add(side.Line);
        return [.. lines];
    }

    private List<long> Starts(HeatmapRequest request)
    {
        var starts = new List<long>();
        for (var start = request.Span.From; start < request.Span.To; start = request.ByDay ? day.NextAnchor(start) : start + request.Span.Resolution.Seconds())
            starts.Add(start);
        return starts;
    }

    private List<long> Anchors(Span span)
    {
        List<long> anchors = [day.AnchorAt(span.From)];
        while (day.NextAnchor(anchors[^1]) is var next && next < span.To)
            anchors.Add(next);
        return anchors;
    }
}
