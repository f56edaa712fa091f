using Microsoft.Data.Sqlite;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Cloud.Embedded;

/// <summary>The tables of the embedded store and the statements on them.</summary>
internal static class EmbeddedSchema
{
    /// <summary>
    /// Windows lie by time, then line: a question about all lines of a span of time reads one stretch of the file. Health
    /// points keep their fields as JSON, of which a later write of the same time replaces those that it names.
    /// </summary>
    public static readonly string[] Migrations =
    [
        """
        CREATE TABLE line (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
        CREATE TABLE footfall (
            resolution INTEGER NOT NULL, start INTEGER NOT NULL, line INTEGER NOT NULL REFERENCES line(id),
            entries INTEGER NOT NULL, exits INTEGER NOT NULL, ambiguous INTEGER NOT NULL,
            unplaced_entries INTEGER NOT NULL, unplaced_exits INTEGER NOT NULL,
            expected INTEGER, received INTEGER NOT NULL, status INTEGER NOT NULL,
            generation INTEGER NOT NULL, revision INTEGER NOT NULL,
            PRIMARY KEY (resolution, start, line)) WITHOUT ROWID;
        CREATE TABLE health (
            measurement TEXT NOT NULL, tags TEXT NOT NULL, time INTEGER NOT NULL, fields TEXT NOT NULL,
            PRIMARY KEY (measurement, tags, time)) WITHOUT ROWID;
        CREATE INDEX health_by_time ON health (time);
        CREATE TABLE sighting (device TEXT PRIMARY KEY, last_seen INTEGER NOT NULL) WITHOUT ROWID;
        """,
        // how often windows of an hour were written: what a digest tells, also after a restart
        """
        CREATE TABLE written (resolution INTEGER NOT NULL, hour INTEGER NOT NULL, writes INTEGER NOT NULL, PRIMARY KEY (resolution, hour)) WITHOUT ROWID;
        """,
    ];

    public const string ReadWindows =
        """
        SELECT start, line, entries, exits, ambiguous, unplaced_entries, unplaced_exits, expected, received, status, generation, revision
        FROM footfall WHERE resolution = $resolution AND start >= $from AND start < $to
        """;

    /// <summary>
    /// As <see cref="ReadWindows"/>, of some lines: looks each window up by its key, because between two windows of a line
    /// in the file lie those of all other lines.
    /// </summary>
    public const string ReadWindowsOfLines =
        """
        WITH RECURSIVE starts(at) AS (SELECT $from WHERE $from < $to UNION ALL SELECT at + $seconds FROM starts WHERE at + $seconds < $to)
        SELECT start, line, entries, exits, ambiguous, unplaced_entries, unplaced_exits, expected, received, status, generation, revision
        FROM json_each($lines) AS wanted CROSS JOIN line ON line.name = wanted.value CROSS JOIN starts
        CROSS JOIN footfall ON footfall.resolution = $resolution AND footfall.start = starts.at AND footfall.line = line.id
        """;

    /// <summary>Minutes and health points go; quarter hours and hours stay.</summary>
    public const string DeleteExpired =
        """
        DELETE FROM footfall WHERE (resolution, start, line) IN
            (SELECT resolution, start, line FROM footfall WHERE resolution = 0 AND start < $before LIMIT $most);
        DELETE FROM written WHERE resolution = 0 AND hour < $before;
        DELETE FROM health WHERE (measurement, tags, time) IN
            (SELECT measurement, tags, time FROM health WHERE time < $before * 1000000000 LIMIT $most);
        """;

    public static SqliteCommand CountWrite(SqliteConnection connection, SqliteTransaction transaction) => Command(
        connection, transaction, "INSERT INTO written VALUES ($resolution, $hour, 1) ON CONFLICT DO UPDATE SET writes = writes + 1", "$resolution", "$hour");

    public static WindowStatement PutWindow(SqliteConnection connection, SqliteTransaction transaction) => new(connection, transaction);

    public static HealthStatement PutHealth(SqliteConnection connection, SqliteTransaction transaction) => new(connection, transaction);

    /// <summary>Reads a row of <see cref="ReadWindows"/>.</summary>
    public static LineWindow Window(SqliteDataReader row, string line, Resolution resolution) => new(
        line, resolution, row.GetInt64(0),
        new LineCounts
        {
            Entries = row.GetInt64(2),
            Exits = row.GetInt64(3),
            Ambiguous = row.GetInt64(4),
            UnplacedEntries = row.GetInt64(5),
            UnplacedExits = row.GetInt64(6),
            Expected = row.IsDBNull(7) ? null : row.GetInt64(7),
            Received = row.GetInt64(8),
        },
        (WindowStatus)row.GetInt64(9),
        new Revision(row.GetInt64(10), row.GetInt64(11)));

