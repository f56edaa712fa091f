using SmartDistrict.Edge.Journal;

namespace SmartDistrict.Edge.Replay;

/// <summary>Which records a replay of a time needs: those before it that counters and sequences stand on, and the late ones behind it.</summary>
internal sealed class ReplaySpan
{
    /// <summary>A device that reports totals says at least once a day what the next difference is taken from.</summary>
    private const long LeadMilliseconds = 86_400_000;

    private readonly JournalFolder folder;

    private ReplaySpan(JournalFolder folder, long first, long last)
    {
        this.folder = folder;
        First = first;
        Last = last;
    }

    /// <summary>Number of the first record to be folded.</summary>
    public long First { get; }

    /// <summary>Number of the last record to be folded.</summary>
    public long Last { get; }

    /// <summary>
    /// Whole segments, by the wall clock at their beginning. That clock may have been wrong at times, so a segment is
    /// left out only if all before it, or all behind it, say the same.
    /// </summary>
    /// <param name="horizonDays">How late a reading may come and still change its window.</param>
    /// <exception cref="ReplayException">There is no journal.</exception>
    public static ReplaySpan Find(string path, long from, long to, int horizonDays)
    {
        if (!Directory.Exists(path) || JournalSegment.List(path) is not { Count: > 0 } segments)
            throw new ReplayException($"there is no journal in {path}. Mend: name the gateway's data folder with --data.", 1);
        var folder = new JournalFolder(segments);
        var beginnings = segments.ConvertAll(segment => segment.ReadBeginning());
        var after = beginnings.FindIndex(beginning => beginning > from - LeadMilliseconds);
        var first = after < 0 ? segments.Count - 1 : Math.Max(0, after - 1);
        var end = beginnings.FindLastIndex(beginning => beginning is null || beginning <= to + (horizonDays * 86_400_000L)) + 1;
        return new(folder, segments[first].First, end < segments.Count ? segments[end].First - 1 : folder.LastCommitted);
    }

    /// <summary>The records, with the times at which they truly were taken.</summary>
    public TimedReader Read() => new(folder, First);

    /// <summary>What the journal holds, for a message.</summary>
    public string Describe(TimeZoneInfo zone)
    {
        long? oldest = null, newest = null;
        using var reader = folder.ReadFrom(folder.Segments[0].First);
        while (reader.TryRead(out var record))
            if (record.Kind == RecordKind.Envelope)
            {
                newest = record.Stamp.WallMilliseconds;
                oldest ??= newest;
            }
        return oldest is { } begin && newest is { } end
            ? $"its messages were received from {Local(begin)} to {Local(end)}"
            : "it holds no message at all";

        string Local(long at) => ReplayReport.Local(at, zone, "yyyy-MM-dd HH:mm");
    }
}
