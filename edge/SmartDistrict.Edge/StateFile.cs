using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using SmartDistrict.Edge.Footfall;
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

    internal static readonly string[] Migrations =
    [
        string.Join('\n', FoldState.Schema, OutboxWriter.Schema, DeadLetters.Schema, Losses.Schema),
        SensorTables.Schema,
        SegmentLedger.Schema,
        FoldState.BeamsSchema,
    ];

    /// <summary>
    /// Opens the state. A damaged file is set aside and a new one begun, which the journal then fills again:
    /// yesterday's data never keeps the gateway from starting.
    /// </summary>
    public static SqliteConnection Open(string data, TimeProvider time, ILogger log)
    {
        var path = Path(data);
        try
        {
            return Open(path);
        }
        catch (SqliteException e) when (e.SqliteErrorCode is Corrupt or NotADatabase)
        {
            var aside = $"{path}.damaged-{time.GetUtcNow():yyyyMMdd-HHmmss}";
            foreach (var suffix in (string[])["", "-wal", "-shm"])
                if (File.Exists(path + suffix))
                    File.Move(path + suffix, aside + suffix);
            LogSetAside(log, path, e.Message, aside);
            return Open(path);
        }
    }

    /// <summary>A further connection to an opened state.</summary>
    /// <param name="durable">Whether its commits wait for the disk.</param>
    public static SqliteConnection OpenAgain(string data, bool durable) => SqliteStore.Open(Path(data), Migrations, durable);

    private static string Path(string data) => System.IO.Path.Combine(data, "state.db");

    private static SqliteConnection Open(string path)
    {
        var connection = SqliteStore.Open(path, Migrations);
        using var check = connection.CreateCommand();
        check.CommandText = "PRAGMA quick_check(1)";
        if ((string?)check.ExecuteScalar() is not "ok" and var fault)
        {
            connection.Dispose();
            throw new SqliteException(fault ?? "the file is damaged", Corrupt);
        }
        return connection;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The state file {Path} is damaged ({Reason}); it was set aside as {Aside}, and the journal is folded again from its beginning")]
    private static partial void LogSetAside(ILogger log, string path, string reason, string aside);
}
