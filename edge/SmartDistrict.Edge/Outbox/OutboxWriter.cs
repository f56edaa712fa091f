using Microsoft.Data.Sqlite;
using SmartDistrict.Edge.Journal;
using SmartDistrict.Sqlite;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Edge.Outbox;

/// <summary>
/// The fold's end of the outbox: points that wait for the time series store, in the fold's own transaction, so that a
/// point waits exactly if the journal position behind it is committed. Of one point only the newest revision waits.
/// </summary>
/// <remarks>
/// A point is (timestamp, series). <c>put</c> rises with every put in the file's life, so "the row as it was when the
/// batch was read" is one comparison. <c>again_at</c> is set while the server may still hold an older revision of the row
/// (an ambiguous time-out): until then the row stays, and it is written once more after it. <c>outbox_under_way</c> lists the runs of rows that
/// are being sent, so that a kill leaves them doubtful, not forgotten; <c>outbox_done</c> lists runs that the store has and whose rows (up
/// to their <c>put</c>) are yet to be deleted: they count as gone, and as new if they are put again. <c>outbox_level</c> holds the sums, kept in the same
/// transactions.
/// </remarks>
public sealed class OutboxWriter : IDisposable
{
    /// <summary>The tables, one migration script.</summary>
    public const string Schema = """
        CREATE TABLE outbox(
            timestamp  INTEGER NOT NULL,           -- s since the Unix epoch
            series     BLOB NOT NULL,              -- measurement and tags as on the wire
            put        INTEGER NOT NULL,
            generation INTEGER NOT NULL,
            counter    INTEGER NOT NULL,
            sent       INTEGER NOT NULL DEFAULT 0, -- 1: accepted, and waits for again_at
            again_at   INTEGER,                    -- ms since the Unix epoch
            rest       BLOB NOT NULL,              -- the line behind its series
            PRIMARY KEY (timestamp, series)) WITHOUT ROWID;
        CREATE INDEX outbox_again ON outbox(again_at, sent) WHERE again_at IS NOT NULL;
        CREATE TABLE outbox_under_way(
            first_timestamp INTEGER NOT NULL, first_series BLOB NOT NULL,
            last_timestamp  INTEGER NOT NULL, last_series  BLOB NOT NULL);
        CREATE TABLE outbox_done(
            first_timestamp INTEGER NOT NULL, first_series BLOB NOT NULL,
            last_timestamp  INTEGER NOT NULL, last_series  BLOB NOT NULL,
            put INTEGER NOT NULL);
        CREATE TABLE outbox_level(rows INTEGER NOT NULL, bytes INTEGER NOT NULL, puts INTEGER NOT NULL);
        INSERT INTO outbox_level VALUES(0, 0, 0);
        CREATE TRIGGER outbox_added AFTER INSERT ON outbox BEGIN
            UPDATE outbox_level SET rows = rows + 1, bytes = bytes + length(NEW.series) + length(NEW.rest), puts = NEW.put;
        END;
        CREATE TRIGGER outbox_revised AFTER UPDATE OF rest ON outbox BEGIN
            UPDATE outbox_level SET bytes = bytes + length(NEW.rest) - length(OLD.rest), puts = NEW.put;
            UPDATE outbox_level SET rows = rows + 1, bytes = bytes + length(OLD.series) + length(OLD.rest) WHERE EXISTS (
                SELECT 1 FROM outbox_done WHERE OLD.put <= put
                    AND (OLD.timestamp, OLD.series) >= (first_timestamp, first_series) AND (OLD.timestamp, OLD.series) <= (last_timestamp, last_series));
        END;
        """;

    /// <summary>A further migration script: quarters of an hour that left the outbox without reaching the store, for the completeness ledger.</summary>
    public const string UndeliveredSchema = """
        CREATE TABLE outbox_undelivered (
            timestamp INTEGER NOT NULL, series BLOB NOT NULL, dropped INTEGER NOT NULL, -- 1: the outbox was full, 0: refused
            PRIMARY KEY (timestamp, series)) WITHOUT ROWID;
        """;

    /// <summary>A further migration script: SQLite has no checksum of its own, so that a bit which turns over on the disk would be sent as a number.</summary>
    public const string ChecksumSchema = """
        ALTER TABLE outbox ADD COLUMN checksum INTEGER; -- CRC-32C of the whole line + timestamp + generation + counter
        ALTER TABLE outbox_level ADD COLUMN unchecked INTEGER NOT NULL DEFAULT 0; -- rows up to this put are of a version without
        UPDATE outbox_level SET unchecked = puts;
        """;

    private readonly Statement put;

    /// <param name="writer">The fold's connection; its file has <see cref="Schema"/>.</param>
    public OutboxWriter(SqliteConnection writer) => put = new(writer, """
        INSERT INTO outbox(timestamp, series, put, generation, counter, rest, checksum)
        VALUES(?1, ?2, (SELECT puts + 1 FROM outbox_level), ?3, ?4, ?5, ?6)
        ON CONFLICT DO UPDATE SET put = excluded.put, generation = excluded.generation, counter = excluded.counter,
            sent = 0, rest = excluded.rest, checksum = excluded.checksum
        WHERE (excluded.generation, excluded.counter) > (generation, counter)
        """);

    /// <summary>Puts a point's newest state; one that is not newer than the waiting one changes nothing.</summary>
    /// <param name="transaction">The open transaction of this writer's connection.</param>
    /// <param name="series">Measurement and tags as on the wire, <see cref="Telemetry.LineProtocol.LineWriter.Series"/>.</param>
    /// <param name="timestampSeconds">s since the Unix epoch.</param>
    /// <param name="revision">Orders the versions of this point.</param>
    /// <param name="line">The whole line with its timestamp in seconds, no newline, <see cref="Telemetry.LineProtocol.LineWriter.Line"/>.</param>
    public void Put(SqliteTransaction transaction, ReadOnlySpan<byte> series, long timestampSeconds, Revision revision, ReadOnlySpan<byte> line)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        if (!line.StartsWith(series) || line.Length == series.Length || line[series.Length] != ' ')
            throw new ArgumentException("the line must begin with its series and a space", nameof(line));
        put.Bind(1, timestampSeconds).Bind(2, series).Bind(3, revision.Generation).Bind(4, revision.Counter).Bind(5, line[series.Length..])
            .Bind(6, JournalFormat.Crc32C(line) + timestampSeconds + revision.Generation + revision.Counter).Run();
    }

    public void Dispose() => put.Dispose();
}
