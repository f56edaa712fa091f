using SmartDistrict.Edge.Clock;
using SmartDistrict.Edge.Devices;
using SmartDistrict.Telemetry.Readings;

namespace SmartDistrict.Edge.Footfall;

/// <summary>Judges what a device says of time by when the gateway heard it.</summary>
internal sealed class EventTime(FoldOptions options)
{
    /// <summary>A wall clock before this can only be one that was never set.</summary>
    private static readonly long ImplausibleBefore = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    /// <summary>Start of the year 2100, ms since the Unix epoch: a device that says so has no clock.</summary>
    private const long ImplausibleAfter = 4_102_444_800_000;

    private readonly long horizon = options.LateHorizonDays * 86_400_000L;

    /// <summary>
    /// Bounds a device's clock that is far ahead by the receipt; refuses a reading so far behind that its windows are
    /// forgotten. A gateway clock that was never set judges nobody.
    /// </summary>
    /// <param name="reading">As the device says.</param>
    /// <param name="stamp">Its receipt.</param>
    /// <param name="timely">The reading with a time that can be booked.</param>
    /// <param name="repaired">Whether that is another time than the device's.</param>
    public bool TryBound(in Reading reading, in ReceiveStamp stamp, out Reading timely, out bool repaired)
    {
        var now = stamp.WallMilliseconds;
        timely = reading;
        repaired = false;
        if (stamp.State != ClockState.Synchronised && now < ImplausibleBefore && reading.At is > 0 and < ImplausibleAfter)
            return true;
        if (reading.At < now - horizon)
            return false;
        if (reading.At <= now + (options.ClockAheadSeconds * 1000L))
            return true;
        repaired = true;
        timely = reading with { At = now, Since = reading.Since - (reading.At - now) };
        return true;
    }

    /// <summary>Why <see cref="TryBound"/> refused.</summary>
    public PayloadProblem TooOld(in Reading reading, string device) => new(
        $"the reading is of {Instant(reading.At)}, over {options.LateHorizonDays} days before its receipt",
        $"set the clock of device {device}, or raise Fold:LateHorizonDays");

    private static string Instant(long unixMilliseconds) => unixMilliseconds is > -62_135_596_800_000 and < 253_402_300_800_000
        ? $"{DateTimeOffset.FromUnixTimeMilliseconds(unixMilliseconds):yyyy-MM-dd HH:mm:ss}Z"
        : $"{unixMilliseconds} ms since 1970";
}
