using SmartDistrict.Cloud.Alarms;
using SmartDistrict.Cloud.Tests.Hosting;
using SmartDistrict.Configuration;

namespace SmartDistrict.Cloud.Tests.Alarms;

public sealed class TheAlarms
{
    [Fact]
    public void Are_raised_once_grow_worse_grow_better_and_are_kept_when_they_clear()
    {
        using var bench = new AlarmBench();
        foreach (var (seconds, density) in ((int, double)[])[(0, 2.5), (30, 2.5), (31, 4), (61, 4), (62, 2.5), (182, 2.5), (183, 0.5), (302, 0.5), (303, 0.5), (900, 0.5)])
        {
            bench.Now = 1_772_438_400_000 + (seconds * 1000);
            bench.Look(AlarmBench.Of("density", "plaza", density));
        }
        var alarm = Assert.Single(bench.AllAlarms);
        Assert.Equal(["raised", "worse", "better", "cleared"], bench.EventsOf(alarm.Id));
        Assert.Equal((1_772_438_400_000, 30, 303), (alarm.Since, (alarm.Raised - alarm.Since) / 1000, (alarm.Cleared - alarm.Since) / 1000));
        Assert.Equal((4, Severity.Critical, Severity.Warning), (alarm.Worst, alarm.Peak, alarm.Severity));
    }

    [Fact]
    public void Say_of_a_silence_when_it_began()
    {
        using var bench = new AlarmBench();
        bench.Look(AlarmBench.Of("silent_gateway", "gw-1", 200));
        Assert.Equal(bench.Now - 200_000, Assert.Single(bench.OpenAlarms).Since);
    }

    [Fact]
    public void Name_the_newest_fault_of_a_sensor_without_being_raised_again()
    {
        using var bench = new AlarmBench();
        foreach (var fault in (string[])["blind", "stuck"])
            bench.Look(AlarmBench.Of("sensor", "cam-1", 1, fault));
        Assert.Equal("stuck", Assert.Single(bench.AllAlarms).Detail);
    }

    [Fact]
    public void About_what_the_district_no_longer_has_end()
    {
        using var bench = new AlarmBench();
        bench.Look(AlarmBench.Of("sensor", "cam-1", 1, "blind"));
        bench.Restart();
        bench.Look();
        Assert.Empty(bench.OpenAlarms);
    }

    [Fact]
    public void A_gateway_that_goes_away_with_all_its_devices_is_one_alarm_with_a_thousand_consequences()
    {
        using var bench = new AlarmBench(Storm());
        var devices = bench.District.Devices;
        bench.Look(Silence(devices, gateway: 200, device: 200));
        bench.Now += 800_000;
        bench.Look(Silence(devices, gateway: 1000, device: 1000));
        var open = bench.OpenAlarms;
        Assert.Equal(1001, open.Count);
        Assert.Equal("silent_gateway", Assert.Single(open, alarm => alarm.Cause is null).Kind);
        Assert.All(open.Skip(1), alarm => Assert.Equal(open[0].Id, alarm.Cause));

        // It comes back; its devices speak up within minutes, and none of them was news. One never does.
        bench.Now += 1_000;
        bench.Look(Silence(devices, gateway: 0, device: 1001));
        bench.Now += 31_000;
        bench.Look(Silence(devices, gateway: 0, device: 1032));
        Assert.Equal(1000, bench.OpenAlarms.Count);
        bench.Now += 60_000;
        bench.Look(Silence(devices, gateway: 0, device: 10).Select(each => each.Subject == "cam-7" ? each with { Figure = 1092 } : each));
        bench.Now += 31_000;
        bench.Look(Silence(devices, gateway: 0, device: 10).Select(each => each.Subject == "cam-7" ? each with { Figure = 1123 } : each));
        var last = Assert.Single(bench.OpenAlarms);
        Assert.Equal(("cam-7", open[0].Id), (last.Subject, last.Cause));
        bench.Now += AlarmChange.LingerMilliseconds;
        bench.Look(Silence(devices, gateway: 0, device: 10).Select(each => each.Subject == "cam-7" ? each with { Figure = 1723 } : each));
        Assert.Null(Assert.Single(bench.OpenAlarms).Cause);
        Assert.Equal(["raised", "alone"], bench.EventsOf(last.Id));
    }

