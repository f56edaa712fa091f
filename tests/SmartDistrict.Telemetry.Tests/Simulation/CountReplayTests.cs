using SmartDistrict.Configuration;
using SmartDistrict.Testing;
using SmartDistrict.Testing.Simulation;
using SmartDistrict.Testing.Simulation.Replay;

namespace SmartDistrict.Telemetry.Tests.Simulation;

public sealed class CountReplayTests
{
    /// <summary>A Tuesday, 13:00 in Melbourne (summer time, as in the data).</summary>
    private static readonly DateTimeOffset Start = new(2026, 3, 3, 13, 0, 0, TimeSpan.FromHours(11));

    private static PedestrianCounts Counts()
    {
        var folder = RepositoryFiles.Path("..", "shared", "data", "melbourne");
        Assert.SkipUnless(Directory.Exists(folder), "the pedestrian counts of Melbourne are not here");
        return PedestrianCounts.Load(folder);
    }

    private static int Arrivals(CountReplay replay, DateTimeOffset from, DateTimeOffset to)
    {
        var count = 0;
        while (replay.Next < to.ToUnixTimeMilliseconds())
            count += replay.Take().At >= from.ToUnixTimeMilliseconds() ? 1 : 0;
        return count;
    }

    [Fact]
    public void Missing_data_are_refused_with_where_to_put_them()
    {
        var refusal = Assert.Throws<FileNotFoundException>(() => PedestrianCounts.Load("/no/such/folder"));
        Assert.Contains("--data", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void It_feels_the_same_weekday_and_hour_within_the_newest_week_of_the_data()
    {
        var counts = Counts();
        var felt = new CountReplay(counts, new SimulationOptions { Start = Start }).Felt(Start.ToUnixTimeMilliseconds());
        var local = TimeZoneInfo.ConvertTime(felt, PedestrianCounts.TimeZone);
        Assert.Equal((DayOfWeek.Tuesday, 13), (local.DayOfWeek, local.Hour));
        Assert.InRange(counts.Last - local.DateTime, TimeSpan.FromDays(1), TimeSpan.FromDays(8));
    }

    [Fact]
    public void An_hour_brings_about_as_many_people_as_were_counted_in_it()
    {
        var counts = Counts();
        var replay = new CountReplay(counts, new SimulationOptions { Start = Start });
        var hour = TimeZoneInfo.ConvertTime(replay.Felt(Start.ToUnixTimeMilliseconds()), PedestrianCounts.TimeZone).DateTime;
        var counted = Enumerable.Range(0, counts.Sensors.Count).Sum(sensor => counts.At(sensor, hour) ?? 0);
        var arrived = Arrivals(replay, Start, Start.AddHours(1));
        Assert.InRange(arrived, counted - 5 * Math.Sqrt(counted), counted + 5 * Math.Sqrt(counted));
        Assert.True(counted > 10_000);
    }

    [Fact]
    public void Speed_brings_the_people_of_an_hour_in_a_part_of_it()
    {
        var counts = Counts();
        var slow = Arrivals(new CountReplay(counts, new SimulationOptions { Start = Start }), Start, Start.AddHours(2));
        var fast = Arrivals(new CountReplay(counts, new SimulationOptions { Start = Start, Speed = 60 }), Start, Start.AddMinutes(2));
        Assert.InRange(fast, slow * 0.95, slow * 1.05);
    }

    [Fact]
    public void The_hour_that_summer_time_leaves_out_does_not_happen_and_the_one_it_repeats_lasts_two()
    {
        var counts = Counts();
        // 2014-10-05: 01:59:59 is followed by 03:00; 2014-04-06: 02:59:59 is followed by 02:00
        var spring = new DateTimeOffset(2014, 10, 5, 1, 0, 0, TimeSpan.FromHours(10));
        var autumn = new DateTimeOffset(2014, 4, 6, 2, 0, 0, TimeSpan.FromHours(11));
        int Sum(DateTime hour) => Enumerable.Range(0, counts.Sensors.Count).Sum(sensor => counts.At(sensor, hour) ?? 0);

        var skipped = Arrivals(new CountReplay(counts, new SimulationOptions { Start = Start }, spring), Start, Start.AddHours(2));
        Near(Sum(new DateTime(2014, 10, 5, 1, 0, 0)) + Sum(new DateTime(2014, 10, 5, 3, 0, 0)), skipped);
        var doubled = Arrivals(new CountReplay(counts, new SimulationOptions { Start = Start }, autumn), Start, Start.AddHours(2));
        Near(Sum(new DateTime(2014, 4, 6, 2, 0, 0)), doubled);

        static void Near(int counted, int arrived) => Assert.InRange(arrived, counted - 5 * Math.Sqrt(counted), counted + 5 * Math.Sqrt(counted));
    }

    [Fact]
    public void After_the_end_of_the_data_the_last_week_comes_again()
    {
        var counts = Counts();
        var replay = new CountReplay(counts, new SimulationOptions { Start = Start });
        var felt = TimeZoneInfo.ConvertTime(replay.Felt(Start.AddDays(30).ToUnixTimeMilliseconds()), PedestrianCounts.TimeZone).DateTime;
        Assert.InRange(counts.Last - felt, TimeSpan.FromHours(-1), TimeSpan.FromDays(7));
        Assert.Equal(TimeZoneInfo.ConvertTime(Start.AddDays(30), PedestrianCounts.TimeZone).DayOfWeek, felt.DayOfWeek);
    }

    [Fact]
    public void The_sensors_become_a_district_that_loads_with_every_sensor_in_its_own_zone()
    {
        var counts = Counts();
        var problems = new ConfigurationProblems("melbourne.yaml");
        var district = DistrictFile.Parse(SensorDistrict.Yaml(counts.Sensors), problems);
        Assert.True(district is not null, string.Join('\n', problems.InOrder));
        Assert.Equal(39, district.Zones.Count);
        foreach (var sensor in counts.Sensors)
            Assert.Equal($"s{sensor.Number}", Assert.Single(district.Zones, zone => Contains(zone, sensor)).Id);
    }

    [Fact]
    public void Entries_are_reported_without_exits_and_a_sensor_without_data_is_silent()
    {
        var counts = Counts();
        var district = DistrictFile.Parse(SensorDistrict.Yaml(counts.Sensors), new ConfigurationProblems("melbourne.yaml"))!;
        var options = new SimulationOptions { Start = Start, History = TimeSpan.FromHours(24) };
        var replay = new CountReplay(counts, options);
        var published = SimulatedDistrict.Replayed(district, options, replay).Advance(Start.AddMinutes(2)).ToList();
        Assert.All(published, p => Assert.DoesNotContain("exits", System.Text.Encoding.UTF8.GetString(p.Payload.Span), StringComparison.Ordinal));
        Assert.Equal(Enumerable.Range(0, 39).Count(replay.Works), published.Select(p => p.Device).Distinct().Count());
        Assert.InRange(published.Select(p => p.Device).Distinct().Count(), 30, 38);
        Assert.True(Harbour.Learn(published).Total().Entries > 100_000);
    }

    /// <summary>The even-odd rule along a ray to the east.</summary>
    private static bool Contains(Zone zone, StreetSensor sensor)
    {
        var inside = false;
        for (var i = 0; i < zone.Polygon.Count; i++)
        {
            var (a, b) = (zone.Polygon[i], zone.Polygon[(i + 1) % zone.Polygon.Count]);
            if (a.Y > sensor.Latitude != b.Y > sensor.Latitude
                && sensor.Longitude < a.X + (sensor.Latitude - a.Y) / (b.Y - a.Y) * (b.X - a.X))
                inside = !inside;
        }
        return inside;
    }
}
