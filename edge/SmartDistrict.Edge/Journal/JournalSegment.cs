using System.Buffers.Binary;
using System.Globalization;
using SmartDistrict.Edge.Clock;

namespace SmartDistrict.Edge.Journal;

/// <summary>
/// One file of the journal, named by its first record number. Its head of 64 bytes repeats what the records need to be
/// understood alone: magic 8, CRC-32C of the rest 4, reserved 4, first number 8, generation 8, boot id 16, wall 8, monotonic 8.
/// </summary>
internal sealed record JournalSegment(string Path, long First)
{
    public const int HeadLength = 64;
    public const string Extension = ".journal";
    private static ReadOnlySpan<byte> Magic => "SDJRNL01"u8;

    public static string PathOf(string folder, long first) =>
        System.IO.Path.Combine(folder, first.ToString("D20", CultureInfo.InvariantCulture) + Extension);

    /// <summary>The segments of a folder, oldest first. Files of other names are none of ours.</summary>
    public static List<JournalSegment> List(string folder, IJournalDisk? disk = null)
    {
        var segments = new List<JournalSegment>();
        foreach (var path in (disk ?? JournalDisk.Instance).List(folder, Extension))
            if (long.TryParse(System.IO.Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out var first))
                segments.Add(new(path, first));
        segments.Sort((a, b) => a.First.CompareTo(b.First));
        return segments;
    }

    public static void WriteHead(IJournalFile file, long first, long generation, Guid boot, in ReceiveStamp stamp)
    {
        Span<byte> head = stackalloc byte[HeadLength];
        head.Clear();
        Magic.CopyTo(head);
        BinaryPrimitives.WriteInt64LittleEndian(head[16..], first);
        BinaryPrimitives.WriteInt64LittleEndian(head[24..], generation);
        boot.TryWriteBytes(head[32..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt64LittleEndian(head[48..], stamp.WallNanoseconds);
        BinaryPrimitives.WriteInt64LittleEndian(head[56..], stamp.MonotonicNanoseconds);
        BinaryPrimitives.WriteUInt32LittleEndian(head[8..], JournalFormat.Crc32C(head[12..]));
        file.Write(head, 0);
    }

    /// <summary>The boot that a segment's records belong to at its beginning; null where the head is damaged.</summary>
    public static Guid? ReadBoot(IJournalFile file)
    {
        Span<byte> head = stackalloc byte[HeadLength];
        return TryReadHead(file, head) ? new Guid(head.Slice(32, 16), bigEndian: true) : null;
    }

    /// <summary>The wall clock when the segment was begun, ms since the Unix epoch; null where the head is damaged.</summary>
    public long? ReadBeginning()
    {
        Span<byte> head = stackalloc byte[HeadLength];
        using var file = JournalDisk.Instance.Open(Path);
        return TryReadHead(file, head) ? BinaryPrimitives.ReadInt64LittleEndian(head[48..]) / 1_000_000 : null;
    }

    /// <summary>The enrolment that the newest segment with a sound head names; null where there is none.</summary>
    public static long? NewestGeneration(string folder)
    {
        if (!Directory.Exists(folder))
            return null;
        Span<byte> head = stackalloc byte[HeadLength];
        foreach (var segment in Enumerable.Reverse(List(folder)))
            try
            {
                using var file = JournalDisk.Instance.Open(segment.Path);
                if (TryReadHead(file, head))
                    return BinaryPrimitives.ReadInt64LittleEndian(head[24..]);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // the next older one says it as well
            }
        return null;
    }

    private static bool TryReadHead(IJournalFile file, Span<byte> head) =>
        file.Read(head, 0) == HeadLength && head.StartsWith(Magic)
        && BinaryPrimitives.ReadUInt32LittleEndian(head[8..]) == JournalFormat.Crc32C(head[12..]);
}
