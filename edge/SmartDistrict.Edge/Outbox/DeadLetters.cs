using Microsoft.Data.Sqlite;
using SmartDistrict.Sqlite;

namespace SmartDistrict.Edge.Outbox;

/// <summary>Something that was refused, with what is needed to understand and mend it.</summary>
/// <param name="At">ms since the Unix epoch.</param>
/// <param name="Source">Who refused it: <c>mqtt</c>, <c>journal</c>, <c>sync</c>…</param>
/// <param name="Subject">What it is about: a topic, a series.</param>
/// <param name="Reason">What is wrong and where.</param>
/// <param name="Mend">How to mend it.</param>
/// <param name="Content">The content, at most <see cref="DeadLetters.MaxContent"/> bytes of it.</param>
/// <param name="Size">The content's whole size in bytes.</param>
public sealed record DeadLetter(long At, string Source, string Subject, string Reason, string Mend, byte[] Content, long Size);

/// <summary>
/// What was refused, kept for the technician. Bounded: of the letters the newest stay, but the count per source never
/// forgets one.
/// </summary>
public sealed class DeadLetters : IDisposable
{
    /// <summary>The tables, one migration script.</summary>
    public const string Schema = """
        CREATE TABLE dead_letters(
            id      INTEGER PRIMARY KEY,
            at      INTEGER NOT NULL, -- ms since the Unix epoch
            source  TEXT NOT NULL,
            subject TEXT NOT NULL,
            reason  TEXT NOT NULL,
            mend    TEXT NOT NULL,
            content BLOB NOT NULL,
            size    INTEGER NOT NULL);
        CREATE TABLE dead_letter_counts(source TEXT PRIMARY KEY, letters INTEGER NOT NULL) WITHOUT ROWID;
        """;

    /// <summary>How many bytes of a letter's content are kept; a 1 MiB payload tells its fault in the first ones.</summary>
    public const int MaxContent = 4096;

    /// <summary>How many letters stay by default: at most 40 MiB.</summary>
    public const int DefaultMaxLetters = 10_000;

    private const int MaxText = 1024;

    private readonly SqliteConnection connection;
    private readonly Statement add;
    private readonly Statement count;
    private readonly Statement trim;
    private readonly int maxLetters;

    /// <param name="writer">The connection of the one thread that adds through this instance; its file has <see cref="Schema"/>.</param>
    public DeadLetters(SqliteConnection writer, int maxLetters = DefaultMaxLetters)
    {
        connection = writer;
        this.maxLetters = maxLetters;
        add = new(writer, "INSERT INTO dead_letters(at, source, subject, reason, mend, content, size) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)");
        count = new(writer, "INSERT INTO dead_letter_counts VALUES(?1, 1) ON CONFLICT DO UPDATE SET letters = letters + 1");
        trim = new(writer, "DELETE FROM dead_letters WHERE id <= (SELECT max(id) FROM dead_letters) - ?1");
    }

    /// <summary>Adds a letter.</summary>
    /// <param name="transaction">The open transaction of this connection; null commits the letter by itself.</param>
    public void Add(
        SqliteTransaction? transaction, string source, string subject, string reason, string mend, ReadOnlySpan<byte> content, long atUnixMs) =>
        Add(transaction, source, subject, reason, mend, content, content.Length, atUnixMs);

    /// <summary>Adds a letter of whose content only the beginning is at hand.</summary>
    /// <param name="transaction">The open transaction of this connection; null commits the letter by itself.</param>
    /// <param name="size">The content's whole size in bytes.</param>
    public void Add(
        SqliteTransaction? transaction, string source, string subject, string reason, string mend, ReadOnlySpan<byte> content, long size, long atUnixMs)
    {
        if (transaction is null)
        {
            using var own = connection.BeginTransaction();
            Add(own, source, subject, reason, mend, content, size, atUnixMs);
            SqliteStore.Commit(own);
            return;
        }
        add.Bind(1, atUnixMs).Bind(2, source).Bind(3, Shortened(subject)).Bind(4, Shortened(reason)).Bind(5, mend)
            .Bind(6, content[..Math.Min(content.Length, MaxContent)]).Bind(7, size).Run();
        count.Bind(1, source).Run();
        trim.Bind(1, maxLetters).Run();
    }

    /// <summary>How many letters there ever were, of all sources or one.</summary>
    public static long Total(SqliteConnection connection, string? source = null)
    {
        using var total = new Statement(connection, "SELECT ifnull(sum(letters), 0) FROM dead_letter_counts WHERE ?1 = '' OR source = ?1");
        total.Bind(1, source ?? "").Step();
        return total.Number(0);
    }

    /// <summary>The newest letters, newest first.</summary>
    public static List<DeadLetter> Newest(SqliteConnection connection, int limit)
    {
        using var rows = new Statement(connection,
            "SELECT at, source, subject, reason, mend, content, size FROM dead_letters ORDER BY id DESC LIMIT ?1");
        rows.Bind(1, limit);
        var letters = new List<DeadLetter>();
        while (rows.Step())
            letters.Add(new(rows.Number(0), rows.Text(1), rows.Text(2), rows.Text(3), rows.Text(4), rows.Bytes(5).ToArray(), rows.Number(6)));
        return letters;
    }

    public void Dispose()
    {
        add.Dispose();
        count.Dispose();
        trim.Dispose();
    }

    private static string Shortened(string text) => text.Length <= MaxText ? text : string.Concat(text.AsSpan(0, MaxText), "…");
}
