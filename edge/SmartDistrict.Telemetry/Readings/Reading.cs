namespace SmartDistrict.Telemetry.Readings;

/// <summary>How the numbers of a <see cref="Reading"/> are to be understood.</summary>
public enum ReadingKind : byte
{
    /// <summary>People counted at one instant, <see cref="Reading.At"/>.</summary>
    Increment,

    /// <summary>People counted in [<see cref="Reading.Since"/>, <see cref="Reading.At"/>).</summary>
    Interval,

    /// <summary>The device's running totals at <see cref="Reading.At"/>, since its last reset.</summary>
    Counter,

    /// <summary>A sign of life without a count: the line was watched at <see cref="Reading.At"/> and nobody passed.</summary>
    Heartbeat,
}

/// <summary>One observation of one counting line, in the vocabulary of the gateway and free of any vendor's format.</summary>
/// <param name="Line">Index of the line in the gateway's device catalogue.</param>
/// <param name="Kind">How to understand the numbers.</param>
/// <param name="At">Event time, ms since the Unix epoch, UTC; for an interval its (exclusive) end.</param>
/// <param name="Since">Start of an interval, ms since the Unix epoch, UTC; equal to <paramref name="At"/> for every other kind.</param>
/// <param name="Entries">People in the line's "in" direction; for a counter the running total.</param>
/// <param name="Exits">People in the line's "out" direction; for a counter the running total.</param>
/// <param name="Ambiguous">Crossings whose direction or number the device itself doubts; contained in the counts.</param>
public readonly record struct Reading(
    int Line, ReadingKind Kind, long At, long Since, long Entries, long Exits, long Ambiguous = 0)
{
    /// <summary>The value of a running total that the device does not report (a one-directional counter).</summary>
    public const long NotReported = -1;
}
