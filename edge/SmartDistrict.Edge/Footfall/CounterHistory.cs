using SmartDistrict.Edge.Devices;
using SmartDistrict.Telemetry.Readings;

namespace SmartDistrict.Edge.Footfall;

/// <summary>A device's running totals at one instant.</summary>
/// <param name="At">ms since the Unix epoch.</param>
internal readonly record struct CounterSample(long At, long Entries, long Exits)
{
    public CountedSides Sides =>
        Exits == Reading.NotReported ? CountedSides.Entries
        : Entries == Reading.NotReported ? CountedSides.Exits
        : CountedSides.Both;
}

/// <summary>Which directions one counter counts. A device may count a line's two directions with two counters of their own.</summary>
internal enum CountedSides
{
    Both = 0,
    Entries = 1,
    Exits = 2,
}

/// <summary>What a device says it counted in [Since, At), as a refinement of its totals.</summary>
internal readonly record struct IntervalSample(long Since, long At, long Entries, long Exits);

/// <summary>
/// Turns one counter's running totals of a line into crossings. Totals are kept in order of their event time for the late horizon, so a
/// late one splits the difference that spanned it, and wraps, resets and gaps cost nothing that can be known.
/// Intervals of the same device (a back-filled history) count the same people: they place a difference, they do not add to it.
/// </summary>
internal sealed class CounterHistory(LineFold line, CountedSides sides, CounterRule rule, FoldState state)
{
    /// <summary>Samples that stay in memory once they are stored; older ones are read back when something late arrives.</summary>
    private const int KeptInMemory = 64;

    private readonly List<CounterSample> samples = [];
    private readonly List<IntervalSample> intervals = [];
    private readonly List<CounterSample> unsaved = [];
    private readonly List<IntervalSample> unsavedIntervals = [];

    /// <summary>Everything from this event time on is in memory.</summary>
    private long loadedFrom = long.MaxValue;

    /// <summary>Stored totals after this event time are to be forgotten.</summary>
    private long cut = long.MaxValue;

    /// <summary>Enters totals.</summary>
    /// <returns>False where they were known.</returns>
    public bool Add(CounterSample sample)
    {
        Load(sample.At);
        var index = samples.FindLastIndex(s => s.At <= sample.At);
        if (index >= 0 && samples[index].At == sample.At)
            return Replace(index, sample);
        var previous = index >= 0 ? samples[index] : (CounterSample?)null;
        var next = index + 1 < samples.Count ? samples[index + 1] : (CounterSample?)null;
        if (previous is { } p && next is { } n)
            Book(p, n, -1);
        samples.Insert(index + 1, sample);
        if (previous is { } before)
            Book(before, sample, +1);
        if (next is { } after)
            Book(sample, after, +1);
        unsaved.Add(sample);
        return true;
    }

    /// <summary>Enters what the device counted in an interval.</summary>
    /// <returns>False where it was known.</returns>
    public bool Add(IntervalSample interval)
    {
        Load(interval.Since);
        if (intervals.Exists(i => i.At == interval.At && i.Since == interval.Since))
            return false;
        var index = samples.FindLastIndex(s => s.At < interval.At);
        var spanned = index >= 0 && index + 1 < samples.Count;
        if (spanned)
            Book(samples[index], samples[index + 1], -1);
        intervals.Insert(intervals.FindLastIndex(i => i.At <= interval.At) + 1, interval);
        line.Place(interval.Since, interval.At, interval.Entries, interval.Exits);
        if (spanned)
            Book(samples[index], samples[index + 1], +1);
        unsavedIntervals.Add(interval);
        return true;
    }

    /// <summary>
    /// The clock that these totals are timed by was set back. What was booked stays; the newest totals count as those of
    /// just before this instant, so that the next difference is from them and no total seems to fall.
    /// </summary>
    public void StepBack(long at)
    {
        at--;
        Load(at);
        var kept = samples.FindIndex(sample => sample.At >= at);
        if (kept < 0)
            return;
        var newest = samples[^1] with { At = at };
        samples.RemoveRange(kept, samples.Count - kept);
        samples.Add(newest);
        unsaved.RemoveAll(sample => sample.At >= at);
        unsaved.Add(newest);
        cut = Math.Min(cut, at);
    }

