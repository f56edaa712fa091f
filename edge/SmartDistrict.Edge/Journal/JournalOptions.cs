using System.ComponentModel.DataAnnotations;

namespace SmartDistrict.Edge.Journal;

/// <summary>Settings of the journal. Two sites differ in their disk, so only sizes and the commit pace are settings.</summary>
public sealed class JournalOptions
{
    /// <summary>Size of one segment file, bytes. Its space is reserved whole, so that a full disk shows before a reading is taken in.</summary>
    [Range(1 << 16, 1 << 30)]
    public int SegmentBytes { get; set; } = 8 << 20;

    /// <summary>Segments that have been folded are kept for replays up to this size in all, bytes; the oldest go first.</summary>
    [Range(1L << 20, 1L << 40)]
    public long KeepBytes { get; set; } = 1L << 30;

    /// <summary>
    /// How long a commit waits for company, ms: fewer, larger writes spare an SD card and the processor, and an edge of a pin
    /// is still on disk within 50 ms. A burst commits without waiting, and so does the first record after a rest.
    /// </summary>
    [Range(0, 50)]
    public int CommitDelayMilliseconds { get; set; } = 40;
}
