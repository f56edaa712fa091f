namespace SmartDistrict.Edge.Clock;

/// <summary>What one boot's monotonic clock says about the time of day, as far as the journal has shown it.</summary>
/// <param name="Boot">The kernel's boot id.</param>
/// <param name="Offset">Wall clock less monotonic clock, ns; null until something in this boot tells it.</param>
/// <param name="Slack">How much earlier than <paramref name="Offset"/> says it may have been, ns: of a boot that ended without a set clock.</param>
internal readonly record struct BootClock(Guid Boot, long? Offset = null, long Slack = 0)
{
    /// <summary>A difference above this is a clock that was set, not one that drifts, ns.</summary>
    public const long Step = 1_000_000_000;

    /// <summary>A wall clock before this can only be one that was never set, ns since the Unix epoch.</summary>
    public static readonly long Plausible = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds() * 1_000_000;

    /// <summary>
    /// Whether a stamp's own wall clock is to be believed: not if it was never set, and one that only was set once in this
    /// boot less than what an earlier stamp of the boot has told, for the monotonic clock cannot be moved by hand.
    /// </summary>
    public bool Believes(in ReceiveStamp stamp) => Tells(stamp) && (stamp.State != ClockState.Holdover || Offset is null);

    /// <summary>Whether a stamp tells the time of day.</summary>
    public static bool Tells(in ReceiveStamp stamp) => stamp.State != ClockState.Unsynchronised && stamp.WallNanoseconds >= Plausible;
}
