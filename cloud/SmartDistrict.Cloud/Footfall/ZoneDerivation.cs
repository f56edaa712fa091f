using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Cloud.Footfall;

/// <summary>Derives the series of zones and lines from tables of line windows. Pure: the same windows yield the same numbers.</summary>
internal static class ZoneDerivation
{
    /// <param name="windows">The buckets to show; of minutes, beginning at a whole quarter hour.</param>
    /// <param name="quarters">The 15-minute windows from the occupancy reset before the span up to its end.</param>
    /// <param name="anchors">The occupancy resets from the start of <paramref name="quarters"/> on, ascending.</param>
    /// <param name="now">s since the Unix epoch.</param>
    public static ZoneSeries Zone(int zone, Span span, WindowGrid windows, WindowGrid quarters, IReadOnlyList<long> anchors, long now)
    {
        var n = (int)span.Buckets;
        long?[] entries = new long?[n], exits = new long?[n], unplacedEntries = new long?[n], unplacedExits = new long?[n];
        long?[] expected = new long?[n], received = new long?[n], revision = new long?[n];
        var status = new Trust[n];
        var sums = new ZoneSum[n];
        for (var i = 0; i < n; i++)
        {
            var sum = sums[i] = ZoneSum.Of(windows, zone, span.From + ((long)i * windows.Seconds), now);
            status[i] = sum.Trust;
            if (sum.Present == 0)
                continue;
            (entries[i], exits[i]) = (sum.Entries, sum.Exits);
            (unplacedEntries[i], unplacedExits[i]) = (sum.UnplacedEntries, sum.UnplacedExits);
            (expected[i], received[i], revision[i]) = (sum.Expected, sum.Received, sum.Revision);
        }
        var occupancy = Occupancy(zone, span, sums, windows, quarters, anchors, now);
        return new(
            windows.Topology.District.Zones[zone].Id, entries, exits, unplacedEntries, unplacedExits,
            Array.ConvertAll(occupancy, o => o.People), Array.ConvertAll(occupancy, o => o.Trust), Array.ConvertAll(occupancy, o => o.Drift),
            expected, received, status, revision);
    }

    public static LineSeries Line(int line, Span span, WindowTable windows, long now)
    {
        var n = (int)span.Buckets;
        long?[] entries = new long?[n], exits = new long?[n], unplacedEntries = new long?[n], unplacedExits = new long?[n];
        long?[] ambiguous = new long?[n], expected = new long?[n], received = new long?[n], revision = new long?[n];
        var status = new Trust[n];
        for (var i = 0; i < n; i++)
        {
            var start = span.From + ((long)i * windows.Seconds);
            if (!windows.TryGet(line, start, out var window))
            {
                status[i] = Trust.None;
                continue;
            }
            var counts = window.Counts;
            (expected[i], received[i], revision[i]) = (counts.Expected, counts.Received, window.Revision.Counter);
            if (TrustRules.SaysNothing(window))
            {
                status[i] = Trust.None;
                continue;
            }
            (entries[i], exits[i], ambiguous[i]) = (counts.Entries, counts.Exits, counts.Ambiguous);
            (unplacedEntries[i], unplacedExits[i]) = (counts.UnplacedEntries, counts.UnplacedExits);
            status[i] = TrustRules.Of(window.Status, start + windows.Seconds, now);
        }
        return new(
            windows.Topology.District.Lines[line].Id, entries, exits, unplacedEntries, unplacedExits, ambiguous, expected, received, status, revision);
    }

    private static Occupancy[] Occupancy(int zone, Span span, ZoneSum[] sums, WindowGrid windows, WindowGrid quarters, IReadOnlyList<long> anchors, long now)
    {
        var occupancy = new Occupancy[(int)span.Buckets];
        var count = new OccupancyCount(quarters, zone, now);
        var next = 0;
        for (var quarter = quarters.From; quarter < quarters.To; quarter += quarters.Seconds)
        {
            if (next < anchors.Count && quarter >= anchors[next])
            {
                count.Reset();
                next++;
            }
            if (windows.Resolution == Resolution.Minute)
                for (var minute = Math.Max(quarter, windows.From); minute < Math.Min(quarter + quarters.Seconds, span.To); minute += 60)
                    if (minute < span.From)
                        count.StepMinute(ZoneSum.Of(windows, zone, minute, now), minute);
                    else
                        occupancy[(minute - span.From) / 60] = count.StepMinute(sums[(minute - span.From) / 60], minute);
            var atEnd = count.Step(quarter);
            if (windows.Resolution == Resolution.Minute || quarter < span.From || quarter >= span.To)
                continue;
            ref var bucket = ref occupancy[(quarter - span.From) / windows.Seconds];
            bucket = atEnd.People is null ? atEnd with { People = quarter % windows.Seconds == 0 ? null : bucket.People } : atEnd;
        }
        return occupancy;
    }
}
