using System.Buffers.Binary;
using Microsoft.Data.Sqlite;
using SmartDistrict.Edge.Clock;
using SmartDistrict.Edge.Ledger;
using SmartDistrict.Edge.Sensors;
using SmartDistrict.Sqlite;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Edge.Footfall;

/// <summary>
/// The fold's tables. Everything that one checkpoint writes, and the journal position up to which it holds, is one
/// transaction: a crash between two checkpoints costs a replay, never a number.
/// </summary>
internal sealed class FoldState : IDisposable
{
    public const string Schema = """
        CREATE TABLE fold (key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE lines (key INTEGER PRIMARY KEY, line TEXT NOT NULL UNIQUE);
        CREATE TABLE windows (
            line INTEGER NOT NULL, resolution INTEGER NOT NULL, start INTEGER NOT NULL,
            entries INTEGER NOT NULL, exits INTEGER NOT NULL, ambiguous INTEGER NOT NULL,
            unplaced_entries INTEGER NOT NULL, unplaced_exits INTEGER NOT NULL,
            received INTEGER NOT NULL, missing INTEGER NOT NULL, repaired INTEGER NOT NULL, incomplete INTEGER NOT NULL,
            closed INTEGER NOT NULL, revision INTEGER NOT NULL,
            PRIMARY KEY (line, resolution, start)) WITHOUT ROWID;
        CREATE INDEX windows_open ON windows (closed) WHERE closed = 0;
        CREATE TABLE samples (
            line INTEGER NOT NULL, sides INTEGER NOT NULL, at INTEGER NOT NULL, entries INTEGER NOT NULL, exits INTEGER NOT NULL,
            PRIMARY KEY (line, sides, at)) WITHOUT ROWID;
        CREATE TABLE intervals (
            line INTEGER NOT NULL, at INTEGER NOT NULL, since INTEGER NOT NULL, entries INTEGER NOT NULL, exits INTEGER NOT NULL,
            PRIMARY KEY (line, at, since)) WITHOUT ROWID;
        CREATE TABLE sequences (
            device TEXT NOT NULL, boot INTEGER NOT NULL, tracker BLOB NOT NULL, record INTEGER NOT NULL,
            PRIMARY KEY (device, boot)) WITHOUT ROWID;
        CREATE TABLE devices (
            device TEXT PRIMARY KEY, last_seen INTEGER NOT NULL, minute INTEGER NOT NULL,
            readings INTEGER NOT NULL, duplicates INTEGER NOT NULL, missing INTEGER NOT NULL, refused INTEGER NOT NULL) WITHOUT ROWID;
        """;

    public const string BeamsSchema = "CREATE TABLE beams (device TEXT PRIMARY KEY, counter BLOB NOT NULL, gone TEXT NOT NULL) WITHOUT ROWID;";

    public const string HealthSchema = """
        CREATE TABLE device_health (
            device TEXT PRIMARY KEY, unit INTEGER NOT NULL, battery INTEGER NOT NULL, battery_at INTEGER NOT NULL,
            firmware TEXT NOT NULL, firmware_since INTEGER NOT NULL, firmware_at INTEGER NOT NULL) WITHOUT ROWID;
        """;

    private const string WindowColumns =
        "line, resolution, start, entries, exits, ambiguous, unplaced_entries, unplaced_exits, received, missing, repaired, incomplete, closed, revision, spanning";

    private readonly SqliteConnection connection;
    private readonly Dictionary<string, Statement> statements = [];
    private SensorTables? sensors;
    private LedgerTables? ledger;

    public FoldState(SqliteConnection connection) => this.connection = connection;

    public SqliteTransaction? Transaction { get; private set; }

    /// <summary>What the sensor watch keeps, in the same transactions.</summary>
    public LedgerTables Ledger => ledger ??= new LedgerTables(connection);

    public SensorTables Sensors => sensors ??= new SensorTables(connection);

    public SqliteTransaction Begin() => Transaction = connection.BeginTransaction();

    public void Commit()
    {
        SqliteStore.Commit(Transaction!);
        Transaction!.Dispose();
        Transaction = null;
    }

    public void Rollback()
    {
        Transaction?.Dispose();
        Transaction = null;
    }

    public long? Value(string key) =>
        Rows(Prepared("SELECT value FROM fold WHERE key = ?1").Bind(1, key), row => (long?)row.Number(0)).FirstOrDefault();

    public void SetValue(string key, long value) =>
        Prepared("INSERT INTO fold VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value").Bind(1, key).Bind(2, value).Run();

    /// <summary>What was known of the boot's clock at the position, and the time of day there, ns since the Unix epoch.</summary>
    public (BootClock Clock, long LastTime) Clock()
    {
        Span<byte> boot = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(boot, Value("boot_high") ?? 0);
        BinaryPrimitives.WriteInt64BigEndian(boot[8..], Value("boot_low") ?? 0);
        return (new BootClock(new Guid(boot, bigEndian: true), Value("boot_offset"), Value("boot_slack") ?? 0), Value("time") ?? 0);
    }

