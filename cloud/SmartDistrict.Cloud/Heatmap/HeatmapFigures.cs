using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Cloud.Heatmap;

/// <summary>The numbers of a heatmap, zone after zone. Made from windows; pure: the same windows yield the same numbers.</summary>
/// <param name="zones">Indices of the zones.</param>
/// <param name="starts">Starts of the buckets, s since the Unix epoch.</param>
internal sealed class HeatmapFigures(IReadOnlyList<int> zones, IReadOnlyList<long> starts)
{
    private readonly long[] values = new long[zones.Count * starts.Count];
    private readonly Trust[] trust = new Trust[zones.Count * starts.Count];

    public IReadOnlyList<int> Zones { get; } = zones;

    public IReadOnlyList<long> Starts { get; } = starts;

    /// <summary>The numbers of the zone at a place of <see cref="Zones"/>; of no meaning where there is no data.</summary>
    public ReadOnlySpan<long> Values(int row) => values.AsSpan(row * Starts.Count, Starts.Count);

    /// <summary>What they are worth; <see cref="Footfall.Trust.None"/> is no data.</summary>
    public ReadOnlySpan<Trust> Trust(int row) => trust.AsSpan(row * Starts.Count, Starts.Count);

    /// <summary>Fills in what zones' lines add up to.</summary>
    /// <param name="windows">Windows of the buckets' length.</param>
    public void Add(WindowTable windows, Measure measure, long now)
    {
        for (var row = 0; row < Zones.Count; row++)
            for (var i = 0; i < Starts.Count; i++)
            {
                var sum = ZoneSum.Of(windows, Zones[row], Starts[i], now);
                Set(row, i, sum.Present > 0 ? measure.Of(sum) : null, sum.Trust);
            }
    }

    /// <summary>Fills in the occupancy at the buckets' ends.</summary>
    /// <param name="quarters">The 15-minute windows from the first anchor on.</param>
    /// <param name="anchors">The occupancy resets from the one before the first bucket on, ascending.</param>
    /// <param name="seconds">Length of a bucket.</param>
    public void AddOccupancy(WindowTable quarters, IReadOnlyList<long> anchors, int seconds, long now)
    {
        for (var row = 0; row < Zones.Count; row++)
        {
            var count = new OccupancyCount(quarters, Zones[row], now);
            var next = 0;
            for (var quarter = anchors[0]; quarter < Starts[^1] + seconds; quarter += quarters.Seconds)
            {
                if (next < anchors.Count && quarter >= anchors[next])
                {
                    count.Reset();
                    next++;
                }
                var atEnd = count.Step(quarter);
                if (quarter < Starts[0])
                    continue;
                var i = (int)((quarter - Starts[0]) / seconds);
                // a quarter hour without data leaves the hour the number that it had
                if (atEnd.People is not null || quarter % seconds == 0)
                    Set(row, i, atEnd.People, atEnd.Trust);
                else if (trust[(row * Starts.Count) + i] != Footfall.Trust.None)
                    trust[(row * Starts.Count) + i] = atEnd.Trust;
            }
        }
    }

    /// <summary>Fills in the sum of a day.</summary>
    public void Add(int index, Hot.DaySum day, Measure measure)
    {
        var ofZone = measure.Of(day);
        for (var row = 0; row < Zones.Count; row++)
            Set(row, index, ofZone[Zones[row]], day.Trust[Zones[row]]);
    }

    private void Set(int row, int i, long? value, Trust worth)
    {
        values[(row * Starts.Count) + i] = value ?? 0;
        trust[(row * Starts.Count) + i] = value is null ? Footfall.Trust.None : worth;
    }
}
