using System.Globalization;
using SmartDistrict.Edge.Footfall;
using SmartDistrict.Testing.Simulation.Beams;

namespace SmartDistrict.Edge.Tests.Footfall;

/// <summary>
/// Edges are written as a technician would tell them: <c>A0 B150 a330 b480</c> is beam A broken at 0 ms, B broken at
/// 150 ms, A clear at 330 ms, B clear at 480 ms. The beams are 0.2 m apart.
/// </summary>
public sealed class DualBeamTests
{
    private static readonly BeamGeometry Door = new(0.2, 0.6);

    [Theory]
    // code = A + 2B: in is 0-1-3-2-0, out is 0-2-3-1-0
    [InlineData("A0 B150 a330 b480", "in 1")]
    [InlineData("B0 A150 b330 a480", "out 1")]
    // a stroller and a runner
    [InlineData("A0 B500 a1000 b1500", "in 1")]
    [InlineData("B0 A50 b110 a160", "out 1")]
    // walks in while slowing down to half the speed
    [InlineData("A0 B150 a420 b720", "in 1")]
    // turns back: at the first beam 0-1-0, at the second 0-1-3-1-0, and nearly through 0-1-3-2-3-1-0
    [InlineData("A0 a400", "")]
    [InlineData("B0 b400", "")]
    [InlineData("A0 B200 b1200 a1400", "")]
    [InlineData("B0 A200 a1200 b1400", "")]
    [InlineData("A0 B170 a400 A1300 b1600 a1800", "")]
    // comes nearly through, goes back a step, and goes through after all
    [InlineData("A0 B170 a400 A1400 a2500 b2800", "in 1 (1 ambiguous)")]
    // stands between the beams for some seconds
    [InlineData("A0 B200 a4300 b4500", "in 1 (1 ambiguous)")]
    [InlineData("A0 B200 b4000 a4300", "")]
    // 0-1-3-2-3-2-0: one person with a swinging arm, or two: one is certain
    [InlineData("A0 B160 a200 A250 a330 b490", "in 1 (1 ambiguous)")]
    [InlineData("B0 A160 b200 B250 b330 a490", "out 1 (1 ambiguous)")]
    // faster than the kernel tells apart: 1-2 without 3, and shallower than the beams are apart: 1-0-2
    [InlineData("A0 a80 B80 b160", "in 1 (1 ambiguous)")]
    [InlineData("B0 b60 A90 a150", "out 1 (1 ambiguous)")]
    [InlineData("A0 a60 B900 b960", "")]
    // one behind the other without both beams clear: each is seen whole in each beam, and nobody turns twice within 0.1 s
    [InlineData("A0 B160 a330 A380 b490 B540 a710 b870", "in 2")]
    [InlineData("B0 A160 b330 B380 a490 A540 b710 a870", "out 2")]
    [InlineData("A0 B160 a330 A380 b490 B540 a710 A760 b870 B920 a1090 b1250", "in 3")]
    // so close that no gap is left: 0.85 m without a pause are no single person
    [InlineData("A0 B160 a680 b840", "in 2 (1 ambiguous)")]
    // two abreast are one: physics
    [InlineData("A0 B160 a350 b510", "in 1")]
    // they meet between the beams: a turn back in so short a time would need 10 m/s²
    [InlineData("A0 B50 b490 a540", "in 1, out 1")]
    [InlineData("A0 B160 a330 A430 b600 a760", "in 1, out 1")]
    public void An_episode_is_counted_as_it_was(string edges, string expected)
    {
        var counter = Clear(Door);

        foreach (var edge in Edges(edges))
            counter.Observe(edge);

        Assert.True(counter.Known);
        Assert.Equal(expected, Text(counter.Passages));
    }

    [Fact]
    public void Passages_are_timed_at_the_middle_of_the_body_in_the_middle_of_the_beams()
    {
        var counter = Clear(Door);
        foreach (var edge in Edges("A1000 B1150 a1330 b1480"))
            counter.Observe(edge);

        Assert.Equal(1240, Assert.Single(counter.Passages).At / 1e6, 3.0);
    }

