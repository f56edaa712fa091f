using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SmartDistrict.Edge.Clock;
using SmartDistrict.Edge.Drivers;
using SmartDistrict.Edge.Drivers.Iio;
using SmartDistrict.Edge.Journal;
using SmartDistrict.Edge.Tests.Ambient;
using SmartDistrict.Testing;

namespace SmartDistrict.Edge.Tests.Drivers.Iio;

public sealed class SensorDriverTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private readonly TemporaryFolder folder = new();
    private readonly SensorTree tree = new();
    private readonly ManualTimeProvider time = new();

    public void Dispose()
    {
        tree.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task Each_chip_is_read_in_its_period_and_one_that_is_away_stops_no_other()
    {
        tree.Hwmon("sht3x", "1-0044", ("temp1_input", "4125"), ("humidity1_input", "61000"));
        using var site = new Site(folder.Path, time);
        var driver = new SensorDriver(Cabinet.Catalog().Devices, new SysfsSensors(tree.Root), time, NullLogger<SensorDriver>.Instance);
        using var stop = new CancellationTokenSource();
        var running = driver.RunAsync(site.Intake, stop.Token);

        Until(() => driver.Readings == 1 && driver.State.StartsWith("light-01: there is no sensor chip 'bh1750'. Mend: ", StringComparison.Ordinal), () => driver.State);
        tree.Iio("bh1750", "1-0023", ("in_illuminance_raw", "120"), ("in_illuminance_scale", "0.833333"));
        time.Advance(TimeSpan.FromSeconds(30));
        Until(() => driver.Readings == 2, () => $"{driver.Readings} readings");
        time.Advance(TimeSpan.FromSeconds(30));
        Until(() => driver.Readings == 4 && driver.State == IDriver.Connected, () => $"{driver.Readings} readings, {driver.State}");
        await stop.CancelAsync();
        await running.WaitAsync(Deadline, TestContext.Current.CancellationToken);

        var said = site.Envelopes();
        Assert.Equal(3, said.Count(envelope => envelope == """sensor/cabinet-01 {"chip":"sht3x","read":{"humidity1_input":"61000","temp1_input":"4125"}}"""));
        Assert.Equal(1, said.Count(envelope => envelope == """sensor/light-01 {"chip":"bh1750","read":{"in_illuminance_raw":"120","in_illuminance_scale":"0.833333"}}"""));
        Assert.Equal(4, said.Count);
    }

    [Fact]
    public async Task A_chip_that_cannot_be_read_is_said_with_the_attribute_and_the_mend()
    {
        var chip = tree.Hwmon("sht3x", "1-0044", ("temp1_input", "850000"), ("temp1_fault", "1"));
        tree.Iio("bh1750", "1-0023", ("in_illuminance_raw", "120"));
        using var site = new Site(folder.Path, time);
        var driver = new SensorDriver(Cabinet.Catalog().Devices, new SysfsSensors(tree.Root), time, NullLogger<SensorDriver>.Instance);
        using var stop = new CancellationTokenSource();
        var running = driver.RunAsync(site.Intake, stop.Token);

        Until(() => driver.State == "cabinet-01: 'sht3x' at 1-0044: temp1_input has a fault: the probe is open or shorted. Mend: check its wires and its supply", () => driver.State);
        await File.WriteAllTextAsync($"{chip}/temp1_fault", "0\n", TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromSeconds(30));
        Until(() => driver.State == IDriver.Connected, () => driver.State);
        await stop.CancelAsync();
        await running.WaitAsync(Deadline, TestContext.Current.CancellationToken);
    }

    private static void Until(Func<bool> holds, Func<string> otherwise) => Assert.True(SpinWait.SpinUntil(holds, Deadline), otherwise());

    /// <summary>The way from a driver to the disk.</summary>
    private sealed class Site : IDisposable
    {
        private readonly Edge.Journal.Journal journal;
        private readonly GroupCommit commit;

        public Site(string folder, TimeProvider time)
        {
            var clock = new GatewayClock(time, Guid.NewGuid(), () => ClockState.Synchronised);
            var options = Options.Create(new JournalOptions { CommitDelayMilliseconds = 1 });
            journal = Edge.Journal.Journal.Open(folder, options.Value, clock, 1, 0);
            commit = new GroupCommit(journal, options, TimeProvider.System, NullLogger<GroupCommit>.Instance);
            Intake = new Intake(journal, commit, clock);
            commit.Start();
        }

        public Intake Intake { get; }

        public List<string> Envelopes()
        {
            commit.Dispose();
            var envelopes = new List<string>();
            using var reader = journal.ReadFrom(1);
            while (reader.TryRead(out var record))
                if (record.Kind == RecordKind.Envelope)
                    envelopes.Add($"{Encoding.UTF8.GetString(record.Topic)} {Encoding.UTF8.GetString(record.Payload)}");
            return envelopes;
        }

        public void Dispose()
        {
            commit.Dispose();
            journal.Dispose();
        }
    }
}
