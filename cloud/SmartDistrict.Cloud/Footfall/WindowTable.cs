using System.Runtime.CompilerServices;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Cloud.Footfall;

/// <summary>Windows of one resolution by line and start, each in the highest revision that was put in.</summary>
internal abstract class WindowTable(Topology topology, Resolution resolution)
{
    public Topology Topology { get; } = topology;

    public Resolution Resolution { get; } = resolution;

    public int Seconds { get; } = resolution.Seconds();

    /// <summary>Puts a window in unless the table holds the same or a newer revision of it, or does not reach there.</summary>
    /// <returns>Whether the table changed.</returns>
    public bool Put(in LineWindow window)
    {
        var line = Topology.LineIndex(window.Line);
        if (line < 0 || window.Resolution != Resolution)
            return false;
        ref var cell = ref CellForWriting(line, window.Start);
        if (Unsafe.IsNullRef(ref cell)
            || (cell.Line is not null && cell.Start == window.Start && !Supersedes(window, cell)))
            return false;
        cell = window;
        return true;
    }

    /// <summary>
    /// Whether one version of a window takes the place of another: the newer revision does. A gateway that closes a window
    /// on its timer changes the status alone, so of the same revision a closed one takes the place of a provisional one.
    /// </summary>
    public static bool Supersedes(in LineWindow candidate, in LineWindow held) =>
        candidate.Revision > held.Revision
        || (candidate.Revision == held.Revision && held.Status == WindowStatus.Provisional && candidate.Status != WindowStatus.Provisional);

    /// <summary>Takes the window of a line out.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Remove(int line, long start)
    {
        ref var cell = ref CellForReading(line, start);
        if (Unsafe.IsNullRef(ref cell) || cell.Line is null || cell.Start != start)
            return false;
        cell = default;
        return true;
    }

    /// <summary>The window of a line; false where there is none or it was withdrawn.</summary>
    public bool TryGet(int line, long start, out LineWindow window) =>
        TryGetAny(line, start, out window) && window.Status != WindowStatus.Void;

    /// <summary>The window of a line, in its place; a null reference where there is none or it was withdrawn.</summary>
    public ref readonly LineWindow Find(int line, long start)
    {
        ref var cell = ref CellForReading(line, start);
        if (Unsafe.IsNullRef(ref cell) || cell.Line is null || cell.Start != start || cell.Status == WindowStatus.Void)
            return ref Unsafe.NullRef<LineWindow>();
        return ref cell;
    }

    /// <summary>The window of a line, a withdrawn one too: its revision still outranks older ones.</summary>
    public bool TryGetAny(int line, long start, out LineWindow window)
    {
        ref var cell = ref CellForReading(line, start);
        if (Unsafe.IsNullRef(ref cell) || cell.Line is null || cell.Start != start)
        {
            window = default;
            return false;
        }
        window = cell;
        return true;
    }

    /// <summary>The place of a window; a null reference where the table does not reach.</summary>
    protected abstract ref LineWindow CellForReading(int line, long start);

    protected virtual ref LineWindow CellForWriting(int line, long start) => ref CellForReading(line, start);
}

/// <summary>All windows of a span of time, of all lines or of some.</summary>
internal sealed class WindowGrid : WindowTable
{
    private readonly int buckets;
    private readonly int[]? rowOf;
    private readonly LineWindow[] cells;

    /// <param name="from">First start, s since the Unix epoch, on a window boundary.</param>
    /// <param name="to">End, exclusive, on a window boundary.</param>
    /// <param name="lines">Indices of the lines that there shall be room for; null for all.</param>
    public WindowGrid(Topology topology, Resolution resolution, long from, long to, IReadOnlyList<int>? lines = null) : base(topology, resolution)
    {
        (From, To) = (from, to);
        Lines = lines ?? [.. Enumerable.Range(0, topology.LineCount)];
        buckets = checked((int)((to - from) / resolution.Seconds()));
        cells = new LineWindow[checked(buckets * Lines.Count)];
        if (lines is null)
            return;
        rowOf = new int[topology.LineCount];
        Array.Fill(rowOf, -1);
        for (var row = 0; row < lines.Count; row++)
            rowOf[lines[row]] = row;
    }

    public long From { get; }

    public long To { get; }

    /// <summary>Indices of the lines that there is room for.</summary>
    public IReadOnlyList<int> Lines { get; }

    protected override ref LineWindow CellForReading(int line, long start)
    {
        var row = rowOf is null ? line : rowOf[line];
        if (row < 0 || start < From || start >= To || (start - From) % Seconds != 0)
            return ref Unsafe.NullRef<LineWindow>();
        return ref cells[(row * buckets) + (int)((start - From) / Seconds)];
    }
}

/// <summary>The newest windows of every line: a newer window takes the place of the one <paramref name="capacity"/> windows before it.</summary>
internal sealed class WindowRing(Topology topology, Resolution resolution, int capacity) : WindowTable(topology, resolution)
{
    private readonly LineWindow[] cells = new LineWindow[capacity * topology.LineCount];

    public int Capacity { get; } = capacity;

    protected override ref LineWindow CellForReading(int line, long start)
    {
        if (start < 0 || start % Seconds != 0)
            return ref Unsafe.NullRef<LineWindow>();
        return ref cells[(line * Capacity) + (int)(start / Seconds % Capacity)];
    }

    protected override ref LineWindow CellForWriting(int line, long start)
    {
        ref var cell = ref CellForReading(line, start);
        if (!Unsafe.IsNullRef(ref cell) && cell.Line is not null && cell.Start > start)
            return ref Unsafe.NullRef<LineWindow>();
        return ref cell;
    }
}