    [Fact]
    public void After_a_start_nothing_is_known_until_both_beams_are_clear()
    {
        var counter = new DualBeam(Door, TimeSpan.FromSeconds(8));
        counter.Start(0, a: true, b: false);
        foreach (var edge in Edges("B150 a330 b480"))
        {
            Assert.False(counter.Known);
            counter.Observe(edge);
        }

        Assert.True(counter.Known);
        Assert.Empty(counter.Passages);
        Assert.Equal(480, Assert.Single(counter.Gaps).To / 1_000_000);
        foreach (var edge in Edges("A1000 B1150 a1330 b1480"))
            counter.Observe(edge);
        Assert.Equal("in 1", Text(counter.Passages));
    }

    [Fact]
    public void A_start_with_clear_beams_counts_the_next_person()
    {
        var counter = Clear(Door);
        foreach (var edge in Edges("A1000 B1150"))
            counter.Observe(edge);
        counter.Start(2_000_000_000, false, false);

        Assert.True(counter.Known);
        Assert.Empty(counter.Passages);
        Assert.Contains(new BeamGap(1_000_000_000, 2_000_000_000), counter.Gaps);
    }

    [Fact]
    public void Lost_edges_make_the_episode_unknown_until_both_beams_are_seen_clear()
    {
        var counter = Clear(Door);
        foreach (var edge in Edges("A0 B150"))
            counter.Observe(edge);
        counter.Lose(400_000_000, Beam.A);
        foreach (var edge in Edges("a400 b480"))
        {
            Assert.False(counter.Known);
            counter.Observe(edge);
        }

        Assert.True(counter.Known);
        Assert.Empty(counter.Passages);
        Assert.Equal([new BeamGap(0, 400_000_000), new BeamGap(0, 480_000_000)], counter.Gaps[1..]);
    }

    [Fact]
    public void A_beam_whose_edges_were_lost_is_not_taken_for_clear_before_its_next_edge()
    {
        var counter = Clear(Door);
        counter.Lose(1_000_000_000, Beam.B);
        foreach (var edge in Edges("A2000 a2200 A3000 B3150 a3330"))
        {
            counter.Observe(edge);
            Assert.False(counter.Known);
        }
        counter.Observe(Edges("b3480").Single());

        Assert.True(counter.Known);
        Assert.Empty(counter.Passages);
    }

    [Theory]
    [InlineData("A0 A50 B150 a330 b480", 0, 480)]
    [InlineData("A0 B150 a330 a340 b480", 0, 480)]
    [InlineData("b100", 100, 100)]
    public void An_edge_twice_in_a_row_shows_a_loss(string edges, int from, int to)
    {
        var counter = Clear(Door);
        foreach (var edge in Edges(edges))
            counter.Observe(edge);

        Assert.True(counter.Known);
        Assert.Empty(counter.Passages);
        Assert.Equal(new BeamGap(from * 1_000_000L, to * 1_000_000L), counter.Gaps[^1]);
    }

    [Theory]
    [InlineData("A0", BeamFault.BlockedA)]
    [InlineData("B0", BeamFault.BlockedB)]
    [InlineData("A0 B100", BeamFault.BlockedBoth)]
    public void A_beam_that_stays_broken_is_blocked_and_nobody_is_counted_until_both_are_clear(string edges, BeamFault fault)
    {
        var counter = Clear(Door);
        foreach (var edge in Edges(edges))
            counter.Observe(edge);
        Assert.Equal(8_000_000_000, counter.Due);
        counter.Advance(7_999_999_999);
        Assert.Equal(BeamFault.None, counter.Fault);
        counter.Advance(8_100_000_000);

        Assert.Equal(fault, counter.Fault);
        Assert.False(counter.Known);
        Assert.Null(counter.Due);
        foreach (var edge in Edges(fault == BeamFault.BlockedB ? "b20000" : fault == BeamFault.BlockedA ? "a20000" : "a20000 b20200"))
            counter.Observe(edge);
        Assert.Equal(BeamFault.None, counter.Fault);
        Assert.True(counter.Known);
        Assert.Empty(counter.Passages);
        Assert.Equal(0, counter.Gaps[^1].From);
        foreach (var edge in Edges("B30000 A30150 b30330 a30480"))
            counter.Observe(edge);
        Assert.Equal("out 1", Text(counter.Passages));
    }

