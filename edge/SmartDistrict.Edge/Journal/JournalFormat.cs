using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using SmartDistrict.Edge.Clock;

namespace SmartDistrict.Edge.Journal;

/// <summary>What a journal record holds.</summary>
public enum RecordKind : byte
{
    /// <summary>What a device said, raw: topic (or source) and payload.</summary>
    Envelope = 1,

    /// <summary>The process started or a segment begins: the payload is the kernel's boot id (16 bytes). Records up to the next one belong to this boot.</summary>
    Boot = 2,

    /// <summary>Nothing but time passing, so that windows close while nobody speaks.</summary>
    Tick = 3,

    /// <summary>The wall clock was set or became synchronised; the stamp is one soon after it. Tells the time of day where nobody speaks.</summary>
    ClockSet = 4,

    /// <summary>Records that are known to be lost, or to have been torn before they were acknowledged: see <see cref="GapNotice"/>.</summary>
    Gap = 5,
}

/// <summary>One journal record; its memory is the reader's and valid until the next read.</summary>
public readonly ref struct JournalRecord
{
    public required long Number { get; init; }

    public required RecordKind Kind { get; init; }

    public required ReceiveStamp Stamp { get; init; }

    public required ReadOnlySpan<byte> Topic { get; init; }

    public required ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>Number of the first record of the commit that this one was written with; its own where that is not known.</summary>
    internal long CommitFirst { get; init; }

    /// <summary>The boot of the machine in which it was taken.</summary>
    public Guid Boot { get; init; }

    /// <summary>The stamp's wall clock is not the one that was taken, which was wrong, but what the boot's monotonic clock says.</summary>
    public bool Rebased { get; init; }

    /// <summary>What was known of the boot's clock when the record was given its time.</summary>
    internal BootClock Clock { get; init; }

    /// <summary>How much earlier than the stamp's wall clock the record may have been taken, ms; 0 where the time is known.</summary>
    internal long SlackMilliseconds => Clock.Slack / 1_000_000;
}

/// <summary>
/// The bytes of a record: a frame of 8 (body length, CRC-32C of the body), then the body: number 8, kind 1, clock state 1,
/// topic length 2, place in its commit 4, wall 8, monotonic 8, topic, payload. Little-endian. A length of zero ends a segment.
/// </summary>
internal static class JournalFormat
{
    public const int FrameLength = 8;
    public const int HeadLength = 32;
    public const int MaxTopic = ushort.MaxValue;

    /// <summary>Above MQTT's own limit for one payload that the gateway takes, so that a damaged length is told from a large record.</summary>
    public const int MaxBody = 4 << 20;

    public static int Length(int topic, int payload) => FrameLength + HeadLength + topic + payload;

    /// <param name="place">How many records of the same commit stand before it.</param>
    public static void Write(Span<byte> to, long number, int place, RecordKind kind, in ReceiveStamp stamp, ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload)
    {
        var body = to.Slice(FrameLength, HeadLength + topic.Length + payload.Length);
        BinaryPrimitives.WriteInt64LittleEndian(body, number);
        body[8] = (byte)kind;
        body[9] = (byte)stamp.State;
        BinaryPrimitives.WriteUInt16LittleEndian(body[10..], (ushort)topic.Length);
        BinaryPrimitives.WriteInt32LittleEndian(body[12..], place);
        BinaryPrimitives.WriteInt64LittleEndian(body[16..], stamp.WallNanoseconds);
        BinaryPrimitives.WriteInt64LittleEndian(body[24..], stamp.MonotonicNanoseconds);
        topic.CopyTo(body[HeadLength..]);
        payload.CopyTo(body[(HeadLength + topic.Length)..]);
        BinaryPrimitives.WriteInt32LittleEndian(to, body.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(to[4..], Crc32C(body));
    }

    /// <summary>Reads the record at the start of a buffer.</summary>
    /// <returns>Bytes consumed; 0 at the end of the segment's data, -1 where more bytes are needed, -2 where the bytes are damaged.</returns>
    public static int Read(ReadOnlySpan<byte> from, out JournalRecord record)
    {
        record = default;
        if (from.Length < FrameLength)
            return -1;
        var length = BinaryPrimitives.ReadInt32LittleEndian(from);
        if (length == 0 && BinaryPrimitives.ReadUInt32LittleEndian(from[4..]) == 0)
            return 0;
        if (length is < HeadLength or > MaxBody)
            return -2;
        if (from.Length < FrameLength + length)
            return -1;
        var body = from.Slice(FrameLength, length);
        // cheap before dear: a search through damaged bytes meets many plausible lengths
        if (body[8] is < (byte)RecordKind.Envelope or > (byte)RecordKind.Gap)
            return -2;
        if (BinaryPrimitives.ReadUInt32LittleEndian(from[4..]) != Crc32C(body))
            return -2;
        var topic = BinaryPrimitives.ReadUInt16LittleEndian(body[10..]);
        if (HeadLength + topic > length)
            return -2;
        record = new JournalRecord
        {
            Number = BinaryPrimitives.ReadInt64LittleEndian(body),
            Kind = (RecordKind)body[8],
            Stamp = new ReceiveStamp(
                BinaryPrimitives.ReadInt64LittleEndian(body[16..]), BinaryPrimitives.ReadInt64LittleEndian(body[24..]), (ClockState)body[9]),
            Topic = body.Slice(HeadLength, topic),
            Payload = body[(HeadLength + topic)..],
            CommitFirst = BinaryPrimitives.ReadInt64LittleEndian(body) - BinaryPrimitives.ReadUInt32LittleEndian(body[12..]),
        };
        return FrameLength + length;
    }

    /// <summary>CRC-32C (Castagnoli), by the processor's own instruction where it has one.</summary>
    public static uint Crc32C(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(bytes))
            crc = BitOperations.Crc32C(crc, word);
        foreach (var rest in bytes[(bytes.Length & ~7)..])
            crc = BitOperations.Crc32C(crc, rest);
        return ~crc;
    }
}
