using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using SmartDistrict.Edge.Clock;
using SmartDistrict.Edge.Devices;
using SmartDistrict.Edge.Drivers;
using SmartDistrict.Edge.Drivers.Mqtt;
using SmartDistrict.Edge.Footfall;
using SmartDistrict.Edge.Journal;
using SmartDistrict.Edge.Live;
using SmartDistrict.Edge.Outbox;
using SmartDistrict.Edge.Sync;

namespace SmartDistrict.Edge.Status;

/// <summary>Watches the stages of the flow: what the status page, the health check, the metrics and the service manager are told comes from here.</summary>
internal sealed partial class GatewayWatch : IDisposable
{
    private static readonly TimeSpan SampleEvery = TimeSpan.FromSeconds(15);

    /// <summary>How often the journal is told how the gateway stands.</summary>
    private static readonly TimeSpan NoteEvery = TimeSpan.FromMinutes(1);

    /// <summary>Bytes that wait for the disk, beyond which it is spared the note.</summary>
    private const int MostPending = 64 << 10;

    /// <summary>A shorter runway is told: less than a night.</summary>
    private static readonly TimeSpan ShortRunway = TimeSpan.FromHours(6);

    /// <summary>Until the first line has gone out, a footfall point is taken to be this long, bytes.</summary>
    private const double DefaultBytesPerPoint = 200;

    private readonly GatewayOptions options;
    private readonly DeviceCatalog catalog;
    private readonly IReadOnlyList<IDriver> drivers;
    private readonly Journal.Journal journal;
    private readonly JournalOptions journalOptions;
    private readonly GroupCommit commit;
    private readonly FoldLoop folding;
    private readonly SyncService sync;
    private readonly SyncOptions syncOptions;
    private readonly LivePath live;
    private readonly GatewayClock clock;
    private readonly Liveness liveness;
    private readonly Lock gate = new();
    private readonly Trend points;
    private readonly Trend journaled;
    private readonly Trend written;
    private readonly Trend processor;
    private readonly ITimer sampling;
    private readonly ILogger log;
    private readonly Dictionary<string, string> told = [];
    private readonly Dictionary<string, long> faults = [];
    private SyncStatus? lastSynced;
    private Refusal? lastStranger;
    private long noted;

    public GatewayWatch(GatewayOptions options, DeviceCatalog catalog, IReadOnlyList<IDriver> drivers, Journal.Journal journal, JournalOptions journalOptions,
        GroupCommit commit, FoldLoop folding, SyncService sync, SyncOptions syncOptions, LivePath live, GatewayClock clock, ILogger<GatewayWatch> log)
    {
        this.options = options;
        this.catalog = catalog;
        this.drivers = drivers;
        this.journal = journal;
        this.journalOptions = journalOptions;
        this.commit = commit;
        this.folding = folding;
        this.sync = sync;
        this.syncOptions = syncOptions;
        this.live = live;
        this.clock = clock;
        this.log = log;
        liveness = new Liveness(clock.Time, () => new(journal.LastCommitted, journal.PendingBytes > 0, commit.Fault is not null,
            folding.Position, folding.Turns, folding.Fault is not null));
        points = new Trend(clock.Time, TimeSpan.FromHours(1), TimeSpan.FromMinutes(1));
        journaled = new Trend(clock.Time, TimeSpan.FromHours(24), TimeSpan.FromMinutes(15));
        written = new Trend(clock.Time, TimeSpan.FromHours(24), TimeSpan.FromMinutes(15));
        processor = new Trend(clock.Time, TimeSpan.FromMinutes(2), SampleEvery);
        noted = clock.Time.GetTimestamp();
        sampling = clock.Time.CreateTimer(_ => Turn(), null, TimeSpan.Zero, SampleEvery);
    }

    /// <summary>Why the flow stands still although nobody says so; null while it is alive.</summary>
    public string? Stuck() => liveness.Stuck();

