using SmartDistrict.Edge.Devices;
using SmartDistrict.Edge.Journal;
using SmartDistrict.Telemetry.Readings;

namespace SmartDistrict.Edge.Footfall;

/// <summary>Judges what a device says of time by when the gateway heard it.</summary>
internal sealed class EventTime(FoldOptions options)
{
    private readonly long horizon = options.LateHorizonDays * 86_400_000L;

    /// <summary>
    /// Bounds a device's clock that is far ahead by the receipt; refuses a reading so far behind that its windows are
    /// forgotten. Where the receipt itself is only known to lie within a span, a reading timed by it lies in that span.
    /// </summary>
    /// <param name="reading">As the device says.</param>
    /// <param name="heard">Its receipt, with a time that can be believed.</param>
    /// <param name="byGateway">The reading's time is of the gateway's own clock, as of its own lines.</param>
    /// <param name="timely">The reading with a time that can be booked.</param>
    /// <param name="repaired">Whether that is another time than the device's, or than the gateway's clock showed.</param>
    public bool TryBound(in Reading reading, in JournalRecord heard, bool byGateway, out Reading timely, out bool repaired)
    {
        var now = heard.Stamp.WallMilliseconds;
        timely = reading;
        repaired = false;
        if (reading.At < now - horizon)
            return false;
        if (reading.At > now + (options.ClockAheadSeconds * 1000L))
        {
            repaired = true;
            timely = reading with { At = now, Since = reading.Since - (reading.At - now) };
        }
        if (heard.Rebased && (byGateway || timely.At == now))
        {
            repaired = true;
            timely = timely with { Since = timely.Since - heard.SlackMilliseconds };
        }
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
