using Microsoft.Data.Sqlite;
using SmartDistrict.Sqlite;

namespace SmartDistrict.Edge.Outbox;

/// <summary>Records that were lost for one reason within one hour.</summary>
/// <param name="Stream">Whose records: <c>outbox</c>, <c>journal</c>…</param>
/// <param name="Reason">Why, in a few words that do not vary.</param>
/// <param name="Hour">s since the Unix epoch, a full hour.</param>
/// <param name="Records">How many.</param>
/// <param name="First">Event time of the oldest of them, s since the Unix epoch.</param>
/// <param name="Last">Event time of the newest of them, s since the Unix epoch.</param>
public sealed record Loss(string Stream, string Reason, long Hour, long Records, long First, long Last);

/// <summary>
/// The ledger of what was dropped by policy: counted in the transaction that drops it, so no loss is silent. One row per
/// stream, reason and hour keeps it small.
/// </summary>
public static class Losses
{
    /// <summary>The table, one migration script.</summary>
    public const string Schema = """
        CREATE TABLE losses(
            stream  TEXT NOT NULL,
            reason  TEXT NOT NULL,
            hour    INTEGER NOT NULL, -- s since the Unix epoch
            records INTEGER NOT NULL,
            first   INTEGER NOT NULL, -- event time, s since the Unix epoch
            last    INTEGER NOT NULL,
            PRIMARY KEY (stream, reason, hour)) WITHOUT ROWID;
        """;

    /// <summary>Adds to the ledger within the open transaction.</summary>
    /// <param name="connection">Holds the transaction.</param>
    /// <param name="atUnixMs">When the records were dropped, ms since the Unix epoch.</param>
    /// <param name="first">Event time of the oldest dropped record, s since the Unix epoch.</param>
    /// <param name="last">Event time of the newest dropped record, s since the Unix epoch.</param>
    public static void Add(SqliteConnection connection, string stream, string reason, long atUnixMs, long records, long first, long last)
    {
        using var add = new Statement(connection, """
            INSERT INTO losses VALUES(?1, ?2, ?3, ?4, ?5, ?6)
            ON CONFLICT DO UPDATE SET records = records + excluded.records, first = min(first, excluded.first), last = max(last, excluded.last)
            """);
        add.Bind(1, stream).Bind(2, reason).Bind(3, atUnixMs / 3_600_000 * 3600).Bind(4, records).Bind(5, first).Bind(6, last).Run();
    }

    /// <summary>How many records were ever lost, of all streams or one: the number that syncs with the gateway's health.</summary>
    public static long Total(SqliteConnection connection, string? stream = null)
    {
        using var total = new Statement(connection, "SELECT ifnull(sum(records), 0) FROM losses WHERE ?1 = '' OR stream = ?1");
        total.Bind(1, stream ?? "").Step();
        return total.Number(0);
    }

    /// <summary>The ledger, newest hour first.</summary>
    public static List<Loss> All(SqliteConnection connection)
    {
        using var rows = new Statement(connection, "SELECT stream, reason, hour, records, first, last FROM losses ORDER BY hour DESC, stream, reason");
        var losses = new List<Loss>();
        while (rows.Step())
            losses.Add(new(rows.Text(0), rows.Text(1), rows.Number(2), rows.Number(3), rows.Number(4), rows.Number(5)));
        return losses;
    }
}
