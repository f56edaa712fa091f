using SmartDistrict.Edge.Sensors;
using SmartDistrict.Edge.Status;

namespace SmartDistrict.Edge.Tests.Footfall;

/// <summary>The health of devices and of the gateway, as the fold writes it: what counts betray of a sensor, and what the gateway said of itself.</summary>
public sealed class HealthFoldTests : IDisposable
{
    private readonly FoldBench bench = new(("a", "native"), ("b", "native"));
    private readonly int[] sequence = new int[2];

    public void Dispose() => bench.Dispose();

    [Fact]
    public void A_counter_that_falls_silent_in_busy_hours_is_blind_and_a_crash_does_not_forget_it()
    {
        for (var hour = 0; hour < 35 * 24; hour++)
            Hour(a: 60, b: 60);
        Assert.All(bench.Fold.Devices, device => Assert.Equal(SensorFault.None, bench.Fold.SensorOf(device.Device).State.Fault));
        // it speaks only when somebody passes, so it has no window where nobody does
        for (var hour = 0; hour < 3; hour++)
            Hour(a: 0, b: 60);
        Assert.Equal(SensorFault.Blind, bench.Fold.SensorOf(bench.Fold.Devices[0].Device).State.Fault);
        Assert.Equal(SensorFault.None, bench.Fold.SensorOf(bench.Fold.Devices[1].Device).State.Fault);
        bench.Crash();
        Assert.Equal(SensorFault.Blind, bench.Fold.SensorOf(bench.Fold.Devices[0].Device).State.Fault);
        Hour(a: 60, b: 60);
        Hour(a: 60, b: 60);
        Assert.Contains("sensor=\"blind\"", bench.Health("a"), StringComparison.Ordinal);
        Assert.Contains("sensor=\"ok\"", bench.Health("b"), StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_gateway_says_of_itself_is_folded_into_its_health()
    {
        var said = new Vitals(3600, 2.34, 58 << 20, 12_345_678, 999, 48.25, "", 7, 111_600, "synchronised", 2, "0.1.0");
        Hour(a: 60, b: 60);
        Assert.DoesNotContain("resident", bench.GatewayHealth(), StringComparison.Ordinal);
        bench.Note(Vitals.Topic, said.ToBytes());
        Hour(a: 60, b: 60);
        var line = bench.GatewayHealth();
        foreach (var field in (string[])["uptime=3600i", "resident=60817408i", "backlog=7i", "clock=\"synchronised\"", "devices_troubled=2i", "disk_free=12345678i", "disk_written=999i", "runway=111600i", "cpu=2.3", "temperature=48.2", "throttled=\"\"", "firmware=\"0.1.0\"", "readings=4i"])
            Assert.Contains(field, line, StringComparison.Ordinal);
        // what the machine does not tell is absent
        bench.Note(Vitals.Topic, (said with { Temperature = null, Throttled = null, Runway = null }).ToBytes());
        Hour(a: 60, b: 60);
        Assert.DoesNotContain("temperature", bench.GatewayHealth(), StringComparison.Ordinal);
        Assert.DoesNotContain("runway", bench.GatewayHealth(), StringComparison.Ordinal);
        bench.Note(Vitals.Topic, "{ torn"u8);
        Hour(a: 60, b: 60);
        Assert.DoesNotContain("resident", bench.GatewayHealth(), StringComparison.Ordinal);
    }

    /// <summary>A VS350 reports every minute, "a" only what happens.</summary>
    [Fact]
    public void The_last_minute_of_a_device_is_told_when_it_is_over_and_one_that_owes_reports_is_told_silent_until_it_speaks()
    {
        using var periodic = new FoldBench(("a", "native"), ("t", "milesight-vs350"));
        periodic.Native("a", FoldBench.At("08:00:00"), 1, 5);
        periodic.Vs350("t", FoldBench.At("08:00:00"), 7, 0);
        Pass("08:01:00");
        Assert.Equal(Health(readings: 1, "ok", "08:00:00"), periodic.Health("t"));
        Pass("08:04:00");
        Assert.Equal(Health(readings: 1, "ok", "08:00:00"), periodic.Health("t"));
        Pass("08:05:00");
        Assert.Equal(Health(readings: 0, "silent", "08:04:00"), periodic.Health("t"));
        periodic.Crash();
        Pass("08:30:30");
        Assert.Equal(Health(readings: 0, "silent", "08:29:00"), periodic.Health("t"));
        periodic.Vs350("t", FoldBench.At("08:30:30"), 9, 0);
        Pass("08:32:00");
        Assert.EndsWith($"sensor=\"ok\",tells=\"battery,firmware\" {FoldBench.At("08:30:00") / 1000}", periodic.Health("t"), StringComparison.Ordinal);
        Assert.EndsWith($"sensor=\"ok\",tells=\"battery,firmware\" {FoldBench.At("08:00:00") / 1000}", periodic.Health("a"), StringComparison.Ordinal);

        static string Health(int readings, string sensor, string minute) =>
            $"device_health,device=t,district=test,gateway=gw last_seen={FoldBench.At("08:00:00")}i,readings={readings}i,duplicates=0i,missing=0i,refused=0i,sensor=\"{sensor}\",tells=\"battery,firmware\" {FoldBench.At(minute) / 1000}";

        void Pass(string time)
        {
            periodic.Be(time);
            periodic.Tick();
            periodic.Drain();
            periodic.Checkpoint();
        }
    }

    /// <summary>An hour passes, in which so many come and as many go, more or less.</summary>
    private void Hour(int a, int b)
    {
        Speak("a", 0, a);
        Speak("b", 1, b);
        bench.Time.Advance(TimeSpan.FromHours(1));
        bench.Tick();
        bench.Drain();
        bench.Fold.Checkpoint();
    }

    private void Speak(string device, int index, int people)
    {
        if (people > 0)
            bench.Native(device, bench.Time.GetUtcNow().ToUnixTimeMilliseconds(), ++sequence[index], people + (sequence[index] * 7 % 11), people);
    }
}
