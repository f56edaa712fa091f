using SmartDistrict.Configuration;
using SmartDistrict.Edge.Drivers.Gpio;
using SmartDistrict.Edge.Footfall;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Edge.Tests.Footfall;

/// <summary>Edges in the journal become windows of the device's line.</summary>
public sealed class BeamFoldTests
{
    private const string In = "A0 B150 a330 b480";
    private const string Out = "B0 A150 b330 a480";

    private static FoldBench Bench() => new(("b1", DualBeamEntry.Profile));

    [Fact]
    public void A_crossing_is_in_the_minute_in_which_the_kernel_saw_it_however_late_it_is_told()
    {
        using var bench = Bench();
        bench.StartBeams("b1");
        bench.Be("08:01:00");
        bench.Edges("b1", In + " A40000");
        bench.Be("08:01:01");
        bench.Edges("b1", "a0 A300");

        Assert.Equal((1, 0), Counts(bench.Window("ln-b1", "08:00:00")));
    }

    [Fact]
    public void Both_directions_are_counted_with_their_doubts()
    {
        using var bench = Bench();
        bench.StartBeams("b1");
        bench.Be("08:00:10");
        bench.Edges("b1", In);
        bench.Be("08:00:20");
        bench.Edges("b1", Out);
        bench.Be("08:00:30");
        bench.Edges("b1", "A0 B160 a200 A250 a330 b490");

        var window = bench.Window("ln-b1", "08:00:00");
        Assert.Equal((2, 1), Counts(window));
        Assert.Equal(1, window.Counts.Ambiguous);
        Assert.Equal((2, 1), Counts(bench.Window("ln-b1", "08:00:00", Resolution.Hour)));
    }

    [Fact]
    public void A_crossing_told_in_pieces_is_counted_once_also_across_a_crash_at_any_edge()
    {
        using var bench = Bench();
        bench.StartBeams("b1");
        bench.Be("08:00:10");
        foreach (var edge in (string[])["A0", "B0", "a0", "b0"])
        {
            bench.Edges("b1", edge);
            bench.Drain();
            bench.Fold.Checkpoint();
            bench.Crash();
            bench.Time.Advance(TimeSpan.FromMilliseconds(150));
        }

        Assert.Equal((1, 0), Counts(bench.Window("ln-b1", "08:00:00")));
        var revision = bench.Window("ln-b1", "08:00:00").Revision;
        bench.Crash();
        Assert.Equal(revision, bench.Window("ln-b1", "08:00:00").Revision);
    }

    [Fact]
    public void A_quiet_minute_is_a_fact_while_the_beams_are_watched()
    {
        using var bench = Bench();
        bench.Be("07:59:30");
        bench.StartBeams("b1");
        bench.Drain();
        Assert.Equal(FoldBench.At("08:00:05"), bench.Fold.NextClose);
        foreach (var time in (string[])["08:00:05", "08:01:05", "08:02:05"])
        {
            bench.Be(time);
            bench.Tick();
        }

        var quiet = bench.Window("ln-b1", "08:01:00");
        Assert.Equal((0, 0), Counts(quiet));
        Assert.Equal((WindowStatus.Complete, 1), (quiet.Status, quiet.Counts.Received));
        Assert.Equal(WindowStatus.Partial, bench.Window("ln-b1", "07:59:00").Status);
    }

    [Fact]
    public void Minutes_in_which_the_gateway_was_off_are_no_quiet_minutes_and_those_around_are_partial()
    {
        using var bench = Bench();
        bench.Be("07:55:30");
        bench.StartBeams("b1");
        foreach (var time in (string[])["07:56:05", "07:57:05", "07:58:05"])
        {
            bench.Be(time);
            bench.Tick();
        }
        bench.Be("07:58:30");
        bench.Edges("b1", In);
        bench.Drain();
        bench.Crash();
        bench.Be("08:10:20");
        bench.Tick();
        bench.StartBeams("b1");
        foreach (var time in (string[])["08:11:05", "08:12:05", "08:13:05"])
        {
            bench.Be(time);
            bench.Tick();
        }

        var windows = bench.Windows();
        WindowStatus? Status(string time) => windows.TryGetValue(("ln-b1", Resolution.Minute, Resolution.Minute.WindowStart(FoldBench.At(time))), out var window) ? window.Status : null;
        Assert.Equal(WindowStatus.Complete, Status("07:56:00"));
        Assert.Equal(WindowStatus.Partial, Status("07:58:00"));
        Assert.Null(Status("08:00:00"));
        Assert.Null(Status("08:08:00"));
        Assert.Equal(WindowStatus.Partial, Status("08:10:00"));
        Assert.Equal(WindowStatus.Complete, Status("08:11:00"));
        Assert.Equal(WindowStatus.Complete, Status("08:12:00"));
        Assert.Equal(WindowStatus.Partial, windows[("ln-b1", Resolution.QuarterHour, Resolution.QuarterHour.WindowStart(FoldBench.At("07:45:00")))].Status);
    }

