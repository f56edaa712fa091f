using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Cloud.Tests.Hosting;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Cloud.Tests.Footfall;

/// <summary>The hall is entered by line 3 and line 4; occupancy starts at 04:00 in Shanghai, 20:00 UTC.</summary>
public sealed class TheOccupancyOfAZone
{
    private static readonly long Reset = new DateTimeOffset(2026, 3, 2, 20, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();

    [Fact]
    public async Task Starts_at_zero_at_the_reset_and_follows_everyone_who_crosses()
    {
        var hall = await QuartersAsync(Reset - 900, 4,
            Both(Reset - 900, 50, 0), Both(Reset, 4, 1), Both(Reset + 900, 2, 3), Both(Reset + 1800, 0, 1));
        Assert.Equal([50L, 3L, 2L, 1L], hall.Occupancy);
    }

    [Fact]
    public async Task Counts_unplaced_people_because_they_did_cross()
    {
        var hall = await QuartersAsync(Reset, 1,
        [
            Lines.Window("ln-3", Resolution.QuarterHour, Reset, entries: 4, unplacedEntries: 10, unplacedExits: 3),
            Lines.Window("ln-4", Resolution.QuarterHour, Reset),
        ]);
        Assert.Equal([11L], hall.Occupancy);
        Assert.Equal([4L], hall.Entries);
    }

    [Fact]
    public async Task Is_held_at_zero_and_says_by_how_much_it_drifted()
    {
        var hall = await QuartersAsync(Reset, 3, Both(Reset, 2, 5), Both(Reset + 900, 4, 0), Both(Reset + 1800, 0, 6));
        Assert.Equal([0L, 4L, 0L], hall.Occupancy);
        Assert.Equal([3L, 3L, 5L], hall.OccupancyDrift);
    }

    [Fact]
    public async Task Is_null_before_any_data_and_in_a_gap_and_partial_after_it()
    {
        var hall = await QuartersAsync(Reset, 4, Both(Reset + 900, 5, 0), Both(Reset + 2700, 1, 0));
        Assert.Equal([null, 5L, null, 6L], hall.Occupancy);
        Assert.Equal([Trust.None, Trust.Partial, Trust.Partial, Trust.Partial], hall.OccupancyStatus);
    }

    [Fact]
    public async Task Is_complete_where_everything_since_the_reset_is()
    {
        var hall = await QuartersAsync(Reset, 2, Both(Reset, 5, 0), Both(Reset + 900, 1, 0));
        Assert.Equal([Trust.Complete, Trust.Complete], hall.OccupancyStatus);
    }

    [Fact]
    public async Task Never_wakes_with_the_people_of_yesterday()
    {
        var hall = await QuartersAsync(Reset - 900, 3, Both(Reset - 900, 50, 0), Both(Reset + 900, 1, 0));
        Assert.Equal([50L, null, 1L], hall.Occupancy);
    }

    [Theory]
    [InlineData("2026-03-29")]
    [InlineData("2026-10-25")]
    public async Task Starts_anew_once_on_a_day_when_the_clocks_change(string date)
    {
        // 02:30 in Berlin does not exist on the first date and comes twice on the second.
        var district = TestDistrict.Load(TestDistrict.Yaml.Replace("Asia/Shanghai", "Europe/Berlin", StringComparison.Ordinal).Replace("04:00", "02:30", StringComparison.Ordinal));
        var midnight = DateTimeOffset.Parse(date + "T00:00:00Z", null).ToUnixTimeSeconds();
        var windows = Enumerable.Range(-8, 24).SelectMany(i => Both(midnight + (i * 900), 1, 0)).ToArray();
        var answer = await new ListStore(windows).Reader(district).ZonesAsync(
            new(Resolution.QuarterHour, midnight - 7200, midnight + (16 * 900)), TestContext.Current.CancellationToken);
        var occupancy = answer.Zones[1].Occupancy.Select(people => people!.Value).ToArray();
        var anew = Assert.Single(Enumerable.Range(1, occupancy.Length - 1), i => occupancy[i] < occupancy[i - 1]);
        Assert.Equal(1, occupancy[anew]);
        Assert.Equal(new BusinessDay(district).AnchorAt(midnight + 43_200), answer.Starts[anew]);
    }

    /// <summary>
    /// The number of an instant must not depend on how one asks: bucket length and start of the span change nothing. The
    /// roll-ups are sums of the minutes, as a gateway makes them.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Is_the_same_at_every_bucket_length_wherever_the_span_begins(int seed)
    {
        var random = new Random(seed);
        var minutes = Enumerable.Range(-60, 360).SelectMany(i => (LineWindow[])
        [
            Lines.Window("ln-3", Resolution.Minute, Reset + (i * 60), random.Next(4), random.Next(5), unplacedEntries: random.Next(30) == 0 ? 5 : 0),
            Lines.Window("ln-4", Resolution.Minute, Reset + (i * 60), random.Next(5), random.Next(4)),
        ]).ToList();
        var reader = new ListStore([.. minutes, .. RollUp(minutes, Resolution.QuarterHour), .. RollUp(minutes, Resolution.Hour)]).Reader();

        var expected = await AtEndsAsync(reader, new(Resolution.QuarterHour, Reset - 3600, Reset + 18_000));
        var naive = Naive([.. RollUp(minutes, Resolution.QuarterHour)]);
        foreach (var (end, people) in expected.Where(pair => pair.Key > Reset))
            Assert.Equal(naive[end], people);
        foreach (var span in (Span[])
            [
                new(Resolution.Minute, Reset - 3600, Reset + 18_000), new(Resolution.Minute, Reset + 60, Reset + 3660),
                new(Resolution.Minute, Reset + 3540, Reset + 9000), new(Resolution.Hour, Reset - 3600, Reset + 18_000),
                new(Resolution.Hour, Reset + 7200, Reset + 18_000), new(Resolution.QuarterHour, Reset + 2700, Reset + 9000),
            ])
            foreach (var (end, people) in await AtEndsAsync(reader, span))
                if (expected.TryGetValue(end, out var same))
                    Assert.Equal(same, people);
    }

    private static Dictionary<long, long?> Naive(LineWindow[] quarters)
    {
        var people = 0L;
        var atEnds = new Dictionary<long, long?>();
        for (var start = Reset; quarters.Any(window => window.Start == start); start += 900)
        {
            foreach (var window in quarters.Where(window => window.Start == start))
                people += window.Counts.Entries + window.Counts.UnplacedEntries - window.Counts.Exits - window.Counts.UnplacedExits;
            people = Math.Max(0, people);
            atEnds[start + 900] = people;
        }
        return atEnds;
    }

    private static IEnumerable<LineWindow> RollUp(List<LineWindow> minutes, Resolution resolution) => minutes
        .GroupBy(window => (window.Line, Start: resolution.WindowStart(window.Start * 1000)))
        .Select(group => Lines.Window(
            group.Key.Line, resolution, group.Key.Start, group.Sum(w => w.Counts.Entries), group.Sum(w => w.Counts.Exits),
            unplacedEntries: group.Sum(w => w.Counts.UnplacedEntries), received: group.Count()));

    private static async Task<Dictionary<long, long?>> AtEndsAsync(FootfallReader reader, Span span)
    {
        var answer = await reader.ZonesAsync(span, TestContext.Current.CancellationToken);
        return answer.Starts.Select((start, i) => (start, i)).ToDictionary(s => s.start + answer.BucketSeconds, s => answer.Zones[1].Occupancy[s.i]);
    }

    private static LineWindow[] Both(long start, long entries, long exits) =>
    [
        Lines.Window("ln-3", Resolution.QuarterHour, start, entries, exits),
        Lines.Window("ln-4", Resolution.QuarterHour, start),
    ];

    private static async Task<ZoneSeries> QuartersAsync(long from, int quarters, params LineWindow[][] windows) =>
        (await new ListStore([.. windows.SelectMany(w => w)]).Reader().ZonesAsync(
            new(Resolution.QuarterHour, from, from + (quarters * 900)), TestContext.Current.CancellationToken)).Zones[1];
}
