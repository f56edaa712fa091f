namespace SmartDistrict.Testing.Simulation;

/// <summary>
/// What an all-knowing reader of every acknowledged message could know about each line: the sums that the store must
/// hold in the end. Deliberately simple, and independent of the gateway: no windows, no horizon, no order of arrival.
/// </summary>
/// <remarks>
/// Counts: each key once. Running totals: in the order of their event times, the first sample is where knowledge
/// begins; afterwards the difference to the one before. A total that fell has wrapped if the difference modulo its
/// width is less than half of that width, otherwise it was reset: then what it shows was counted since the reset, and
/// what was counted between the last sample and the reset is lost. Both directions of a device are reset together.
/// Periods told later are contained in the totals around them. Across a reset both bounds hold: at least what the total
/// shows, and at least what the periods add up to. Before the first total only the periods are known.
/// </remarks>
public sealed class TruthLedger
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, LineSums> lines = [];
    private readonly HashSet<string> keys = [];
    private readonly Dictionary<string, (string Line, int Bits, SortedDictionary<long, (long? Entries, long? Exits)> Samples)> counters = [];
    private readonly Dictionary<string, SortedDictionary<long, LineSums>> periods = [];

    /// <summary>The broker acknowledged a message: from now on it is certain to be counted.</summary>
    public void Acknowledged(Publication publication)
    {
        lock (gate)
            foreach (var sample in publication.Samples)
                Learn(sample);
    }

    /// <summary>Expected sums of every line of which anything is known, by line id.</summary>
    public IReadOnlyDictionary<string, LineSums> Expected()
    {
        lock (gate)
        {
            var sums = new Dictionary<string, LineSums>(lines);
            foreach (var (counter, (line, bits, samples)) in counters)
                sums[line] = sums.GetValueOrDefault(line) + Differences(samples, periods.GetValueOrDefault(counter), bits);
            return sums;
        }
    }

    /// <summary>The sums over all lines.</summary>
    public LineSums Total() => Expected().Values.Aggregate(default(LineSums), (sum, line) => sum + line);

    private void Learn(Sample sample)
    {
        switch (sample)
        {
            case Counted counted when keys.Add(counted.Key):
                lines[counted.Line] = lines.GetValueOrDefault(counted.Line) + new LineSums(counted.Entries, counted.Exits);
                break;
            case Totals totals:
                if (!counters.TryGetValue(totals.Counter, out var counter))
                    counters[totals.Counter] = counter = (totals.Line, totals.Bits, []);
                counter.Samples[totals.At] = (totals.Entries, totals.Exits);
                break;
            case Period period:
                if (!periods.TryGetValue(period.Counter, out var told))
                    periods[period.Counter] = told = [];
                told[period.At] = new LineSums(period.Entries, period.Exits);
                break;
        }
    }

    private static LineSums Differences(
        SortedDictionary<long, (long? Entries, long? Exits)> samples, SortedDictionary<long, LineSums>? periods, int bits)
    {
        var sums = default(LineSums);
        (long At, long? Entries, long? Exits)? before = null;
        foreach (var (at, now) in samples)
        {
            var told = (periods ?? []).Where(period => period.Key <= at && (before is not { } b || period.Key > b.At))
                .Aggregate(default(LineSums), (sum, period) => sum + period.Value);
            if (before is { } last)
            {
                var reset = WasReset(last.Entries, now.Entries, bits) || WasReset(last.Exits, now.Exits, bits);
                sums += new LineSums(
                    Math.Max(told.Entries, Since(last.Entries, now.Entries, bits, reset)), Math.Max(told.Exits, Since(last.Exits, now.Exits, bits, reset)));
            }
            else
                sums += told;
            before = (at, now.Entries, now.Exits);
        }
        return sums;
    }

    private static bool WasReset(long? before, long? now, int bits) =>
        before > now && (bits >= 63 || now.Value - before.Value + (1L << bits) >= 1L << (bits - 1));

    private static long Since(long? before, long? now, int bits, bool reset) =>
        (before, now) is not ({ } last, { } current) ? 0
        : reset ? current
        : current >= last ? current - last
        : current - last + (1L << bits);
}

/// <summary>People through one line, in both directions.</summary>
public readonly record struct LineSums(long Entries, long Exits)
{
    public static LineSums operator +(LineSums left, LineSums right) => new(left.Entries + right.Entries, left.Exits + right.Exits);
}
