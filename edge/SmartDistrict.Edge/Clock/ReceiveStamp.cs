namespace SmartDistrict.Edge.Clock;

/// <summary>Whether the gateway's wall clock can be believed.</summary>
public enum ClockState : byte
{
    Unknown = 0,

    /// <summary>Not set by a time source since the machine started: a Raspberry Pi has no battery clock.</summary>
    Unsynchronised = 1,

    Synchronised = 2,
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
