using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using SmartDistrict.Sqlite;

namespace SmartDistrict.Cloud.Numbers;

/// <summary>What a day that is kept was derived from: the digests of its quarter hours, and its <see cref="DayConditions"/>.</summary>
internal readonly record struct DayKey(long? Revisions, long? Generations, long? Provisional, long Conditions);

/// <summary>
/// Keeps what areas counted on business days that are over, in <c>DATA/numbers.db</c>. All of it can be derived again: a
/// file that is damaged, or of another build of this program, is begun anew. Thread-safe.
/// </summary>
internal sealed partial class DayFile : IDisposable
{
    /// <summary>Areas × days that are kept, the newest: some 950 MB, or five years of 2,000 zones.</summary>
    public const int MostRows = 4_000_000;

    private const string Schema =
        """
        CREATE TABLE areas (id INTEGER PRIMARY KEY, ids TEXT NOT NULL UNIQUE);
        CREATE TABLE day (
            start INTEGER PRIMARY KEY, areas INTEGER NOT NULL REFERENCES areas(id),
            revisions INTEGER, generations INTEGER, provisional INTEGER, conditions INTEGER NOT NULL, figures BLOB NOT NULL);
        CREATE TABLE program (build TEXT NOT NULL);
        """;

    private readonly Lock gate = new();
    private readonly ILogger<DayFile> log;
    private readonly int most;
    private readonly SqliteConnection file;
    private readonly long areasId;
    private readonly Dictionary<long, int[]?> rowsOf = [];
    private readonly SortedDictionary<long, DayKey> keys = [];

    public DayFile(IOptions<CloudOptions> options, Areas areas, ILogger<DayFile> log) : this(Path.Combine(options.Value.Data, "numbers.db"), areas, log)
    {
    }

    public DayFile(string path, Areas areas, ILogger<DayFile> log, int mostRows = MostRows)
    {
        (this.log, most) = (log, Math.Max(1, mostRows / areas.Count));
        var ids = string.Join('\n', Enumerable.Range(0, areas.Count).Select(area => areas[area].Id));
        file = Open(path);
        SqliteStore.Execute(file, "DELETE FROM areas WHERE id NOT IN (SELECT areas FROM day)");
        Run("INSERT OR IGNORE INTO areas (ids) VALUES ($1)", ids);
        foreach (var row in List("SELECT id, ids FROM areas", row => (Id: row.GetInt64(0), Ids: row.GetString(1))))
        {
            rowsOf[row.Id] = row.Ids == ids ? null : RowsOf(row.Ids.Split('\n'), areas);
            if (row.Ids == ids)
                areasId = row.Id;
        }
        foreach (var (start, key) in List("SELECT start, revisions, generations, provisional, conditions FROM day", row => (
            row.GetInt64(0), new DayKey(Number(row, 1), Number(row, 2), Number(row, 3), row.GetInt64(4)))))
            keys[start] = key;
    }

    /// <param name="start">Start of the business day, s since the Unix epoch.</param>
    public DayKey? Find(long start)
    {
        lock (gate)
            return keys.TryGetValue(start, out var key) ? key : null;
    }

    /// <summary>Reads a day; null where it is not kept, or cannot be read any more.</summary>
    /// <param name="buffer">Is made as large as it takes; holds the day until it is used again.</param>
    public DayTallies? Read(long start, ref byte[] buffer)
    {
        lock (gate)
            try
            {
                using var command = Command("SELECT start, areas, length(figures), figures FROM day WHERE start = $1", start);
                using var row = command.ExecuteReader();
                if (!row.Read())
                    return null;
                var length = row.GetInt32(2);
                if (buffer.Length < length)
                    buffer = new byte[length];
                row.GetBytes(3, 0, buffer, 0, length);
                return new(buffer.AsMemory(0, length), rowsOf[row.GetInt64(1)]);
            }
            catch (SqliteException e)
            {
                LogFault(e);
                keys.Remove(start);
                return null;
            }
    }

    /// <summary>Keeps a day; the oldest go where there is no room.</summary>
    public void Put(long start, DayKey key, DayTallies day)
    {
        lock (gate)
        {
            if (keys.Count >= most && !keys.ContainsKey(start))
            {
                if (keys.First().Key is var oldest && oldest > start)
                    return;
                Forget(oldest);
            }
            if (TryRun("INSERT OR REPLACE INTO day VALUES ($1, $2, $3, $4, $5, $6, $7)",
                start, areasId, key.Revisions, key.Generations, key.Provisional, key.Conditions, day.Bytes.ToArray()))
                keys[start] = key;
        }
    }

    public void Forget(long start)
    {
        lock (gate)
            if (keys.Remove(start))
                TryRun("DELETE FROM day WHERE start = $1", start);
    }

    public void Dispose() => file.Dispose();

    private static SqliteConnection Open(string path)
    {
        // figures are as the derivation of this build makes them, in the form that it gives them
        var build = $"{typeof(DayFile).Module.ModuleVersionId}/{Unsafe.SizeOf<AreaTally>()}";
        SqliteConnection? file = null;
        try
        {
            file = SqliteStore.Open(path, [Schema], durable: false);
            using var command = file.CreateCommand();
            command.CommandText = "SELECT (SELECT count(*) FROM day), (SELECT build FROM program)";
            using var row = command.ExecuteReader();
            if (row.Read() && !row.IsDBNull(1) && row.GetString(1) == build)
                return file;
        }
        catch (Exception e) when (e is SqliteException or InvalidDataException && File.Exists(path))
        {
            // derived again below
        }
        file?.Dispose();
        foreach (var each in (string[])[path, path + "-wal", path + "-shm"])
            File.Delete(each);
        file = SqliteStore.Open(path, [Schema], durable: false);
        SqliteStore.Execute(file, $"INSERT INTO program VALUES ('{build}')");
        return file;
    }

    private static int[] RowsOf(string[] kept, Areas areas)
    {
        var rowsOf = new int[areas.Count];
        Array.Fill(rowsOf, -1);
        foreach (var (row, id) in kept.Index())
            if (areas.IndexOf(id) is >= 0 and var area)
                rowsOf[area] = row;
        return rowsOf;
    }

    private static long? Number(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);

    private List<T> List<T>(string sql, Func<SqliteDataReader, T> read)
    {
        using var command = Command(sql);
        using var rows = command.ExecuteReader();
        var list = new List<T>();
        while (rows.Read())
            list.Add(read(rows));
        return list;
    }

    private void Run(string sql, params ReadOnlySpan<object?> values)
    {
        using var command = Command(sql, values);
        command.ExecuteNonQuery();
    }

    /// <summary>A disk that is full takes no number away: what cannot be kept is derived again.</summary>
    private bool TryRun(string sql, params ReadOnlySpan<object?> values)
    {
        try
        {
            Run(sql, values);
            return true;
        }
        catch (SqliteException e)
        {
            LogFault(e);
            return false;
        }
    }

    private SqliteCommand Command(string sql, params ReadOnlySpan<object?> values)
    {
        var command = file.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++)
            command.Parameters.AddWithValue($"${i + 1}", values[i] ?? DBNull.Value);
        return command;
    }

    [LoggerMessage(LogLevel.Warning, "Figures of a day cannot be kept in numbers.db, and are derived each time: look at the data folder's rights and free space")]
    private partial void LogFault(Exception exception);
}
