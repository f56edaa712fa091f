using Microsoft.Data.Sqlite;
using SmartDistrict.Edge.Journal;
using SmartDistrict.Sqlite;
using SQLitePCL;

namespace SmartDistrict.Edge.Outbox;

/// <summary>
/// The sender's end of the outbox, on a connection of its own. Batches are runs of neighbouring rows, newest first, and
/// those under way never overlap, so no revision can overtake another. A row leaves only as the revision that was sent.
/// </summary>
/// <remarks>
/// Deleting a row costs more than reading it. While a backlog drains and the fold puts nothing, full batches are therefore
/// only written down as done, in one row, and deleted by <see cref="DeleteDone"/>, or before the first look at a file in
/// which something was put since: a point put again is never hidden by its predecessor.
/// </remarks>
public sealed class OutboxReader : IDisposable
{
    /// <summary>The most rows that one <see cref="Trim"/> drops.</summary>
    public const int MaxTrim = 10_000;

    /// <summary>The most batches that wait to be deleted.</summary>
    private const int MaxDone = 64;

    /// <summary>Of a row that a version without checksums wrote; a CRC-32C is never negative. One less: of a row that lost its own.</summary>
    private const long NoChecksum = -1;

    private const string InRun = "(timestamp, series) >= (?1, ?2) AND (timestamp, series) <= (?3, ?4)";

    /// <summary>Of quarters of an hour the completeness ledger asks what became of them; ',' ends a measurement's name, and '-' follows it in ASCII.</summary>
    private const string IsQuarter = "series >= CAST('footfall_15m,' AS BLOB) AND series < CAST('footfall_15m-' AS BLOB)";

    private const string AsTaken = InRun + " AND put <= ?5";

    private readonly SqliteConnection connection;
    private readonly DeadLetters deadLetters;
    private readonly Statement take;
    private readonly Statement level;
    private readonly Statement nextAgain;
    private readonly Statement notUnderWay;
    private readonly Statement underWayNow;
    private readonly Statement delete;
    private readonly Statement measure;
    private readonly Statement keep;
    private readonly Statement doubt;
    private readonly Statement purge;
    private readonly Statement writeDone;
    private readonly Statement anyAgain;
    private readonly List<Done> done = [];
    private long donePuts = -1;
    private readonly Statement settle;
    private readonly Statement undelivered;
    private readonly Statement subtract;
    private readonly Statement giveUp;

