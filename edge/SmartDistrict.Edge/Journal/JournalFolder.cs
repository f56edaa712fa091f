namespace SmartDistrict.Edge.Journal;

/// <summary>
/// The segments of a folder as they are at one moment, only to be read: nothing is locked or written, so the folder may be
/// that of a running gateway or on a read-only disk.
/// </summary>
internal sealed class JournalFolder : IJournalSegments
{
    private readonly IReadOnlyList<JournalSegment> segments;

    /// <param name="segments">Oldest first.</param>
    public JournalFolder(IReadOnlyList<JournalSegment> segments, IJournalDisk? disk = null)
    {
        this.segments = segments;
        Disk = disk ?? JournalDisk.Instance;
        LastCommitted = FindLast();
    }

    /// <summary>Number of the last whole record when this was made.</summary>
    public long LastCommitted { get; }

    public IReadOnlyList<JournalSegment> Segments => segments;

    public IJournalDisk Disk { get; }

    int IJournalSegments.Version => 0;

    public JournalReader ReadFrom(long number) => new(this, number);

    JournalSegment? IJournalSegments.SegmentFor(long number) =>
        segments.LastOrDefault(segment => segment.First <= number) ?? (segments.Count > 0 ? segments[0] : null);

    JournalSegment? IJournalSegments.SegmentAfter(JournalSegment segment) =>
        segments.FirstOrDefault(candidate => candidate.First > segment.First);

    bool IJournalSegments.Torn(long first, long last) => false;

    private long FindLast()
    {
        for (var i = segments.Count - 1; i >= 0; i--)
            if (SegmentScan.Of(segments[i], Disk) is { Last: { } last })
                return last;
        return 0;
    }
}