    /// <summary>What is wrong on the way of a reading into the numbers. Waits for no disk: a gateway whose disk hangs still answers.</summary>
    public List<HealthReason> Failing()
    {
        List<HealthReason> reasons = [.. drivers.Where(driver => driver.State != IDriver.Connected).Select(driver =>
            new HealthReason(driver.Name, driver.State, "see that what it listens to is there and reachable"))];
        if (commit.Fault is { } disk)
            reasons.Add(new("journal", disk, "free disk space, or mend the file system; readings wait with their senders, unacknowledged"));
        if (folding.Fault is { } state)
            reasons.Add(new("fold", state, "free disk space, or mend the file system; readings wait in the journal"));
        if (folding.Held is > 0 and var held)
            reasons.Add(new("clock", $"no time source has set the clock since the machine started, so nobody can say yet when people passed: {held} records are safe in the journal and are counted when it is set",
                "let systemd-timesyncd or chrony reach a time server; where none ever can, set the clock and switch the time service off (timedatectl set-ntp false)"));
        if (Stuck() is { } stuck)
            reasons.Add(new("flow", stuck, "check the disk; the service manager restarts the gateway, which loses nothing that was acknowledged"));
        return reasons;
    }

    /// <summary>One line for the service manager. Waits for no disk.</summary>
    public string Headline() => Failing() is [var first, ..]
        ? $"{first.Part}: {first.What}"
        : $"works: {folding.Totals.Readings} readings of {catalog.Devices.Count} devices folded, {journal.LastCommitted - folding.Position} records behind";

    /// <summary>Whether it works. Where something fails, it is said at once; the whole state may have to wait for the disk.</summary>
    public Health Health() => Failing() is { Count: > 0 } failing ? Status.Health.Of(failing, []) : Now().Health;

    /// <summary>The gateway as it stands now.</summary>
    public GatewayStatus Now()
    {
        var failing = Failing();
        var synced = Synced();
        var machine = MachineStatus.Read(options.Data);
        Sample(synced, machine);
        var stamp = clock.Now();
        var devices = Devices(stamp.WallMilliseconds);
        var trouble = synced.State is SyncState.Held or SyncState.Waiting ? new HealthReason("sync", synced.Reason, synced.Mend) : null;
        var journalBytes = journal.BytesOnDisk();
        var runway = RunwayNow(synced, machine, journalBytes);
        return new()
        {
            Gateway = options.Id,
            District = catalog.District,
            UptimeSeconds = (long)clock.Uptime.TotalSeconds,
            State = failing.Append(trouble).FirstOrDefault(reason => reason is not null) is { } first ? $"{first.Part}: {first.What}" : "ok",
            Health = Status.Health.Of(failing, Degraded(trouble, devices, machine, runway, stamp)),
            Drivers = drivers.ToDictionary(driver => driver.Name, driver => driver.State),
            Journaled = folding.Totals.Envelopes + journal.LastCommitted - folding.Position,
            Acknowledged = drivers.OfType<MqttDriver>().Sum(driver => driver.Acknowledged),
            Folded = folding.Totals.Envelopes,
            Readings = folding.Totals.Readings,
            Duplicates = folding.Totals.Duplicates,
            Repaired = folding.Totals.Repaired,
            Windows = folding.Totals.Windows,
            Synced = synced.Accepted,
            SyncedBytes = synced.Bytes,
            Rejected = synced.Rejected,
            Retried = synced.Retried,
            Backlog = synced.Backlog,
            BacklogBytes = synced.BacklogBytes,
            OldestSeconds = synced.OldestAge is { } age ? (long)age.TotalSeconds : null,
            Refused = folding.Totals.Refused,
            DeadLetters = folding.Totals.Refused + synced.Rejected,
            Lost = folding.Totals.LostRecords + synced.Lost,
            Losses = new Dictionary<string, long> { ["journal"] = folding.Totals.LostRecords, ["outbox"] = synced.Lost },
            Torn = folding.Totals.TornRecords,
            DiskFaults = commit.Failures + folding.Failures,
            Unfolded = journal.LastCommitted - folding.Position,
            Sync = synced.Reason.Length == 0 ? synced.State.ToString().ToLowerInvariant() : $"{synced.State.ToString().ToLowerInvariant()}: {synced.Reason}. {synced.Mend}",
            Live = live.State,
            Clock = stamp.State.ToString().ToLowerInvariant(),
            JournalBytes = journalBytes,
            Runway = runway,
            Storage = Storage(synced, journalBytes),
            Wear = Wear(machine),
            Machine = machine,
            CpuPercent = Read(processor) * 100,
            Devices = devices,
            DeviceFaults = Faults(),
            FaultedDevices = catalog.Faulted.ToDictionary(device => device.Id, device => $"{device.Problem.What}. Mend: {device.Problem.Mend}"),
        };
    }