    /// <param name="connection">This reader's own; need not be durable (<c>durable: false</c>): a row whose deletion is
    /// lost with the power is written again, which changes nothing.</param>
    /// <param name="deadLetters">On the same connection.</param>
    public OutboxReader(SqliteConnection connection, DeadLetters deadLetters)
    {
        this.connection = connection;
        this.deadLetters = deadLetters;
        long bare;
        using (var form = new Statement(connection, "SELECT max(unchecked) FROM outbox_level"))
            bare = form.Step() ? form.Number(0) : 0;
        take = new(connection, $$"""
            SELECT timestamp, series, rest, ifnull(checksum - timestamp - generation - counter, {{NoChecksum}} - (put > {{bare}})) FROM outbox
            WHERE (timestamp, series) < (?1, ?2) AND (timestamp, series) > (?3, ?4) AND (sent = 0 OR again_at <= ?5)
            ORDER BY timestamp DESC, series DESC LIMIT ?6
            """);
        level = new(connection, "SELECT rows, bytes, puts FROM outbox_level");
        nextAgain = new(connection, "SELECT again_at FROM outbox WHERE again_at IS NOT NULL AND sent = 1 ORDER BY again_at LIMIT 1");
        notUnderWay = new(connection, "DELETE FROM outbox_under_way");
        underWayNow = new(connection, "INSERT INTO outbox_under_way VALUES(?1, ?2, ?3, ?4)");
        measure = new(connection, $"SELECT count(*), ifnull(sum(length(series) + length(rest)), 0) FROM outbox WHERE {AsTaken} AND (again_at IS NULL OR again_at <= ?6)");
        delete = new(connection, $"DELETE FROM outbox WHERE {AsTaken} AND (again_at IS NULL OR again_at <= ?6)");
        keep = new(connection, $"UPDATE outbox SET sent = 1 WHERE {AsTaken} AND sent = 0 AND again_at > ?6");
        doubt = new(connection, $"UPDATE outbox SET sent = 0, again_at = ?5 WHERE {InRun}");
        purge = new(connection, $"DELETE FROM outbox WHERE {AsTaken} AND again_at IS NULL");
        writeDone = new(connection, "INSERT INTO outbox_done VALUES(?1, ?2, ?3, ?4, ?5)");
        anyAgain = new(connection, "SELECT 1 FROM outbox WHERE again_at IS NOT NULL LIMIT 1");
        settle = new(connection, $"UPDATE outbox SET again_at = NULL WHERE {AsTaken}");
        undelivered = new(connection, $"INSERT OR REPLACE INTO outbox_undelivered SELECT ?1, series, ?3 FROM (SELECT ?2 AS series) WHERE {IsQuarter}");
        subtract = new(connection, "UPDATE outbox_level SET rows = rows - ?1, bytes = bytes - ?2");
        giveUp = new(connection, "DELETE FROM outbox WHERE timestamp = ?1 AND series = ?2");
        using var left = new Statement(connection, "SELECT first_timestamp, first_series, last_timestamp, last_series, put FROM outbox_done");
        while (left.Step())
            done.Add(new(new(left.Number(0), left.Bytes(1).ToArray(), left.Number(2), left.Bytes(3).ToArray()), left.Number(4)));
    }

    /// <summary>Rows given up since the start because they were not what had been put.</summary>
    public long Damaged { get; private set; }

    /// <summary>Neighbouring rows, from the oldest to the newest.</summary>
    private sealed record Span(long FirstTimestamp, byte[] FirstSeries, long LastTimestamp, byte[] LastSeries)
    {
        public static int Compare(long leftTimestamp, byte[] leftSeries, long rightTimestamp, byte[] rightSeries) =>
            leftTimestamp != rightTimestamp ? leftTimestamp.CompareTo(rightTimestamp) : leftSeries.AsSpan().SequenceCompareTo(rightSeries);

        public static Span Of(OutboxBatch batch) =>
            new(batch.Timestamp(0), batch.Series(0).ToArray(), batch.Timestamp(batch.Count - 1), batch.Series(batch.Count - 1).ToArray());
    }

    /// <summary>Rows that the store has, with a put of at most <paramref name="Put"/>: no longer counted, yet to be deleted.</summary>
    private sealed record Done(Span Span, long Put);

    /// <summary>Reads the newest rows that lie in no batch under way.</summary>
    /// <param name="into">Receives a run of neighbouring rows.</param>
    /// <param name="underWay">The batches under way.</param>
    /// <param name="nowMs">ms since the Unix epoch.</param>
    /// <returns>False where nothing waits.</returns>
    public bool Take(OutboxBatch into, IReadOnlyCollection<OutboxBatch> underWay, long nowMs)
    {
        PurgeIfPut();
        long timestamp = long.MaxValue;
        byte[] series = [];
        var spans = underWay.Select(Span.Of).Concat(done.Select(run => run.Span)).ToList();
        spans.Sort((left, right) => Span.Compare(right.FirstTimestamp, right.FirstSeries, left.FirstTimestamp, left.FirstSeries));
        foreach (var span in spans)
        {
            if (Read(into, timestamp, series, span.LastTimestamp, span.LastSeries, nowMs))
                return Began(into, underWay);
            (timestamp, series) = (span.FirstTimestamp, span.FirstSeries);
        }
        return Read(into, timestamp, series, long.MinValue, default, nowMs) && Began(into, underWay);
    }

