using System.Globalization;
using SmartDistrict.Edge.Devices;
using SmartDistrict.Edge.Footfall;

namespace SmartDistrict.Edge.Tests.Footfall;

/// <summary>What devices tell of themselves: battery and firmware, from their payloads to <c>device_health</c>.</summary>
public sealed class DeviceHealthTests : IDisposable
{
    private readonly FoldBench bench = new(("n", "native"), ("t", "milesight-vs350"), ("d", "door"), ("l", "cell"));
    private readonly List<string> changes = [];
    private int sequence;

    public DeviceHealthTests() => Listen();

    public void Dispose() => bench.Dispose();

    [Fact]
    public void A_profile_that_names_battery_and_firmware_is_told_with_each_minute_when_and_since_when()
    {
        Native("08:00:00", "\"battery\":87.5,\"firmware\":\"1.4.2\"");
        Pass("08:01:00");
        Assert.Equal(Told("08:00:00", "08:00:00", "1.4.2"), Fields(bench.Health("n")));
        Native("08:01:10", "");
        Pass("08:02:00");
        Assert.Equal(Told("08:00:00", "08:00:00", "1.4.2"), Fields(bench.Health("n")));
        Native("08:02:20", "\"battery\":87.5,\"firmware\":\"1.5.0\"");
        Pass("08:03:00");
        Assert.Equal(Told("08:02:20", "08:02:20", "1.5.0"), Fields(bench.Health("n")));
        Assert.Equal(["n: 1.4.2 → 1.5.0"], changes);

        static string Told(string batteryAt, string since, string firmware) =>
            $"tells=\"battery,firmware\",battery=87.5,battery_at={FoldBench.At(batteryAt)}i,firmware=\"{firmware}\",firmware_since={FoldBench.At(since)}i";
    }

    [Fact]
    public void A_crash_and_a_restart_forget_nothing_and_what_was_not_stored_is_folded_again_to_the_same()
    {
        Native("08:00:00", "\"battery\":50,\"firmware\":\"1.4.2\"");
        Pass("08:01:00");
        Native("08:01:10", "\"battery\":49");
        bench.Drain();
        bench.Crash();
        Listen();
        Assert.Equal(new ToldHealth(49, FoldBench.At("08:01:10"), "1.4.2", FoldBench.At("08:00:00")), Now("n"));
        Native("08:01:30", "\"firmware\":\"1.5.0\"");
        Pass("08:02:00");
        Assert.Equal(["n: 1.4.2 → 1.5.0"], changes);
        Assert.Contains($"battery=49,battery_at={FoldBench.At("08:01:10")}i,firmware=\"1.5.0\"", bench.Health("n"), StringComparison.Ordinal);
    }

    /// <summary>A VS350 tells its battery between its totals, and its firmware when it joins.</summary>
    [Fact]
    public void A_message_that_holds_nothing_but_health_is_a_sign_of_life_and_no_dead_letter()
    {
        bench.Hear("milesight/t/up", """{"firmware_version":"v1.10","hardware_version":"v1.1"}""");
        bench.Time.Advance(TimeSpan.FromSeconds(5));
        bench.Hear("milesight/t/up", """{"battery":100,"temperature":26.8}""");
        Pass("08:01:00");
        Assert.Contains($"readings=0i,duplicates=0i,missing=0i,refused=0i,sensor=\"ok\",tells=\"battery,firmware\",battery=100,battery_at={FoldBench.At("08:00:05")}i,firmware=\"v1.10\"",
            bench.Health("t"), StringComparison.Ordinal);
        Assert.Empty(bench.Letters());
    }

