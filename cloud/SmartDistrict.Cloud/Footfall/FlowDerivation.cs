using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Cloud.Footfall;

/// <summary>Adds up who went from zone to zone over a span of time. Beams and cameras see crossings, not routes: a flow joins neighbours.</summary>
internal sealed class FlowDerivation(Topology topology, long now)
{
    private readonly Dictionary<(string From, string To), Total> totals = [];

    /// <summary>Cuts a span where a line moved, so that no window is read that lies in both topologies. Moves count from their next whole minute.</summary>
    public IEnumerable<Span> BetweenMoves(long from, long to)
    {
        var moves = topology.District.Lines
            .SelectMany(line => line.Joins.Select(join => Span.Down(join.Since.ToUnixTimeSeconds() + 59, 60)))
            .Where(move => from < move && move < to)
            .Append(to).Distinct().Order();
        foreach (var move in moves)
        {
            yield return new(Resolution.Minute, from, move);
            from = move;
        }
    }

    public void Add(WindowGrid grid)
    {
        for (var line = 0; line < topology.LineCount; line++)
            for (var start = grid.From; start < grid.To; start += grid.Seconds)
                Add(grid, line, start);
    }

    public List<Flow> ToList() =>
        [.. totals.Select(pair => new Flow(
            pair.Key.From, pair.Key.To,
            pair.Value.Any ? pair.Value.Count : null, pair.Value.Any ? pair.Value.Unplaced : null,
            pair.Value.Any ? pair.Value.Trust : Trust.None))];

    private void Add(WindowGrid grid, int line, long start)
    {
        if (topology.District.Lines[line].JoinAt(DateTimeOffset.FromUnixTimeSeconds(start)) is not { } join)
            return;
        var end = start + grid.Seconds;
        if (!grid.TryGet(line, start, out var window) || TrustRules.SaysNothing(window))
        {
            Of(join.From, join.To).Miss(TrustRules.OfMissing(end, now));
            Of(join.To, join.From).Miss(TrustRules.OfMissing(end, now));
            return;
        }
        var trust = TrustRules.Of(window.Status, end, now);
        Of(join.From, join.To).Add(window.Counts.Entries, window.Counts.UnplacedEntries, trust);
        Of(join.To, join.From).Add(window.Counts.Exits, window.Counts.UnplacedExits, trust);
    }

    private Total Of(string from, string to) =>
        totals.TryGetValue((from, to), out var total) ? total : totals[(from, to)] = new();

    private sealed class Total
    {
        public bool Any { get; private set; }

        public long Count { get; private set; }

        public long Unplaced { get; private set; }

        public Trust Trust { get; private set; }

        public void Miss(Trust trust) => Trust = TrustRules.Worst(Trust, trust);

        public void Add(long count, long unplaced, Trust trust)
        {
            Any = true;
            Count += count;
            Unplaced += unplaced;
            Miss(trust);
        }
    }
}
