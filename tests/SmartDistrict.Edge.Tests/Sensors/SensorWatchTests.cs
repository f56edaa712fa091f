using SmartDistrict.Configuration;
using SmartDistrict.Edge.Sensors;

namespace SmartDistrict.Edge.Tests.Sensors;

/// <summary>
/// What the counts of a line betray of its sensor. Five lines with the same rhythm: 200 people an hour by day, 10 by night, each
/// hour a little different; line 0 is the one that something happens to.
/// </summary>
public sealed class SensorWatchTests : IDisposable
{
    private const int Lines = 5;
    private const long Monday = 1_772_409_600; // 2026-03-02 00:00 UTC

    private readonly SensorBench bench = new(Lines);
    private readonly Random chance = new(7);
    private long hour;

    public void Dispose() => bench.Dispose();

    [Fact]
    public void A_sound_sensor_is_never_doubted_and_the_first_weeks_only_teach()
    {
        Days(70);
        Assert.All(Enumerable.Range(0, Lines), line => Assert.Equal(SensorFault.None, bench.Watch.StateOf(line).Fault));
    }

    [Fact]
    public void Nobody_where_many_are_usual_is_blind_after_two_hours_and_over_after_three_sound_ones()
    {
        LearnUntilNoon();
        Hour(own: _ => (0, 0));
        Assert.Equal(SensorFault.None, State.Fault);
        Hour(own: _ => (0, 0));
        Assert.Equal(SensorFault.Blind, State.Fault);
        Assert.Contains("counts nobody, where about 3", State.Cause, StringComparison.Ordinal);
        Assert.NotEmpty(State.NextStep);
        Hour();
        Hour();
        Assert.Equal(SensorFault.Blind, State.Fault);
        Hour();
        Assert.Equal(SensorFault.None, State.Fault);
    }

    [Fact]
    public void Nobody_at_night_is_usual_and_a_blind_sensor_that_stays_blind_teaches_nothing()
    {
        LearnUntilNoon();
        Days(60, own: _ => (0, 0));
        Assert.Equal(SensorFault.Blind, State.Fault);
        Assert.Equal(SensorFault.None, bench.Watch.StateOf(1).Fault);
    }

    [Fact]
    public void An_empty_street_is_no_fault_where_the_neighbours_are_empty_too()
    {
        LearnUntilNoon();
        for (var i = 0; i < 6; i++)
            Hour(own: _ => (0, 0), others: _ => (1, 0));
        Assert.Equal(SensorFault.None, State.Fault);
    }