    [Fact]
    public void A_wrong_battery_is_a_dead_letter_and_costs_neither_the_count_nor_what_was_known()
    {
        Native("08:00:00", "\"battery\":50");
        Native("08:00:10", "\"battery\":200,\"entries\":3,\"exits\":0");
        Assert.Equal(3, bench.Window("ln-n", "08:00:00").Counts.Entries);
        Assert.Equal(50, Now("n").Battery);
        Assert.StartsWith("/battery is 200", Assert.Single(bench.Letters()).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_does_not_tell_is_told_apart_from_one_that_has_not_told_yet()
    {
        Native("08:00:00", "");
        bench.Door("d", 1);
        Pass("08:01:00");
        Assert.Equal("tells=\"battery,firmware\"", Fields(bench.Health("n")));
        Assert.Equal("tells=\"\"", Fields(bench.Health("d")));
    }

    [Fact]
    public void A_voltage_is_told_in_volts_whatever_the_device_writes()
    {
        bench.Hear("cell/l", """{"in":1,"mv":3612}""");
        Pass("08:01:00");
        Assert.Equal($"tells=\"battery\",battery_volts=3.612,battery_at={FoldBench.At("08:00:00")}i", Fields(bench.Health("l")));
    }

    [Fact]
    public void A_clock_that_is_set_back_does_not_keep_out_what_is_told_then()
    {
        bench.Be("12:00:00");
        Native("12:00:00", "\"battery\":50,\"firmware\":\"1\"");
        bench.Drain();
        bench.Be("08:00:00");
        Native("08:00:01", "\"battery\":49,\"firmware\":\"2\"");
        bench.Drain();
        Assert.Equal(new ToldHealth(49, FoldBench.At("08:00:01"), "2", FoldBench.At("08:00:01")), Now("n"));
    }

    /// <summary>Messages in any order, repeated, late, wrong, with crashes: the newest by its own time holds.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_newest_that_was_told_holds_whatever_the_order(int seed)
    {
        var random = new Random(seed);
        var model = new ToldHealth();
        var (firmwareAt, sent) = (0L, new List<(long At, string Told, int Sequence)>());
        for (var step = 0; step < 400; step++)
        {
            bench.Time.Advance(TimeSpan.FromSeconds(random.Next(1, 40)));
            var now = bench.Time.GetUtcNow().ToUnixTimeMilliseconds();
            if (random.Next(12) == 0)
            {
                bench.Drain();
                if (random.Next(2) == 0)
                    bench.Checkpoint();
                bench.Crash();
                Assert.Equal(model, Now("n"));
            }
            else if (sent.Count > 0 && random.Next(5) == 0)
            {
                var again = sent[random.Next(sent.Count)];
                Send(again.At, again.Told, again.Sequence);
            }
            else
            {
                var at = random.Next(4) == 0 ? now - random.Next(600_000) : now;
                double? battery = random.Next(2) == 0 ? random.Next(1001) / 10.0 : null;
                var firmware = random.Next(3) == 0 ? $"1.{random.Next(3)}" : null;
                var told = string.Join(',', (string[])[.. battery is null ? [] : new[] { string.Create(CultureInfo.InvariantCulture, $"\"battery\":{battery}") }, .. firmware is null ? [] : new[] { $"\"firmware\":\"{firmware}\"" }]);
                sent.Add((at, told, ++sequence));
                Send(at, told, sequence);
                if (battery is not null && at >= model.BatteryAt)
                    model = model with { Battery = battery, BatteryAt = at };
                if (firmware is not null && at >= firmwareAt)
                {
                    firmwareAt = at;
                    model = firmware == model.Firmware ? model : model with { Firmware = firmware, FirmwareSince = at };
                }
            }
            bench.Drain();
            Assert.Equal(model, Now("n"));
        }
    }

    private ToldHealth Now(string device) => bench.Fold.Devices.Single(from => from.Device.Id == device).Health.Now;

    private void Listen() => bench.Fold.FirmwareChanged = (device, before, now) => changes.Add($"{device}: {before} → {now}");

    private void Native(string at, string told)
    {
        if (FoldBench.At(at) > bench.Time.GetUtcNow().ToUnixTimeMilliseconds())
            bench.Be(at);
        Send(FoldBench.At(at), told, ++sequence);
    }

    private void Send(long at, string told, int number) =>
        bench.Hear("sd/v1/test/counter/n/reading", $$"""{"ts":{{at}},"boot":"b1","seq":{{number}}{{(told.Length > 0 ? "," : "")}}{{told}}}""");

    private void Pass(string time)
    {
        bench.Be(time);
        bench.Tick();
        bench.Drain();
        bench.Checkpoint();
    }

    /// <summary>What a line of <c>device_health</c> holds behind its sensor's state.</summary>
    private static string Fields(string line) => line[line.IndexOf("tells=", StringComparison.Ordinal)..line.LastIndexOf(' ')];
}