    /// <summary>
    /// Called once before the first batch: what a killed process had under way may still reach the server (its kernel goes
    /// on sending), so those rows are doubtful until then.
    /// </summary>
    public void Recover(long againAtMs)
    {
        Purge();
        using var transaction = connection.BeginTransaction();
        using (var runs = new Statement(connection, "SELECT first_timestamp, first_series, last_timestamp, last_series FROM outbox_under_way"))
            while (runs.Step())
                doubt.Bind(1, runs.Number(0)).Bind(2, runs.Bytes(1)).Bind(3, runs.Number(2)).Bind(4, runs.Bytes(3)).Bind(5, againAtMs).Run();
        notUnderWay.Run();
        SqliteStore.Commit(transaction);
    }

    /// <summary>When the next row is due that waits to be written once more, ms since the Unix epoch; null where none does.</summary>
    public long? NextAgain()
    {
        long? due = nextAgain.Step() ? nextAgain.Number(0) : null;
        nextAgain.Reset();
        return due;
    }

    /// <summary>The store has these rows: they leave, unless put again since, or due to be written once more.</summary>
    /// <returns>How many rows left.</returns>
    public int Confirm(OutboxRun run)
    {
        using var transaction = connection.BeginTransaction();
        var later = MayPutOff(run) ? PutOff(run) : null;
        var left = later is null ? Remove(run) : run.Count;
        if (run.Batch.HasAgain)
            Bind(keep, run).Bind(5, run.Batch.Put).Bind(6, run.Batch.TakenAt).Run();
        SqliteStore.Commit(transaction);
        if (later is not null)
        {
            done.Add(later);
            donePuts = run.Batch.Put;
        }
        return left;
    }

    /// <summary>Deletes the rows of one batch that the store has: for when there is nothing to send. A batch per transaction, so that the fold never waits long.</summary>
    /// <returns>False where none was left.</returns>
    public bool DeleteDone()
    {
        if (done.Count == 0)
            return false;
        using var transaction = connection.BeginTransaction();
        Bind(purge, done[^1].Span).Bind(5, done[^1].Put).Run();
        SqliteStore.Execute(connection, "DELETE FROM outbox_done WHERE rowid = (SELECT max(rowid) FROM outbox_done)", transaction);
        SqliteStore.Commit(transaction);
        done.RemoveAt(done.Count - 1);
        return true;
    }

    /// <summary>The store refused this one row for good: it becomes a dead letter, unless put again since.</summary>
    /// <param name="run">One row.</param>
    /// <param name="reason">The store's words.</param>
    /// <param name="mend">How to mend it.</param>
    /// <param name="nowMs">ms since the Unix epoch.</param>
    /// <returns>Whether it became one.</returns>
    public bool Refuse(OutboxRun run, string reason, string mend, long nowMs)
    {
        using var transaction = connection.BeginTransaction();
        // A refused row is not in the store in any revision of this batch, so there is nothing to write once more.
        if (run.Batch.HasAgain)
            Bind(settle, run).Bind(5, run.Batch.Put).Run();
        var left = Remove(run) > 0;
        if (left)
            undelivered.Bind(1, run.Batch.Timestamp(run.First)).Bind(2, run.Batch.Series(run.First)).Bind(3, 0).Run();
        if (left)
            deadLetters.Add(transaction, "sync", System.Text.Encoding.UTF8.GetString(run.Batch.Series(run.First)), reason, mend,
                run.Batch.Line(run.First), nowMs);
        SqliteStore.Commit(transaction);
        return left;
    }

    /// <summary>
    /// The server may still be working on these rows: whatever is sent of them meanwhile, their newest revision is written
    /// once more at <paramref name="againAtMs"/> or later.
    /// </summary>
    public void Doubt(OutboxRun run, long againAtMs)
    {
        using var transaction = connection.BeginTransaction();
        Bind(doubt, run).Bind(5, againAtMs).Run();
        SqliteStore.Commit(transaction);
    }