    public void SetClock(in BootClock clock, long lastTime)
    {
        Span<byte> boot = stackalloc byte[16];
        clock.Boot.TryWriteBytes(boot, bigEndian: true, out _);
        SetValue("boot_high", BinaryPrimitives.ReadInt64BigEndian(boot));
        SetValue("boot_low", BinaryPrimitives.ReadInt64BigEndian(boot[8..]));
        if (clock.Offset is { } offset)
            SetValue("boot_offset", offset);
        SetValue("boot_slack", clock.Slack);
        SetValue("time", lastTime);
    }

    /// <summary>The line's number in this file; given at its first use and kept for good.</summary>
    public int LineKey(string line)
    {
        Prepared("INSERT INTO lines (line) VALUES (?1) ON CONFLICT (line) DO NOTHING").Bind(1, line).Run();
        return Rows(Prepared("SELECT key FROM lines WHERE line = ?1").Bind(1, line), row => (int)row.Number(0)).Single();
    }

    public bool TryReadWindow(WindowCell into)
    {
        var row = Prepared($"SELECT {WindowColumns} FROM windows WHERE line = ?1 AND resolution = ?2 AND start = ?3")
            .Bind(1, into.Line.Key).Bind(2, (int)into.Resolution).Bind(3, into.Start);
        if (!row.Step())
            return false;
        Fill(into, row);
        row.Reset();
        return true;
    }

    /// <summary>The windows that were open at the last checkpoint: line key, resolution, start.</summary>
    public List<(int Line, Resolution Resolution, long Start)> OpenWindows() =>
        Rows(Prepared("SELECT line, resolution, start FROM windows WHERE closed = 0"),
            row => ((int)row.Number(0), (Resolution)row.Number(1), row.Number(2)));

    public void SaveWindow(WindowCell cell) =>
        Prepared($"INSERT OR REPLACE INTO windows ({WindowColumns}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)")
            .Bind(1, cell.Line.Key).Bind(2, (int)cell.Resolution).Bind(3, cell.Start)
            .Bind(4, cell.Entries).Bind(5, cell.Exits).Bind(6, cell.Ambiguous)
            .Bind(7, cell.UnplacedEntries).Bind(8, cell.UnplacedExits)
            .Bind(9, cell.Received).Bind(10, cell.Missing).Bind(11, cell.Repaired ? 1 : 0).Bind(12, cell.Incomplete ? 1 : 0)
            .Bind(13, cell.Closed ? 1 : 0).Bind(14, cell.Revision).Bind(15, cell.Spanning).Run();

    public long? LastSampleAt(int line, CountedSides sides, long at) =>
        Rows(Prepared("SELECT max(at) FROM samples WHERE line = ?1 AND sides = ?2 AND at <= ?3").Bind(1, line).Bind(2, (int)sides).Bind(3, at),
            row => row.IsNull(0) ? null : (long?)row.Number(0)).Single();

    /// <summary>Totals with event time in [from, to), in order.</summary>
    public List<CounterSample> Samples(int line, CountedSides sides, long from, long to) =>
        Rows(Prepared("SELECT at, entries, exits FROM samples WHERE line = ?1 AND sides = ?2 AND at >= ?3 AND at < ?4 ORDER BY at")
            .Bind(1, line).Bind(2, (int)sides).Bind(3, from).Bind(4, to),
            row => new CounterSample(row.Number(0), row.Number(1), row.Number(2)));

    /// <summary>Forgets totals after an instant.</summary>
    public void CutSamples(int line, CountedSides sides, long after) =>
        Prepared("DELETE FROM samples WHERE line = ?1 AND sides = ?2 AND at > ?3").Bind(1, line).Bind(2, (int)sides).Bind(3, after).Run();

    public void SaveSample(int line, CountedSides sides, CounterSample sample) =>
        Prepared("INSERT OR REPLACE INTO samples VALUES (?1, ?2, ?3, ?4, ?5)")
            .Bind(1, line).Bind(2, (int)sides).Bind(3, sample.At).Bind(4, sample.Entries).Bind(5, sample.Exits).Run();

    /// <summary>Intervals that end in [from, to), in order of their ends.</summary>
    public List<IntervalSample> Intervals(int line, long from, long to) =>
        Rows(Prepared("SELECT since, at, entries, exits FROM intervals WHERE line = ?1 AND at >= ?2 AND at < ?3 ORDER BY at")
            .Bind(1, line).Bind(2, from).Bind(3, to),
            row => new IntervalSample(row.Number(0), row.Number(1), row.Number(2), row.Number(3)));

    public void SaveInterval(int line, IntervalSample interval) =>
        Prepared("INSERT OR IGNORE INTO intervals VALUES (?1, ?2, ?3, ?4, ?5)")
            .Bind(1, line).Bind(2, interval.At).Bind(3, interval.Since).Bind(4, interval.Entries).Bind(5, interval.Exits).Run();

    public Dictionary<ulong, SequenceTracker> Sequences(string device)
    {
        var sequences = new Dictionary<ulong, SequenceTracker>();
        foreach (var (boot, tracker) in Rows(Prepared("SELECT boot, tracker, record FROM sequences WHERE device = ?1").Bind(1, device), row =>
        {
            var tracker = SequenceTracker.FromBytes(row.Bytes(1));
            tracker.LastRecord = row.Number(2);
            return (unchecked((ulong)row.Number(0)), tracker);
        }))
            sequences[boot] = tracker;
        return sequences;
    }

