namespace SmartDistrict.Edge.Devices;

/// <summary>One item of a profile's <c>readings</c>: how one sort of observation is read from the payload.</summary>
internal sealed class ReadingRule
{
    /// <summary>As written, for messages; empty where the rule reads the whole payload.</summary>
    public string Each { get; init; } = "";

    /// <summary>The array whose elements are one observation each; −1 where the whole payload is one.</summary>
    public int Array { get; init; } = -1;

    /// <summary>The channel that every observation of this rule belongs to; null where the payload or the topic says it.</summary>
    public string? FixedChannel { get; init; }

    /// <summary>Where the payload says the channel. Absent from a payload means "1".</summary>
    public PayloadField? Channel { get; init; }

    public bool ChannelFromTopic { get; init; }

    /// <summary>Where the time is; null where the device sends none.</summary>
    public PayloadField? At { get; init; }

    /// <summary>A payload without <see cref="At"/> takes the gateway's receive time.</summary>
    public bool AtMayBeAbsent { get; init; }

    /// <summary>Start of the time that the counts cover.</summary>
    public PayloadField? Since { get; init; }

    /// <summary>Length of the time that the counts cover, ms, where no start is sent; 0: counts are of one instant.</summary>
    public long Over { get; init; }

    /// <summary>The counts cover the device's reporting period.</summary>
    public bool OverPeriod { get; init; }

    public PayloadField? Entries { get; init; }

    public PayloadField? Exits { get; init; }

    public PayloadField? TotalEntries { get; init; }

    public PayloadField? TotalExits { get; init; }

    public PayloadField? Ambiguous { get; init; }

    /// <summary>An observation with neither counts nor totals is a sign of life; otherwise this rule does not apply to it.</summary>
    public bool Heartbeat { get; init; }

    /// <summary>
    /// The counts are of earlier periods, and the device's totals contain them: as intervals they place what the totals
    /// prove, and across a reset they are what is known of the time before it. They are never added to the totals.
    /// </summary>
    public bool IsBackFill { get; init; }
}
