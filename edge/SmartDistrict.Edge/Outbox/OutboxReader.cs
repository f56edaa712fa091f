using Microsoft.Data.Sqlite;
using SmartDistrict.Sqlite;

namespace SmartDistrict.Edge.Outbox;

/// <summary>How full the outbox is.</summary>
/// <param name="Rows">All points that it holds.</param>
/// <param name="Again">Those of them that the store has, and that are to be written once more after an ambiguous time-out.</param>
/// <param name="Bytes">Bytes of all lines.</param>
/// <param name="Oldest">Timestamp of the oldest one, s since the Unix epoch; null where there is none.</param>
public readonly record struct OutboxLevel(long Rows, long Again, long Bytes, long? Oldest)
{
    /// <summary>Points that the store is not known to have.</summary>
    public long Backlog => Rows - Again;
}

/// <summary>
/// The sender's end of the outbox, on a connection of its own. Batches are runs of neighbouring rows, newest first, and
/// those under way never overlap, so no revision can overtake another. A row leaves only as the revision that was sent.
/// </summary>
public sealed class OutboxReader : IDisposable
{
    /// <summary>The most rows that one <see cref="Trim"/> drops.</summary>
    public const int MaxTrim = 10_000;

    private const string InRun = "(timestamp, series) >= (?1, ?2) AND (timestamp, series) <= (?3, ?4)";
    private const string AsTaken = InRun + " AND put <= ?5";

    private readonly SqliteConnection connection;
    private readonly DeadLetters deadLetters;
    private readonly Statement take;
    private readonly Statement level;
    private readonly Statement oldest;
    private readonly Statement again;
    private readonly Statement nextAgain;
    private readonly Statement notUnderWay;
    private readonly Statement underWayNow;
    private readonly Statement delete;
    private readonly Statement measure;
    private readonly Statement keep;
    private readonly Statement doubt;
    private readonly Statement settle;
    private readonly Statement subtract;

    /// <param name="connection">This reader's own; need not be durable (<c>durable: false</c>): a row whose deletion is
    /// lost with the power is written again, which changes nothing.</param>
    /// <param name="deadLetters">On the same connection.</param>
    public OutboxReader(SqliteConnection connection, DeadLetters deadLetters)
    {
        this.connection = connection;
        this.deadLetters = deadLetters;
        take = new(connection, """
            SELECT timestamp, series, rest, put, again_at FROM outbox
            WHERE (timestamp, series) < (?1, ?2) AND (timestamp, series) > (?3, ?4) AND (sent = 0 OR again_at <= ?5)
            ORDER BY timestamp DESC, series DESC LIMIT ?6
            """);
        level = new(connection, "SELECT rows, bytes, puts FROM outbox_level");
        oldest = new(connection, "SELECT timestamp FROM outbox ORDER BY timestamp LIMIT 1");
        again = new(connection, "SELECT count(*) FROM outbox WHERE again_at IS NOT NULL AND sent = 1");
        nextAgain = new(connection, "SELECT again_at FROM outbox WHERE again_at IS NOT NULL AND sent = 1 ORDER BY again_at LIMIT 1");
        notUnderWay = new(connection, "DELETE FROM outbox_under_way");
        underWayNow = new(connection, "INSERT INTO outbox_under_way VALUES(?1, ?2, ?3, ?4)");
        measure = new(connection, $"SELECT count(*), ifnull(sum(length(series) + length(rest)), 0) FROM outbox WHERE {AsTaken} AND (again_at IS NULL OR again_at <= ?6)");
        delete = new(connection, $"DELETE FROM outbox WHERE {AsTaken} AND (again_at IS NULL OR again_at <= ?6)");
        keep = new(connection, $"UPDATE outbox SET sent = 1 WHERE {AsTaken} AND sent = 0 AND again_at > ?6");
        doubt = new(connection, $"UPDATE outbox SET sent = 0, again_at = ?5 WHERE {InRun}");
        settle = new(connection, $"UPDATE outbox SET again_at = NULL WHERE {AsTaken}");
        subtract = new(connection, "UPDATE outbox_level SET rows = rows - ?1, bytes = bytes - ?2");
    }

    /// <summary>Reads the newest rows that lie in no batch under way.</summary>
    /// <param name="into">Receives a run of neighbouring rows.</param>
    /// <param name="underWay">The batches under way.</param>
    /// <param name="nowMs">ms since the Unix epoch.</param>
    /// <returns>False where nothing waits.</returns>
    public bool Take(OutboxBatch into, IReadOnlyCollection<OutboxBatch> underWay, long nowMs)
    {
        long timestamp = long.MaxValue;
        ReadOnlySpan<byte> series = default;
        foreach (var batch in underWay.OrderByDescending(batch => batch, ByPosition))
        {
            if (Read(into, timestamp, series, batch.Timestamp(batch.Count - 1), batch.Series(batch.Count - 1), nowMs))
                return Began(into, underWay);
            timestamp = batch.Timestamp(0);
            series = batch.Series(0);
        }
        return Read(into, timestamp, series, long.MinValue, default, nowMs) && Began(into, underWay);
    }

