using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Sqlite;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Cloud.Embedded;

/// <summary>
/// Keeps what gateways write in one SQLite file. A point replaces the one of the same series and time as a whole, unless
/// that one is of a newer revision; what was accepted is on disk.
/// </summary>
internal sealed class EmbeddedStore : IFootfallStore, IDisposable
{
    private const int HourSeconds = 3600;
    private readonly Lock writing = new();
    private readonly string path;
    private readonly ConcurrentDictionary<(Resolution, long Hour), long> writes = [];
    private readonly ConcurrentBag<SqliteConnection> idleReaders = [];
    private readonly SqliteConnection writer;

    public EmbeddedStore(string path)
    {
        this.path = path;
        writer = SqliteStore.Open(path, EmbeddedSchema.Migrations);
        using var command = writer.CreateCommand();
        command.CommandText = "SELECT resolution, hour, writes FROM written";
        using var rows = command.ExecuteReader();
        while (rows.Read())
            writes[((Resolution)rows.GetInt64(0), rows.GetInt64(1))] = rows.GetInt64(2);
    }

    public EmbeddedStore(Microsoft.Extensions.Options.IOptions<CloudOptions> options) : this(Path.Combine(options.Value.Data, "points.db"))
    {
    }

    /// <summary>Stores a batch in one transaction; it is on disk when this returns.</summary>
    public void Write(IReadOnlyList<LineWindow> windows, IReadOnlyList<HealthPoint> health)
    {
        if (windows.Count == 0 && health.Count == 0)
            return;
        (Resolution Resolution, long Hour)[] hours = [.. windows.Select(window => (window.Resolution, Span.Down(window.Start, HourSeconds))).Distinct()];
        lock (writing)
        {
            using var transaction = writer.BeginTransaction();
            using var window = EmbeddedSchema.PutWindow(writer, transaction);
            foreach (var each in windows)
                window.Put(each);
            using var point = EmbeddedSchema.PutHealth(writer, transaction);
            foreach (var each in health)
                point.Put(each);
            using var count = EmbeddedSchema.CountWrite(writer, transaction);
            foreach (var (resolution, hour) in hours)
            {
                (count.Parameters[0].Value, count.Parameters[1].Value) = ((long)resolution, hour);
                count.ExecuteNonQuery();
            }
            SqliteStore.Commit(transaction);
        }
        // not before it can be read
        foreach (var hour in hours)
            writes.AddOrUpdate(hour, 1, (_, before) => before + 1);
    }

    public IAsyncEnumerable<LineWindow> ReadAsync(
        Resolution resolution, long from, long to, IReadOnlyList<string>? lines, CancellationToken cancellation) =>
        Read(resolution, from, to, lines, cancellation).ToAsyncEnumerable();

