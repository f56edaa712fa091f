namespace SmartDistrict.Telemetry.Windows;

/// <summary>
/// Orders the versions of one window. The generation comes from the gateway's enrolment, so a gateway that was set up
/// again (a swapped SD card) continues above its predecessor; the counter is the journal record that last changed the
/// window, so it rises with every change and a replay of the journal yields the same one.
/// </summary>
public readonly record struct Revision(long Generation, long Counter) : IComparable<Revision>
{
    public int CompareTo(Revision other) =>
        Generation != other.Generation ? Generation.CompareTo(other.Generation) : Counter.CompareTo(other.Counter);

    public static bool operator <(Revision left, Revision right) => left.CompareTo(right) < 0;
    public static bool operator >(Revision left, Revision right) => left.CompareTo(right) > 0;
    public static bool operator <=(Revision left, Revision right) => left.CompareTo(right) <= 0;
    public static bool operator >=(Revision left, Revision right) => left.CompareTo(right) >= 0;
}

/// <summary>What a window's numbers are worth.</summary>
public enum WindowStatus : byte
{
    /// <summary>Still open: more readings of this window are to be expected.</summary>
    Provisional,

    /// <summary>Closed, and every expected reading arrived.</summary>
    Complete,

    /// <summary>Closed, and readings are missing (received &lt; expected).</summary>
    Partial,

    /// <summary>Complete, but some reading's time had to be repaired (a device clock ahead of ours, a rebased boot).</summary>
    Repaired,

    /// <summary>Withdrawn: reads as no data.</summary>
    Void,
}

/// <summary>
/// The counts of one window of one line. All values are absolute: a newer revision replaces an older one as a whole.
/// </summary>
public record struct LineCounts
{
    /// <summary>People in the "in" direction whose crossing lies in this window.</summary>
    public long Entries { get; set; }

    /// <summary>People in the "out" direction whose crossing lies in this window.</summary>
    public long Exits { get; set; }

    /// <summary>Crossings (contained in the counts) whose direction or number the device doubts.</summary>
    public long Ambiguous { get; set; }

    /// <summary>
    /// Entries that a counter's difference or an interval proves, but whose span reaches beyond this window: attributed
    /// to the window in which the span ends; part of totals and occupancy, not of the minute map.
    /// </summary>
    public long UnplacedEntries { get; set; }

    /// <summary>As <see cref="UnplacedEntries"/>, in the "out" direction.</summary>
    public long UnplacedExits { get; set; }

    /// <summary>Readings that should have come, from sequence gaps or the device's period; null where neither is known.</summary>
    public long? Expected { get; set; }

    /// <summary>Readings that came, duplicates not counted.</summary>
    public long Received { get; set; }
}

/// <summary>One window of one counting line: a fact that its owning gateway states.</summary>
/// <param name="Line">The line's site id.</param>
/// <param name="Resolution">The window's length.</param>
/// <param name="Start">The window's start, s since the Unix epoch, UTC.</param>
/// <param name="Counts">Absolute counts.</param>
/// <param name="Status">What the counts are worth.</param>
/// <param name="Revision">Which version of the window this is.</param>
public readonly record struct LineWindow(
    string Line, Resolution Resolution, long Start, LineCounts Counts, WindowStatus Status, Revision Revision);
