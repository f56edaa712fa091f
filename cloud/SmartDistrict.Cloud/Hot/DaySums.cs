using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Cloud.Hot;

/// <summary>
/// Sums of past business days, some 400 of them: 33 bytes for a zone and day. Days that lie within the hot windows need
/// none of these. Thread-safe.
/// </summary>
/// <param name="most">Days that are kept.</param>
internal sealed class DaySums(FootfallReader footfall, Topology topology, BusinessDay day, TimeProvider clock, int most = DaySums.MostDays)
{
    /// <summary>A year of days and a month to compare with.</summary>
    public const int MostDays = 400;

    /// <summary>Until then, its last hour may be made of its minutes, and a provisional window may go stale.</summary>
    private const int SettlingSeconds = 2 * 3600;

    /// <summary>Windows read at once: some 10 MB while they are added up.</summary>
    private const int CellsAtOnce = 100_000;

    private readonly Lock gate = new();
    private readonly Dictionary<long, DaySum> days = [];
    private readonly Dictionary<long, object> readings = [];
    private long changes;

    /// <summary>Start of the oldest day that is kept, s since the Unix epoch.</summary>
    public long Oldest => day.AnchorAt(clock.GetUtcNow().ToUnixTimeSeconds() - (most * 86_400L));

    /// <summary>Days that are read from the store at once.</summary>
    public int AtOnce => Math.Max(1, CellsAtOnce / (24 * Math.Max(1, topology.LineCount)));

    /// <summary>Another number after any change.</summary>
    public long Change
    {
        get
        {
            lock (gate)
                return changes;
        }
    }

    /// <param name="start">Start of the business day, s since the Unix epoch.</param>
    public DaySum? Find(long start)
    {
        lock (gate)
            return days.GetValueOrDefault(start);
    }

    /// <summary>Reads days, in the longest windows that divide them, and keeps the sums of those that are over.</summary>
    /// <param name="starts">Starts of days, each the end of the one before it.</param>
    /// <param name="lines">Lines that matter to the asker, whose sums then are not kept; null for all.</param>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<IReadOnlyList<DaySum>> ReadAsync(IReadOnlyList<long> starts, IReadOnlyList<int>? lines, CancellationToken cancellation)
    {
        var reading = new object();
        lock (gate)
            foreach (var start in lines is null ? starts : [])
                readings[start] = reading;
        try
        {
            var end = day.NextAnchor(starts[^1]);
            var windows = await footfall.GridAsync(new(Whole([.. starts, end]), starts[0], end), cancellation, lines);
            var now = clock.GetUtcNow().ToUnixTimeSeconds();
            var sums = starts.Select(start => DaySum.Of(windows, start, day.NextAnchor(start), now)).ToArray();
            Put(sums.Where(sum => now > sum.End + SettlingSeconds), reading);
            return sums;
        }
        finally
        {
            lock (gate)
                foreach (var start in starts.Where(start => readings.GetValueOrDefault(start) == reading))
                    readings.Remove(start);
        }
    }

    /// <summary>The windows that a day is the sum of: hours, where it begins and ends on whole ones.</summary>
    public static Resolution Whole(params ReadOnlySpan<long> bounds)
    {
        foreach (var bound in bounds)
            if (bound % 3600 != 0)
                return Resolution.QuarterHour;
        return Resolution.Hour;
    }

    /// <summary>Forgets the day that a changed window belongs to, and what is just being read of it.</summary>
    public void Forget(long instant)
    {
        var start = day.AnchorAt(instant);
        lock (gate)
        {
            readings.Remove(start);
            if (days.Remove(start))
                changes++;
        }
    }

    /// <summary>Forgets the days from an instant on: their windows are hot now, and may change there.</summary>
    public void Leave(long instant)
    {
        lock (gate)
            foreach (var start in days.Keys.Where(start => start >= instant).ToArray())
                days.Remove(start);
    }

    private void Put(IEnumerable<DaySum> sums, object reading)
    {
        lock (gate)
            foreach (var sum in sums)
            {
                // a window that came while this was read may be missing from it
                if (readings.GetValueOrDefault(sum.Start) != reading || (days.TryGetValue(sum.Start, out var held) && held.Same(sum)))
                    continue;
                days[sum.Start] = sum;
                changes++;
                if (days.Count > most)
                    days.Remove(days.Keys.Min());
            }
    }
}
