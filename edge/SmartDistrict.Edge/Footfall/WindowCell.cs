using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Edge.Footfall;

/// <summary>One window of one line while it is being folded.</summary>
internal sealed class WindowCell(LineFold line, Resolution resolution, long start)
{
    public LineFold Line { get; } = line;

    public Resolution Resolution { get; } = resolution;

    /// <summary>Start, s since the Unix epoch.</summary>
    public long Start { get; } = start;

    /// <summary>End (exclusive), s since the Unix epoch.</summary>
    public long End => Start + Resolution.Seconds();

    public long Entries { get; set; }

    public long Exits { get; set; }

    public long Ambiguous { get; set; }

    public long UnplacedEntries { get; set; }

    public long UnplacedExits { get; set; }

    public long Received { get; set; }

    /// <summary>Readings that end in this window and began before it: not received of it, but received.</summary>
    public long Spanning { get; set; }

    /// <summary>Readings that a sequence gap shows to be missing.</summary>
    public long Missing { get; set; }

    /// <summary>The time of some reading had to be repaired.</summary>
    public bool Repaired { get; set; }

    /// <summary>A device lost counts that nobody can know any more: it was reset between two of its totals.</summary>
    public bool Incomplete { get; set; }

    /// <summary>The window's time has passed; it is published, and what still comes revises it.</summary>
    public bool Closed { get; set; }

    /// <summary>Number of the journal record that changed the window last.</summary>
    public long Revision { get; set; }

    /// <summary>Changed since it was last stored.</summary>
    public bool Dirty { get; set; }

    /// <summary>Changed since it was last sent up the live path.</summary>
    public bool LiveDirty { get; set; }

    /// <summary>Whether nine of ten readings that should have come are there, so that its counts can be compared.</summary>
    public bool IsNearlyWhole => !Incomplete && Received >= 0.9 * (Line.Device.ExpectedReadings(Resolution, Received, Missing) ?? 0);

    /// <summary>Readings that should have ended in it; null where that is not known.</summary>
    public long? Expected => Line.Device.ExpectedReadings(Resolution, Received + Spanning, Missing);

    public LineWindow ToWindow(long generation)
    {
        long? expected = Line.Device.ExpectedReadings(Resolution, Received, Missing);
        var status = !Closed ? WindowStatus.Provisional
            : Received == 0 || Incomplete || expected > Received ? WindowStatus.Partial
            : Repaired ? WindowStatus.Repaired
            : WindowStatus.Complete;
        var counts = new LineCounts
        {
            Entries = Entries,
            Exits = Exits,
            Ambiguous = Ambiguous,
            UnplacedEntries = UnplacedEntries,
            UnplacedExits = UnplacedExits,
            Expected = expected,
            Received = Received,
        };
        return new(Line.Id, Resolution, Start, counts, status, new Revision(generation, Revision));
    }
}
