using System.Buffers.Binary;

namespace SmartDistrict.Edge.Footfall;

/// <summary>
/// Which sequence numbers of one device boot have come. Kept as the highest number and the gaps below it, each with the
/// place where the missing readings were booked, so that a late one can be taken off there again.
/// </summary>
internal sealed class SequenceTracker
{
    /// <summary>Beyond this the lowest gap is given up as lost for good; a later arrival in it counts as a duplicate.</summary>
    public const int MaxGaps = 4096;

    private const int NotBooked = -1;

    private readonly List<Gap> gaps = [];

    /// <summary>A run of numbers that has not come, and where its absence was booked.</summary>
    /// <param name="Line">Key of the line that the absence was booked to.</param>
    /// <param name="At">Event time, ms since the Unix epoch, of the reading that showed the gap.</param>
    internal readonly record struct Gap(long First, long Last, int Line, long At)
    {
        public long Count => Last - First + 1;
    }

    /// <summary>Highest number that has come; -1 before the first.</summary>
    public long Highest { get; private set; } = -1;

    public IReadOnlyList<Gap> Gaps => gaps;

    /// <summary>Whether the tracker changed since it was last stored.</summary>
    public bool Dirty { get; set; }

    /// <summary>Number of the journal record that changed it last.</summary>
    public long LastRecord { get; set; }

    /// <summary>Whether a number has come, or lies in a gap that was given up.</summary>
    public bool Contains(long sequence) => sequence <= Highest && IndexOfGap(sequence) < 0;

    /// <summary>Enters a number that has not come before.</summary>
    /// <param name="sequence">The number.</param>
    /// <param name="line">Key of the line to which newly shown gaps are booked.</param>
    /// <param name="at">Event time to which they are booked, ms since the Unix epoch.</param>
    /// <param name="opened">The gap that this number shows, if it shows one.</param>
    /// <param name="filled">The gap that it was missing from, if it was.</param>
    public void Add(long sequence, int line, long at, out Gap? opened, out Gap? filled)
    {
        opened = filled = null;
        Dirty = true;
        if (sequence > Highest)
        {
            if (sequence > Highest + 1)
            {
                // what a device sent before we first heard it may still come, but is not missing
                var shown = new Gap(Highest + 1, sequence - 1, Highest < 0 ? NotBooked : line, at);
                opened = Highest < 0 ? null : shown;
                gaps.Add(shown);
                if (gaps.Count > MaxGaps)
                    gaps.RemoveAt(0);
            }
            Highest = sequence;
            return;
        }
        var index = IndexOfGap(sequence);
        if (index < 0)
            throw new InvalidOperationException($"sequence number {sequence} has come before");
        var gap = gaps[index];
        filled = gap.Line == NotBooked ? null : gap;
        gaps.RemoveAt(index);
        if (sequence < gap.Last)
            gaps.Insert(index, gap with { First = sequence + 1 });
        if (sequence > gap.First)
            gaps.Insert(index, gap with { Last = sequence - 1 });
    }

    /// <summary>The tracker as bytes: highest 8, then per gap first 8, last 8, line 4, at 8; little-endian.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[8 + (gaps.Count * 28)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, Highest);
        var to = bytes.AsSpan(8);
        foreach (var gap in gaps)
        {
            BinaryPrimitives.WriteInt64LittleEndian(to, gap.First);
            BinaryPrimitives.WriteInt64LittleEndian(to[8..], gap.Last);
            BinaryPrimitives.WriteInt32LittleEndian(to[16..], gap.Line);
            BinaryPrimitives.WriteInt64LittleEndian(to[20..], gap.At);
            to = to[28..];
        }
        return bytes;
    }

    /// <exception cref="InvalidDataException">The bytes are not those of a tracker.</exception>
    public static SequenceTracker FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 8 || bytes.Length % 28 != 8)
            throw new InvalidDataException($"a sequence tracker of {bytes.Length} bytes");
        var tracker = new SequenceTracker { Highest = BinaryPrimitives.ReadInt64LittleEndian(bytes) };
        var before = long.MinValue;
        for (var from = bytes[8..]; from.Length >= 28; from = from[28..])
        {
            var gap = new Gap(
                BinaryPrimitives.ReadInt64LittleEndian(from),
                BinaryPrimitives.ReadInt64LittleEndian(from[8..]),
                BinaryPrimitives.ReadInt32LittleEndian(from[16..]),
                BinaryPrimitives.ReadInt64LittleEndian(from[20..]));
            if (gap.First <= before || gap.Last < gap.First || gap.Last >= tracker.Highest)
                throw new InvalidDataException($"a sequence tracker with a gap from {gap.First} to {gap.Last} below {tracker.Highest}");
            before = gap.Last;
            tracker.gaps.Add(gap);
        }
        return tracker;
    }

    private int IndexOfGap(long sequence)
    {
        int low = 0, high = gaps.Count - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (sequence < gaps[middle].First)
                high = middle - 1;
            else if (sequence > gaps[middle].Last)
                low = middle + 1;
            else
                return middle;
        }
        return -1;
    }
}
