using Microsoft.Data.Sqlite;
using SmartDistrict.Sqlite;

namespace SmartDistrict.Edge.Outbox;

/// <summary>How full the outbox is.</summary>
/// <param name="Rows">All points that it holds.</param>
/// <param name="Again">Those of them that the store has, and that are to be written once more after an ambiguous time-out.</param>
/// <param name="Bytes">Bytes of all lines.</param>
/// <param name="Oldest">Timestamp of the oldest one, s since the Unix epoch; null where there is none.</param>
/// <param name="Lost">Points ever dropped because it was full.</param>
public readonly record struct OutboxLevel(long Rows, long Again, long Bytes, long? Oldest, long Lost)
{
    /// <summary>Points that the store is not known to have.</summary>
    public long Backlog => Rows - Again;
}

/// <summary>
/// Looks at the outbox on a connection of its own: who asks how full it is waits neither for the fold nor for the sender.
/// </summary>
/// <param name="connection">This gauge's own.</param>
public sealed class OutboxGauge(SqliteConnection connection) : IDisposable
{
    // One statement, so that all numbers are of one instant. Rows that are done are passed over, unless put again since.
    private readonly Statement level = new(connection, """
        SELECT rows, bytes,
            (SELECT count(*) FROM outbox WHERE again_at IS NOT NULL AND sent = 1),
            CASE WHEN rows > 0 THEN (
                SELECT timestamp FROM outbox WHERE NOT EXISTS (
                    SELECT 1 FROM outbox_done AS done WHERE outbox.put <= done.put
                        AND (timestamp, series) >= (first_timestamp, first_series) AND (timestamp, series) <= (last_timestamp, last_series))
                ORDER BY timestamp, series LIMIT 1) END,
            (SELECT ifnull(sum(records), 0) FROM losses WHERE stream = 'outbox')
        FROM outbox_level
        """);

    /// <exception cref="SqliteException">The file cannot be read.</exception>
    public OutboxLevel Read()
    {
        level.Step();
        var now = new OutboxLevel(level.Number(0), level.Number(2), level.Number(1), level.IsNull(3) ? null : level.Number(3), level.Number(4));
        level.Reset();
        return now;
    }

    public void Dispose() => level.Dispose();
}
