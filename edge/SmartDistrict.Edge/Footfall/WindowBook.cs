using Microsoft.Data.Sqlite;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Edge.Footfall;

/// <summary>The windows that are in memory: which are open, which wait to be stored, which for the live path.</summary>
internal sealed class WindowBook(FoldState state, FoldPoints points, FoldOptions options, FoldTotals totals)
{
    private const string BeganKey = "began";

    /// <summary>Windows older than this are not sent up the live path: the store has them.</summary>
    private const long LiveAgeMilliseconds = 20 * 60_000;

    private readonly List<WindowCell> open = [];
    private readonly List<WindowCell> dirty = [];
    private readonly List<WindowCell> changed = [];
    private readonly List<LineWindow> live = [];
    private readonly List<WindowCell> hours = [];
    private long record;
    private long now;

    /// <summary>Receive time of the very first record, ms since the Unix epoch: of a window that holds it, the first part was not heard.</summary>
    private long began = state.Value(BeganKey) ?? 0;

    /// <summary>Told of the hours that close with a record, in order of their starts and lines.</summary>
    public Action<IReadOnlyList<WindowCell>>? HoursClosed { get; init; }

    /// <summary>Called within a checkpoint for each quarter of an hour that was put into the outbox.</summary>
    public Action<WindowCell>? QuarterForwarded { get; init; }

    /// <summary>Whether changed windows wait to be sent up the live path.</summary>
    public bool LiveDue => changed.Count > 0;

    /// <summary>Whether closed windows wait for a checkpoint to be published.</summary>
    public bool Publishable { get; private set; }

    /// <summary>When the next open window is to be closed, ms since the Unix epoch.</summary>
    public long NextClose { get; private set; } = long.MaxValue;

    /// <summary>A record comes: what changes from now on changes with it, and windows whose time has passed close.</summary>
    /// <param name="number">The record's number.</param>
    /// <param name="at">Its receive time, ms since the Unix epoch.</param>
    public void Begin(long number, long at)
    {
        (record, now) = (number, at);
        if (began == 0)
            began = at;
        if (at >= NextClose)
            Close(cell => DueAt(cell) <= now);
    }

    /// <summary>
    /// The clock was set back. The open windows hold readings of both clocks; those that have not begun now close, for
    /// nobody knows whether that time comes soon. What comes then revises them.
    /// </summary>
    public void StepBack()
    {
        foreach (var cell in open)
        {
            cell.Repaired = true;
            Touch(cell);
        }
        Close(cell => cell.Start * 1000 > now);
    }

    /// <summary>Notes that a window's content changed with the current record.</summary>
    public void Touch(WindowCell cell)
    {
        cell.Revision = record;
        if (!cell.Dirty)
        {
            cell.Dirty = true;
            dirty.Add(cell);
        }
        Publishable |= cell.Closed;
        if (!cell.LiveDirty && cell.Resolution == Resolution.Minute && !IsOld(cell))
        {
            cell.LiveDirty = true;
            changed.Add(cell);
        }
    }

    /// <summary>A window as it was last stored, or a new one.</summary>
    public WindowCell Restore(LineFold line, Resolution resolution, long start)
    {
        var cell = new WindowCell(line, resolution, start);
        if (!state.TryReadWindow(cell))
        {
            cell.Incomplete = cell.Start * 1000 < began && began < cell.End * 1000;
            cell.Closed = DueAt(cell) <= now;
            if (cell.Closed)
                totals.Windows++;
        }
        if (!cell.Closed)
        {
            open.Add(cell);
            NextClose = Math.Min(NextClose, DueAt(cell));
        }
        return cell;
    }

    /// <summary>Takes what changed since the last call. The list is valid until the next one.</summary>
    public List<LineWindow> TakeLive()
    {
        live.Clear();
        foreach (var cell in changed)
        {
            live.Add(points.Window(cell));
            Sent(cell);
        }
        changed.Clear();
        return live;
    }

    /// <summary>Stores what changed and puts what is closed into the outbox, as part of a checkpoint.</summary>
    /// <param name="includeOpen">Also put windows that are still open, as provisional.</param>
    public void Save(SqliteTransaction transaction, bool includeOpen)
    {
        foreach (var cell in dirty)
        {
            state.SaveWindow(cell);
            if (cell.Closed)
                Put(transaction, cell);
        }
        if (includeOpen)
            foreach (var cell in open)
                Put(transaction, cell);
        state.SetValue(BeganKey, began);
    }

    /// <summary>The checkpoint has been committed: closed windows leave the memory.</summary>
    public void Saved()
    {
        foreach (var cell in dirty)
        {
            cell.Dirty = false;
            if (cell.Closed && !cell.LiveDirty)
                cell.Line.Forget(cell);
        }
        dirty.Clear();
        Publishable = false;
        // while the live path is away only what is still of interest waits for it
        changed.RemoveAll(cell =>
        {
            var old = IsOld(cell);
            if (old)
                Sent(cell);
            return old;
        });
    }

    private void Put(SqliteTransaction transaction, WindowCell cell)
    {
        points.Put(transaction, cell);
        if (cell.Resolution == Resolution.QuarterHour)
            QuarterForwarded?.Invoke(cell);
    }

    private static void Sent(WindowCell cell)
    {
        cell.LiveDirty = false;
        if (cell.Closed && !cell.Dirty)
            cell.Line.Forget(cell);
    }

    private bool IsOld(WindowCell cell) => cell.End * 1000 <= now - LiveAgeMilliseconds;

    private long DueAt(WindowCell cell) => (cell.End + options.GraceSeconds) * 1000;

    private void Close(Func<WindowCell, bool> due)
    {
        NextClose = long.MaxValue;
        for (var i = open.Count - 1; i >= 0; i--)
        {
            var cell = open[i];
            if (!due(cell))
            {
                NextClose = Math.Min(NextClose, DueAt(cell));
                continue;
            }
            open[i] = open[^1];
            open.RemoveAt(open.Count - 1);
            cell.Closed = true;
            totals.Windows++;
            Touch(cell);
            if (cell.Resolution == Resolution.Hour)
                hours.Add(cell);
        }
        if (hours.Count == 0)
            return;
        hours.Sort((a, b) => (a.Start, a.Line.Key).CompareTo((b.Start, b.Line.Key)));
        HoursClosed?.Invoke(hours);
        hours.Clear();
    }
}
