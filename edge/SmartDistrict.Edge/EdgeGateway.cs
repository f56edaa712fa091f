using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SmartDistrict.Configuration;
using SmartDistrict.Edge.Clock;
using SmartDistrict.Edge.Devices;
using SmartDistrict.Edge.Drivers;
using SmartDistrict.Edge.Drivers.Gpio;
using SmartDistrict.Edge.Drivers.Iio;
using SmartDistrict.Edge.Drivers.Mqtt;
using SmartDistrict.Edge.Footfall;
using SmartDistrict.Edge.Journal;
using SmartDistrict.Edge.Live;
using SmartDistrict.Edge.Outbox;
using SmartDistrict.Edge.Status;
using SmartDistrict.Edge.Sync;
using SmartDistrict.Edge.Technician;
using SmartDistrict.Telemetry.Mqtt;

namespace SmartDistrict.Edge;

/// <summary>The way of the data through the gateway, in one method: <see cref="RunAsync"/>.</summary>
internal sealed partial class EdgeGateway(
    IOptions<GatewayOptions> gateway,
    IOptions<JournalOptions> journalOptions,
    IOptions<FoldOptions> foldOptions,
    IOptions<SyncOptions> syncOptions,
    IOptions<StatusOptions> statusOptions,
    IOptions<OtlpOptions> otlpOptions,
    IOptionsMonitor<BrokerOptions> brokers,
    IConfiguration settings,
    RecentLog recentLog,
    TimeProvider time,
    ILoggerFactory logs)
{
    /// <summary>Section of the broker beside the devices.</summary>
    public const string DeviceBroker = "Broker";

    /// <summary>Section of the cloud's broker, which the live path uses.</summary>
    public const string CloudBroker = "Live";

    private readonly ILogger log = logs.CreateLogger<EdgeGateway>();

    /// <summary>Runs until it is told to stop, and then until what was taken in is stored.</summary>
    /// <exception cref="ConfigurationException">A file or a setting cannot be used.</exception>
    /// <exception cref="IOException">A folder, a port or a file that the start needs is not to be had; the text says the mend.</exception>
    public async Task RunAsync(CancellationToken stopping)
    {
        var options = gateway.Value;
        var district = DistrictFile.Load(options.District);
        var catalog = DeviceCatalog.Build(district, DeviceProfiles.Load(options.Profiles), options.Id);
        Announce(district, catalog, options);

        var clock = new GatewayClock(time);
        using var connection = StateFile.Open(DataFolder(options), time, log, stored => FootfallFold.Probe(stored, catalog, foldOptions.Value));
        using var state = new FoldState(connection);
        using var outbox = new OutboxWriter(connection);
        using var deadLetters = new DeadLetters(connection);
        using var segments = new SegmentLedger(connection);
        var records = Path.Combine(options.Data, "journal");
        var generation = Enrolment.Generation(state, options, clock, JournalSegment.NewestGeneration(records));

        // device ── driver ──► envelope ── journal ──► acknowledge ── fold ──► line windows ── outbox ──► time series store
        //                                                                          └─ live ──► cloud broker
        await using var devices = Session(DeviceBroker, $"smartdistrict-{options.Id}", MqttDriver.Durable);
        await using var cloud = Session(CloudBroker, $"smartdistrict-{options.Id}-live", session => session);
        var drivers = Drivers(devices, catalog);
        var fold = new FootfallFold(catalog, state, new FoldPoints(outbox, district.Id, options.Id, generation), deadLetters, foldOptions.Value);
        using var journal = Journal.Journal.Open(records, journalOptions.Value, clock, generation, Math.Max(fold.Position, segments.LastCommitted));
        Announce(journal, segments, fold.Position);
        using var commit = new GroupCommit(journal, journalOptions, time, logs.CreateLogger<GroupCommit>());
        var live = new LivePath(cloud, district.Id, options.Id);
        var published = new SyncSignal();
        using var sink = new InfluxSink(syncOptions.Value, time);
        using var sync = new SyncService(syncOptions.Value, sink, () => StateFile.OpenAgain(options.Data, durable: false), published, time, logs.CreateLogger<SyncService>());
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        using var folding = new FoldLoop(fold, journal, segments, commit, live, clock, foldOptions.Value, published.Set, logs.CreateLogger<FoldLoop>(), damaged: ending.Cancel);
        using var watch = new GatewayWatch(options, catalog, drivers, journal, journalOptions.Value, commit, folding, sync, syncOptions.Value, live, clock,
            logs.CreateLogger<GatewayWatch>());
        using var meter = new GatewayMeter(watch.Now, time);
        using var export = OtlpExport.Start(otlpOptions.Value, meter, district.Id, options.Id);
        using var service = new ServiceNotice(Environment.GetEnvironmentVariable, watch.Stuck, watch.Headline, time, logs.CreateLogger<ServiceNotice>());
        await using var technician = new TechnicianMode(options, statusOptions.Value, settings, district, catalog, drivers, folding, watch, clock, recentLog, logs.CreateLogger<TechnicianMode>(),
            // two sessions must not share a name, not even one that the settings give
            () => Session(DeviceBroker, "", session => session with { ClientId = $"smartdistrict-{options.Id}-listening" }),
            () => DeviceCatalog.Build(district, DeviceProfiles.Load(options.Profiles), options.Id));
        using var status = new StatusServer(statusOptions.Value, options.Data, watch, meter, technician.Api, logs.CreateLogger<StatusServer>());

        live.Start();
        await sync.StartAsync(CancellationToken.None);
        folding.Start();
        commit.Start();
        status.Start();
        var intake = new Intake(journal, commit, clock);
        LogRunning(options.Id, drivers.Count, status.Url);
        using var waitNoMore = ending.Token.Register(journal.WaitNoMore);
        var driving = Task.WhenAll(drivers.Select(driver => RunAsync(driver, intake, ending)));
        service.Ready();
        await driving;

        // in the same order: what was taken in is committed, acknowledged, folded, published and, within its time, synchronised
        LogStopping();
        service.Stopping();
        commit.Dispose();
        folding.Dispose();
        await sync.StopAsync(CancellationToken.None);
        LogStopped(fold.Totals.Envelopes, sync.Status.Backlog);
        if (folding.StateIsDamaged)
        {
            StateFile.Suspect(options.Data);
            throw new IOException($"the state in {options.Data} was found damaged: the next start sets it aside and folds the journal again; check the disk");
        }
    }

    private List<IDriver> Drivers(MqttSession? devices, DeviceCatalog catalog)
    {
        var wired = catalog.Devices.Any(device => device.Beams is not null);
        var sensing = catalog.Devices.Any(device => device.Sensor is not null);
        if (devices is null && (catalog.TopicFilters.Count > 0 || !(wired || sensing)))
            throw Unusable("Broker:Host", "no broker is given, so no device can be heard", "set it to the broker's host, usually localhost");
        var drivers = new List<IDriver>();
        if (devices is not null)
            drivers.Add(new MqttDriver(devices, catalog.TopicFilters));
        if (wired)
            drivers.Add(new GpioDriver(catalog.Devices, new KernelGpioLines(), GpioDriver.Retry, logs.CreateLogger<GpioDriver>()));
        if (sensing)
            drivers.Add(new SensorDriver(catalog.Devices, new SysfsSensors(), time, logs.CreateLogger<SensorDriver>()));
        return drivers;
    }

    /// <summary>No driver goes on alone: where one fails, the gateway ends, and is started again whole.</summary>
    private static async Task RunAsync(IDriver driver, Intake intake, CancellationTokenSource ending)
    {
        try
        {
            await driver.RunAsync(intake, ending.Token);
        }
        finally
        {
            await ending.CancelAsync();
        }
    }

    private MqttSession? Session(string name, string clientId, Func<MqttSessionOptions, MqttSessionOptions> kind)
    {
        var broker = brokers.Get(name);
        return broker.Host.Length == 0 ? null : new MqttSession(Settings(name, broker, clientId, kind, Telling(name)), time);
    }

    /// <summary>A broker's section as options of a session, checked.</summary>
    /// <exception cref="ConfigurationException">A setting or a file it names is of no use.</exception>
    internal static MqttSessionOptions Settings(
        string name, BrokerOptions broker, string clientId, Func<MqttSessionOptions, MqttSessionOptions> kind, Action<MqttSessionEvent> tell)
    {
        try
        {
            var session = kind(broker.ToSession(clientId, tell));
            session.Check();
            return session;
        }
        catch (Exception e) when (e is ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw Unusable(name, e.Message, $"correct the section {name} of the gateway's configuration");
        }
    }

    /// <summary>A broker that is away is tried every few seconds; its reason is told once, until there is another one.</summary>
    private Action<MqttSessionEvent> Telling(string broker)
    {
        string? told = null;
        return e =>
        {
            if (e.Text == told)
                return;
            told = e.Text;
            if (e.Kind == MqttSessionEventKind.Connected)
                LogConnected(broker, e.Text);
            else
                LogBroker(broker, e.Text);
        };
    }

    private void Announce(District district, DeviceCatalog catalog, GatewayOptions options)
    {
        if (district.Gateways.All(entry => entry.Id != options.Id))
            throw Unusable(options.District, $"the district has no gateway '{options.Id}'",
                $"set Gateway:Id to one of {string.Join(", ", district.Gateways.Select(entry => entry.Id))}, or add it to the file");
        LogDistrict(district.Id, catalog.Devices.Count, catalog.Lines.Count);
        foreach (var fault in catalog.Faulted)
            LogFaulted(fault.Id, fault.Problem.What, fault.Problem.Mend);
    }

    private void Announce(Journal.Journal journal, SegmentLedger segments, long folded)
    {
        foreach (var finding in journal.Findings)
            LogFinding(finding);
        foreach (var lost in segments.Lost(journal.Ranges(), folded))
            LogSegmentGone(lost.First, lost.Last, lost.Last - Math.Max(lost.First - 1, folded));
    }

    private static string DataFolder(GatewayOptions options)
    {
        try
        {
            Directory.CreateDirectory(options.Data);
            var probe = Path.Combine(options.Data, ".writable");
            File.WriteAllText(probe, "");
            File.Delete(probe);
            return options.Data;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable(options.Data, $"the data folder cannot be written: {e.Message}",
                "create it for the gateway's user on a writable disk, or set Gateway:Data to another folder");
        }
    }

    private static ConfigurationException Unusable(string subject, string what, string mend) =>
        new([new ConfigurationProblem(subject, 0, 0, what.TrimEnd('.'), mend)]);

    [LoggerMessage(Level = LogLevel.Information, Message = "District {District}: {Devices} devices on {Lines} counting lines")]
    private partial void LogDistrict(string district, int devices, int lines);

    [LoggerMessage(Level = LogLevel.Error, Message = "Device {Device} is not read: {What}. Mend: {Mend}. The other devices work")]
    private partial void LogFaulted(string device, string what, string mend);

    [LoggerMessage(Level = LogLevel.Information, Message = "Gateway {Gateway} is running with {Drivers} driver(s); status at {Url}status")]
    private partial void LogRunning(string gateway, int drivers, string url);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Journal: {Finding}")]
    private partial void LogFinding(string finding);

    [LoggerMessage(Level = LogLevel.Error, Message = "The journal segment of records {First} to {Last} is gone: {Lost} of them were not folded yet. The loss is counted, the gateway goes on")]
    private partial void LogSegmentGone(long first, long last, long lost);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Broker}: {Text}")]
    private partial void LogConnected(string broker, string text);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Broker}: {Text}")]
    private partial void LogBroker(string broker, string text);

    [LoggerMessage(Level = LogLevel.Information, Message = "Stopping: what was taken in is stored and synchronised first")]
    private partial void LogStopping();

    [LoggerMessage(Level = LogLevel.Information, Message = "Stopped after {Envelopes} envelopes; {Backlog} points wait for the store and go with the next start")]
    private partial void LogStopped(long envelopes, long backlog);
}
