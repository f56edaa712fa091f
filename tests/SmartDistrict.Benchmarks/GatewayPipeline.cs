using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SmartDistrict.Configuration;
using SmartDistrict.Edge;
using SmartDistrict.Edge.Clock;
using SmartDistrict.Edge.Devices;
using SmartDistrict.Edge.Drivers;
using SmartDistrict.Edge.Drivers.Mqtt;
using SmartDistrict.Edge.Footfall;
using SmartDistrict.Edge.Journal;
using SmartDistrict.Edge.Live;
using SmartDistrict.Edge.Outbox;
using SmartDistrict.Sqlite;
using SmartDistrict.Telemetry.Mqtt;
using SmartDistrict.Testing;

namespace SmartDistrict.Benchmarks;

/// <summary>The gateway from its MQTT session to its outbox, put together as the gateway does, on a data folder of its own.</summary>
internal sealed class GatewayPipeline : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("sd-bench-").FullName;
    private readonly CancellationTokenSource stop = new();
    private readonly SqliteConnection connection;
    private readonly FoldState state;
    private readonly SegmentLedger segments;
    private readonly Journal journal;
    private readonly GroupCommit commit;
    private readonly FoldLoop folding;
    private readonly MqttSession session;
    private readonly MqttDriver driver;
    private readonly Intake intake;
    private Task running = Task.CompletedTask;

    /// <param name="port">The broker's, on loopback.</param>
    /// <param name="slowDisk">Added to each fsync: 10 ms is an SD card.</param>
    public GatewayPipeline(ReadingStream stream, int port, TimeSpan slowDisk = default)
    {
        var clock = new GatewayClock(TimeProvider.System);
        var options = Options.Create(new JournalOptions());
        connection = SqliteStore.Open(Path.Combine(folder, "state.db"), StateFile.Migrations);
        state = new FoldState(connection);
        var catalog = DeviceCatalog.Build(District(stream), DeviceProfiles.Load(RepositoryFiles.Path("firmware-config", "profiles")), "gw");
        var fold = new FootfallFold(catalog, state, new FoldPoints(new OutboxWriter(connection), stream.District, "gw", 1), new DeadLetters(connection), new FoldOptions());
        segments = new SegmentLedger(connection);
        journal = Journal.Open(Path.Combine(folder, "journal"), options.Value, clock, 1, 0);
        if (slowDisk > TimeSpan.Zero)
            journal.Flush = flush =>
            {
                flush();
                using var card = new ManualResetEventSlim();
                card.Wait(slowDisk);
            };
        commit = new GroupCommit(journal, options, TimeProvider.System, NullLogger<GroupCommit>.Instance);
        folding = new FoldLoop(fold, journal, segments, commit, new LivePath(null, stream.District, "gw"), clock, new FoldOptions(), () => { }, NullLogger<FoldLoop>.Instance);
        session = new MqttSession(MqttDriver.Durable(new BrokerOptions { Host = "127.0.0.1", Port = port }.ToSession("bench-gateway", _ => { })), TimeProvider.System);
        driver = new MqttDriver(session, catalog.TopicFilters);
        intake = new Intake(journal, commit, clock);
    }

    public long Acknowledged => driver.Acknowledged;

    public FoldTotals Totals => folding.Totals;

    public void Start()
    {
        folding.Start();
        commit.Start();
        running = driver.RunAsync(intake, stop.Token);
    }

    public bool Connected => session.State.Connected;

    /// <summary>Waits until so many readings are folded.</summary>
    public async Task FoldedAsync(long readings)
    {
        while (Totals.Envelopes < readings)
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        if (Totals.Readings != readings || Totals.Refused != 0)
            throw new InvalidDataException($"{readings} readings were sent, {Totals.Readings} were booked, {Totals.Duplicates} taken for duplicates, {Totals.Refused} refused");
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running;
        commit.Dispose();
        folding.Dispose();
        await session.DisposeAsync();
        journal.Dispose();
        segments.Dispose();
        state.Dispose();
        connection.Dispose();
        stop.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static District District(ReadingStream stream)
    {
        var name = new LocalName("基准", "Benchmark");
        var ids = Enumerable.Range(0, stream.Devices).Select(ReadingStream.Device).ToList();
        return new(stream.District, name, TimeZoneInfo.Utc, new TimeOnly(4, 0), CoordinateSystem.LocalMetres, [new("gw", name)],
            [new("zone", name, "hall", 0, null, null, [new(0, 0), new(1, 0), new(1, 1)])],
            [.. ids.Select(id => new CountingLine("ln-" + id, name, new(0, 0), new(1, 0), [new(DateTimeOffset.UnixEpoch, Configuration.District.Outside, "zone")]))],
            [.. ids.Select(id => new DeviceEntry(id, "gw", "native", id, new Dictionary<string, string> { ["1"] = "ln-" + id }, false, TimeZoneInfo.Utc))]);
    }
}
