using SmartDistrict.Cloud.Hot;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Cloud.Footfall;

/// <summary>
/// Answers questions about footfall: takes the windows that are hot, reads others from the store and lays the live ones
/// over them (of one window the highest revision wins), and derives.
/// </summary>
internal sealed class FootfallReader(IFootfallStore store, HotWindows hot, StoreHealth health, Topology topology, BusinessDay day, TimeProvider clock)
{
    private const int MostCellsAtOnce = 200_000;

    public async Task<ZoneFootfall> ZonesAsync(Span span, CancellationToken cancellation)
    {
        var now = Now();
        var anchor = day.AnchorAt(span.From);
        var quarters = await GridAsync(new Span(Resolution.QuarterHour, anchor, Span.Around(Resolution.QuarterHour, span.From, span.To).To), cancellation);
        var windows = span.Resolution == Resolution.QuarterHour
            ? quarters
            : await GridAsync(span with { From = Span.Down(span.From, 900) }, cancellation);
        List<long> anchors = [anchor];
        while (day.NextAnchor(anchors[^1]) is var next && next < span.To)
            anchors.Add(next);
        return new(span.Resolution.Name(), span.Resolution.Seconds(), span.From, span.To, Starts(span),
            [.. Enumerable.Range(0, topology.ZoneCount).Select(zone => ZoneDerivation.Zone(zone, span, windows, quarters, anchors, now))],
            health.Stale);
    }

    public async Task<LineFootfall> LinesAsync(Span span, CancellationToken cancellation)
    {
        var now = Now();
        var windows = await GridAsync(span, cancellation);
        return new(span.Resolution.Name(), span.Resolution.Seconds(), span.From, span.To, Starts(span),
            [.. Enumerable.Range(0, topology.LineCount).Select(line => ZoneDerivation.Line(line, span, windows, now))],
            health.Stale);
    }

    public async Task<FlowFootfall> FlowsAsync(long from, long to, CancellationToken cancellation)
    {
        var flows = new FlowDerivation(topology, Now());
        foreach (var part in flows.BetweenMoves(from, to))
            foreach (var piece in Span.Pieces(part.From, part.To).SelectMany(piece => piece.InPartsOf(MostCellsAtOnce / Math.Max(1, topology.LineCount))))
                flows.Add(await GridAsync(piece, cancellation));
        return new(from, to, flows.ToList());
    }

    /// <summary>How many windows a question reads, to refuse it before it costs memory.</summary>
    public long Cells(Span span)
    {
        var quarters = (span.To - day.AnchorAt(span.From)) / 900;
        return topology.LineCount * (quarters + (span.Resolution == Resolution.QuarterHour ? 0 : span.Buckets));
    }

    /// <summary>The windows of a span; open quarter hours and hours are made of their parts.</summary>
    /// <param name="lines">Indices of lines; null for all.</param>
    /// <exception cref="StoreUnavailableException">They are not hot, and the store does not answer.</exception>
    public async Task<WindowGrid> GridAsync(Span span, CancellationToken cancellation, IReadOnlyList<int>? lines = null)
    {
        var grid = await WrittenAsync(span, lines, cancellation);
        if (span.Resolution == Resolution.Minute)
            return grid;
        // The open bucket and the one before it may not have been written yet: hours are made of quarter hours, these of minutes.
        var open = Span.Down(Now(), grid.Seconds);
        var (first, last) = (Math.Max(span.From, open - grid.Seconds), Math.Min(span.To, open + grid.Seconds));
        if (first >= last)
            return grid;
        var smaller = span.Resolution == Resolution.Hour ? Resolution.QuarterHour : Resolution.Minute;
        var parts = await GridAsync(new(smaller, first, last), cancellation, lines);
        for (var start = first; start < last; start += grid.Seconds)
            RollUp.Fill(grid, parts, start);
        return grid;
    }

    /// <summary>The closed windows of a span as the store holds them now, hot or not, with what is newer laid over them.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<WindowGrid> StoredAsync(Span span, CancellationToken cancellation)
    {
        var grid = new WindowGrid(topology, span.Resolution, span.From, span.To);
        await foreach (var window in store.ReadAsync(span.Resolution, span.From, span.To, cancellation))
            grid.Put(window);
        hot.CopyTo(grid);
        return grid;
    }

    private async Task<WindowGrid> WrittenAsync(Span span, IReadOnlyList<int>? lines, CancellationToken cancellation)
    {
        var grid = new WindowGrid(topology, span.Resolution, span.From, span.To, lines);
        if (!await hot.CoversAsync(span.Resolution, span.From, cancellation))
        {
            string[]? names = lines is null ? null : [.. lines.Select(line => topology.District.Lines[line].Id)];
            var to = Math.Min(span.To, Math.Max(span.From, hot.CoveredFrom(span.Resolution)));
            await foreach (var window in store.ReadAsync(span.Resolution, span.From, to, names, cancellation))
                grid.Put(window);
        }
        hot.CopyTo(grid);
        return grid;
    }

    private long Now() => clock.GetUtcNow().ToUnixTimeSeconds();

    private static long[] Starts(Span span)
    {
        var starts = new long[(int)span.Buckets];
        for (var i = 0; i < starts.Length; i++)
            starts[i] = span.From + ((long)i * span.Resolution.Seconds());
        return starts;
    }
}
