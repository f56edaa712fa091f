namespace SmartDistrict.Edge.Journal;

/// <summary>Where a reader finds records: the journal that this process writes, or a folder of segments that another one may be writing.</summary>
internal interface IJournalSegments
{
    /// <summary>Number of the newest record that may be read.</summary>
    long LastCommitted { get; }

    /// <summary>Changes with each change of the segments.</summary>
    int Version { get; }

    IJournalDisk Disk { get; }

    /// <summary>The segment that holds a number, or the first one after it; null where there is none yet.</summary>
    JournalSegment? SegmentFor(long number);

    JournalSegment? SegmentAfter(JournalSegment segment);

    /// <summary>Whether these missing records were part of a commit that the power cut tore, and so never acknowledged.</summary>
    bool Torn(long first, long last);
}