    /// <summary>
    /// Called once before the first batch: what a killed process had under way may still reach the server (its kernel goes
    /// on sending), so those rows are doubtful until then.
    /// </summary>
    public void Recover(long againAtMs)
    {
        using var transaction = connection.BeginTransaction();
        using (var runs = new Statement(connection, "SELECT first_timestamp, first_series, last_timestamp, last_series FROM outbox_under_way"))
            while (runs.Step())
                doubt.Bind(1, runs.Number(0)).Bind(2, runs.Bytes(1)).Bind(3, runs.Number(2)).Bind(4, runs.Bytes(3)).Bind(5, againAtMs).Run();
        notUnderWay.Run();
        transaction.Commit();
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
        var left = Remove(run);
        if (run.Batch.HasAgain)
            Bind(keep, run).Bind(5, run.Batch.Put).Bind(6, run.Batch.TakenAt).Run();
        transaction.Commit();
        return left;
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
            deadLetters.Add(transaction, "sync", System.Text.Encoding.UTF8.GetString(run.Batch.Series(run.First)), reason, mend,
                run.Batch.Line(run.First), nowMs);
        transaction.Commit();
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
        transaction.Commit();
    }

    public OutboxLevel Level()
    {
        level.Step();
        var (rows, bytes) = (level.Number(0), level.Number(1));
        level.Reset();
        long? timestamp = oldest.Step() ? oldest.Number(0) : null;
        oldest.Reset();
        again.Step();
        var sent = again.Number(0);
        again.Reset();
        return new(rows, sent, bytes, timestamp);
    }

    /// <summary>
    /// Drops the oldest rows where the outbox is fuller than it may be, and counts them in the <see cref="Losses"/> ledger
    /// in the same transaction. At most <see cref="MaxTrim"/> rows at a time, so that the transaction stays short.
    /// </summary>
    /// <returns>How many points were lost; call again until none is.</returns>
    public long Trim(long maxRows, long maxBytes, long nowMs)
    {
        var now = Level();
        if (now.Rows <= maxRows && now.Bytes <= maxBytes)
            return 0;
        using var transaction = connection.BeginTransaction();
        now = Level();
        var excessRows = Math.Max(0, now.Rows - maxRows);
        var excessBytes = Math.Max(0, now.Bytes - maxBytes);
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
        using (var drop = new Statement(connection,
            "DELETE FROM outbox WHERE (timestamp, series) IN (SELECT timestamp, series FROM outbox ORDER BY timestamp, series LIMIT ?1)"))
            drop.Bind(1, rows).Run();
        // Counted as a put: batches under way then measure what they delete, for their rows may be among these.
        SqliteStore.Execute(connection, $"UPDATE outbox_level SET rows = rows - {rows}, bytes = bytes - {bytes}, puts = puts + 1", transaction);
        if (lost > 0)
            Losses.Add(connection, "outbox", "outbox full", nowMs, lost, first, last);
        transaction.Commit();
        return lost;
    }

    public void Dispose()
    {
        foreach (var statement in (Statement[])[take, level, oldest, again, nextAgain, notUnderWay, underWayNow, delete, measure, keep, doubt, settle, subtract])
            statement.Dispose();
    }

    private static readonly Comparer<OutboxBatch> ByPosition = Comparer<OutboxBatch>.Create((left, right) =>
        left.Timestamp(0) != right.Timestamp(0)
            ? left.Timestamp(0).CompareTo(right.Timestamp(0))
            : left.Series(0).SequenceCompareTo(right.Series(0)));

    /// <summary>Reads rows below (exclusive) one position and above (exclusive) another.</summary>
    private bool Read(
        OutboxBatch into, long below, ReadOnlySpan<byte> belowSeries, long above, ReadOnlySpan<byte> aboveSeries, long nowMs)
    {
        level.Step();
        into.Begin(nowMs, level.Number(2));
        level.Reset();
        take.Bind(1, below).Bind(2, belowSeries).Bind(3, above).Bind(4, aboveSeries).Bind(5, nowMs).Bind(6, into.MaxLines);
        while (take.Step())
            if (!into.TryPrepend(take.Number(0), take.Bytes(1), take.Bytes(2), take.Number(3), !take.IsNull(4)))
            {
                take.Reset();
                break;
            }
        return into.Count > 0;
    }

    /// <summary>Lists the batches under way, the new one among them.</summary>
    private bool Began(OutboxBatch begun, IReadOnlyCollection<OutboxBatch> underWay)
    {
        using var transaction = connection.BeginTransaction();
        notUnderWay.Run();
        Bind(underWayNow, begun.Whole).Run();
        foreach (var batch in underWay)
            Bind(underWayNow, batch.Whole).Run();
        transaction.Commit();
        return true;
    }

    /// <summary>Deletes the run's rows as they were taken and keeps the level exact.</summary>
    private int Remove(OutboxRun run)
    {
        var batch = run.Batch;
        level.Step();
        var untouched = level.Number(2) == batch.PutsWhenTaken && !batch.HasAgain;
        level.Reset();
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
