namespace SmartDistrict.Edge.Drivers.Gpio;

/// <summary>What the gateway notes about the GPIO lines of one device: the content of one envelope.</summary>
/// <remarks>
/// Times are ns of the kernel's CLOCK_MONOTONIC, the clock of <see cref="Clock.ReceiveStamp.MonotonicNanoseconds"/>: an
/// event's wall time is the stamp's, shifted by the difference. Lines are called by their role in the device ("a", "b").
/// Levels are logical, after active-low: 1 is active.
/// </remarks>
public abstract record GpioNotice
{
    private GpioNotice()
    {
    }

    /// <summary>The lines were taken into use, for the first time or again: what happened before is not known.</summary>
    /// <param name="Cause">Why, for people: "gateway started", "chip came back"…</param>
    /// <param name="Levels">Role → level, 0 or 1, at <paramref name="At"/>.</param>
    public sealed record Start(string Cause, IReadOnlyDictionary<string, int> Levels, long At) : GpioNotice;

    /// <summary>Edges, at least one, in the order of their kernel times.</summary>
    public sealed record Edges(IReadOnlyList<GpioEdge> List) : GpioNotice;

    /// <summary>Edges are known to be lost: gaps in the lines' numbers, or the same edge twice in a row.</summary>
    /// <param name="Counts">Role → edges lost at least, each above 0.</param>
    /// <param name="At">Kernel time of the edge that showed it; the loss lies before.</param>
    public sealed record Lost(IReadOnlyDictionary<string, long> Counts, long At) : GpioNotice;

    /// <summary>The chip or a line cannot be used now; the driver goes on trying.</summary>
    /// <param name="Reason">What is wrong and the mend.</param>
    public sealed record Gone(string Reason, long At) : GpioNotice;
}

/// <summary>A line changed its level.</summary>
/// <param name="Line">Role of the line in its device.</param>
/// <param name="Level">The level after the change, 0 or 1.</param>
/// <param name="Time">ns, CLOCK_MONOTONIC; of a debounced line the end of the debounce period.</param>
/// <param name="Sequence">The kernel's number of this edge on its line, from 1 with each acquisition; 32 bits, wraps.</param>
public readonly record struct GpioEdge(string Line, int Level, long Time, long Sequence);