    [Theory]
    [InlineData(false, SensorFault.NoExits)]
    [InlineData(true, SensorFault.NoEntries)]
    public void A_dead_direction_is_noticed(bool entries, SensorFault fault)
    {
        LearnUntilNoon();
        for (var i = 0; i < 2; i++)
            Hour(own: usual => entries ? (0, usual.Exits) : (usual.Entries, 0));
        Assert.Equal(fault, State.Fault);
        Assert.Contains("both directions", State.NextStep, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_number_five_hours_long_is_stuck()
    {
        LearnUntilNoon();
        for (var i = 0; i < 4; i++)
            Hour(own: _ => (93, 88));
        Assert.Equal(SensorFault.None, State.Fault);
        Hour(own: _ => (93, 88));
        Assert.Equal(SensorFault.Stuck, State.Fault);
        Assert.Contains("181 hour after hour", State.Cause, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2.0, SensorFault.High)]
    [InlineData(0.5, SensorFault.Low)]
    public void Counting_double_or_half_is_noticed_within_a_week_and_taken_as_usual_after_some(double factor, SensorFault fault)
    {
        LearnUntilNoon();
        Days(5, own: Times);
        Assert.Equal(SensorFault.None, State.Fault);
        Days(3, own: Times);
        Assert.Equal(fault, State.Fault);
        Assert.Contains(factor == 2.0 ? "it has counted 19" : "it has counted 5", State.Cause, StringComparison.Ordinal);
        Days(50, own: Times);
        Assert.Equal(SensorFault.None, State.Fault);

        (long, long) Times((long Entries, long Exits) usual) => ((long)(usual.Entries * factor), (long)(usual.Exits * factor));
    }

    [Fact]
    public void A_festival_that_doubles_the_whole_district_is_no_fault()
    {
        LearnUntilNoon();
        Days(10, own: usual => (usual.Entries * 2, usual.Exits * 2), others: usual => (usual.Entries * 2, usual.Exits * 2));
        Assert.Equal(SensorFault.None, State.Fault);
    }

    [Fact]
    public void A_share_of_entries_that_shifts_and_stays_is_an_imbalance()
    {
        LearnUntilNoon();
        Days(8, own: usual => (usual.Entries * 3 / 2, usual.Exits / 2));
        Assert.Equal(SensorFault.Imbalanced, State.Fault);
    }

    [Fact]
    public void Hours_with_gaps_neither_teach_nor_count_as_low()
    {
        LearnUntilNoon();
        Days(20, own: usual => (usual.Entries / 3, usual.Exits / 3), whole: false);
        Assert.Equal(SensorFault.None, State.Fault);
    }

    [Fact]
    public void A_crash_between_checkpoints_changes_no_judgement()
    {
        using var other = new SensorBench(Lines);
        LearnUntilNoon(other);
        bench.Crash();
        for (var i = 0; i < 200; i++)
        {
            var at = hour;
            var hours = Hour(own: usual => i % 50 < 10 ? (0, 0) : usual, save: i % 7 == 6);
            other.Watch.Observe(Monday + (at * 3600), hours);
            if (i % 7 == 6)
            {
                bench.Crash();
                other.Save();
            }
            for (var line = 0; line < Lines; line++)
                Assert.Equal(other.Watch.StateOf(line), bench.Watch.StateOf(line));
        }
    }

    [Fact]
    public void An_hour_is_judged_once_and_never_backwards()
    {
        LearnUntilNoon();
        var at = Monday + (hour * 3600);
        bench.Watch.Observe(at - 3600, [new(0, 0, 0, true)]);
        bench.Watch.Observe(at - 7200, [new(0, 0, 0, true)]);
        Hour(own: _ => (0, 0));
        Assert.Equal(SensorFault.None, State.Fault);
    }

    [Fact]
    public void Neighbours_are_the_lines_of_the_same_zone_first_then_the_nearest()
    {
        var name = new LocalName("线", "line");
        CountingLine Line(string id, double x, string zone) => new(id, name, new(x, 0), new(x + 1, 0), [new(DateTimeOffset.UnixEpoch, District.Outside, zone)]);
        var order = Neighbours.Of([Line("a", 0, "hall"), Line("b", 5, "street"), Line("c", 2, "street"), Line("d", 50, "hall")], CoordinateSystem.LocalMetres);
        Assert.Equal([3, 2, 1], order[0]);
        Assert.Equal([2, 0, 3], order[1]);
    }

    private SensorState State => bench.Watch.StateOf(0);

    private void LearnUntilNoon(SensorBench? beside = null)
    {
        for (var i = 0; i < (42 * 24) + 12; i++)
        {
            var at = hour;
            var hours = Hour();
            beside?.Watch.Observe(Monday + (at * 3600), hours);
            beside?.Save();
        }
        Assert.Equal(SensorFault.None, State.Fault);
    }

    private void Days(int days, Func<(long Entries, long Exits), (long, long)>? own = null, Func<(long Entries, long Exits), (long, long)>? others = null, bool whole = true)
    {
        for (var i = 0; i < days * 24; i++)
            Hour(own, others, whole);
    }

    private List<LineHour> Hour(
        Func<(long Entries, long Exits), (long, long)>? own = null, Func<(long Entries, long Exits), (long, long)>? others = null, bool whole = true, bool save = true)
    {
        var day = hour % 24 is >= 8 and < 22;
        List<LineHour> hours = [];
        for (var line = 0; line < Lines; line++)
        {
            (long, long) usual = (Around(day ? 100 : 5), Around(day ? 100 : 5));
            var (entries, exits) = ((line == 0 ? own : others) ?? (people => people))(usual);
            hours.Add(new(line, entries, exits, line != 0 || whole));
        }
        bench.Watch.Observe(Monday + (hour++ * 3600), hours);
        if (save)
            bench.Save();
        return hours;
    }

    private long Around(int mean) => Math.Max(0, mean + (long)Math.Round(Math.Sqrt(mean) * 2 * (chance.NextDouble() + chance.NextDouble() - 1)));
}