    /// <summary>
    /// Drops the oldest rows where the outbox is fuller than it may be, and counts them in the <see cref="Losses"/> ledger
    /// in the same transaction. At most <see cref="MaxTrim"/> rows at a time, so that the transaction stays short.
    /// </summary>
    /// <returns>How many points were lost; call again until none is.</returns>
    public long Trim(long maxRows, long maxBytes, long nowMs)
    {
        if (Size() is var (rowsNow, bytesNow) && rowsNow <= maxRows && bytesNow <= maxBytes)
            return 0;
        Purge();
        using var transaction = connection.BeginTransaction();
        (rowsNow, bytesNow) = Size();
        var excessRows = Math.Max(0, rowsNow - maxRows);
        var excessBytes = Math.Max(0, bytesNow - maxBytes);
        var (rows, bytes, lost, first, last) = (0L, 0L, 0L, long.MaxValue, long.MinValue);
        using (var eldest = new Statement(connection, "SELECT timestamp, length(series) + length(rest), sent FROM outbox ORDER BY timestamp, series"))
            while (rows < MaxTrim && (rows < excessRows || bytes < excessBytes) && eldest.Step())
            {
                rows++;
                bytes += eldest.Number(1);
                if (eldest.Number(2) != 0)
                    continue;
                lost++;
                (first, last) = (Math.Min(first, eldest.Number(0)), Math.Max(last, eldest.Number(0)));
            }
        using (var unsent = new Statement(connection, $"""
            INSERT OR REPLACE INTO outbox_undelivered SELECT timestamp, series, 1
            FROM (SELECT timestamp, series, sent FROM outbox ORDER BY timestamp, series LIMIT ?1) WHERE sent = 0 AND {IsQuarter}
            """))
            unsent.Bind(1, rows).Run();
        using (var drop = new Statement(connection,
            "DELETE FROM outbox WHERE (timestamp, series) IN (SELECT timestamp, series FROM outbox ORDER BY timestamp, series LIMIT ?1)"))
            drop.Bind(1, rows).Run();
        // Counted as a put: batches under way then measure what they delete, for their rows may be among these.
        SqliteStore.Execute(connection, $"UPDATE outbox_level SET rows = rows - {rows}, bytes = bytes - {bytes}, puts = puts + 1", transaction);
        if (lost > 0)
            Losses.Add(connection, "outbox", "outbox full", nowMs, lost, first, last);
        SqliteStore.Commit(transaction);
        return lost;
    }

    public void Dispose()
    {
        foreach (var statement in (Statement[])[take, level, nextAgain, notUnderWay, underWayNow, delete, measure, keep, doubt, purge, writeDone, anyAgain, settle, undelivered, subtract, giveUp])
            statement.Dispose();
    }

    /// <summary>Reads rows below (exclusive) one position and above (exclusive) another.</summary>
    private bool Read(
        OutboxBatch into, long below, ReadOnlySpan<byte> belowSeries, long above, ReadOnlySpan<byte> aboveSeries, long nowMs)
    {
        while (true)
        {
            // one look at the file: a row put after Puts() was read would be taken for one put again, and sent twice
            using (connection.BeginTransaction(deferred: true))
            {
                into.Begin(nowMs, Puts(), AnyAgain());
                take.Bind(1, below).Bind(2, belowSeries).Bind(3, above).Bind(4, aboveSeries).Bind(5, nowMs).Bind(6, into.MaxLines);
                var sound = true;
                var room = true;
                while (sound && room && take.Step())
                {
                    room = into.TryPrepend(take.Number(0), take.Bytes(1), take.Bytes(2));
                    sound = !room || take.Number(3) is var crc && (crc == NoChecksum || crc == JournalFormat.Crc32C(into.Line(0)));
                }
                if (!sound || !room)
                    take.Reset();
                if (sound)
                    return into.Count > 0;
            }
            GiveUp(into, nowMs);
        }
    }

