namespace SmartDistrict.Edge.Clock;

/// <summary>Whether the gateway's wall clock can be believed.</summary>
public enum ClockState : byte
{
    /// <summary>Nothing on this machine sets the clock, or nobody can tell. It is believed while it shows a year that can be.</summary>
    Unknown = 0,

    /// <summary>A time service runs and has not set the clock since the machine started: a Raspberry Pi has no battery clock.</summary>
    Unsynchronised = 1,

    Synchronised = 2,

    /// <summary>Set since the machine started, but the kernel calls it unsynchronised now: its time server is away, or somebody moved it.</summary>
    Holdover = 3,
}

/// <summary>All the gateway's own times of one receipt. They travel together, so that a wrong wall clock can be mended later.</summary>
/// <param name="WallNanoseconds">Wall clock, ns since the Unix epoch, UTC.</param>
/// <param name="MonotonicNanoseconds">Clock of this boot that never jumps, ns.</param>
/// <param name="State">What the wall clock was worth.</param>
public readonly record struct ReceiveStamp(long WallNanoseconds, long MonotonicNanoseconds, ClockState State)
{
    /// <summary>Wall clock, ms since the Unix epoch.</summary>
    public long WallMilliseconds => WallNanoseconds / 1_000_000;
}
