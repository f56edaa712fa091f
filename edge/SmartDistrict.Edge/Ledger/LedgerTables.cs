using Microsoft.Data.Sqlite;
using SmartDistrict.Sqlite;

namespace SmartDistrict.Edge.Ledger;

/// <summary>What became of the readings of one line or device in one quarter of an hour.</summary>
/// <param name="Expected">Readings that should have come; null where that is not known.</param>
/// <param name="Received">Readings that were booked.</param>
/// <param name="Forwarded">Of those received: that stand in a window which was put into the outbox.</param>
/// <param name="Acknowledged">Of those forwarded: that stand in the newest revision which the store is known to have.</param>
/// <param name="Rejected">Of those forwarded: whose window the store refused; it is in the dead letters.</param>
/// <param name="Dropped">Of those forwarded: whose window was given up because the outbox was full.</param>
internal readonly record struct LedgerEntry(long? Expected, long Received, long Forwarded, long Acknowledged, long Rejected, long Dropped)
{
    /// <summary>Of those forwarded: that wait for the store.</summary>
    public long Waiting => Forwarded - Acknowledged - Rejected - Dropped;

    public LedgerEntry Plus(in LedgerEntry other) => new(
        Expected is null && other.Expected is null ? null : (Expected ?? Received) + (other.Expected ?? other.Received),
        Received + other.Received, Forwarded + other.Forwarded, Acknowledged + other.Acknowledged,
        Rejected + other.Rejected, Dropped + other.Dropped);
}

/// <summary>The ledger's rows, in the fold's file and its transactions. <c>line</c> is the fold's number of the line, times are in s since the Unix epoch.</summary>
internal sealed class LedgerTables : IDisposable
{
    /// <summary>The tables, one migration script.</summary>
    public const string Schema = """
        ALTER TABLE windows ADD COLUMN spanning INTEGER NOT NULL DEFAULT 0;
        CREATE TABLE ledger (
            start INTEGER NOT NULL, line INTEGER NOT NULL, expected INTEGER, received INTEGER NOT NULL,
            acknowledged INTEGER NOT NULL DEFAULT 0, rejected INTEGER NOT NULL DEFAULT 0, dropped INTEGER NOT NULL DEFAULT 0,
            settled INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (start, line)) WITHOUT ROWID;
        CREATE INDEX ledger_unsettled ON ledger (start, line) WHERE settled = 0;
        CREATE TABLE ledger_refused (
            start INTEGER NOT NULL, device TEXT NOT NULL, refused INTEGER NOT NULL,
            PRIMARY KEY (start, device)) WITHOUT ROWID;
        """;

    private readonly Statement forward;
    private readonly Statement entry;
    private readonly Statement unsettled;
    private readonly Statement waits;
    private readonly Statement undelivered;
    private readonly Statement forget;
    private readonly Statement settle;
    private readonly Statement refuse;
    private readonly Statement refused;
    private readonly Statement prune;
    private readonly Statement pruneRefused;