    [Fact]
    public void That_were_there_before_their_cause_become_its_consequences()
    {
        using var bench = new AlarmBench();
        bench.Look(AlarmBench.Of("silent_gateway", "gw-1", 10), AlarmBench.Of("silent_device", "cam-1", 1000), AlarmBench.Of("silent_device", "cam-3", 1000));
        bench.Now += 180_000;
        bench.Look(AlarmBench.Of("silent_gateway", "gw-1", 190), AlarmBench.Of("silent_device", "cam-1", 1180), AlarmBench.Of("silent_device", "cam-3", 1180));
        var open = bench.OpenAlarms;
        Assert.Equal([open[2].Id, null, null], open.Select(alarm => alarm.Cause));
    }

    /// <summary>
    /// Random figures of every kind; one bench is restarted at random, the other never: both have the same alarms at every
    /// step, no subject has two open ones of a kind, and each open alarm is what the level says.
    /// </summary>
    [Fact]
    public void Are_the_same_whether_the_process_was_restarted_or_not()
    {
        for (var seed = 0; seed < 3; seed++)
        {
            using var steady = new AlarmBench();
            using var restarted = new AlarmBench();
            var random = new Random(seed);
            var levels = new Dictionary<(string, string), AlarmState>();
            for (var i = 0; i < 120; i++)
            {
                steady.Now = restarted.Now += random.Next(1, 60) * 1000;
                var figures = Random(random, steady.District).ToArray();
                foreach (var each in figures)
                    levels[(each.Kind.Code, each.Subject)] = levels.GetValueOrDefault((each.Kind.Code, each.Subject)).Step(each.Kind.Sense, each.Kind.Default, each.Figure, steady.Now);
                if (random.Next(6) == 0)
                    restarted.Restart();
                steady.Look(figures);
                restarted.Look(figures);
                Assert.Equal(Facts(steady.AllAlarms), Facts(restarted.AllAlarms));
                Assert.Equal(
                    levels.Where(each => each.Value.Severity != Severity.None).Select(each => $"{each.Key} {each.Value.Severity}").Order(),
                    steady.OpenAlarms.Select(alarm => $"{alarm.Key} {alarm.Severity}").Order());
            }
            Assert.NotEmpty(steady.AllAlarms);
        }
    }

    private static IEnumerable<string> Facts(IEnumerable<Alarm> alarms) => alarms.Select(alarm =>
        $"{alarm.Id} {alarm.Key} {alarm.Severity} {alarm.Peak} {alarm.Since} {alarm.Raised} {alarm.Cleared} {alarm.Cause} {alarm.Threshold}");

    private static IEnumerable<Observation> Random(Random random, District district)
    {
        foreach (var kind in AlarmKinds.All)
            foreach (var subject in kind.Subject switch
            {
                AlarmSubject.Zone => district.Zones.Select(zone => zone.Id),
                AlarmSubject.Gateway => district.Gateways.Select(gateway => gateway.Id),
                AlarmSubject.Device => district.Devices.Select(device => device.Id),
                _ => [district.Id],
            })
            {
                var limit = kind.Default.Warning ?? kind.Default.Critical ?? 1;
                yield return new(kind, subject, random.Next(10) == 0 ? null : kind.Sense == AlarmSense.State ? random.Next(2) : limit * random.Next(4, 24) / 10);
            }
    }

    private static District Storm()
    {
        var district = TestDistrict.Load();
        return district with { Devices = [.. Enumerable.Range(0, 1000).Select(i => district.Devices[0] with { Id = $"cam-{i}" })] };
    }

    private static IEnumerable<Observation> Silence(IReadOnlyList<DeviceEntry> devices, double gateway, double device) =>
        devices.Select(each => AlarmBench.Of("silent_device", each.Id, device)).Prepend(AlarmBench.Of("silent_gateway", "gw-1", gateway));
}
