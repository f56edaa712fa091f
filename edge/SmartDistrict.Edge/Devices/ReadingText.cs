using System.Globalization;
using System.Text;
using SmartDistrict.Telemetry.Readings;

namespace SmartDistrict.Edge.Devices;

/// <summary>
/// A reading as a line of text, for samples in profiles and for test cases:
/// <c>ln-01 interval 2026-03-02T08:00:00Z..2026-03-02T08:01:00Z entries=3 exits=1</c>. A side that is not reported is
/// left out; so is <c>ambiguous</c> where it is 0; a heartbeat has no counts.
/// </summary>
public static class ReadingText
{
    public static string Write(in Reading reading, string line)
    {
        var text = new StringBuilder(line).Append(' ').Append(reading.Kind switch
        {
            ReadingKind.Increment => "increment",
            ReadingKind.Interval => "interval",
            ReadingKind.Counter => "counter",
            _ => "heartbeat",
        }).Append(' ');
        if (reading.Kind == ReadingKind.Interval)
            text.Append(Instant(reading.Since)).Append("..");
        text.Append(Instant(reading.At));
        if (reading.Kind == ReadingKind.Heartbeat)
            return text.ToString();
        Count("entries", reading.Entries, reading.Entries != Reading.NotReported);
        Count("exits", reading.Exits, reading.Exits != Reading.NotReported);
        Count("ambiguous", reading.Ambiguous, reading.Ambiguous != 0);
        return text.ToString();

        void Count(string name, long value, bool shown)
        {
            if (shown)
                text.Append(CultureInfo.InvariantCulture, $" {name}={value}");
        }
    }

    private static string Instant(long unixMs)
    {
        var instant = DateTimeOffset.FromUnixTimeMilliseconds(unixMs);
        return instant.ToString(unixMs % 1000 == 0 ? "yyyy-MM-dd'T'HH:mm:ss'Z'" : "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
    }
}