    /// <summary>Stores what is new, as part of a checkpoint.</summary>
    public void Save()
    {
        if (cut < long.MaxValue)
            state.CutSamples(line.Key, sides, cut);
        foreach (var sample in unsaved)
            state.SaveSample(line.Key, sides, sample);
        foreach (var interval in unsavedIntervals)
            state.SaveInterval(line.Key, interval);
    }

    /// <summary>The checkpoint has been committed: lets go of what is old.</summary>
    public void Saved()
    {
        cut = long.MaxValue;
        unsaved.Clear();
        unsavedIntervals.Clear();
        if (samples.Count <= 2 * KeptInMemory)
            return;
        samples.RemoveRange(0, samples.Count - KeptInMemory);
        loadedFrom = samples[0].At;
        intervals.RemoveAll(i => i.At < loadedFrom);
    }

    /// <summary>Two totals with one time stamp: within a millisecond of the device's clock the larger one came later.</summary>
    private bool Replace(int index, CounterSample sample)
    {
        var known = samples[index];
        if (sample.Entries <= known.Entries && sample.Exits <= known.Exits)
            return false;
        BookAround(index, -1);
        samples[index] = sample;
        BookAround(index, +1);
        unsaved.RemoveAll(s => s.At == sample.At);
        unsaved.Add(sample);
        return true;
    }

    private void BookAround(int index, int sign)
    {
        if (index > 0)
            Book(samples[index - 1], samples[index], sign);
        if (index + 1 < samples.Count)
            Book(samples[index], samples[index + 1], sign);
    }

    /// <summary>Books (or takes back) what two neighbouring totals prove, less what intervals between them have placed.</summary>
    private void Book(CounterSample from, CounterSample to, int sign)
    {
        var (entries, exits, reset) = Difference(from, to);
        foreach (var interval in intervals)
            if (interval.At > from.At && interval.At <= to.At)
            {
                entries -= interval.Entries;
                exits -= interval.Exits;
            }
        entries = Math.Max(0, entries);
        exits = Math.Max(0, exits);
        if (reset && sign > 0)
            line.MarkIncomplete(to.At);
        if (rule.OnChange)
        {
            // the device speaks because somebody crosses: one of them at this instant, the others since it last spoke
            var entry = Math.Min(1, entries);
            var exit = Math.Min(1, exits);
            line.Place(to.At, to.At, sign * entry, sign * exit);
            entries -= entry;
            exits -= exit;
        }
        line.Place(from.At, to.At, sign * entries, sign * exits);
    }

    /// <summary>
    /// People between two totals. A total that falls from the last quarter of its range to the first has wrapped; any other
    /// fall is a reset, and a reset resets both directions: what is known then is what was counted since.
    /// </summary>
    private (long Entries, long Exits, bool Reset) Difference(CounterSample from, CounterSample to)
    {
        var range = rule.Bits >= 63 ? long.MaxValue : 1L << rule.Bits;
        bool Wrapped(long a, long b) => b < a && rule.Bits < 63 && a >= range - (range / 4) && b < range / 4;
        bool Reset(long a, long b) => b < a && b != Reading.NotReported && a != Reading.NotReported && !Wrapped(a, b);
        var reset = Reset(from.Entries, to.Entries) || Reset(from.Exits, to.Exits);
        long Of(long a, long b) =>
            a == Reading.NotReported || b == Reading.NotReported ? 0
            : reset ? b
            : Wrapped(a, b) ? b + range - a
            : b - a;
        return (Of(from.Entries, to.Entries), Of(from.Exits, to.Exits), reset);
    }

    /// <summary>Brings the stored samples from the last one at or before an instant on into memory.</summary>
    private void Load(long at)
    {
        if (at >= loadedFrom)
            return;
        var from = state.LastSampleAt(line.Key, sides, at) ?? long.MinValue;
        samples.InsertRange(0, state.Samples(line.Key, sides, from, loadedFrom));
        if (sides == CountedSides.Both)
            intervals.InsertRange(0, state.Intervals(line.Key, from, loadedFrom));
        loadedFrom = from;
    }
}
