using Microsoft.Data.Sqlite;
using SmartDistrict.Edge.Footfall;
using SmartDistrict.Edge.Journal;
using SmartDistrict.Edge.Outbox;
using SmartDistrict.Sqlite;
using SmartDistrict.Telemetry.LineProtocol;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Edge.Replay;

/// <summary>
/// The gateway's own fold on a state that SQLite keeps in a temporary file without a name. What it would have sent to the
/// store is read back from its outbox, so that exactly what the store would hold is compared.
/// </summary>
internal sealed class ThrowAwayFold : IDisposable
{
    private const int RecordsBetweenCheckpoints = 1 << 16;

    private readonly SqliteConnection connection;
    private readonly FoldState state;
    private readonly OutboxWriter outbox;
    private readonly DeadLetters deadLetters;
    private readonly FootfallFold fold;
    private int sinceCheckpoint;

    /// <param name="first">Number of the first record that will come.</param>
    public ThrowAwayFold(ReplaySettings settings, long first)
    {
        connection = SqliteStore.Open("", StateFile.Migrations, durable: false);
        state = new FoldState(connection);
        outbox = new OutboxWriter(connection);
        deadLetters = new DeadLetters(connection);
        state.SetValue(FootfallFold.PositionKey, first - 1);
        fold = new FootfallFold(settings.Catalog, state, new FoldPoints(outbox, settings.District.Id, settings.Gateway.Id, generation: 1), deadLetters, settings.Fold);
    }

    public FoldTotals Totals => fold.Totals;

    public void Apply(in JournalRecord record)
    {
        fold.Apply(record);
        if (++sinceCheckpoint < RecordsBetweenCheckpoints && !fold.Full)
            return;
        sinceCheckpoint = 0;
        fold.Checkpoint();
    }

    /// <summary>The newest revision of each window of a resolution that starts in [from, to), in ms since the Unix epoch; open ones too.</summary>
    public SortedDictionary<WindowKey, LineWindow> Windows(Resolution resolution, long from, long to)
    {
        fold.Checkpoint(includeOpen: true);
        var windows = new SortedDictionary<WindowKey, LineWindow>();
        using var rows = new Statement(connection, "SELECT series || rest FROM outbox WHERE timestamp >= ?1 AND timestamp < ?2 ORDER BY timestamp, series");
        rows.Bind(1, (from + 999) / 1000).Bind(2, (to + 999) / 1000);
        while (rows.Step())
        {
            var points = new LineReader(rows.Bytes(0));
            while (points.Read())
                if (FootfallPoint.IsFootfall(points.Point.RawMeasurement, out var of) && of == resolution
                    && FootfallPoint.TryRead(points.Point, FootfallPoint.Precision, out _, out var window, out _))
                    windows.Add(new(window.Line, window.Start), window);
        }
        return windows;
    }

    public void Dispose()
    {
        deadLetters.Dispose();
        outbox.Dispose();
        state.Dispose();
        connection.Dispose();
    }
}

/// <summary>Which window of one resolution.</summary>
/// <param name="Start">s since the Unix epoch.</param>
internal readonly record struct WindowKey(string Line, long Start) : IComparable<WindowKey>
{
    public int CompareTo(WindowKey other) => string.CompareOrdinal(Line, other.Line) is not 0 and var order ? order : Start.CompareTo(other.Start);
}