    /// <summary>Nobody else writes this file, so its writes are counted, by the hour of their windows.</summary>
    public Task<IReadOnlyList<long?>> DigestAsync(DigestOf what, IReadOnlyList<Span> spans, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<long?>>([.. spans.Select(span => (long?)WritesOf(span))]);

    public Task<IReadOnlyList<DeviceSighting>> ReadSightingsAsync(CancellationToken cancellation)
    {
        var reader = Reader();
        try
        {
            using var command = reader.CreateCommand();
            command.CommandText = "SELECT device, last_seen FROM sighting";
            using var rows = command.ExecuteReader();
            var sightings = new List<DeviceSighting>();
            while (rows.Read())
                sightings.Add(new(rows.GetString(0), rows.GetInt64(1)));
            return Task.FromResult<IReadOnlyList<DeviceSighting>>(sightings);
        }
        finally
        {
            idleReaders.Add(reader);
        }
    }

    /// <summary>The newest health point of each series.</summary>
    /// <param name="series">Site id, and the tags as <see cref="HealthPoint.Tags"/> has them.</param>
    public IReadOnlyList<Alarms.HealthReport> ReadNewestHealth(string measurement, IEnumerable<(string Id, string Tags)> series)
    {
        var reader = Reader();
        try
        {
            using var command = reader.CreateCommand();
            command.CommandText = "SELECT time, fields FROM health WHERE measurement = $measurement AND tags = $tags ORDER BY time DESC LIMIT 1";
            command.Parameters.AddWithValue("$measurement", measurement);
            var tags = command.Parameters.AddWithValue("$tags", "");
            var reports = new List<Alarms.HealthReport>();
            foreach (var one in series)
            {
                tags.Value = one.Tags;
                using var row = command.ExecuteReader();
                if (row.Read())
                    reports.Add(new(one.Id, row.GetInt64(0) / 1_000_000, JsonElement.Parse(row.GetString(1))));
            }
            return reports;
        }
        finally
        {
            idleReaders.Add(reader);
        }
    }

    /// <summary>The rows of a question about health points.</summary>
    public List<T> ReadHealth<T>(string sql, IEnumerable<(string Name, object Value)> parameters, Func<SqliteDataReader, T> read)
    {
        var reader = Reader();
        try
        {
            using var command = reader.CreateCommand();
            command.CommandText = sql;
            foreach (var (name, value) in parameters)
                command.Parameters.AddWithValue(name, value);
            using var rows = command.ExecuteReader();
            var list = new List<T>();
            while (rows.Read())
                list.Add(read(rows));
            return list;
        }
        finally
        {
            idleReaders.Add(reader);
        }
    }

    /// <summary>Deletes what is older than an instant, a bounded number of points at a time so that writers get their turn.</summary>
    /// <param name="before">s since the Unix epoch.</param>
    /// <returns>Whether more is left to delete.</returns>
    public bool DeleteExpired(long before)
    {
        const int most = 20_000;
        lock (writing)
        {
            using var command = writer.CreateCommand();
            command.CommandText = EmbeddedSchema.DeleteExpired;
            command.Parameters.AddWithValue("$before", before);
            command.Parameters.AddWithValue("$most", most);
            return command.ExecuteNonQuery() >= most;
        }
    }

    public void Dispose()
    {
        writer.Dispose();
        while (idleReaders.TryTake(out var reader))
            reader.Dispose();
    }

    private long WritesOf(Span span)
    {
        var sum = 0L;
        for (var hour = Span.Down(span.From, HourSeconds); hour < span.To; hour += HourSeconds)
            sum += writes.GetValueOrDefault((span.Resolution, hour));
        return sum;
    }

    private IEnumerable<LineWindow> Read(Resolution resolution, long from, long to, IReadOnlyList<string>? lines, CancellationToken cancellation)
    {
        var connection = Reader();
        try
        {
            using var command = connection.CreateCommand();
            command.CommandText = lines is null ? EmbeddedSchema.ReadWindows : EmbeddedSchema.ReadWindowsOfLines;
            if (lines is not null)
            {
                command.Parameters.AddWithValue("$lines", JsonSerializer.Serialize(lines));
                command.Parameters.AddWithValue("$seconds", resolution.Seconds());
                from = Span.Down(from + resolution.Seconds() - 1, resolution.Seconds());
            }
            command.Parameters.AddWithValue("$resolution", (int)resolution);
            command.Parameters.AddWithValue("$from", from);
            command.Parameters.AddWithValue("$to", to);
            using var rows = command.ExecuteReader();
            var names = new Dictionary<long, string>();
            while (rows.Read())
            {
                cancellation.ThrowIfCancellationRequested();
                var line = rows.GetInt64(1);
                if (!names.TryGetValue(line, out var name))
                    names[line] = name = LineName(connection, line);
                yield return EmbeddedSchema.Window(rows, name, resolution);
            }
        }
        finally
        {
            idleReaders.Add(connection);
        }
    }

    private static string LineName(SqliteConnection connection, long id)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT name FROM line WHERE id = $id";
        command.Parameters.AddWithValue("$id", id);
        return (string)command.ExecuteScalar()!;
    }

    private SqliteConnection Reader() =>
        idleReaders.TryTake(out var idle) ? idle : SqliteStore.Open(path, EmbeddedSchema.Migrations);
}