    /// <param name="writer">The fold's connection; its file has <see cref="Schema"/>.</param>
    public LedgerTables(SqliteConnection writer)
    {
        forward = new(writer, """
            INSERT INTO ledger(start, line, expected, received) VALUES(?1, ?2, nullif(?3, -1), ?4)
            ON CONFLICT DO UPDATE SET expected = excluded.expected, received = excluded.received, rejected = 0, dropped = 0, settled = 0
            """);
        entry = new(writer, "SELECT expected, received, acknowledged, rejected, dropped FROM ledger WHERE start = ?1 AND line = ?2");
        unsettled = new(writer, "SELECT start, line FROM ledger WHERE settled = 0 AND (start, line) < (?1, ?2) ORDER BY start DESC, line DESC LIMIT ?3");
        waits = new(writer, """
            SELECT 1 FROM outbox WHERE timestamp = ?1 AND series = ?2 AND sent = 0 AND NOT EXISTS (
                SELECT 1 FROM outbox_done AS done WHERE outbox.put <= done.put
                    AND (?1, ?2) >= (first_timestamp, first_series) AND (?1, ?2) <= (last_timestamp, last_series))
            """);
        undelivered = new(writer, "SELECT dropped FROM outbox_undelivered WHERE timestamp = ?1 AND series = ?2");
        forget = new(writer, "DELETE FROM outbox_undelivered WHERE timestamp = ?1 AND series = ?2");
        settle = new(writer, """
            UPDATE ledger SET settled = 1,
                acknowledged = iif(?3 = 0, received, acknowledged),
                rejected = iif(?3 = 1, max(received - acknowledged, 0), 0),
                dropped = iif(?3 = 2, max(received - acknowledged, 0), 0)
            WHERE start = ?1 AND line = ?2
            """);
        refuse = new(writer, "INSERT INTO ledger_refused VALUES(?1, ?2, ?3) ON CONFLICT DO UPDATE SET refused = refused + excluded.refused");
        refused = new(writer, "SELECT refused FROM ledger_refused WHERE start = ?1 AND device = ?2");
        prune = new(writer, "DELETE FROM ledger WHERE start < ?1");
        pruneRefused = new(writer, "DELETE FROM ledger_refused WHERE start < ?1");
    }

    /// <summary>A quarter's point goes into the outbox with this many readings: whatever became of an earlier revision, this one is under way.</summary>
    public void Forward(long start, int line, ReadOnlySpan<byte> series, long? expected, long received)
    {
        forward.Bind(1, start).Bind(2, line).Bind(3, expected ?? -1).Bind(4, received).Run();
        forget.Bind(1, start).Bind(2, series).Run();
    }

    public LedgerEntry? Entry(long start, int line)
    {
        if (!entry.Bind(1, start).Bind(2, line).Step())
            return null;
        var read = new LedgerEntry(entry.IsNull(0) ? null : entry.Number(0), entry.Number(1), entry.Number(1), entry.Number(2), entry.Number(3), entry.Number(4));
        entry.Reset();
        return read;
    }

    /// <summary>Newest first: quarters whose point was waiting when they were looked at last.</summary>
    public List<(long Start, int Line)> Unsettled(long belowStart, int belowLine, int most)
    {
        unsettled.Bind(1, belowStart).Bind(2, belowLine).Bind(3, most);
        var rows = new List<(long, int)>();
        while (unsettled.Step())
            rows.Add((unsettled.Number(0), (int)unsettled.Number(1)));
        return rows;
    }

    /// <summary>Looks whether a quarter's point has left the outbox, and notes how.</summary>
    /// <returns>False while it waits.</returns>
    public bool TrySettle(long start, int line, ReadOnlySpan<byte> series)
    {
        var waiting = waits.Bind(1, start).Bind(2, series).Step();
        waits.Reset();
        if (waiting)
            return false;
        var lost = undelivered.Bind(1, start).Bind(2, series).Step();
        var how = lost ? 1 + undelivered.Number(0) : 0;
        undelivered.Reset();
        if (lost)
            forget.Bind(1, start).Bind(2, series).Run();
        settle.Bind(1, start).Bind(2, line).Bind(3, how).Run();
        return true;
    }

    public void Refuse(long start, string device, long readings) => refuse.Bind(1, start).Bind(2, device).Bind(3, readings).Run();

    public long Refused(long start, string device)
    {
        var count = refused.Bind(1, start).Bind(2, device).Step() ? refused.Number(0) : 0;
        refused.Reset();
        return count;
    }

    public void Prune(long before)
    {
        prune.Bind(1, before).Run();
        pruneRefused.Bind(1, before).Run();
    }

    public void Dispose()
    {
        foreach (var statement in (Statement[])[forward, entry, unsettled, waits, undelivered, forget, settle, refuse, refused, prune, pruneRefused])
            statement.Dispose();
    }
}
