using SmartDistrict.Edge.Clock;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Edge.Tests.Footfall;

/// <summary>Clocks that are wrong, jump or were never set: windows end in the right minute, say so, and none is stuck or counted twice.</summary>
public sealed class ClockScenarioTests
{
    public static TheoryData<string, string> WallClocksBeforeSynchronisation => new()
    {
        { "a boot in 1970", "1970-01-01T00:00:00Z" },
        { "ten years behind", "2016-03-02T08:01:00Z" },
        { "at its last shutdown", "2026-03-02T07:59:58Z" },
        { "one hour ahead", "2026-03-02T09:01:00Z" },
        { "ten years ahead", "2036-03-02T08:01:00Z" },
    };

    [Theory, MemberData(nameof(WallClocksBeforeSynchronisation))]
    public void Readings_before_the_synchronisation_wait_for_it_and_are_then_in_their_minute_marked_repaired(string clock, string wall)
    {
        using var bench = new FoldBench(("d1", "door"));
        bench.Door("d1", 1);
        bench.Drain();
        bench.State = ClockState.Unsynchronised;
        bench.Reboot(off: TimeSpan.FromMinutes(1), DateTimeOffset.Parse(wall, null));
        bench.Time.Advance(TimeSpan.FromSeconds(30));
        bench.Door("d1", 2);
        bench.Time.Advance(TimeSpan.FromMinutes(3));
        bench.Door("d1", 0, 4);
        bench.Drain();
        Assert.True(bench.Held >= 2, clock);

        bench.Synchronise();
        bench.Time.Advance(TimeSpan.FromMinutes(2));
        bench.Door("d1", 8);
        bench.Time.Advance(TimeSpan.FromHours(2));
        bench.Tick();
        var minutes = Minutes(bench);
        Assert.Equal(0, bench.Held);
        Assert.Equal(
            [("08:00", 1, 0, WindowStatus.Complete), ("08:01", 2, 0, WindowStatus.Repaired), ("08:04", 0, 4, WindowStatus.Repaired), ("08:06", 8, 0, WindowStatus.Complete)],
            minutes);
        Assert.Equal(2, bench.Fold.Totals.Repaired);
    }

    [Fact]
    public void A_set_clock_without_a_single_reading_places_those_before_it()
    {
        using var bench = new FoldBench(("d1", "door"));
        bench.State = ClockState.Unsynchronised;
        bench.Reboot(TimeSpan.FromMinutes(1), DateTimeOffset.UnixEpoch);
        bench.Door("d1", 3);
        bench.Drain();
        bench.Crash();
        Assert.NotEqual(0, bench.Held);
        bench.Synchronise();
        bench.Drain();
        Assert.Equal((0, 3), (bench.Held, bench.Window("ln-d1", "08:01:00").Counts.Entries));
    }

    [Fact]
    public void A_clock_that_somebody_sets_back_by_an_hour_moves_nothing()
    {
        using var bench = new FoldBench(("d1", "door"));
        bench.Door("d1", 1);
        bench.Time.Advance(TimeSpan.FromMinutes(5));
        bench.Time.JumpTo(bench.Truth - TimeSpan.FromHours(1));
        bench.State = ClockState.Holdover;
        bench.Door("d1", 2);
        bench.Drain();
        bench.Crash();
        bench.Time.Advance(TimeSpan.FromMinutes(5));
        bench.Door("d1", 4);
        bench.Synchronise();
        bench.Time.Advance(TimeSpan.FromHours(2));
        bench.Tick();
        Assert.Equal(
            [("08:00", 1, 0, WindowStatus.Complete), ("08:05", 2, 0, WindowStatus.Repaired), ("08:10", 4, 0, WindowStatus.Repaired)],
            Minutes(bench));
    }

    [Fact]
    public void A_time_server_away_for_a_day_marks_nothing()
    {
        using var bench = new FoldBench(("d1", "door"));
        bench.Door("d1", 1);
        bench.State = ClockState.Holdover;
        bench.Time.Advance(TimeSpan.FromDays(1));
        bench.Door("d1", 1);
        bench.Time.Advance(TimeSpan.FromHours(2));
        bench.Tick();
        Assert.All(bench.Windows().Values, window => Assert.Equal(WindowStatus.Complete, window.Status));
    }

