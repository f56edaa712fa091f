namespace SmartDistrict.Edge.Journal;

/// <summary>
/// Reads committed records in order of their numbers, each once. Damaged bytes are skipped up to the next whole record;
/// because numbers are contiguous, what is missing is known to the unit. Where a segment holds numbers from the next one's
/// first on, they are the remainder of a commit that failed and was written again there, or numbers that another life gave.
/// </summary>
public sealed class JournalReader : IDisposable
{
    private const int Sector = 4096;

    private readonly IJournalSegments journal;
    private byte[] buffer = new byte[256 << 10];
    private int start;
    private int end;
    private long fileOffset;
    private JournalSegment? segment;
    private IJournalFile? file;
    private bool passOver;
    private int version = -1;
    private long nextFirst;

    /// <summary>The boot of the segment's records (each process begins a segment of its own); where its head is damaged a boot record says it.</summary>
    private Guid boot;

    internal JournalReader(IJournalSegments journal, long from)
    {
        this.journal = journal;
        Last = from - 1;
    }

    /// <summary>Number of the record read last.</summary>
    public long Last { get; private set; }

    /// <summary>Records that should have been there and were not.</summary>
    public long Lost { get; private set; }

    /// <summary>Called once for each run of missing records: first, last, file.</summary>
    public Action<long, long, string>? OnLost { get; set; }

    /// <summary>Whether bytes were met that are no part of a whole record.</summary>
    internal bool MetDamage { get; private set; }

    /// <summary>Reads the next record.</summary>
    /// <returns>False where nothing more is committed.</returns>
    /// <exception cref="IOException">The disk does not give the bytes back; the next call tries again, or see <see cref="PassOverUnreadable"/>.</exception>
    /// <exception cref="UnauthorizedAccessException">As <see cref="IOException"/>.</exception>
    public bool TryRead(out JournalRecord record)
    {
        record = default;
        while (Last < journal.LastCommitted)
        {
            if (segment is null && !MoveTo(journal.SegmentFor(Last + 1)))
                return false;
            var outcome = JournalFormat.Read(buffer.AsSpan(start, end - start), out record);
            if (outcome > 0 && record.Number < NextFirst())
            {
                start += outcome;
                if (record.Number <= Last)
                    continue;
                Arrive(record.Number);
                if (record.Kind == RecordKind.Boot && record.Payload.Length == 16)
                    boot = new Guid(record.Payload, bigEndian: true);
                record = record with { Boot = boot };
                return true;
            }
            if (outcome == -1 && Fill())
                continue;
            // a damaged length can reach beyond the file, and a lost page reads as zeros: look behind both
            if (outcome <= 0 && Resynchronise())
                continue;
            if (!MoveTo(journal.SegmentAfter(segment!)))
                return false;
        }
        return false;
    }

    /// <summary>Takes what the disk does not give back, now, for lost: sector by sector, up to the next segment.</summary>
    public void PassOverUnreadable() => passOver = true;

    public void Dispose() => file?.Dispose();

    private void Arrive(long number)
    {
        if (number > Last + 1 && !journal.Torn(Last + 1, number - 1))
        {
            Lost += number - Last - 1;
            OnLost?.Invoke(Last + 1, number - 1, segment!.Path);
        }
        Last = number;
    }

    private long NextFirst()
    {
        if (version != journal.Version)
        {
            version = journal.Version;
            nextFirst = journal.SegmentAfter(segment!)?.First ?? long.MaxValue;
        }
        return nextFirst;
    }

    private bool MoveTo(JournalSegment? next)
    {
        if (next is null)
            return false;
        IJournalFile? opened = null;
        Guid? began = null;
        try
        {
            opened = journal.Disk.Open(next.Path);
            began = JournalSegment.ReadBoot(opened);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (!passOver)
            {
                opened?.Dispose();
                throw;
            }
        }
        // one patience per segment: the next one may well be sound
        passOver &= segment is null || opened is null;
        file?.Dispose();
        (segment, file, boot) = (next, opened, began ?? boot);
        version = -1;
        fileOffset = JournalSegment.HeadLength;
        start = end = 0;
        return true;
    }

    /// <summary>Brings more bytes behind those not yet read.</summary>
    private bool Fill()
    {
        if (file is null)
            return false;
        var rest = end - start;
        if (rest == buffer.Length)
            Array.Resize(ref buffer, buffer.Length * 2);
        buffer.AsSpan(start, rest).CopyTo(buffer);
        start = 0;
        end = rest;
        var read = passOver ? ReadSector(buffer.AsSpan(end)) : file.Read(buffer.AsSpan(end), fileOffset);
        fileOffset += read;
        end += read;
        return read > 0;
    }

    /// <summary>Reads up to the end of a sector; one that the disk does not give back is zeros, which hold no record.</summary>
    private int ReadSector(Span<byte> into)
    {
        var length = (int)Math.Min(Math.Min(into.Length, Sector - (fileOffset % Sector)), file!.Length - fileOffset);
        if (length <= 0)
            return 0;
        try
        {
            return file.Read(into[..length], fileOffset);
        }
        catch (IOException)
        {
            MetDamage = true;
            into[..length].Clear();
            return length;
        }
    }

    /// <summary>Looks for the next whole record behind damaged bytes: its checksum and a number yet to come tell it.</summary>
    private bool Resynchronise()
    {
        if (start < end)
            Pass();
        while (start < end || Fill())
        {
            var outcome = JournalFormat.Read(buffer.AsSpan(start, end - start), out var record);
            if (outcome > 0 && record.Number > Last)
                return true;
            if (outcome == -1 && Fill())
                continue;
            Pass();
        }
        return false;
    }

    /// <summary>Goes on by a byte, or over zeros: of a record's length, at most the first two bytes are zero.</summary>
    private void Pass()
    {
        var ahead = buffer.AsSpan(start, end - start).IndexOfAnyExcept((byte)0);
        MetDamage |= ahead >= 0;
        start = ahead < 0 ? Math.Max(start + 1, end - 2) : start + Math.Max(1, ahead - 2);
    }
}
