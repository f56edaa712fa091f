using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Cloud.Hot;

/// <summary>
/// Sums of past business days, some 400 of them: 33 bytes for a zone and day. Days that lie within the hot windows need
/// none of these. Thread-safe.
/// </summary>
internal sealed class DaySums(FootfallReader footfall, BusinessDay day, TimeProvider clock)
{
    /// <summary>A year of days and a month to compare with.</summary>
    public const int MostDays = 400;

    /// <summary>Until then, its last hour may be made of its minutes, and a provisional window may go stale.</summary>
    private const int SettlingSeconds = 2 * 3600;

    private readonly Lock gate = new();
    private readonly Dictionary<long, DaySum> days = [];
    private long changes;
    private long forgotten;

    private long Forgotten => Interlocked.Read(ref forgotten);

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

    /// <summary>Reads a day, in the longest windows that divide it, and keeps its sum where the day is over.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<DaySum> ReadAsync(long start, CancellationToken cancellation)
    {
        var before = Forgotten;
        var end = day.NextAnchor(start);
        var windows = await footfall.GridAsync(new(Whole(start, end), start, end), cancellation);
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        var sum = DaySum.Of(windows, start, end, now);
        // a window that came while this was read may be missing from it, and a day that just ended is not settled yet
        if (before == Forgotten && now > end + SettlingSeconds)
            Put(sum);
        return sum;
    }

    /// <summary>The windows that a day is the sum of: hours, where it begins and ends on whole ones.</summary>
    public static Resolution Whole(long start, long end) => start % 3600 == 0 && end % 3600 == 0 ? Resolution.Hour : Resolution.QuarterHour;

    /// <summary>Forgets the day that a changed window belongs to.</summary>
    public void Forget(long instant)
    {
        lock (gate)
        {
            changes++;
            forgotten++;
            days.Remove(day.AnchorAt(instant));
        }
    }

    private void Put(DaySum sum)
    {
        lock (gate)
        {
            if (days.TryGetValue(sum.Start, out var held) && held.Same(sum))
                return;
            days[sum.Start] = sum;
            changes++;
            if (days.Count > MostDays)
                days.Remove(days.Keys.Min());
        }
    }
}
