using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;

namespace SmartDistrict.Testing.Chaos;

/// <summary>A record as it lies in a journal file.</summary>
/// <param name="Segment">The file.</param>
/// <param name="Number">The record's number.</param>
/// <param name="Commit">Number of the first record of the commit that it was written in.</param>
/// <param name="Offset">Where its frame begins in the file.</param>
/// <param name="Length">Of frame and body.</param>
/// <param name="Payload">What it holds, behind the topic.</param>
internal sealed record JournalEntry(string Segment, long Number, long Commit, int Offset, int Length, ReadOnlyMemory<byte> Payload);

/// <summary>
/// Reads and damages the journal of a gateway that does not run. Knows the format from its documentation only: a head of
/// 64 bytes, then frames of 8 (body length, CRC-32C of the body), the body beginning with number 8, kind 1, clock state 1,
/// topic length 2, place within its commit 4, and the topic 32 bytes on; a length of zero ends a file.
/// </summary>
internal static class JournalFiles
{
    private const int SegmentHead = 64;
    private const int Frame = 8;
    private const int Head = 32;

    /// <summary>The records from a number on, in order, as far as each file can be read without a break.</summary>
    public static List<JournalEntry> Read(string folder, long from)
    {
        var files = Segments(folder);
        var begin = files.FindLastIndex(file => First(file) <= from);
        return [.. files.Skip(Math.Max(begin, 0)).SelectMany(file => Entries(file, out _)).Where(entry => entry.Number >= from)];
    }

    /// <summary>Writes what a power cut may leave of a write that was under way: anything but a whole record.</summary>
    /// <returns>False where there is nothing to tear, or the newest file is damaged already.</returns>
    public static bool TearTail(string folder, Random random)
    {
        if (Segments(folder).LastOrDefault() is not { } file || Entries(file, out var end) is not { Count: > 0 } entries || end < 0)
            return false;
        var torn = new byte[random.Next(1, 2000)];
        random.NextBytes(torn);
        if (random.Next(2) == 0)
        {
            // the beginning of the record that would have followed
            var last = entries[^1];
            torn = File.ReadAllBytes(file).AsSpan(last.Offset, random.Next(1, last.Length)).ToArray();
            if (torn.Length >= Frame + sizeof(long))
                BinaryPrimitives.WriteInt64LittleEndian(torn.AsSpan(Frame), last.Number + 1);
        }
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Write);
        stream.Position = end;
        stream.Write(torn);
        if (random.Next(2) == 0)
            stream.SetLength(end + torn.Length);
        return true;
    }

    /// <summary>Turns one bit of a record over.</summary>
    public static void Flip(JournalEntry entry, Random random)
    {
        using var stream = new FileStream(entry.Segment, FileMode.Open, FileAccess.ReadWrite);
        var at = entry.Offset + random.Next(entry.Length);
        stream.Position = at;
        var old = stream.ReadByte();
        stream.Position = at;
        stream.WriteByte((byte)(old ^ (1 << random.Next(8))));
    }

    private static List<string> Segments(string folder) =>
        Directory.Exists(folder) ? [.. Directory.GetFiles(folder, "*.journal").Order(StringComparer.Ordinal)] : [];

    private static long First(string file) => long.Parse(Path.GetFileNameWithoutExtension(file), CultureInfo.InvariantCulture);

    /// <summary>The whole records of a file.</summary>
    /// <param name="end">Where its records end in good order; -1 where they break off at something else.</param>
    private static List<JournalEntry> Entries(string file, out int end)
    {
        var bytes = File.ReadAllBytes(file);
        var entries = new List<JournalEntry>();
        end = SegmentHead;
        while (end + Frame + Head <= bytes.Length && BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(end)) is var length and not 0)
        {
            if (length < Head || length > bytes.Length - end - Frame
                || Crc32C(bytes.AsSpan(end + Frame, length)) != BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(end + sizeof(int))))
            {
                end = -1;
                break;
            }
            var body = bytes.AsMemory(end + Frame, length);
            var topic = BinaryPrimitives.ReadUInt16LittleEndian(body.Span[10..]);
            var number = BinaryPrimitives.ReadInt64LittleEndian(body.Span);
            entries.Add(new(file, number, number - BinaryPrimitives.ReadInt32LittleEndian(body.Span[12..]), end, Frame + length, body[(Head + topic)..]));
            end += Frame + length;
        }
        return entries;
    }

    private static uint Crc32C(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var one in bytes)
            crc = BitOperations.Crc32C(crc, one);
        return ~crc;
    }
}