    public void Dispose() => sampling.Dispose();

    /// <summary>Each device as it stands, faulted ones last.</summary>
    /// <param name="now">ms since the Unix epoch.</param>
    public List<DeviceStatus> Devices(long now) =>
    [
        .. folding.Devices.Select(device => DeviceStatus.Of(device, catalog, folding.SensorOf(device.Device), now)),
        .. catalog.Faulted.Select(device => DeviceStatus.Of(device, catalog)),
    ];

    /// <summary>Each fault of a device stands in the log once when it begins and once when it is over, and is counted.</summary>
    private void TellFaults(GatewayStatus status)
    {
        lock (gate)
            foreach (var device in status.Devices)
            {
                var before = told.GetValueOrDefault(device.Id, DeviceStatus.Unheard);
                if (before == device.State)
                    continue;
                told[device.Id] = device.State;
                if (device.State == DeviceStatus.Ok)
                {
                    if (before != DeviceStatus.Unheard)
                        LogWell(device.Id, before);
                    continue;
                }
                faults[device.State] = faults.GetValueOrDefault(device.State) + 1;
                if (device.State != DeviceStatus.Faulted) // that was told at the start
                    LogFault(device.Id, device.State, device.Cause, device.NextStep);
            }
    }

    /// <summary>A message of no device of ours stands in the log, once while others follow.</summary>
    private void TellStranger()
    {
        if (folding.Stranger is { } stranger && !ReferenceEquals(stranger, lastStranger))
        {
            if (lastStranger is null || !lastStranger.IsRecent(stranger.At))
                LogStranger(stranger.Topic, stranger.Reason, stranger.Mend);
            lastStranger = stranger;
        }
    }

    private Dictionary<string, long> Faults()
    {
        lock (gate)
            return new(faults);
    }

    private List<HealthReason> Degraded(HealthReason? trouble, List<DeviceStatus> devices, MachineStatus machine, Runway runway, in ReceiveStamp stamp)
    {
        var reasons = new List<HealthReason>();
        if (trouble is not null)
            reasons.Add(trouble);
        if (runway.Seconds < ShortRunway.TotalSeconds)
            reasons.Add(new("outbox", $"{runway.Lasts}, limited by {runway.LimitedBy}", "see why the store takes nothing, free disk space, or raise the limit"));
        if (folding.Stranger is { } stranger && stranger.IsRecent(stamp.WallMilliseconds))
            reasons.Add(new("topics", $"{stranger.Topic}: {stranger.Reason}", stranger.Mend));
        foreach (var group in devices.Where(device => device.State != DeviceStatus.Ok).GroupBy(device => device.State))
            reasons.Add(new("devices", $"{group.Count()} of {devices.Count} {group.Key}: {string.Join(", ", group.Take(8).Select(device => device.Id))}{(group.Count() > 8 ? "…" : "")}",
                group.First().NextStep));
        if (stamp.State == ClockState.Unsynchronised && folding.Held == 0)
            reasons.Add(new("clock", "no time source sets the clock now: times go on from when one last did", "let systemd-timesyncd or chrony reach a time server"));
        if (machine.Throttling is { Length: > 0 } slow)
            reasons.Add(new("machine", slow, "use the maker's power supply, or cool the box"));
        return reasons;
    }