    public void SaveSequence(string device, ulong boot, SequenceTracker tracker) =>
        Prepared("INSERT OR REPLACE INTO sequences VALUES (?1, ?2, ?3, ?4)")
            .Bind(1, device).Bind(2, unchecked((long)boot)).Bind(3, tracker.ToBytes()).Bind(4, tracker.LastRecord).Run();

    public long LastSeen(string device, out DeviceMinute minute)
    {
        var row = Rows(Prepared("SELECT last_seen, minute, readings, duplicates, missing, refused FROM devices WHERE device = ?1").Bind(1, device),
            row => (Seen: row.Number(0), Minute: new DeviceMinute(row.Number(1), row.Number(2), row.Number(3), row.Number(4), row.Number(5))))
            .FirstOrDefault();
        minute = row.Minute;
        return row.Seen;
    }

    public void SaveDevice(string device, long lastSeen, in DeviceMinute minute) =>
        Prepared("INSERT OR REPLACE INTO devices VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")
            .Bind(1, device).Bind(2, lastSeen).Bind(3, minute.Minute).Bind(4, minute.Readings)
            .Bind(5, minute.Duplicates).Bind(6, minute.Missing).Bind(7, minute.Refused).Run();

    /// <summary>What a device has told of itself; null before its first checkpoint.</summary>
    public StoredHealth? Health(string device) =>
        Rows(Prepared("SELECT unit, battery, battery_at, firmware, firmware_since, firmware_at FROM device_health WHERE device = ?1").Bind(1, device),
            row => (StoredHealth?)new StoredHealth(row.Number(0), row.Number(1), row.Number(2), row.Text(3), row.Number(4), row.Number(5))).FirstOrDefault();

    public void SaveHealth(string device, in StoredHealth health) =>
        Prepared("INSERT OR REPLACE INTO device_health VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")
            .Bind(1, device).Bind(2, health.Unit).Bind(3, health.Battery).Bind(4, health.BatteryAt)
            .Bind(5, health.Firmware).Bind(6, health.FirmwareSince).Bind(7, health.FirmwareAt).Run();

    /// <summary>What is known of a pair of light beams, and why it is away, or ""; null before its first checkpoint.</summary>
    public (byte[] Counter, string Gone)? Beams(string device) =>
        Rows(Prepared("SELECT counter, gone FROM beams WHERE device = ?1").Bind(1, device),
            row => ((byte[], string)?)(row.Bytes(0).ToArray(), row.Text(1))).FirstOrDefault();

    public void SaveBeams(string device, byte[] counter, string gone) =>
        Prepared("INSERT OR REPLACE INTO beams VALUES (?1, ?2, ?3)").Bind(1, device).Bind(2, counter).Bind(3, gone).Run();

    /// <summary>Forgets what no reading within the late horizon can touch any more; each line keeps its newest totals.</summary>
    /// <param name="before">Event time, ms since the Unix epoch.</param>
    /// <param name="record">Sequences untouched since before this record.</param>
    public void Prune(long before, long record)
    {
        Prepared("DELETE FROM windows WHERE start < ?1 AND closed = 1").Bind(1, before / 1000).Run();
        Prepared("DELETE FROM intervals WHERE at < ?1").Bind(1, before).Run();
        Prepared("DELETE FROM samples WHERE at < ?1 AND at < (SELECT max(at) FROM samples AS newest WHERE newest.line = samples.line AND newest.sides = samples.sides)").Bind(1, before).Run();
        Prepared("DELETE FROM sequences WHERE record < ?1 AND record < (SELECT max(record) FROM sequences AS newest WHERE newest.device = sequences.device)").Bind(1, record).Run();
    }

    public void Dispose()
    {
        foreach (var statement in statements.Values)
            statement.Dispose();
        sensors?.Dispose();
        ledger?.Dispose();
        Rollback();
    }

    private static void Fill(WindowCell cell, Statement row)
    {
        cell.Entries = row.Number(3);
        cell.Exits = row.Number(4);
        cell.Ambiguous = row.Number(5);
        cell.UnplacedEntries = row.Number(6);
        cell.UnplacedExits = row.Number(7);
        cell.Received = row.Number(8);
        cell.Missing = row.Number(9);
        cell.Repaired = row.Number(10) != 0;
        cell.Incomplete = row.Number(11) != 0;
        cell.Closed = row.Number(12) != 0;
        cell.Revision = row.Number(13);
        cell.Spanning = row.Number(14);
    }

    private static List<T> Rows<T>(Statement bound, Func<Statement, T> read)
    {
        var rows = new List<T>();
        while (bound.Step())
            rows.Add(read(bound));
        return rows;
    }

    private Statement Prepared(string sql)
    {
        if (!statements.TryGetValue(sql, out var statement))
            statements.Add(sql, statement = new Statement(connection, sql));
        return statement;
    }
}