    internal sealed class WindowStatement : IDisposable
    {
        private static readonly string[] Names =
        [
            "$resolution", "$start", "$line", "$entries", "$exits", "$ambiguous", "$unplaced_entries", "$unplaced_exits",
            "$expected", "$received", "$status", "$generation", "$revision",
        ];

        private readonly SqliteCommand put;
        private readonly SqliteCommand addLine;
        private readonly SqliteCommand findLine;
        private readonly Dictionary<string, long> lines = [];

        public WindowStatement(SqliteConnection connection, SqliteTransaction transaction)
        {
            put = Command(connection, transaction,
                $"""
                INSERT INTO footfall VALUES ({string.Join(", ", Names)})
                ON CONFLICT DO UPDATE SET
                    entries = excluded.entries, exits = excluded.exits, ambiguous = excluded.ambiguous,
                    unplaced_entries = excluded.unplaced_entries, unplaced_exits = excluded.unplaced_exits,
                    expected = excluded.expected, received = excluded.received, status = excluded.status,
                    generation = excluded.generation, revision = excluded.revision
                WHERE (excluded.generation, excluded.revision) > (footfall.generation, footfall.revision)
                    OR ((excluded.generation, excluded.revision) = (footfall.generation, footfall.revision)
                        AND (excluded.status <> 0 OR footfall.status = 0))
                """,
                Names);
            addLine = Command(connection, transaction, "INSERT OR IGNORE INTO line (name) VALUES ($name)", "$name");
            findLine = Command(connection, transaction, "SELECT id FROM line WHERE name = $name", "$name");
        }

        public void Put(in LineWindow window)
        {
            var values = put.Parameters;
            values[0].Value = (long)window.Resolution;
            values[1].Value = window.Start;
            values[2].Value = LineId(window.Line);
            values[3].Value = window.Counts.Entries;
            values[4].Value = window.Counts.Exits;
            values[5].Value = window.Counts.Ambiguous;
            values[6].Value = window.Counts.UnplacedEntries;
            values[7].Value = window.Counts.UnplacedExits;
            values[8].Value = (object?)window.Counts.Expected ?? DBNull.Value;
            values[9].Value = window.Counts.Received;
            values[10].Value = (long)window.Status;
            values[11].Value = window.Revision.Generation;
            values[12].Value = window.Revision.Counter;
            put.ExecuteNonQuery();
        }

        public void Dispose()
        {
            put.Dispose();
            addLine.Dispose();
            findLine.Dispose();
        }

        private long LineId(string line)
        {
            if (lines.TryGetValue(line, out var id))
                return id;
            addLine.Parameters[0].Value = line;
            addLine.ExecuteNonQuery();
            findLine.Parameters[0].Value = line;
            return lines[line] = (long)findLine.ExecuteScalar()!;
        }
    }

    internal sealed class HealthStatement(SqliteConnection connection, SqliteTransaction transaction) : IDisposable
    {
        private readonly SqliteCommand put = Command(connection, transaction,
            """
            INSERT INTO health VALUES ($measurement, $tags, $time, $fields)
            ON CONFLICT DO UPDATE SET fields = json_patch(health.fields, excluded.fields)
            """,
            "$measurement", "$tags", "$time", "$fields");

        private readonly SqliteCommand see = Command(connection, transaction,
            """
            INSERT INTO sighting VALUES ($device, $last_seen)
            ON CONFLICT DO UPDATE SET last_seen = max(sighting.last_seen, excluded.last_seen)
            """,
            "$device", "$last_seen");

        public void Put(in HealthPoint point)
        {
            put.Parameters[0].Value = point.Measurement;
            put.Parameters[1].Value = point.Tags;
            put.Parameters[2].Value = point.TimeNanoseconds;
            put.Parameters[3].Value = point.FieldsJson;
            put.ExecuteNonQuery();
            if (point.Sighting is not { } sighting)
                return;
            see.Parameters[0].Value = sighting.Device;
            see.Parameters[1].Value = sighting.LastSeen;
            see.ExecuteNonQuery();
        }

        public void Dispose()
        {
            put.Dispose();
            see.Dispose();
        }
    }

    private static SqliteCommand Command(SqliteConnection connection, SqliteTransaction transaction, string sql, params string[] parameters)
    {
        var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        foreach (var name in parameters)
            command.Parameters.Add(new SqliteParameter { ParameterName = name });
        return command;
    }
}
