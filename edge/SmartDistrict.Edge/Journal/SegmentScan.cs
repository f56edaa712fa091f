namespace SmartDistrict.Edge.Journal;

/// <summary>What a segment holds, found by reading it whole.</summary>
internal sealed class SegmentScan : IJournalSegments
{
    private readonly JournalSegment segment;

    private SegmentScan(JournalSegment segment, IJournalDisk disk)
    {
        this.segment = segment;
        Disk = disk;
    }

    /// <summary>Number of its last whole record; null where it has none.</summary>
    public long? Last { get; private set; }

    /// <summary>Whether it has nothing behind its head but zeros.</summary>
    public bool Blank { get; private set; }

    /// <summary>Missing records within the last commit of the segment: a power cut tore it, or it was damaged afterwards.</summary>
    public List<(long First, long Last)> HolesInLastCommit { get; } = [];

    /// <summary>Whether its last commit is also its first.</summary>
    public bool OneCommit { get; private set; }

    public IJournalDisk Disk { get; }

    long IJournalSegments.LastCommitted => long.MaxValue;

    int IJournalSegments.Version => 0;

    /// <summary>Reads a segment; what cannot be read of it is passed over.</summary>
    public static SegmentScan Of(JournalSegment segment, IJournalDisk disk)
    {
        var scan = new SegmentScan(segment, disk);
        scan.Read();
        return scan;
    }

    JournalSegment? IJournalSegments.SegmentFor(long number) => segment;

    JournalSegment? IJournalSegments.SegmentAfter(JournalSegment segment) => null;

    bool IJournalSegments.Torn(long first, long last) => false;

    private void Read()
    {
        using var reader = new JournalReader(this, segment.First);
        reader.PassOverUnreadable();
        reader.OnLost = (first, last, _) => HolesInLastCommit.Add((first, last));
        long commit = 0;
        while (reader.TryRead(out var record))
        {
            // a later commit proves the earlier one: what is missing there was acknowledged
            var begins = record.CommitFirst;
            if (begins != commit)
                HolesInLastCommit.RemoveAll(hole => hole.First < begins);
            commit = begins;
            Last = record.Number;
        }
        OneCommit = commit <= segment.First;
        Blank = Last is null && !reader.MetDamage;
    }
}
