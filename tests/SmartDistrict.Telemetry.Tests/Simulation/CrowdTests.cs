using SmartDistrict.Configuration;
using SmartDistrict.Testing.Simulation;

namespace SmartDistrict.Telemetry.Tests.Simulation;

public sealed class CrowdTests
{
    private static readonly DailyRhythm Rhythm = new(Harbour.District.TimeZone, DateTimeOffset.MaxValue);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(20260304)]
    public void Everybody_who_enters_a_zone_leaves_it_and_no_zone_is_ever_emptier_than_empty(int seed)
    {
        var graph = new ZoneGraph(Harbour.District, Harbour.Start, _ => false);
        var crowd = new Crowd(graph, Rhythm, Harbour.Start, seed, peakPerMinute: 30);
        var inside = new Dictionary<string, int>();
        var entered = 0;
        for (var until = Harbour.Start.AddHours(12).ToUnixTimeMilliseconds(); crowd.Next <= until;)
        {
            var crossing = crowd.Take();
            var join = Harbour.District.Lines[crossing.Line].Joins[0];
            var (from, to) = crossing.Entry ? (join.From, join.To) : (join.To, join.From);
            inside[from] = inside.GetValueOrDefault(from) - 1;
            inside[to] = inside.GetValueOrDefault(to) + 1;
            entered += from == District.Outside ? 1 : 0;
            Assert.True(from == District.Outside || inside[from] >= 0, $"{from} holds {inside[from]} people");
        }
        Assert.True(entered > 10_000, $"only {entered} people came in 12 hours");
        Assert.Equal(crowd.Inside, inside.Where(zone => zone.Key != District.Outside).Sum(zone => zone.Value));
        Assert.True(crowd.Inside < entered / 4, $"{crowd.Inside} of {entered} people are still inside at midnight");
    }

    [Fact]
    public void Crossings_come_in_the_order_of_time()
    {
        var crowd = new Crowd(new ZoneGraph(Harbour.District, Harbour.Start, _ => false), Rhythm, Harbour.Start, 3, 60);
        var last = 0L;
        for (var i = 0; i < 20_000; i++)
        {
            var announced = crowd.Next;
            var crossing = crowd.Take();
            Assert.Equal(announced, crossing.At);
            Assert.True(crossing.At >= last);
            last = crossing.At;
        }
    }

    [Fact]
    public void Every_zone_is_visited_within_an_hour_of_the_lunch_peak()
    {
        var crowd = new Crowd(new ZoneGraph(Harbour.District, Harbour.Start, _ => false), Rhythm, Harbour.Start, 1, 240);
        var crossed = new HashSet<int>();
        while (crowd.Next < Harbour.Start.AddHours(1).ToUnixTimeMilliseconds())
            crossed.Add(crowd.Take().Line);
        var visited = crossed.SelectMany(line => new[] { Harbour.District.Lines[line].Joins[0].From, Harbour.District.Lines[line].Joins[0].To }).ToHashSet();
        Assert.DoesNotContain(Harbour.District.Zones, zone => !visited.Contains(zone.Id));
    }

    [Fact]
    public void Lines_that_count_one_direction_are_passed_in_that_direction_only()
    {
        var oneWay = Harbour.District.Devices.Where(d => d.Profile == "axis-object-analytics").SelectMany(d => d.Lines.Values).ToHashSet();
        Assert.NotEmpty(oneWay);
        var crowd = new Crowd(new ZoneGraph(Harbour.District, Harbour.Start, line => oneWay.Contains(line.Id)), Rhythm, Harbour.Start, 5, 240);
        var seen = 0;
        while (crowd.Next < Harbour.Start.AddHours(2).ToUnixTimeMilliseconds())
        {
            var crossing = crowd.Take();
            if (!oneWay.Contains(Harbour.District.Lines[crossing.Line].Id))
                continue;
            seen++;
            Assert.True(crossing.Entry);
        }
        Assert.True(seen > 100);
    }

    [Fact]
    public void A_district_without_an_entrance_is_refused_with_the_mend()
    {
        var closed = Harbour.District with { Lines = [.. Harbour.District.Lines.Where(line => line.Joins[0].From != District.Outside)] };
        var refusal = Assert.Throws<InvalidOperationException>(() => new Crowd(new ZoneGraph(closed, Harbour.Start, _ => false), Rhythm, Harbour.Start, 1, 1));
        Assert.Contains("give the district an entrance", refusal.Message, StringComparison.Ordinal);
    }
}
