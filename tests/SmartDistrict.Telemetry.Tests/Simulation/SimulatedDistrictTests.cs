using System.Text.Json;
using SmartDistrict.Testing.Simulation;
using SmartDistrict.Testing.Simulation.Faults;

namespace SmartDistrict.Telemetry.Tests.Simulation;

public sealed class SimulatedDistrictTests
{
    private static readonly TimeSpan TenMinutes = TimeSpan.FromMinutes(10);

    [Fact]
    public void The_demo_has_a_map_of_at_least_48_zones_and_a_device_for_every_line()
    {
        Assert.True(Harbour.District.Zones.Count >= 48);
        Assert.Equal(
            Harbour.District.Lines.Select(line => line.Id).Order(),
            Harbour.District.Devices.SelectMany(device => device.Lines.Values).Order());
    }

    [Fact]
    public void The_same_seed_tells_the_same_story_however_time_is_cut()
    {
        var whole = Harbour.Live(7, FaultRates.Harsh).Publish(TenMinutes);
        var district = Harbour.Live(7, FaultRates.Harsh);
        var pieces = new List<Publication>();
        var random = new Random(1);
        for (var time = TimeSpan.Zero; time < TenMinutes; time += TimeSpan.FromMilliseconds(random.Next(1, 9_000)))
            pieces.AddRange(district.Advance(Harbour.Start + time));
        pieces.AddRange(district.Advance(Harbour.Start + TenMinutes));
        pieces.AddRange(district.Flush());

        Assert.Equal(whole.Select(Story), pieces.Select(Story));
        Assert.NotEqual(whole.Select(Story), Harbour.Live(8, FaultRates.Harsh).Publish(TenMinutes).Select(Story));

        static string Story(Publication p) => $"{p.Due} {p.Topic} {Convert.ToHexString(p.Payload.Span[..Math.Min(400, p.Payload.Length)])}";
    }

    [Fact]
    public void A_message_is_published_when_its_time_has_come_and_not_before()
    {
        var district = Harbour.Live(2, FaultRates.Usual);
        var before = Harbour.Start;
        for (var now = Harbour.Start; now < Harbour.Start + TenMinutes; now = now.AddSeconds(1.37))
        {
            foreach (var publication in district.Advance(now))
                Assert.InRange(publication.Due, before.ToUnixTimeMilliseconds(), now.ToUnixTimeMilliseconds());
            before = now;
        }
    }

    [Fact]
    public void Native_devices_tell_every_crossing_in_its_minute()
    {
        var district = Harbour.Live(3);
        var told = new Dictionary<(string Line, long Minute), LineSums>();
        foreach (var counted in district.Publish(TenMinutes).SelectMany(p => p.Samples).OfType<Counted>().Where(c => c.Key.StartsWith("node-", StringComparison.Ordinal)))
        {
            // An aggregated reading ends exclusively: the last millisecond it covers is the one before.
            var minute = (counted.At - (counted.At % 10_000 == 0 ? 1 : 0)) / 60_000 * 60;
            told[(counted.Line, minute)] = told.GetValueOrDefault((counted.Line, minute)) + new LineSums(counted.Entries, counted.Exits);
        }
        var first = Harbour.Start.ToUnixTimeSeconds() / 60 * 60 + 60;
        var compared = 0L;
        foreach (var device in Harbour.District.Devices.Where(d => d.Profile == "native"))
            foreach (var line in device.Lines.Values)
                for (var minute = first; minute < first + 8 * 60; minute += 60)
                {
                    var index = Harbour.District.Lines.ToList().FindIndex(l => l.Id == line);
                    var (entries, exits) = district.Truth.Minute(index, minute);
                    Assert.Equal(new LineSums(entries, exits), told.GetValueOrDefault((line, minute)));
                    compared += entries + exits;
                }
        Assert.True(compared > 1_000, $"only {compared} crossings compared");
    }

    [Fact]
    public void Nothing_that_the_network_does_changes_what_can_be_known()
    {
        var calm = Harbour.Learn(Harbour.Live(4).Publish(TenMinutes)).Expected();
        var rough = Harbour.Learn(Harbour.Live(4, new FaultRates { Duplicates = 0.1, Late = 0.1, Reordered = 0.1, Garbage = 0.01 }).Publish(TenMinutes)).Expected();
        Assert.Equal(calm.OrderBy(l => l.Key), rough.OrderBy(l => l.Key));
        Assert.True(calm.Values.Sum(l => l.Entries) > 1_000);
    }

