using SmartDistrict.Cloud.Footfall;

namespace SmartDistrict.Cloud.Hot;

/// <summary>One business day of every zone.</summary>
/// <param name="Start">s since the Unix epoch.</param>
/// <param name="End">Exclusive.</param>
/// <param name="Entries">By zone; meaningless where <paramref name="Trust"/> is none.</param>
/// <param name="Trust">By zone: the worst of the day's windows; a window that is missing makes the day partial.</param>
internal sealed record DaySum(long Start, long End, long[] Entries, long[] Exits, long[] UnplacedEntries, long[] UnplacedExits, Trust[] Trust)
{
    /// <param name="windows">Windows that divide the day.</param>
    /// <param name="now">s since the Unix epoch; windows that begin later do not count.</param>
    public static DaySum Of(WindowTable windows, long start, long end, long now)
    {
        var zones = windows.Topology.ZoneCount;
        var day = new DaySum(start, end, new long[zones], new long[zones], new long[zones], new long[zones], new Trust[zones]);
        for (var zone = 0; zone < zones; zone++)
            day.Add(windows, zone, now);
        return day;
    }

    public bool Same(DaySum other) =>
        Entries.AsSpan().SequenceEqual(other.Entries) && Exits.AsSpan().SequenceEqual(other.Exits)
        && UnplacedEntries.AsSpan().SequenceEqual(other.UnplacedEntries) && UnplacedExits.AsSpan().SequenceEqual(other.UnplacedExits)
        && Trust.AsSpan().SequenceEqual(other.Trust);

    private void Add(WindowTable windows, int zone, long now)
    {
        var (any, worst) = (false, now < End ? Footfall.Trust.Provisional : Footfall.Trust.Complete);
        for (var start = Start; start < End && start <= now; start += windows.Seconds)
        {
            var sum = ZoneSum.Of(windows, zone, start, now);
            if (sum.Present == 0)
            {
                worst = TrustRules.Worst(worst, TrustRules.OfMissing(start + windows.Seconds, now));
                continue;
            }
            any = true;
            worst = TrustRules.Worst(worst, sum.Trust);
            Entries[zone] += sum.Entries;
            Exits[zone] += sum.Exits;
            UnplacedEntries[zone] += sum.UnplacedEntries;
            UnplacedExits[zone] += sum.UnplacedExits;
        }
        Trust[zone] = any ? worst : Footfall.Trust.None;
    }
}
