using System.Diagnostics.CodeAnalysis;

namespace SmartDistrict.Edge.Outbox;

/// <summary>
/// A run of neighbouring outbox rows, read to be sent. The lines stand in ascending order of (timestamp, series), each
/// ending in a newline: a store takes them faster in order, while batches go newest first. Reused: one is filled while
/// others are under way.
/// </summary>
public sealed class OutboxBatch(int maxLines, int maxBytes)
{
    /// <summary>Bytes: a footfall window's line is some 200.</summary>
    private const int UsualLine = 256;

    private readonly long[] timestamps = new long[maxLines];
    private readonly int[] seriesLengths = new int[maxLines];
    private readonly int[] starts = new int[maxLines];
    private byte[] buffer = [];
    private int first = maxLines;
    private int start;

    public int MaxLines { get; } = maxLines;

    public int Count => MaxLines - first;

    /// <summary>Bytes of all lines with their newlines.</summary>
    public int Bytes => buffer.Length - start;

    /// <summary>When the batch was read, ms since the Unix epoch.</summary>
    internal long TakenAt { get; private set; }

    /// <summary>The file's number of puts when the batch was read: a row with a higher one has been put again since.</summary>
    internal long Put { get; private set; }

    /// <summary>Whether the file, and so perhaps this batch, held rows that are written again after an ambiguous time-out.</summary>
    internal bool HasAgain { get; private set; }

    public ReadOnlyMemory<byte> Lines(OutboxRun run) => buffer.AsMemory(Start(run.First), Start(run.First + run.Count) - Start(run.First));

    public OutboxRun Whole => new(this, 0, Count);

    internal long Timestamp(int row) => timestamps[first + row];

    internal ReadOnlySpan<byte> Series(int row) => buffer.AsSpan(starts[first + row], seriesLengths[first + row]);

    /// <summary>The row's line without its newline.</summary>
    internal ReadOnlySpan<byte> Line(int row) => buffer.AsSpan(Start(row), Start(row + 1) - Start(row) - 1);

    internal void Begin(long takenAt, long put, bool hasAgain)
    {
        // Filled from its end: what a small batch leaves untouched takes no memory.
        if (buffer.Length == 0)
            buffer = GC.AllocateUninitializedArray<byte>((int)Math.Min(maxBytes, (long)MaxLines * UsualLine));
        (first, start, Put, TakenAt, HasAgain) = (MaxLines, buffer.Length, put, takenAt, hasAgain);
    }

    /// <summary>Adds a row in front of those added before it; false where the batch is full. The first one always fits.</summary>
    internal bool TryPrepend(long timestamp, ReadOnlySpan<byte> series, ReadOnlySpan<byte> rest)
    {
        var length = series.Length + rest.Length + 1;
        if (first == 0 || (Count > 0 && Bytes + length > maxBytes))
            return false;
        if (start < length)
            Grow(length);
        start -= length;
        first--;
        series.CopyTo(buffer.AsSpan(start));
        rest.CopyTo(buffer.AsSpan(start + series.Length));
        buffer[start + length - 1] = (byte)'\n';
        (timestamps[first], seriesLengths[first], starts[first]) = (timestamp, series.Length, start);
        return true;
    }

    private int Start(int row) => first + row == MaxLines ? buffer.Length : starts[first + row];

    private void Grow(int length)
    {
        var bigger = new byte[Math.Max(Math.Min(maxBytes, buffer.Length * 2), Bytes + length)];
        var shift = bigger.Length - buffer.Length;
        buffer.AsSpan(start).CopyTo(bigger.AsSpan(start + shift));
        for (var row = first; row < MaxLines; row++)
            starts[row] += shift;
        start += shift;
        buffer = bigger;
    }
}

/// <summary>Rows <paramref name="First"/> to <paramref name="First"/> + <paramref name="Count"/> - 1 of a batch.</summary>
[SuppressMessage("Naming", "CA1716", Justification = "first and count are what they are")]
public readonly record struct OutboxRun(OutboxBatch Batch, int First, int Count)
{
    /// <summary>The lines, each ending in a newline.</summary>
    public ReadOnlyMemory<byte> Lines => Batch.Lines(this);

    /// <summary>The two halves of a run of at least two rows.</summary>
    public (OutboxRun Older, OutboxRun Newer) Halves() =>
        (this with { Count = Count / 2 }, new(Batch, First + Count / 2, Count - Count / 2));
}