    [Fact]
    public void A_beam_is_blocked_whether_time_or_the_next_edge_tells()
    {
        var (told, late) = (Clear(Door), Clear(Door));
        told.Observe(Edges("A0").Single());
        late.Observe(Edges("A0").Single());
        told.Advance(9_000_000_000);
        told.Observe(Edges("a9500").Single());
        late.Observe(Edges("a9500").Single());

        Assert.Equal(late.ToBytes(), told.ToBytes());
        Assert.Equal(late.Gaps, told.Gaps);
    }

    [Fact]
    public void Beams_of_which_one_never_follows_are_misaligned_until_it_follows_again()
    {
        var counter = Clear(Door);
        for (var i = 0; i < 15; i++)
            foreach (var edge in Edges(Later("A0 a300", i)))
                counter.Observe(edge);
        Assert.Equal(BeamFault.None, counter.Fault);
        foreach (var edge in Edges(Later("A0 a300", 16)))
            counter.Observe(edge);
        Assert.Equal(BeamFault.MisalignedB, counter.Fault);
        for (var i = 20; counter.Fault != BeamFault.None; i++)
        {
            Assert.True(i < 36);
            foreach (var edge in Edges(Later("A0 B150 a330 b480", i)))
                counter.Observe(edge);
        }
    }

    [Fact]
    public void Many_who_turn_back_at_the_first_beam_among_others_are_no_misalignment()
    {
        var counter = Clear(Door);
        for (var i = 0; i < 200; i++)
            foreach (var edge in Edges(Later(i % 3 == 0 ? "A0 B150 a330 b480" : i % 3 == 1 ? "A0 a300" : "B0 b300", i)))
            {
                counter.Observe(edge);
                Assert.Equal(BeamFault.None, counter.Fault);
            }
    }

    [Fact]
    public void A_crowd_that_never_lets_the_beams_be_clear_ends_as_a_gap_not_as_a_guess()
    {
        var counter = Clear(Door);
        counter.Observe(Edges("A0").Single());
        for (var i = 0; i < 100; i++)
            foreach (var edge in Edges(Later("B100 b400", i)))
                counter.Observe(edge);

        Assert.Empty(counter.Passages);
        Assert.False(counter.Known);
    }

    /// <summary>People of all sorts, one at a time: who goes through is counted, who turns back is not, whatever the geometry.</summary>
    [Theory]
    [InlineData(0.10)]
    [InlineData(0.15)]
    [InlineData(0.20)]
    [InlineData(0.25)]
    public void One_at_a_time_everybody_is_counted_and_a_checkpoint_at_any_edge_changes_nothing(double spacing)
    {
        var random = new Random(7);
        var geometry = new BeamGeometry(spacing, 0.6);
        var counter = Clear(geometry);
        var interrupted = Clear(geometry);
        var time = 10.0;
        for (var person = 0; person < 500; person++)
        {
            var beams = new VirtualBeams(spacing, Between(random, Math.Max(0.28, spacing + 0.05), 0.5), 0.025);
            var (walker, expected) = RandomWalker(random, time, (beams.BodyWidth - spacing) / 2);
            var edges = beams.Edges(beams.Occlusions(walker, 0), beams.Occlusions(walker, 1))
                .Select(edge => new BeamEdge(edge.Nanoseconds, (Beam)edge.Beam, edge.Broken)).ToList();
            foreach (var edge in edges)
            {
                counter.Observe(edge);
                interrupted.Observe(edge);
                var again = new DualBeam(geometry, TimeSpan.FromSeconds(8));
                again.Restore(interrupted.ToBytes());
                Assert.Equal(interrupted.Due, again.Due);
                again.Passages.AddRange(interrupted.Passages);
                interrupted = again;
                Assert.Equal(counter.ToBytes(), interrupted.ToBytes());
            }
            var (entries, exits) = (counter.Passages.Where(p => p.Inward).Sum(p => p.People), counter.Passages.Where(p => !p.Inward).Sum(p => p.People));
            Assert.True((entries, exits) == (expected > 0 ? 1 : 0, expected < 0 ? 1 : 0),
                $"person {person}: {expected} was counted as {entries} in, {exits} out from {string.Join(' ', edges.Select(edge => $"{(edge.Broken ? edge.Beam.ToString() : edge.Beam == Beam.A ? "a" : "b")}{(edge.Time - edges[0].Time) / 1_000_000}"))}");
            Assert.Equal(counter.Passages, interrupted.Passages);
            counter.Passages.Clear();
            interrupted.Passages.Clear();
            time = walker.To + Between(random, 0.05, 3);
        }
        Assert.Equal(BeamFault.None, counter.Fault);
    }