    [Theory]
    [InlineData(-1), InlineData(-24 * 3652)]
    public void A_believed_clock_that_falls_back_leaves_no_window_stuck_and_counts_nobody_twice(int hours)
    {
        using var bench = new FoldBench(("d1", "door"), ("t1", "turnstile"));
        if (hours < -1)
            bench.Time.JumpTo(bench.Truth + TimeSpan.FromHours(-hours));
        bench.Door("d1", 1);
        bench.Turnstile("t1", 100);
        bench.Time.Advance(TimeSpan.FromMinutes(40));
        bench.Door("d1", 1);
        bench.Turnstile("t1", 130);
        bench.Drain();
        bench.Fold.Checkpoint();

        bench.Time.JumpTo(bench.Time.GetUtcNow() + TimeSpan.FromHours(hours));
        for (var i = 0; i < 8; i++)
        {
            bench.Time.Advance(TimeSpan.FromMinutes(10));
            bench.Door("d1", 1);
            bench.Turnstile("t1", 131 + i);
            bench.Drain();
            bench.Fold.Checkpoint();
            bench.Crash();
        }
        bench.Time.Advance(TimeSpan.FromHours(2));
        bench.Tick();
        var windows = bench.Windows().Values;
        Assert.DoesNotContain(windows, window => window.Status == WindowStatus.Provisional);
        foreach (var resolution in Resolutions.All)
        {
            Assert.Equal(10, windows.Where(window => window.Resolution == resolution && window.Line == "ln-d1").Sum(window => window.Counts.Entries));
            Assert.Equal(38, windows.Where(window => window.Resolution == resolution && window.Line == "ln-t1").Sum(window => window.Counts.Entries + window.Counts.UnplacedEntries));
        }
    }

    [Fact]
    public void A_boot_that_ended_without_a_clock_leaves_its_people_in_the_totals_and_off_the_map()
    {
        using var bench = new FoldBench(("d1", "door"), ("t1", "turnstile"));
        bench.Door("d1", 1);
        bench.Turnstile("t1", 50);
        bench.Drain();
        bench.State = ClockState.Unsynchronised;
        bench.Reboot(TimeSpan.FromMinutes(10), DateTimeOffset.UnixEpoch);
        bench.Time.Advance(TimeSpan.FromMinutes(1));
        bench.Door("d1", 2);
        bench.Turnstile("t1", 57);
        bench.Drain();
        bench.Reboot(TimeSpan.FromHours(3), DateTimeOffset.UnixEpoch);
        bench.Door("d1", 4);
        bench.Drain();
        Assert.NotEqual(0, bench.Held);
        bench.Synchronise();
        bench.Door("d1", 8);
        bench.Time.Advance(TimeSpan.FromHours(2));
        bench.Tick();

        var door = bench.Windows().Values.Where(window => window is { Line: "ln-d1", Resolution: Resolution.Minute }).ToList();
        Assert.Equal((13, 2), (door.Sum(window => window.Counts.Entries), door.Sum(window => window.Counts.UnplacedEntries)));
        Assert.Equal((4 + 8, 0), Placed(bench.Window("ln-d1", "11:11:00")));
        // it happened before the next boot began, in a minute that nobody knows
        Assert.Equal((0, 2), Placed(bench.Window("ln-d1", "11:10:00")));
        Assert.Equal(7, bench.Windows().Values.Where(window => window is { Line: "ln-t1", Resolution: Resolution.Hour }).Sum(window => window.Counts.Entries + window.Counts.UnplacedEntries));
    }

    [Fact]
    public void A_short_power_cut_without_a_clock_still_tells_the_hour()
    {
        using var bench = new FoldBench(("d1", "door"));
        bench.Be("08:10:00");
        bench.Door("d1", 1);
        bench.Drain();
        bench.State = ClockState.Unsynchronised;
        bench.Reboot(TimeSpan.FromSeconds(20), DateTimeOffset.UnixEpoch);
        bench.Time.Advance(TimeSpan.FromMinutes(5));
        bench.Door("d1", 2);
        bench.Drain();
        bench.Reboot(TimeSpan.FromSeconds(20), DateTimeOffset.UnixEpoch);
        bench.Synchronise();
        bench.Tick();
        Assert.Equal((3, 0), Placed(bench.Window("ln-d1", "08:00:00", Resolution.Hour)));
    }