    [Fact]
    public void Lost_edges_make_the_window_partial_and_are_counted()
    {
        using var bench = Bench();
        bench.Be("08:00:30");
        bench.StartBeams("b1");
        bench.Be("08:02:10");
        bench.Edges("b1", "A0 B150");
        bench.Be("08:02:11");
        bench.Gpio("b1", new GpioNotice.Lost(new Dictionary<string, long> { ["a"] = 3 }, bench.Clock.Now().MonotonicNanoseconds));
        bench.Edges("b1", "a0 b100");
        bench.Be("08:02:30");
        bench.Edges("b1", Out);
        bench.Be("08:03:05");
        bench.Tick();

        var window = bench.Window("ln-b1", "08:02:00");
        Assert.Equal((0, 1), Counts(window));
        Assert.Equal(WindowStatus.Partial, window.Status);
        Assert.Equal(3, bench.Fold.Devices[0].Missing);
    }

    [Fact]
    public void A_blocked_beam_is_found_by_time_alone_and_told()
    {
        using var bench = Bench();
        bench.Be("08:00:30");
        bench.StartBeams("b1");
        bench.Be("08:02:10");
        bench.Edges("b1", "A0");
        bench.Drain();
        Assert.InRange(bench.Fold.NextClose, FoldBench.At("08:02:19"), FoldBench.At("08:02:19") + 2);
        bench.Be("08:02:20");
        bench.Tick();
        bench.Drain();

        Assert.Equal("blocked", bench.Fold.Devices[0].Beams!.Trouble?.Name);
        bench.Fold.Checkpoint();
        bench.Crash();
        Assert.Equal("blocked", bench.Fold.Devices[0].Beams!.Trouble?.Name);
        bench.Be("08:03:05");
        bench.Tick();
        Assert.Equal(WindowStatus.Partial, bench.Window("ln-b1", "08:02:00").Status);
        bench.Be("08:09:00");
        bench.Edges("b1", "a0");
        bench.Drain();
        Assert.Null(bench.Fold.Devices[0].Beams!.Trouble);
        bench.Be("08:10:05");
        bench.Tick();
        Assert.DoesNotContain(("ln-b1", Resolution.Minute, Resolution.Minute.WindowStart(FoldBench.At("08:05:00"))), bench.Windows().Keys);
        Assert.Equal(WindowStatus.Partial, bench.Window("ln-b1", "08:09:00").Status);
    }

    [Fact]
    public void Beams_whose_chip_is_away_say_why_until_they_are_back()
    {
        using var bench = Bench();
        bench.Be("08:00:30");
        bench.StartBeams("b1");
        bench.Be("08:02:30");
        bench.Gpio("b1", new GpioNotice.Gone("the chip 'gpiochip0' is away. Mend: plug it in", bench.Clock.Now().MonotonicNanoseconds));
        bench.Drain();
        Assert.Equal(("gone", "the chip 'gpiochip0' is away. Mend: plug it in"), (bench.Fold.Devices[0].Beams!.Trouble!.Name, bench.Fold.Devices[0].Beams!.Trouble!.Cause));
        bench.Fold.Checkpoint();
        bench.Crash();
        Assert.Equal("gone", bench.Fold.Devices[0].Beams!.Trouble?.Name);
        bench.Be("08:04:30");
        bench.StartBeams("b1");
        bench.Edges("b1", In);
        bench.Drain();

        Assert.Null(bench.Fold.Devices[0].Beams!.Trouble);
        bench.Be("08:06:05");
        bench.Tick();
        Assert.Equal(WindowStatus.Partial, bench.Window("ln-b1", "08:02:00").Status);
        Assert.Equal(WindowStatus.Partial, bench.Window("ln-b1", "08:04:00").Status);
    }

    [Fact]
    public void A_notice_that_cannot_be_read_goes_to_the_dead_letters()
    {
        using var bench = Bench();
        bench.StartBeams("b1");
        bench.Hear("gpio/b1", "{\"edges\":[]}");
        bench.Windows();

        Assert.Contains("'edges' is empty", Assert.Single(bench.Letters()).Reason, StringComparison.Ordinal);
    }

    private static (long Entries, long Exits) Counts(LineWindow window) => (window.Counts.Entries, window.Counts.Exits);
}