    /// <summary>Walks through, in or out, at a speed that wavers; or comes some way, brakes, and goes back.</summary>
    /// <param name="clear">
    /// How far beyond the middle the first beam is clear again. Who turns there and is quick leaves the same edges as two
    /// people who meet, so nobody does.
    /// </param>
    private static (Walker Walker, int Expected) RandomWalker(Random random, double start, double clear)
    {
        var direction = random.Next(2) == 0 ? 1 : -1;
        var speed = Between(random, 0.35, 2.2);
        if (random.Next(5) > 0)
        {
            var (waver, phase) = (Between(random, 0, 0.25), Between(random, 0, 6));
            var length = 2.0 / speed;
            return (new Walker(1, start, start + length, t => direction * (-1 + (speed * (t - start)) + (waver * speed / 6 * (Math.Sin((6 * (t - start)) + phase) - Math.Sin(phase))))), direction);
        }
        // braking at a constant rate from a start 1.2 m away, so that the body turns somewhere before it is through
        var deepest = Between(random, -0.4, clear);
        var brake = Between(random, 0.6, 2.0);
        var turn = Math.Sqrt(2 * (deepest + 1.2) / brake);
        return (new Walker(1, start, start + (2 * turn), t => direction * (deepest - (brake / 2 * (t - start - turn) * (t - start - turn)))), 0);
    }

    private static double Between(Random random, double least, double most) => least + (random.NextDouble() * (most - least));

    private static DualBeam Clear(BeamGeometry geometry)
    {
        var counter = new DualBeam(geometry, TimeSpan.FromSeconds(8));
        counter.Start(-1_000_000_000, false, false);
        return counter;
    }

    private static string Later(string edges, int seconds) =>
        string.Join(' ', edges.Split(' ').Select(edge => string.Create(CultureInfo.InvariantCulture, $"{edge[0]}{int.Parse(edge[1..], CultureInfo.InvariantCulture) + (1000 * seconds)}")));

    private static IEnumerable<BeamEdge> Edges(string text) => text.Split(' ')
        .Select(edge => new BeamEdge(long.Parse(edge[1..], CultureInfo.InvariantCulture) * 1_000_000, edge[0] is 'A' or 'a' ? Beam.A : Beam.B, char.IsUpper(edge[0])))
        .OrderBy(edge => edge.Time).ThenBy(edge => edge.Broken);

    private static string Text(List<Passage> passages) => string.Join(", ", new[] { true, false }.Select(inward =>
    {
        var those = passages.Where(passage => passage.Inward == inward).ToList();
        var (people, ambiguous) = (those.Sum(passage => passage.People), those.Sum(passage => passage.Ambiguous));
        return people == 0 ? null : $"{(inward ? "in" : "out")} {people}{(ambiguous > 0 ? $" ({ambiguous} ambiguous)" : "")}";
    }).OfType<string>());
}
