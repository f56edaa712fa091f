using SmartDistrict.Edge.Status;
using SmartDistrict.Testing;

namespace SmartDistrict.Edge.Tests.Status;

/// <summary>What the gateway concludes from its own figures: rates, runway, standstill, and the machine it runs on.</summary>
public sealed class WatchingTests
{
    private readonly ManualTimeProvider time = new();

    [Fact]
    public void A_rate_needs_half_a_minute_and_then_looks_back_over_its_span_only()
    {
        var trend = new Trend(time, TimeSpan.FromHours(1), TimeSpan.FromMinutes(1));
        trend.Add(0);
        time.Advance(TimeSpan.FromSeconds(29));
        trend.Add(29);
        Assert.Null(trend.PerSecond);
        time.Advance(TimeSpan.FromSeconds(1));
        trend.Add(30);
        Assert.Equal(1, trend.PerSecond!.Value, 6);
        for (var second = 0; second < 7200; second += 15)
        {
            time.Advance(TimeSpan.FromSeconds(15));
            trend.Add(30 + (10.0 * (second + 15)));
        }
        Assert.Equal(10, trend.PerSecond!.Value, 6);
        Assert.InRange(trend.Over.TotalMinutes, 58, 60);
    }

    [Fact]
    public void A_count_that_begins_anew_is_no_negative_rate()
    {
        var trend = new Trend(time, TimeSpan.FromHours(1), TimeSpan.FromMinutes(1));
        trend.Add(1000);
        time.Advance(TimeSpan.FromMinutes(5));
        trend.Add(10);
        Assert.Equal(0, trend.PerSecond);
    }

    /// <summary>10 points a second of 100 bytes, and the room in points, bytes, journal and disk.</summary>
    [Theory]
    [InlineData(1_116_000, 1e12, 0, 1e15, "lasts 31 h at this rate", "Sync:MaxRows", 111_600)]
    [InlineData(1e9, 3_600_000, 0, 1e15, "lasts 60 min at this rate", "Sync:MaxBytes", 3600)]
    // 1,500 B/s of outbox file beside 500 B/s of journal
    [InlineData(1e9, 1e12, 1e12, 2_000_000, "lasts 17 min at this rate", "free disk", 1000)]
    // the journal is full after 100 s and grows no more
    [InlineData(1e9, 1e12, 50_000, 1_550_000, "lasts 17 min at this rate", "free disk", 1000)]
    [InlineData(0, 1e12, 0, 1e15, "full (Sync:MaxRows): the oldest points are dropped and counted", "Sync:MaxRows", 0)]
    public void The_runway_is_the_first_limit_reached(double rows, double bytes, double journal, double disk, string words, string limit, long seconds)
    {
        var runway = Runway.Of(new(rows, bytes, journal, disk), 10, 100, 500);
        Assert.Equal((words, limit, (long?)seconds), (runway.Lasts, runway.LimitedBy, runway.Seconds));
        Assert.Equal(36_000, runway.PointsPerHour);
    }

    [Fact]
    public void Without_a_rate_there_is_no_runway_to_tell()
    {
        var room = new Runway.Room(10, 10, 10, null);
        Assert.Null(Runway.Of(room, null, 100, 1).Seconds);
        Assert.Contains("being measured", Runway.Of(room, null, 100, 1).Lasts, StringComparison.Ordinal);
        Assert.Equal("nothing comes in, so nothing fills up", Runway.Of(room, 0, 100, 1).Lasts);
    }

    [Theory]
    [InlineData(90, "90 s")]
    [InlineData(3000, "50 min")]
    [InlineData(111_600, "31 h")]
    [InlineData(1_000_000, "12 days")]
    [InlineData(1e12, "over 1000 days")]
    public void Times_are_told_in_two_digits(double seconds, string words) => Assert.Equal(words, Runway.Words(seconds));

    [Fact]
    public void A_disk_that_does_not_answer_is_told_after_half_a_minute_and_its_recovery_at_once()
    {
        var flow = new FlowState(5, true, false, 5, 0, false);
        var liveness = new Liveness(time, () => flow);
        Turn(ref flow, 25);
        Assert.Null(liveness.Stuck());
        Turn(ref flow, 10);
        Assert.Contains("the journal has not committed for 35 s", liveness.Stuck(), StringComparison.Ordinal);
        flow = flow with { Committed = 6 };
        Assert.Null(liveness.Stuck());
    }

    [Fact]
    public void A_fold_that_stands_still_is_told_also_where_nothing_comes_in()
    {
        var flow = new FlowState(5, false, false, 5, 1, false);
        var liveness = new Liveness(time, () => flow);
        for (var i = 0; i < 10; i++)
        {
            Turn(ref flow, 10);
            Assert.Null(liveness.Stuck());
        }
        time.Advance(TimeSpan.FromSeconds(31));
        Assert.Contains("the fold has stood still at record 5", liveness.Stuck(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_fault_that_is_told_and_tried_again_is_not_stuck()
    {
        var flow = new FlowState(5, true, CommitTellsFault: true, 5, 0, FoldTellsFault: true);
        var liveness = new Liveness(time, () => flow);
        time.Advance(TimeSpan.FromMinutes(10));
        Assert.Null(liveness.Stuck());
    }

    [Fact]
    public void A_raspberry_pi_tells_its_temperature_and_why_it_is_slow()
    {
        using var folder = new TemporaryFolder();
        Put("sys/class/thermal/thermal_zone0/temp", "48312\n");
        Put("sys/class/thermal/thermal_zone1/temp", "71500\n");
        Put("sys/class/thermal/thermal_zone2/temp", "-274000\n");
        Put("sys/devices/platform/soc/soc:firmware/get_throttled", "50005\n");
        Put("proc/self/io", "rchar: 1\nwchar: 2\nsyscr: 3\nsyscw: 4\nread_bytes: 5\nwrite_bytes: 123456789\ncancelled_write_bytes: 7\n");
        var machine = MachineStatus.Read(folder.Path, folder.Path);
        Assert.Equal(71.5, machine.TemperatureCelsius);
        Assert.Equal("under-voltage: the power supply or its cable is too weak; the processor is throttled", machine.Throttling);
        Assert.Equal(123_456_789, machine.DiskWrittenBytes);
        Assert.True(machine.DiskFreeBytes > 0 && machine.DiskBytes >= machine.DiskFreeBytes);

        void Put(string file, string text)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder.Path, file))!);
            File.WriteAllText(Path.Combine(folder.Path, file), text);
        }
    }

    [Fact]
    public void What_a_machine_does_not_tell_is_absent()
    {
        using var folder = new TemporaryFolder();
        var machine = MachineStatus.Read(folder.Path, folder.Path);
        Assert.Null(machine.TemperatureCelsius);
        Assert.Null(machine.Throttling);
        Assert.Null(machine.DiskWrittenBytes);
    }

    private void Turn(ref FlowState flow, int seconds)
    {
        flow = flow with { FoldTurns = flow.FoldTurns + 1 };
        time.Advance(TimeSpan.FromSeconds(seconds));
    }
}