    [Fact]
    public void Faults_come_about_as_often_as_asked_for()
    {
        var calm = Harbour.Live(5).Publish(TenMinutes).Count;
        var rough = Harbour.Live(5, new FaultRates { Duplicates = 0.02, Garbage = 0.01 }).Publish(TenMinutes);
        var broken = rough.Count(p => p.Garbage is not null);
        Assert.InRange(broken, calm * 0.005, calm * 0.015);
        Assert.InRange(rough.Count - broken - calm, calm * 0.01, calm * 0.03);
        Assert.True(rough.Where(p => p.Garbage is not null).Select(p => p.Garbage).Distinct().Count() >= 6);
    }

    [Fact]
    public void Late_messages_are_late_by_no_more_than_four_times_the_least()
    {
        var late = Harbour.Live(6, new FaultRates { Late = 1, LateBy = TimeSpan.FromSeconds(30) }).Publish(TenMinutes);
        var increments = late.SelectMany(p => p.Samples.OfType<Counted>().Where(c => !c.Key.StartsWith("xovis", StringComparison.Ordinal)).Select(c => p.Due - c.At)).ToList();
        Assert.NotEmpty(increments);
        Assert.All(increments, delay => Assert.InRange(delay, 30_000, 120_000));
    }

    [Fact]
    public void Sequence_numbers_of_a_boot_have_no_gap_and_a_reboot_starts_a_new_one()
    {
        var boots = Harbour.Live(7, new FaultRates { Reboots = 6 }).Publish(TenMinutes)
            .Where(p => p.Device.StartsWith("node-", StringComparison.Ordinal))
            .Select(p => (p.Device, Json: JsonDocument.Parse(p.Payload).RootElement))
            .GroupBy(p => (p.Device, Boot: p.Json.GetProperty("boot").GetString()))
            .ToList();
        Assert.All(boots, boot => Assert.Equal(
            Enumerable.Range(1, boot.Count()).Select(i => (long)i), boot.Select(p => p.Json.GetProperty("seq").GetInt64())));
        Assert.True(boots.Count > boots.Select(boot => boot.Key.Device).Distinct().Count());
    }

    [Fact]
    public void A_16_bit_total_wraps_within_the_hour_and_the_truth_goes_on()
    {
        var samples = Harbour.Live(8).Publish(TimeSpan.FromHours(1)).SelectMany(p => p.Samples).OfType<Totals>().Where(t => t.Bits == 16).ToList();
        var line = samples.GroupBy(s => s.Line).First(l => l.Max(s => s.Entries) - l.Min(s => s.Entries) > 60_000);
        var known = Harbour.Learn([new Publication("vs350", "t", default, 0, [.. line])]).Expected()[line.Key];
        Assert.Equal(line.Last().Entries - line.First().Entries + 65_536, known.Entries);
    }

    [Fact]
    public void The_last_day_comes_first_as_quarter_hours_without_gap_or_overlap()
    {
        var district = Harbour.Live(9, history: TimeSpan.FromHours(24), peak: 20);
        var past = district.Advance(Harbour.Start.AddMilliseconds(1)).Where(p => p.Device.StartsWith("node-", StringComparison.Ordinal))
            .SelectMany(p => p.Samples.OfType<Counted>().Select(c => (p, c)))
            .GroupBy(x => x.c.Line).ToList();
        Assert.True(past.Count > 40);
        foreach (var line in past)
        {
            var spans = line.Select(x => JsonDocument.Parse(x.p.Payload).RootElement)
                .Where(json => json.TryGetProperty("since", out _))
                .Select(json => (Since: json.GetProperty("since").GetInt64(), Until: json.GetProperty("ts").GetInt64())).ToList();
            Assert.Equal(96, spans.Count);
            Assert.Equal(Harbour.Start.ToUnixTimeMilliseconds(), spans[^1].Until);
            Assert.Equal(spans.Skip(1).Select(s => s.Since), spans.SkipLast(1).Select(s => s.Until));
            Assert.All(spans, s => Assert.Equal(s.Since / 900_000, (s.Until - 1) / 900_000));
        }
    }

    [Fact]
    public void A_counter_with_a_history_makes_a_lost_network_good()
    {
        var messages = Harbour.Live(10, new FaultRates { Outages = 30 }).Publish(TimeSpan.FromMinutes(30)).Where(p => p.Device.StartsWith("vs350", StringComparison.Ordinal)).ToList();
        var histories = messages.Select(p => JsonDocument.Parse(p.Payload).RootElement).Where(json => json.TryGetProperty("history", out _)).ToList();
        Assert.NotEmpty(histories);
        Assert.All(histories, json => Assert.All(
            json.GetProperty("history").EnumerateArray(),
            past => Assert.True(past.GetProperty("timestamp").GetInt64() < json.GetProperty("timestamp").GetInt64())));
    }
}
