using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using SmartDistrict.Configuration;
using SmartDistrict.Edge.Clock;
using SmartDistrict.Edge.Devices;
using SmartDistrict.Edge.Drivers.Gpio;
using SmartDistrict.Edge.Footfall;
using SmartDistrict.Edge.Journal;
using SmartDistrict.Edge.Outbox;
using SmartDistrict.Sqlite;
using SmartDistrict.Telemetry.LineProtocol;
using SmartDistrict.Telemetry.Windows;
using SmartDistrict.Testing;
using SQLitePCL;

namespace SmartDistrict.Edge.Tests.Footfall;

/// <summary>A gateway from journal to outbox, without threads and with a clock of the test's own; it can crash at will.</summary>
internal sealed class FoldBench : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("sd-fold-").FullName;
    private readonly District district;
    private readonly DeviceProfiles profiles = DeviceProfiles.Of(
        new[] { RepositoryFiles.Path("firmware-config", "profiles"), RepositoryFiles.Path("tests", "SmartDistrict.Edge.Tests", "Footfall", "profiles") }
            .SelectMany(folder => DeviceProfiles.Load(folder).Sound).ToDictionary());
    private readonly FoldOptions options = new();
    private SqliteConnection connection = null!;
    private FoldState state = null!;
    private Edge.Journal.Journal journal = null!;
    private TimedReader reader = null!;
    private DateTimeOffset booted;
    private SegmentLedger segments = null!;
    private OutboxWriter outbox = null!;
    private DeadLetters letters = null!;

    /// <param name="devices">Device id and profile; each has a line <c>ln-{device}</c>.</param>
    public FoldBench(params (string Id, string Profile)[] devices) : this(null, devices)
    {
    }

    /// <param name="zone">Of devices that say no zone.</param>
    public FoldBench(TimeZoneInfo? zone, params (string Id, string Profile)[] devices)
    {
        var name = new LocalName("测试", "Test");
        var lines = devices.Select(device => new CountingLine("ln-" + device.Id, name, new(0, 0), new(1, 0),
            [new(DateTimeOffset.UnixEpoch, District.Outside, "zone")]));
        district = new District("test", name, TimeZoneInfo.Utc, new TimeOnly(4, 0), CoordinateSystem.LocalMetres, [new("gw", name)],
            [new("zone", name, "hall", 0, null, null, [new(0, 0), new(1, 0), new(1, 1)])], [.. lines],
            [.. devices.Select(device => new DeviceEntry(device.Id, "gw", device.Profile, device.Id,
                new Dictionary<string, string> { ["1"] = "ln-" + device.Id }, false, zone ?? TimeZoneInfo.Utc)
            {
                Beams = device.Profile != DualBeamEntry.Profile ? null : new DualBeamEntry(
                    new GpioWiring("gpiochip0", new(0, null), new(1, null), false, GpioBias.None, TimeSpan.FromMilliseconds(25)), 0.2, 0.6, TimeSpan.FromSeconds(8)),
            })]);
        booted = Time.GetUtcNow();
        Clock = Boot();
        Open();
    }

    /// <summary>Stands at 2026-03-02 08:00:00 UTC.</summary>
    public ManualTimeProvider Time { get; } = new();

    public GatewayClock Clock { get; private set; }

    /// <summary>What the machine says of its clock.</summary>
    public ClockState State { get; set; } = ClockState.Synchronised;

    public FootfallFold Fold { get; private set; } = null!;

    /// <summary>What time it really is, whatever the machine's wall clock shows.</summary>
    public DateTimeOffset Truth => booted + Time.GetElapsedTime(0);

    /// <summary>Committed records that wait for their time.</summary>
    public long Held => reader.Held;

    /// <summary>ms since the Unix epoch at hh:mm:ss of the test's day.</summary>
    public static long At(string time) => new DateTimeOffset(
        DateOnly.Parse("2026-03-02", CultureInfo.InvariantCulture), TimeOnly.Parse(time, CultureInfo.InvariantCulture), TimeSpan.Zero).ToUnixTimeMilliseconds();

    /// <summary>Lets the gateway's clock be hh:mm:ss of the test's day; earlier than now it jumps.</summary>
    public void Be(string time)
    {
        var target = DateTimeOffset.FromUnixTimeMilliseconds(At(time));
        if (target < Time.GetUtcNow())
            Time.JumpTo(target);
        else
            Time.Advance(target - Time.GetUtcNow());
    }

    /// <summary>A native device speaks.</summary>
    public void Native(string device, long at, int seq, int entries, int exits = 0, string boot = "b1", long? since = null) =>
        Hear($"sd/v1/test/beam/{device}/reading",
            $$"""{"ts":{{at}},"boot":"{{boot}}","seq":{{seq}},{{(since is null ? "" : $"\"since\":{since},")}}"entries":{{entries}},"exits":{{exits}}}""");

    /// <summary>Two light beams are noted by their driver.</summary>
    public void Gpio(string device, GpioNotice notice) => Hear($"gpio/{device}", GpioEnvelope.Write(notice));

    /// <summary>Two light beams are taken into use, both clear.</summary>
    public void StartBeams(string device) =>
        Gpio(device, new GpioNotice.Start("test", new Dictionary<string, int> { ["a"] = 0, ["b"] = 0 }, Clock.Now().MonotonicNanoseconds));

    /// <summary>
    /// Edges of two light beams, written as <c>A0 B150 a330 b480</c>: beam A broken at 0 ms, clear at 330 ms. The last one is
    /// now, and all are told at once.
    /// </summary>
    public void Edges(string device, string edges)
    {
        var all = edges.Split(' ').Select(edge => (Line: edge[..1], At: long.Parse(edge[1..], CultureInfo.InvariantCulture))).ToList();
        var first = Clock.Now().MonotonicNanoseconds - (all.Max(edge => edge.At) * 1_000_000);
        Gpio(device, new GpioNotice.Edges([.. all.Select((edge, index) =>
            new GpioEdge(edge.Line.ToLowerInvariant(), char.IsUpper(edge.Line[0]) ? 1 : 0, first + (edge.At * 1_000_000), index + 1))]));
    }

    /// <summary>A VS350 speaks: running totals of 16 bits.</summary>
    public void Vs350(string device, long at, int totalIn, int totalOut) =>
        Hear($"milesight/{device}/up", $$"""{"timestamp":{{at / 1000}},"total_in":{{totalIn}},"total_out":{{totalOut}}}""");

    /// <summary>Somebody passes a counter that has no clock of its own.</summary>
    public void Door(string device, int entries, int exits = 0) => Hear($"door/{device}", $$"""{"in":{{entries}},"out":{{exits}}}""");

    /// <summary>The running totals of a counter that has no clock of its own.</summary>
    public void Turnstile(string device, long totalIn, long totalOut = 0) => Hear($"turnstile/{device}", $$"""{"in":{{totalIn}},"out":{{totalOut}}}""");

    public void Hear(string topic, string payload) => Hear(topic, Encoding.UTF8.GetBytes(payload));

    public void Hear(string topic, byte[] payload) =>
        journal.Append(RecordKind.Envelope, Clock.Now(), Encoding.UTF8.GetBytes(topic), payload);

    /// <summary>Time passes and is noticed.</summary>
    public void Tick() => journal.Append(RecordKind.Tick, Clock.Now(), default, default);

    /// <summary>Time passes, and the gateway notes something of itself.</summary>
    public void Note(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload) => journal.Append(RecordKind.Tick, Clock.Now(), topic, payload);

    /// <summary>Commits and folds what was heard.</summary>
    public void Drain()
    {
        journal.Commit();
        while (reader.TryRead(out var record))
            Fold.Apply(record);
    }

    /// <summary>The process dies: what was not committed to the journal, and what was folded but not stored, is gone.</summary>
    /// <param name="harm">What happens to the data folder before the next start.</param>
    public void Crash(Action<string>? harm = null)
    {
        // as a kill leaves them: an orderly close would empty the write-ahead log
        var kept = Directory.GetFiles(folder, "state.db*").ToDictionary(path => path, Bytes);
        Close();
        foreach (var (path, bytes) in kept)
            File.WriteAllBytes(path, bytes);
        harm?.Invoke(folder);
        Open();
        Drain();
    }

    /// <summary>The disk does not take the next commit of the state: SQLite then undoes the whole transaction by itself, as with SQLITE_FULL.</summary>
    public void RefuseNextCommit() => raw.sqlite3_commit_hook(connection.Handle, database =>
    {
        raw.sqlite3_commit_hook(connection.Handle, null, null);
        return 1;
    }, null);

    /// <summary>
    /// The machine loses its power, and starts again with a wall clock of its own choice. What was not committed is gone;
    /// nothing is folded yet.
    /// </summary>
    public void Reboot(TimeSpan off, DateTimeOffset? wall = null)
    {
        Close();
        booted = Truth + off;
        Time.Reboot(off);
        if (wall is { } shown)
            Time.JumpTo(shown);
        Clock = Boot();
        Open();
    }

    /// <summary>The time service sets the clock, and the gateway notices.</summary>
    public void Synchronise()
    {
        Time.JumpTo(Truth);
        State = ClockState.Synchronised;
        Time.Advance(TimeSpan.FromSeconds(6));
        if (Clock.TakeSet())
            journal.Append(RecordKind.ClockSet, Clock.Now(), default, default);
    }

    private static byte[] Bytes(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>Everything that would have reached the store: the newest revision of each window, open ones included.</summary>
    /// <param name="damaged">Whether the file was harmed: a line that no window can be read from is then left out.</param>
    public Dictionary<(string Line, Resolution Resolution, long Start), LineWindow> Windows(bool damaged = false)
    {
        Drain();
        Checkpoint(includeOpen: true);
        return Stored(damaged);
    }

    /// <summary>What waits in the outbox now.</summary>
    public Dictionary<(string Line, Resolution Resolution, long Start), LineWindow> Stored(bool damaged = false)
    {
        var windows = new Dictionary<(string, Resolution, long), LineWindow>();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT series || rest FROM outbox";
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            var reading = new LineReader(Encoding.UTF8.GetBytes(rows.GetString(0)));
            while (reading.Read())
                if (FootfallPoint.IsFootfall(reading.Point.RawMeasurement, out _))
                {
                    var readable = FootfallPoint.TryRead(reading.Point, FootfallPoint.Precision, out _, out var window, out var problem);
                    Assert.True(readable || damaged, problem);
                    if (readable)
                        windows.Add((window.Line, window.Resolution, window.Start), window);
                }
        }
        return windows;
    }

    /// <summary>The newest point of <c>device_health</c> of a device that waits in the outbox, as a line.</summary>
    public string Health(string device) => Newest($"device_health,device={device},%");

    /// <summary>The newest point of <c>gateway_health</c> that waits in the outbox, as a line.</summary>
    public string GatewayHealth() => Newest("gateway_health,%");

    private string Newest(string series)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT CAST(series || rest AS TEXT) FROM outbox WHERE CAST(series AS TEXT) LIKE $series ORDER BY timestamp DESC LIMIT 1";
        command.Parameters.AddWithValue("$series", series);
        return (string?)command.ExecuteScalar() ?? "";
    }

    /// <summary>A connection of the sender's own to the state.</summary>
    public SqliteConnection Connect() => SqliteStore.Open(Path.Combine(folder, "state.db"), StateFile.Migrations, durable: false);

    /// <summary>The fields of a device's <c>completeness_15m</c> that wait in the outbox, of the quarter at hh:mm:ss.</summary>
    public Dictionary<string, long> Completeness(string device, string time)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT series || rest FROM outbox WHERE CAST(series AS TEXT) = 'completeness_15m,device={device},district=test' AND timestamp = {At(time) / 1000}";
        var fields = new Dictionary<string, long>();
        var reading = new LineReader(Encoding.UTF8.GetBytes((string)command.ExecuteScalar()!));
        Assert.True(reading.Read());
        foreach (var field in reading.Point.Fields)
            fields.Add(field.Key, field.Field.Integer);
        return fields;
    }

    /// <summary>The window of a line at hh:mm:ss.</summary>
    public LineWindow Window(string line, string time, Resolution resolution = Resolution.Minute) =>
        Windows()[(line, resolution, resolution.WindowStart(At(time)))];

    public List<DeadLetter> Letters() => DeadLetters.Newest(connection, 100);

    public void Dispose()
    {
        Close();
        Directory.Delete(folder, recursive: true);
    }

    private GatewayClock Boot() => new(Time, Guid.NewGuid(), () => State);

    private void Open()
    {
        var catalog = DeviceCatalog.Build(district, profiles, "gw");
        connection = StateFile.Open(folder, Time, NullLogger.Instance, stored => FootfallFold.Probe(stored, catalog, options));
        SqliteStore.Execute(connection, "PRAGMA synchronous=OFF");
        state = new FoldState(connection);
        segments = new SegmentLedger(connection);
        Fold = new FootfallFold(catalog, state,
            new FoldPoints(outbox = new OutboxWriter(connection), "test", "gw", generation: 7), letters = new DeadLetters(connection), options);
        journal = Edge.Journal.Journal.Open(Path.Combine(folder, "journal"), new JournalOptions { SegmentBytes = 1 << 16 }, Clock, 1, Math.Max(Fold.Position, segments.LastCommitted));
        Fold.BeginAt(journal.Oldest);
        reader = new TimedReader(journal, Fold.Position + 1, Fold.Clock, Fold.LastTime);
    }

    /// <summary>Stores what is folded, as the fold's loop does.</summary>
    public void Checkpoint(bool includeOpen = false)
    {
        var present = journal.Ranges();
        Fold.Checkpoint(includeOpen, () => segments.Save(present));
        segments.Saved(present);
    }

    private void Close()
    {
        reader.Dispose();
        journal.Dispose();
        // a statement left behind would keep the file open, and mapped
        letters.Dispose();
        outbox.Dispose();
        segments.Dispose();
        state.Dispose();
        connection.Dispose();
    }
}