    /// <summary>How the sync stands; where its file cannot be read, that.</summary>
    private SyncStatus Synced()
    {
        try
        {
            return lastSynced = sync.Status;
        }
        catch (SqliteException e)
        {
            var last = lastSynced ?? new SyncStatus("", SyncState.Held, 0, 0, null, null, "", "", null, 0, 0, 0, 0, 0);
            return last with { State = SyncState.Held, Reason = $"the outbox's file: {e.Message}", Mend = "see that the data folder is readable and its disk has room" };
        }
    }

    private Runway RunwayNow(SyncStatus synced, MachineStatus machine, long journalBytes)
    {
        var bytesPerPoint = synced.Backlog > 0 ? (double)synced.BacklogBytes / synced.Backlog
            : synced.Accepted > 0 ? (double)synced.Bytes / synced.Accepted
            : DefaultBytesPerPoint;
        var room = new Runway.Room(syncOptions.MaxRows - synced.Backlog, syncOptions.MaxBytes - synced.BacklogBytes,
            Math.Max(0, journalOptions.KeepBytes - journalBytes), machine.DiskFreeBytes);
        return Runway.Of(room, Read(points), bytesPerPoint, Read(journaled) ?? 0);
    }

    private List<StorageStatus> Storage(SyncStatus synced, long journalBytes) =>
    [
        new("journal", journal.LastCommitted - folding.Position, null, journalBytes, journalOptions.KeepBytes,
            "the oldest folded segments go first; what is not folded stays, and a full disk leaves readings with their senders, unacknowledged", folding.Totals.LostRecords),
        new("outbox", synced.Backlog, syncOptions.MaxRows, synced.BacklogBytes, syncOptions.MaxBytes,
            "the oldest points are dropped and counted; the journal can fold them again while it reaches back", synced.Lost),
        new("dead letters", Math.Min(DeadLetters.DefaultMaxLetters, folding.Totals.Refused + synced.Rejected), DeadLetters.DefaultMaxLetters, null, (long)DeadLetters.DefaultMaxLetters * DeadLetters.MaxContent,
            "the oldest letters go, their count stays", 0),
    ];

    private WearStatus Wear(MachineStatus machine)
    {
        var journalRate = Read(journaled);
        return new(machine.DiskWrittenBytes, journal.BytesWritten,
            machine.DiskWrittenBytes is null ? null : (long?)(Read(written) * 86_400), (long)written.Over.TotalSeconds,
            journalRate > 0 ? (long)Math.Min(journalOptions.KeepBytes / journalRate.Value, 1e9) : null);
    }

    private void Turn()
    {
        try
        {
            Look(Now());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogUnseen(e.Message);
        }
    }

    private void Look(GatewayStatus status)
    {
        TellFaults(status);
        TellStranger();
        // the disk that holds records up is told in other ways
        if (clock.Time.GetElapsedTime(noted) < NoteEvery || commit.Fault is not null || journal.PendingBytes > MostPending)
            return;
        noted = clock.Time.GetTimestamp();
        journal.Append(RecordKind.Tick, clock.Now(), Vitals.Topic, Vitals.Of(status).ToBytes());
        commit.Notify();
    }

    private void Sample(SyncStatus synced, MachineStatus machine)
    {
        lock (gate)
        {
            // what the fold put, less revisions that overtook a waiting one: as the outbox would grow
            points.Add(synced.Accepted + synced.Rejected + synced.Backlog + synced.Lost);
            journaled.Add(journal.BytesWritten);
            written.Add(machine.DiskWrittenBytes ?? 0);
            processor.Add(machine.CpuSeconds);
        }
    }

    private double? Read(Trend trend)
    {
        lock (gate)
            return trend.PerSecond;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The gateway cannot look after itself now: {Reason}")]
    private partial void LogUnseen(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Device {Device} is {State}: {Cause}. Next: {NextStep}")]
    private partial void LogFault(string device, string state, string cause, string nextStep);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A message on {Topic} is in the dead letters: {Reason}. Next: {NextStep}. It is counted, and so are those that follow")]
    private partial void LogStranger(string topic, string reason, string nextStep);

    [LoggerMessage(Level = LogLevel.Information, Message = "Device {Device} is no longer {State}")]
    private partial void LogWell(string device, string state);
}
