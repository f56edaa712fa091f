using Microsoft.Win32.SafeHandles;

namespace SmartDistrict.Edge.Journal;

/// <summary>
/// Reads committed records in order of their numbers, each once. Damaged bytes are skipped up to the next whole record;
/// because numbers are contiguous, what is missing is known to the unit.
/// </summary>
public sealed class JournalReader : IDisposable
{
    private readonly IJournalSegments journal;
    private byte[] buffer = new byte[256 << 10];
    private int start;
    private int end;
    private long fileOffset;
    private JournalSegment? segment;
    private SafeFileHandle? file;

    internal JournalReader(IJournalSegments journal, long from)
    {
        this.journal = journal;
        Last = from - 1;
    }

    /// <summary>Number of the record read last.</summary>
    public long Last { get; private set; }

    /// <summary>Records that should have been there and were not.</summary>
    public long Lost { get; private set; }

    /// <summary>The boot that the current segment began in; empty where its head is damaged.</summary>
    public Guid SegmentBoot { get; private set; }

    /// <summary>Called once for each run of missing records: first, last, file.</summary>
    public Action<long, long, string>? OnLost { get; set; }

    internal long? Limit { get; init; }

    /// <summary>Reads the next record.</summary>
    /// <returns>False where nothing more is committed.</returns>
    public bool TryRead(out JournalRecord record)
    {
        record = default;
        while (Last < (Limit ?? journal.LastCommitted))
        {
            if (segment is null && !MoveTo(journal.SegmentFor(Last + 1)))
                return false;
            var outcome = JournalFormat.Read(buffer.AsSpan(start, end - start), out record);
            if (outcome > 0)
            {
                start += outcome;
                if (record.Number <= Last)
                    continue;
                Arrive(record.Number);
                return true;
            }
            if (outcome == -1 && Fill())
                continue;
            // a damaged length can reach beyond the file, and a lost page reads as zeros: look behind both
            if (Resynchronise())
                continue;
            if (!MoveTo(journal.SegmentAfter(segment!)))
                return false;
        }
        return false;
    }

    public void Dispose() => file?.Dispose();

    private void Arrive(long number)
    {
        if (number > Last + 1 && Limit is null)
        {
            Lost += number - Last - 1;
            OnLost?.Invoke(Last + 1, number - 1, segment!.Path);
        }
        Last = number;
    }

    private bool MoveTo(JournalSegment? next)
    {
        if (next is null)
            return false;
        file?.Dispose();
        segment = next;
        file = File.OpenHandle(next.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        SegmentBoot = JournalSegment.ReadBoot(file) ?? Guid.Empty;
        fileOffset = JournalSegment.HeadLength;
        start = end = 0;
        return true;
    }

    /// <summary>Brings more bytes behind those not yet read.</summary>
    private bool Fill()
    {
        var rest = end - start;
        if (rest == buffer.Length)
            Array.Resize(ref buffer, buffer.Length * 2);
        buffer.AsSpan(start, rest).CopyTo(buffer);
        start = 0;
        end = rest;
        var read = RandomAccess.Read(file!, buffer.AsSpan(end), fileOffset);
        fileOffset += read;
        end += read;
        return read > 0;
    }

    /// <summary>Looks for the next whole record behind damaged bytes: its checksum and a number yet to come tell it.</summary>
    private bool Resynchronise()
    {
        start = Math.Min(start + 1, end);
        while (start < end || Fill())
        {
            var outcome = JournalFormat.Read(buffer.AsSpan(start, end - start), out var record);
            if (outcome > 0 && record.Number > Last)
                return true;
            if (outcome == -1 && Fill())
                continue;
            start++;
        }
        return false;
    }
}
