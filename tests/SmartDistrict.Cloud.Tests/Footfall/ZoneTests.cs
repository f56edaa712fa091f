using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Cloud.Tests.Hosting;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Cloud.Tests.Footfall;

/// <summary>Plaza: in by line 1, out by line 2, out to the hall by line 3. Hall: in by line 3 and, since March, by line 4.</summary>
public sealed class AZone
{
    private static readonly long Noon = new DateTimeOffset(2026, 3, 2, 4, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();

    [Fact]
    public async Task Is_entered_by_the_entries_of_lines_into_it_and_the_exits_of_lines_out_of_it()
    {
        var answer = await ZonesAsync(Noon, 1,
            Lines.Window("ln-1", Resolution.Minute, Noon, entries: 7, exits: 2),
            Lines.Window("ln-2", Resolution.Minute, Noon, entries: 1, exits: 4),
            Lines.Window("ln-3", Resolution.Minute, Noon, entries: 3, exits: 5),
            Lines.Window("ln-4", Resolution.Minute, Noon, entries: 10, exits: 20));
        var (plaza, hall) = (answer.Zones[0], answer.Zones[1]);
        Assert.Equal((7 + 4 + 5, 2 + 1 + 3), (plaza.Entries[0], plaza.Exits[0]));
        Assert.Equal((3 + 10, 5 + 20), (hall.Entries[0], hall.Exits[0]));
        Assert.Equal(Trust.Complete, plaza.Status[0]);
    }

    [Fact]
    public async Task Has_unplaced_people_apart_and_the_right_way_round()
    {
        var plaza = (await ZonesAsync(Noon, 1,
            Lines.Window("ln-1", Resolution.Minute, Noon, unplacedEntries: 7, unplacedExits: 2),
            Lines.Window("ln-2", Resolution.Minute, Noon, unplacedEntries: 1, unplacedExits: 4),
            Lines.Window("ln-3", Resolution.Minute, Noon))).Zones[0];
        Assert.Equal((0, 0, 11, 3), (plaza.Entries[0], plaza.Exits[0], plaza.UnplacedEntries[0], plaza.UnplacedExits[0]));
    }

    [Fact]
    public async Task Without_any_window_has_no_number_and_never_zero()
    {
        var plaza = (await ZonesAsync(Noon, 1)).Zones[0];
        Assert.Equal((null, null, null, null), (plaza.Entries[0], plaza.Exits[0], plaza.Received[0], plaza.Revision[0]));
        Assert.Equal(Trust.None, plaza.Status[0]);
    }

    [Fact]
    public async Task With_a_window_missing_is_partial()
    {
        var plaza = (await ZonesAsync(Noon, 1,
            Lines.Window("ln-1", Resolution.Minute, Noon, entries: 7, expected: 2),
            Lines.Window("ln-2", Resolution.Minute, Noon, expected: 2))).Zones[0];
        Assert.Equal((7, Trust.Partial, null), (plaza.Entries[0], plaza.Status[0], plaza.Expected[0]));
    }

    [Fact]
    public async Task Reads_a_withdrawn_window_as_no_data()
    {
        var hall = (await ZonesAsync(Noon, 1, Lines.Window("ln-4", Resolution.Minute, Noon, entries: 3, status: WindowStatus.Void))).Zones[1];
        Assert.Equal((null, Trust.None), (hall.Entries[0], hall.Status[0]));
    }

    [Fact]
    public async Task Reads_a_window_in_which_nothing_was_received_as_no_data()
    {
        var hall = (await ZonesAsync(Noon, 1,
            Lines.Window("ln-4", Resolution.Minute, Noon, status: WindowStatus.Partial, expected: 6, received: 0),
            Lines.Window("ln-3", Resolution.Minute, Noon, entries: 2))).Zones[1];
        Assert.Equal((2, Trust.Partial), (hall.Entries[0], hall.Status[0]));
    }

    [Theory]
    [InlineData(WindowStatus.Complete, WindowStatus.Complete, Trust.Complete)]
    [InlineData(WindowStatus.Complete, WindowStatus.Repaired, Trust.Repaired)]
    [InlineData(WindowStatus.Repaired, WindowStatus.Partial, Trust.Partial)]
    [InlineData(WindowStatus.Complete, WindowStatus.Provisional, Trust.Provisional)]
    [InlineData(WindowStatus.Partial, WindowStatus.Provisional, Trust.Partial)]
    [InlineData(WindowStatus.Complete, WindowStatus.Void, Trust.Partial)]
    public async Task Is_worth_what_its_worst_line_is_worth(WindowStatus one, WindowStatus other, Trust zone)
    {
        // Two minutes after the window: long enough for a missing one to count as missing, not for a provisional one to be stale.
        var answer = await ZonesAsync(Noon, 1, now: Noon + 180,
            Lines.Window("ln-3", Resolution.Minute, Noon, status: one), Lines.Window("ln-4", Resolution.Minute, Noon, status: other));
        Assert.Equal(zone, answer.Zones[1].Status[0]);
    }

    [Theory]
    [InlineData(59, Trust.Provisional)]
    [InlineData(119, Trust.Provisional)]
    [InlineData(120, Trust.Partial)]
    public async Task Waits_a_minute_for_a_window_that_has_not_come_yet(int secondsAfterStart, Trust zone)
    {
        var answer = await ZonesAsync(Noon, 1, now: Noon + secondsAfterStart, Lines.Window("ln-3", Resolution.Minute, Noon));
        Assert.Equal(zone, answer.Zones[1].Status[0]);
    }

    [Theory]
    [InlineData(660, Trust.Provisional)]
    [InlineData(661, Trust.Stale)]
    public async Task Is_stale_when_a_window_was_never_closed(int secondsAfterStart, Trust zone)
    {
        var answer = await ZonesAsync(Noon, 1, now: Noon + secondsAfterStart,
            Lines.Window("ln-3", Resolution.Minute, Noon, status: WindowStatus.Provisional), Lines.Window("ln-4", Resolution.Minute, Noon));
        Assert.Equal(zone, answer.Zones[1].Status[0]);
    }

    [Fact]
    public async Task Keeps_its_history_when_a_line_moves_away()
    {
        // Line 4 led into the plaza in February and leads into the hall since March, both in Shanghai's time.
        var february = new DateTimeOffset(2026, 2, 28, 23, 59, 0, TimeSpan.FromHours(8)).ToUnixTimeSeconds();
        var answer = await ZonesAsync(february, 2,
            Lines.Window("ln-4", Resolution.Minute, february, entries: 5),
            Lines.Window("ln-4", Resolution.Minute, february + 60, entries: 6));
        Assert.Equal([5L, null], answer.Zones[0].Entries);
        Assert.Equal([null, 6L], answer.Zones[1].Entries);
    }

    [Fact]
    public async Task Has_an_open_quarter_hour_made_of_its_minutes_until_the_gateway_closes_it()
    {
        LineWindow[] minutes = [.. Enumerable.Range(0, 5).Select(i => Lines.Window("ln-3", Resolution.Minute, Noon + (i * 60), entries: 2, revision: i + 1, received: 3))];
        var span = new Span(Resolution.QuarterHour, Noon, Noon + 900);
        var open = (await new ListStore(minutes).Reader(now: Noon + 300).ZonesAsync(span, TestContext.Current.CancellationToken)).Zones[1];
        Assert.Equal((10, 15, Trust.Provisional, 10), (open.Entries[0], open.Received[0], open.Status[0], open.Occupancy[0]));

        var closed = (await new ListStore([.. minutes, Lines.Window("ln-3", Resolution.QuarterHour, Noon, entries: 11, revision: 1)]).Reader(now: Noon + 300)
            .ZonesAsync(span, TestContext.Current.CancellationToken)).Zones[1];
        Assert.Equal(11, closed.Entries[0]);
    }

    [Fact]
    public async Task Has_the_quarter_hour_before_from_its_minutes_while_the_gateway_cannot_write()
    {
        LineWindow[] minutes = [.. Enumerable.Range(0, 15).Select(i => Lines.Window("ln-3", Resolution.Minute, Noon + (i * 60), entries: 2))];
        var zone = (await new ListStore(minutes).Reader(now: Noon + 1700).ZonesAsync(new(Resolution.QuarterHour, Noon, Noon + 1800), TestContext.Current.CancellationToken)).Zones[1];
        Assert.Equal([30L, null], zone.Entries);
        Assert.Equal([Trust.Stale, Trust.None], zone.Status);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Agrees_with_a_plain_count_of_people(int seed)
    {
        var random = new Random(seed);
        var from = new DateTimeOffset(2026, 2, 28, 15, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();
        var windows = RandomWindows(random, from, minutes: 120);
        var district = TestDistrict.Load();
        var answer = await new ListStore(windows).Reader().ZonesAsync(new(Resolution.Minute, from, from + 7200), TestContext.Current.CancellationToken);
        foreach (var zone in answer.Zones)
            for (var i = 0; i < answer.Starts.Count; i++)
            {
                var at = DateTimeOffset.FromUnixTimeSeconds(answer.Starts[i]);
                var seen = windows.Where(w => w.Start == answer.Starts[i] && w.Status != WindowStatus.Void).ToArray();
                var into = seen.Where(w => district.Lines.Single(l => l.Id == w.Line).JoinAt(at)!.To == zone.Zone).ToArray();
                var outOf = seen.Where(w => district.Lines.Single(l => l.Id == w.Line).JoinAt(at)!.From == zone.Zone).ToArray();
                var any = into.Length + outOf.Length > 0;
                Assert.Equal(any ? into.Sum(w => w.Counts.Entries) + outOf.Sum(w => w.Counts.Exits) : null, zone.Entries[i]);
                Assert.Equal(any ? into.Sum(w => w.Counts.Exits) + outOf.Sum(w => w.Counts.Entries) : null, zone.Exits[i]);
                Assert.Equal(any ? into.Sum(w => w.Counts.UnplacedEntries) + outOf.Sum(w => w.Counts.UnplacedExits) : null, zone.UnplacedEntries[i]);
                Assert.Equal(!any, zone.Status[i] == Trust.None);
            }
    }

    /// <summary>Windows of the four lines with gaps and withdrawals.</summary>
    internal static List<LineWindow> RandomWindows(Random random, long start, int minutes) =>
        [.. from line in (string[])["ln-1", "ln-2", "ln-3", "ln-4"]
            from minute in Enumerable.Range(0, minutes)
            where random.Next(10) > 0
            select Lines.Window(
                line, Resolution.Minute, start + (minute * 60L), random.Next(6), random.Next(6),
                random.Next(20) == 0 ? WindowStatus.Void : WindowStatus.Complete,
                unplacedEntries: random.Next(8) == 0 ? 2 : 0, unplacedExits: random.Next(8) == 0 ? 3 : 0)];

    private static Task<ZoneFootfall> ZonesAsync(long from, int minutes, params LineWindow[] windows) => ZonesAsync(from, minutes, null, windows);

    private static Task<ZoneFootfall> ZonesAsync(long from, int minutes, long? now, params LineWindow[] windows) =>
        new ListStore(windows).Reader(now: now).ZonesAsync(new(Resolution.Minute, from, from + (minutes * 60)), TestContext.Current.CancellationToken);
}
