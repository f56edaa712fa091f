using System.Globalization;
using Microsoft.Data.Sqlite;
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

    private const string WindowColumns =
        "line, resolution, start, entries, exits, ambiguous, unplaced_entries, unplaced_exits, received, missing, repaired, incomplete, closed, revision";

    private readonly SqliteConnection connection;
    private readonly Dictionary<string, SqliteCommand> commands = [];

    public FoldState(SqliteConnection connection) => this.connection = connection;

    public SqliteTransaction? Transaction { get; private set; }

    public SqliteTransaction Begin() => Transaction = connection.BeginTransaction();

    public void Commit()
    {
        Transaction!.Commit();
        Transaction.Dispose();
        Transaction = null;
    }

    public void Rollback()
    {
        Transaction?.Dispose();
        Transaction = null;
    }

    public long? Value(string key) =>
        Query("SELECT value FROM fold WHERE key = $0", [key], row => (long?)row.GetInt64(0)).FirstOrDefault();

    public void SetValue(string key, long value) =>
        Execute("INSERT INTO fold VALUES ($0, $1) ON CONFLICT (key) DO UPDATE SET value = excluded.value", key, value);

    /// <summary>The line's number in this file; given at its first use and kept for good.</summary>
    public int LineKey(string line)
    {
        Execute("INSERT INTO lines (line) VALUES ($0) ON CONFLICT (line) DO NOTHING", line);
        return Query("SELECT key FROM lines WHERE line = $0", [line], row => row.GetInt32(0)).Single();
    }

    public bool TryReadWindow(WindowCell into)
    {
        var command = Command($"SELECT {WindowColumns} FROM windows WHERE line = $0 AND resolution = $1 AND start = $2",
            into.Line.Key, (int)into.Resolution, into.Start);
        using var row = command.ExecuteReader();
        if (!row.Read())
            return false;
        Fill(into, row);
        return true;
    }

    /// <summary>The windows that were open at the last checkpoint: line key, resolution, start.</summary>
    public List<(int Line, Resolution Resolution, long Start)> OpenWindows() =>
        Query("SELECT line, resolution, start FROM windows WHERE closed = 0", [],
            row => (row.GetInt32(0), (Resolution)row.GetInt32(1), row.GetInt64(2)));

    public void SaveWindow(WindowCell cell) =>
        Execute($"INSERT OR REPLACE INTO windows ({WindowColumns}) VALUES ($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
            cell.Line.Key, (int)cell.Resolution, cell.Start, cell.Entries, cell.Exits, cell.Ambiguous, cell.UnplacedEntries,
            cell.UnplacedExits, cell.Received, cell.Missing, cell.Repaired ? 1 : 0, cell.Incomplete ? 1 : 0, cell.Closed ? 1 : 0, cell.Revision);

    public long? LastSampleAt(int line, CountedSides sides, long at) =>
        Query("SELECT max(at) FROM samples WHERE line = $0 AND sides = $1 AND at <= $2", [line, (int)sides, at],
            row => row.IsDBNull(0) ? null : (long?)row.GetInt64(0)).Single();

    /// <summary>Totals with event time in [from, to), in order.</summary>
    public List<CounterSample> Samples(int line, CountedSides sides, long from, long to) =>
        Query("SELECT at, entries, exits FROM samples WHERE line = $0 AND sides = $1 AND at >= $2 AND at < $3 ORDER BY at", [line, (int)sides, from, to],
            row => new CounterSample(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)));

    public void SaveSample(int line, CountedSides sides, CounterSample sample) =>
        Execute("INSERT OR REPLACE INTO samples VALUES ($0, $1, $2, $3, $4)", line, (int)sides, sample.At, sample.Entries, sample.Exits);

    /// <summary>Intervals that end in [from, to), in order of their ends.</summary>
    public List<IntervalSample> Intervals(int line, long from, long to) =>
        Query("SELECT since, at, entries, exits FROM intervals WHERE line = $0 AND at >= $1 AND at < $2 ORDER BY at", [line, from, to],
            row => new IntervalSample(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3)));

    public void SaveInterval(int line, IntervalSample interval) =>
        Execute("INSERT OR IGNORE INTO intervals VALUES ($0, $1, $2, $3, $4)", line, interval.At, interval.Since, interval.Entries, interval.Exits);

    public Dictionary<ulong, SequenceTracker> Sequences(string device) =>
        Query("SELECT boot, tracker, record FROM sequences WHERE device = $0", [device], row =>
        {
            var tracker = SequenceTracker.FromBytes((byte[])row.GetValue(1));
            tracker.LastRecord = row.GetInt64(2);
            return (Boot: unchecked((ulong)row.GetInt64(0)), Tracker: tracker);
        }).ToDictionary(row => row.Boot, row => row.Tracker);

    public void SaveSequence(string device, ulong boot, SequenceTracker tracker) =>
        Execute("INSERT OR REPLACE INTO sequences VALUES ($0, $1, $2, $3)", device, unchecked((long)boot), tracker.ToBytes(), tracker.LastRecord);

    public long LastSeen(string device, out DeviceMinute minute)
    {
        var row = Query("SELECT last_seen, minute, readings, duplicates, missing, refused FROM devices WHERE device = $0", [device],
            row => (Seen: row.GetInt64(0), Minute: new DeviceMinute(row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5))))
            .FirstOrDefault();
        minute = row.Minute;
        return row.Seen;
    }

    public void SaveDevice(string device, long lastSeen, in DeviceMinute minute) =>
        Execute("INSERT OR REPLACE INTO devices VALUES ($0, $1, $2, $3, $4, $5, $6)",
            device, lastSeen, minute.Minute, minute.Readings, minute.Duplicates, minute.Missing, minute.Refused);

    /// <summary>Forgets what no reading within the late horizon can touch any more; each line keeps its newest totals.</summary>
    /// <param name="before">Event time, ms since the Unix epoch.</param>
    /// <param name="record">Sequences untouched since before this record.</param>
    public void Prune(long before, long record)
    {
        Execute("DELETE FROM windows WHERE start < $0 AND closed = 1", before / 1000);
        Execute("DELETE FROM intervals WHERE at < $0", before);
        Execute("DELETE FROM samples WHERE at < $0 AND at < (SELECT max(at) FROM samples AS newest WHERE newest.line = samples.line AND newest.sides = samples.sides)", before);
        Execute("DELETE FROM sequences WHERE record < $0 AND record < (SELECT max(record) FROM sequences AS newest WHERE newest.device = sequences.device)", record);
    }

    public void Dispose()
    {
        foreach (var command in commands.Values)
            command.Dispose();
        Rollback();
    }

    private static void Fill(WindowCell cell, SqliteDataReader row)
    {
        cell.Entries = row.GetInt64(3);
        cell.Exits = row.GetInt64(4);
        cell.Ambiguous = row.GetInt64(5);
        cell.UnplacedEntries = row.GetInt64(6);
        cell.UnplacedExits = row.GetInt64(7);
        cell.Received = row.GetInt64(8);
        cell.Missing = row.GetInt64(9);
        cell.Repaired = row.GetInt64(10) != 0;
        cell.Incomplete = row.GetInt64(11) != 0;
        cell.Closed = row.GetInt64(12) != 0;
        cell.Revision = row.GetInt64(13);
    }

    private void Execute(string sql, params ReadOnlySpan<object> values) => Command(sql, values).ExecuteNonQuery();

    private List<T> Query<T>(string sql, ReadOnlySpan<object> values, Func<SqliteDataReader, T> read)
    {
        var rows = new List<T>();
        using var reader = Command(sql, values).ExecuteReader();
        while (reader.Read())
            rows.Add(read(reader));
        return rows;
    }

    private SqliteCommand Command(string sql, params ReadOnlySpan<object> values)
    {
        if (!commands.TryGetValue(sql, out var command))
        {
            command = connection.CreateCommand();
            command.CommandText = sql;
            for (var i = 0; i < values.Length; i++)
                command.Parameters.Add(new SqliteParameter(string.Create(CultureInfo.InvariantCulture, $"${i}"), null));
            commands.Add(sql, command);
        }
        command.Transaction = Transaction;
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i];
        return command;
    }
}