    /// <summary>The row read last is not what was put: it is lost, and counted.</summary>
    /// <exception cref="SqliteException">Its key is damaged too, so that the file must be set aside.</exception>
    private void GiveUp(OutboxBatch read, long nowMs)
    {
        var timestamp = read.Timestamp(0);
        var series = read.Series(0);
        var line = read.Line(0);
        using var transaction = connection.BeginTransaction();
        if (giveUp.Bind(1, timestamp).Bind(2, series).Run() != 1)
            throw new SqliteException("the outbox holds a row that cannot be found again: database disk image is malformed", raw.SQLITE_CORRUPT);
        subtract.Bind(1, 1).Bind(2, line.Length).Run();
        undelivered.Bind(1, timestamp).Bind(2, series).Bind(3, 1).Run();
        Losses.Add(connection, "outbox", "damaged on the disk", nowMs, 1, timestamp, timestamp);
        deadLetters.Add(transaction, "outbox", System.Text.Encoding.UTF8.GetString(series), "the stored point is not what was written: its checksum differs",
            "check the disk; the journal may still hold its readings (smartdistrict-edge replay)", line, nowMs);
        SqliteStore.Commit(transaction);
        Damaged++;
    }

    /// <summary>Lists the batches under way, the new one among them.</summary>
    private bool Began(OutboxBatch begun, IReadOnlyCollection<OutboxBatch> underWay)
    {
        using var transaction = connection.BeginTransaction();
        notUnderWay.Run();
        Bind(underWayNow, begun.Whole).Run();
        foreach (var batch in underWay)
            Bind(underWayNow, batch.Whole).Run();
        SqliteStore.Commit(transaction);
        return true;
    }

    /// <summary>Whether the rows are a full batch that nothing else in the file has to do with.</summary>
    private bool MayPutOff(OutboxRun run)
    {
        if (run.Count < run.Batch.MaxLines || done.Count == MaxDone || run.Batch.HasAgain || Puts() != run.Batch.Put)
            return false;
        return !AnyAgain();
    }

    private Done PutOff(OutboxRun run)
    {
        var batch = run.Batch;
        long bytes = run.Lines.Length - run.Count;
        Bind(writeDone, run).Bind(5, batch.Put).Run();
        subtract.Bind(1, run.Count).Bind(2, bytes).Run();
        return new(Span.Of(batch), batch.Put);
    }

    private void PurgeIfPut()
    {
        if (done.Count > 0 && Puts() != donePuts)
            Purge();
    }

    private void Purge()
    {
        while (DeleteDone())
        {
        }
    }

    private bool AnyAgain()
    {
        var any = anyAgain.Step();
        anyAgain.Reset();
        return any;
    }

    private (long Rows, long Bytes) Size()
    {
        level.Step();
        var size = (level.Number(0), level.Number(1));
        level.Reset();
        return size;
    }

    private long Puts()
    {
        level.Step();
        var puts = level.Number(2);
        level.Reset();
        return puts;
    }

    private static Statement Bind(Statement statement, Span span) =>
        statement.Bind(1, span.FirstTimestamp).Bind(2, span.FirstSeries).Bind(3, span.LastTimestamp).Bind(4, span.LastSeries);

    /// <summary>Deletes the run's rows as they were taken and keeps the level exact.</summary>
    private int Remove(OutboxRun run)
    {
        var batch = run.Batch;
        var untouched = Puts() == batch.Put && !batch.HasAgain;
        long bytes = run.Lines.Length - run.Count;
        if (!untouched)
        {
            Bind(measure, run).Bind(5, batch.Put).Bind(6, batch.TakenAt).Step();
            bytes = measure.Number(1);
            measure.Reset();
        }
        var left = Bind(delete, run).Bind(5, batch.Put).Bind(6, batch.TakenAt).Run();
        subtract.Bind(1, left).Bind(2, bytes).Run();
        return left;
    }

    private static Statement Bind(Statement statement, OutboxRun run) =>
        statement
            .Bind(1, run.Batch.Timestamp(run.First)).Bind(2, run.Batch.Series(run.First))
            .Bind(3, run.Batch.Timestamp(run.First + run.Count - 1)).Bind(4, run.Batch.Series(run.First + run.Count - 1));
}