    [Fact]
    public void A_device_two_days_ahead_is_booked_at_its_receipt_and_makes_no_other_device_late()
    {
        using var bench = new FoldBench(("b1", "native"), ("b2", "native"));
        bench.Native("b1", FoldBench.At("08:00:00") + (2 * 86_400_000L), 0, 1);
        bench.Time.Advance(TimeSpan.FromSeconds(20));
        bench.Native("b2", FoldBench.At("08:00:10"), 0, 2);
        bench.Native("b1", FoldBench.At("08:00:20"), 1, 4);
        bench.Time.Advance(TimeSpan.FromHours(2));
        bench.Tick();
        var minutes = bench.Windows().Values.Where(window => window.Resolution == Resolution.Minute).OrderBy(window => window.Line, StringComparer.Ordinal)
            .Select(window => (window.Line, window.Counts.Entries, window.Status));
        Assert.Equal([("ln-b1", 5, WindowStatus.Repaired), ("ln-b2", 2, WindowStatus.Complete)], minutes);
    }

    [Fact]
    public void When_clocks_go_back_both_hours_of_one_name_are_told_apart_by_the_receipt()
    {
        // in Berlin 2026-10-25 03:00 CEST becomes 02:00 CET, at 01:00 UTC; the camera writes local time without a zone
        using var bench = new FoldBench(TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"), ("a1", "axis-people-counter"));
        var utc = new DateTimeOffset(2026, 10, 24, 23, 30, 0, TimeSpan.Zero);
        bench.Time.JumpTo(utc);
        var people = 0;
        for (var minute = 0; minute <= 180; minute++)
        {
            var local = utc.AddMinutes(minute).AddHours(minute < 90 ? 2 : 1);
            bench.Hear("axis/a1/people-counter", $$"""{"serial":"x","name":"n","timestamp":"{{local:yyyyMMddHHmmss}}","in":{{people++}},"out":0}""");
            bench.Time.Advance(TimeSpan.FromMinutes(1));
        }
        bench.Time.Advance(TimeSpan.FromHours(2));
        bench.Tick();
        var quarters = bench.Windows().Values.Where(window => window.Resolution == Resolution.QuarterHour && window.Start < utc.AddHours(3).ToUnixTimeSeconds()).ToList();
        Assert.Equal(12, quarters.Count);
        Assert.All(quarters, window => Assert.Equal(15, window.Counts.Entries + window.Counts.UnplacedEntries));
        Assert.Equal(0, bench.Fold.Totals.Duplicates);
    }

    /// <summary>
    /// A gateway without a battery clock, whose power fails and whose clock is set or moved at random instants. Whoever
    /// passed while a boot's time was ever told is in his minute; of the other boots' people all are in the totals. Where
    /// the process dies on the way changes nothing.
    /// </summary>
    [Theory, MemberData(nameof(Seeds))]
    public void Whatever_happens_to_the_clock_each_person_is_counted_once_and_in_his_minute_if_that_can_be_known(int seed)
    {
        using var steady = new ClockModel(seed, crashes: false);
        steady.Run();
        steady.Verify();
        using var crashing = new ClockModel(seed, crashes: true);
        crashing.Run();
        crashing.Verify();
        Assert.Equal(steady.Outcome(), crashing.Outcome());
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 60)];

    private static (long, long) Placed(LineWindow window) => (window.Counts.Entries, window.Counts.UnplacedEntries);

    private static List<(string, long, long, WindowStatus)> Minutes(FoldBench bench) =>
        [.. bench.Windows().Values.Where(window => window.Resolution == Resolution.Minute).OrderBy(window => window.Start)
            .Select(window => (DateTimeOffset.FromUnixTimeSeconds(window.Start).ToString("HH:mm", null), window.Counts.Entries, window.Counts.Exits, window.Status))];
}
