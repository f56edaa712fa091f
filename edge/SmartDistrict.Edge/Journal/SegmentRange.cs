using Microsoft.Data.Sqlite;
using SmartDistrict.Sqlite;

namespace SmartDistrict.Edge.Journal;

/// <summary>The committed records that a segment holds.</summary>
/// <param name="First">Number of the first, which also names the file.</param>
/// <param name="Last">Number of the last.</param>
internal readonly record struct SegmentRange(long First, long Last);

/// <summary>
/// Which records stand in which segment, kept in the state with each checkpoint: of a segment that is lost, even of the
/// newest one, it is known how many records went with it.
/// </summary>
internal sealed class SegmentLedger : IDisposable
{
    /// <summary>The table, one migration script.</summary>
    public const string Schema = "CREATE TABLE segments (first INTEGER PRIMARY KEY, last INTEGER NOT NULL);";

    private readonly Statement save;
    private readonly Statement forget;
    private readonly Dictionary<long, long> saved = [];

    /// <param name="connection">The fold's; its file has <see cref="Schema"/>.</param>
    public SegmentLedger(SqliteConnection connection)
    {
        save = new(connection, "INSERT OR REPLACE INTO segments VALUES (?1, ?2)");
        forget = new(connection, "DELETE FROM segments WHERE first = ?1");
        using var rows = new Statement(connection, "SELECT first, last FROM segments ORDER BY first");
        while (rows.Step())
            Known.Add(new(rows.Number(0), rows.Number(1)));
    }

    /// <summary>The segments as the last checkpoint before this start knew them, oldest first.</summary>
    public List<SegmentRange> Known { get; } = [];

    /// <summary>The highest number known to have been committed; 0 where none is.</summary>
    public long LastCommitted => Known.Count == 0 ? 0 : Known.Max(range => range.Last);

    /// <summary>The known segments that are not there any more and held records above <paramref name="folded"/>.</summary>
    public IEnumerable<SegmentRange> Lost(IReadOnlyCollection<SegmentRange> present, long folded) =>
        Known.Where(range => range.Last > folded && present.All(there => there.First != range.First));

    /// <summary>Notes the segments within the transaction that the connection has open; they are the present ones from then on.</summary>
    public void Save(IReadOnlyList<SegmentRange> present)
    {
        foreach (var range in present)
            if (!saved.TryGetValue(range.First, out var last) || last != range.Last)
                save.Bind(1, range.First).Bind(2, range.Last).Run();
        foreach (var first in saved.Keys.Concat(Known.Select(range => range.First)).Except(present.Select(range => range.First)).ToList())
            forget.Bind(1, first).Run();
    }

    /// <summary>The transaction holds.</summary>
    public void Saved(IReadOnlyList<SegmentRange> present)
    {
        Known.Clear();
        saved.Clear();
        foreach (var range in present)
            saved.Add(range.First, range.Last);
    }

    public void Dispose()
    {
        save.Dispose();
        forget.Dispose();
    }
}
