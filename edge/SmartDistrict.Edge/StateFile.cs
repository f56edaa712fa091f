using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using SmartDistrict.Edge.Footfall;
using SmartDistrict.Edge.Ledger;
using SmartDistrict.Edge.Journal;
using SmartDistrict.Edge.Outbox;
using SmartDistrict.Edge.Sensors;
using SmartDistrict.Sqlite;

namespace SmartDistrict.Edge;

/// <summary>
/// The gateway's one SQLite file: what is folded, what waits for the store, and what was refused. One file, so that all
/// of it and the journal position commit together.
/// </summary>
internal static partial class StateFile
{
    private const int Corrupt = 11;
    private const int NotADatabase = 26;
    private const int UnreadablePage = 266;
    private const int ShortRead = 522;

    internal static readonly string[] Migrations =
    [
        string.Join('\n', FoldState.Schema, OutboxWriter.Schema, DeadLetters.Schema, Losses.Schema),
        SensorTables.Schema,
        SegmentLedger.Schema,
        FoldState.BeamsSchema,
        string.Join('\n', LedgerTables.Schema, OutboxWriter.UndeliveredSchema),
        OutboxWriter.ChecksumSchema,
        FoldState.HealthSchema,
    ];

    /// <summary>
    /// Opens the state. A damaged file is set aside and a new one begun, which the journal then fills again:
    /// yesterday's data never keeps the gateway from starting.
    /// </summary>
    /// <param name="probe">Reads what the start needs of the file; what it throws says that the file is damaged although SQLite takes it for sound.</param>
    public static SqliteConnection Open(string data, TimeProvider time, ILogger log, Action<SqliteConnection>? probe = null)
    {
        var path = Path(data);
        if (File.Exists(Suspicion(data)))
        {
            SetAside(path, "it was found damaged before this start", time, log);
            File.Delete(Suspicion(data));
        }
        try
        {
            return Open(path, probe);
        }
        catch (Exception e) when (IsDamage(e, path))
        {
            SetAside(path, e.Message, time, log);
            return Open(path, probe);
        }
    }

    /// <summary>Notes that the file was found damaged while it was in use: the next start sets it aside.</summary>
    public static void Suspect(string data) => File.WriteAllText(Suspicion(data), "");

    /// <summary>Whether this says that the file itself is damaged, and not that the disk is full or the file locked.</summary>
    public static bool IsDamage(SqliteException e) =>
        e.SqliteErrorCode is Corrupt or NotADatabase || e.SqliteExtendedErrorCode is UnreadablePage or ShortRead;

    /// <summary>A further connection to an opened state.</summary>
    /// <param name="durable">Whether its commits wait for the disk.</param>
    public static SqliteConnection OpenAgain(string data, bool durable) => SqliteStore.Open(Path(data), Migrations, durable);

    private static string Path(string data) => System.IO.Path.Combine(data, "state.db");

    private static string Suspicion(string data) => Path(data) + ".suspect";

    private static SqliteConnection Open(string path, Action<SqliteConnection>? probe)
    {
        var connection = SqliteStore.Open(path, Migrations);
        try
        {
            if (Text(connection, "PRAGMA quick_check(1)") is not "ok" and var fault)
                throw new InvalidDataException(fault);
            if (Text(connection, Tables) != Expected.Value)
                throw new InvalidDataException("its tables are not those of this program");
            using var positions = new Statement(connection, "SELECT ifnull((SELECT value FROM fold WHERE key = 'position'), 0), (SELECT max(last) FROM segments)");
            if (positions.Step() && (positions.Number(0) < 0 || (!positions.IsNull(1) && positions.Number(0) > positions.Number(1))))
                throw new InvalidDataException($"it stands at record {positions.Number(0)}, which the journal never had");
            positions.Reset();
            probe?.Invoke(connection);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private const string Tables = "SELECT group_concat(sql, ';') FROM (SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name)";

    private static readonly Lazy<string> Expected = new(() =>
    {
        using var sound = SqliteStore.Open(":memory:", Migrations);
        return Text(sound, Tables) ?? "";
    });

    /// <summary>Damage, and not a full disk or a file of a newer version of this program: that one has other tables.</summary>
    private static bool IsDamage(Exception e, string path) => e switch
    {
        SqliteException { SqliteErrorCode: 1 } => true,
        SqliteException sqlite => IsDamage(sqlite),
        InvalidDataException when e.Data[nameof(SqliteStore)] is null => true,
        InvalidDataException => HasOurTables(path),
        // what a probe makes of bytes that cannot be so
        InvalidOperationException or ArgumentException or OverflowException or FormatException => true,
        _ => false,
    };

    private static bool HasOurTables(string path)
    {
        try
        {
            using var connection = SqliteStore.OpenToRead(path);
            return Text(connection, Tables) == Expected.Value;
        }
        catch (SqliteException e) when (IsDamage(e))
        {
            return true;
        }
    }

    private static string? Text(SqliteConnection connection, string query)
    {
        using var command = connection.CreateCommand();
        command.CommandText = query;
        return command.ExecuteScalar() as string;
    }

    private static void SetAside(string path, string reason, TimeProvider time, ILogger log)
    {
        var aside = $"{path}.damaged-{time.GetUtcNow():yyyyMMdd-HHmmss}";
        for (var i = 2; File.Exists(aside); i++)
            aside = $"{path}.damaged-{time.GetUtcNow():yyyyMMdd-HHmmss}-{i}";
        foreach (var suffix in (string[])["", "-wal", "-shm"])
            if (File.Exists(path + suffix))
                File.Move(path + suffix, aside + suffix);
        LogSetAside(log, path, reason, aside);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The state file {Path} is damaged ({Reason}); it was set aside as {Aside}, and the journal is folded again from its beginning")]
    private static partial void LogSetAside(ILogger log, string path, string reason, string aside);
}
