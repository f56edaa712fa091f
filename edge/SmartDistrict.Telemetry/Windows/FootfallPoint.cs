using System.Text;
using SmartDistrict.Telemetry.LineProtocol;

namespace SmartDistrict.Telemetry.Windows;

/// <summary>
/// A line's window as a point: measurement <c>footfall_1m|15m|1h</c>, tags <c>district</c> and <c>line</c>, the window's
/// start as timestamp, and always the full set of fields, so that a newer revision replaces an older one as a whole.
/// Only <c>expected</c> is left out where it is unknown.
/// </summary>
public static class FootfallPoint
{
    /// <summary>The precision of every timestamp that a gateway writes.</summary>
    public const TimePrecision Precision = TimePrecision.Seconds;

    /// <summary>Whether a measurement is footfall of some resolution.</summary>
    public static bool IsFootfall(ReadOnlySpan<byte> measurement, out Resolution resolution)
    {
        resolution = measurement switch
        {
            _ when measurement.SequenceEqual("footfall_1m"u8) => Resolution.Minute,
            _ when measurement.SequenceEqual("footfall_15m"u8) => Resolution.QuarterHour,
            _ when measurement.SequenceEqual("footfall_1h"u8) => Resolution.Hour,
            _ => (Resolution)byte.MaxValue,
        };
        return resolution != (Resolution)byte.MaxValue;
    }

    /// <summary>Writes the window as one line; <see cref="LineWriter.Series"/> and <see cref="LineWriter.Line"/> then are what an outbox takes.</summary>
    public static void Write(LineWriter writer, string district, in LineWindow window)
    {
        writer.Measurement(window.Resolution.FootfallMeasurement())
            .Tag("district", district)
            .Tag("line", window.Line)
            .Field("entries", window.Counts.Entries)
            .Field("exits", window.Counts.Exits)
            .Field("ambiguous", window.Counts.Ambiguous)
            .Field("unplaced_entries", window.Counts.UnplacedEntries)
            .Field("unplaced_exits", window.Counts.UnplacedExits);
        if (window.Counts.Expected is { } expected)
            writer.Field("expected", expected);
        writer.Field("received", window.Counts.Received)
            .Field("generation", window.Revision.Generation)
            .Field("revision", window.Revision.Counter)
            .Field("status", window.Status.Name())
            .End(window.Start);
    }

    /// <summary>Reads a window back.</summary>
    /// <param name="point">A point of a footfall measurement.</param>
    /// <param name="precision">The unit of the point's timestamp.</param>
    /// <param name="district">The district's site id.</param>
    /// <param name="window">The window.</param>
    /// <param name="problem">Where it is not one: what is wrong and how to mend it.</param>
    public static bool TryRead(in LinePoint point, TimePrecision precision, out string district, out LineWindow window, out string? problem)
    {
        (district, window) = ("", default);
        if (!IsFootfall(point.RawMeasurement, out var resolution))
            return Refuse($"{point.Measurement} is not a footfall measurement: footfall_1m, footfall_15m or footfall_1h", out problem);
        if (!Id(point, "district"u8, out district, out problem) || !Id(point, "line"u8, out var line, out problem))
            return false;
        if (point.Timestamp is not { } timestamp)
            return Refuse("a footfall point needs a timestamp: its window's start", out problem);
        var start = precision.ToSeconds(timestamp);
        if (start % resolution.Seconds() != 0 || start * precision.PerSecond() != timestamp)
            return Refuse($"timestamp {timestamp} is not the start of a window of {resolution.Name()}, or the request's precision is not its unit", out problem);

        long? expected = null;
        if (point.TryGetField("expected"u8, out _))
        {
            if (!Count(point, "expected"u8, out var value, out problem))
                return false;
            expected = value;
        }
        if (!Count(point, "entries"u8, out var entries, out problem)
            || !Count(point, "exits"u8, out var exits, out problem)
            || !Count(point, "ambiguous"u8, out var ambiguous, out problem)
            || !Count(point, "unplaced_entries"u8, out var unplacedEntries, out problem)
            || !Count(point, "unplaced_exits"u8, out var unplacedExits, out problem)
            || !Count(point, "received"u8, out var received, out problem)
            || !Count(point, "generation"u8, out var generation, out problem)
            || !Count(point, "revision"u8, out var revision, out problem))
            return false;
        if (!Status(point, out var status))
            return Refuse("field status must be one of \"provisional\", \"complete\", \"partial\", \"repaired\", \"void\"", out problem);

        window = new(line, resolution, start, new LineCounts
        {
            Entries = entries,
            Exits = exits,
            Ambiguous = ambiguous,
            UnplacedEntries = unplacedEntries,
            UnplacedExits = unplacedExits,
            Expected = expected,
            Received = received,
        }, status, new Revision(generation, revision));
        return true;
    }

    private static bool Id(in LinePoint point, ReadOnlySpan<byte> key, out string id, out string? problem)
    {
        id = point.TryGetTag(key, out var raw) ? Encoding.UTF8.GetString(raw) : "";
        return SiteId.IsValid(id)
            ? Accept(out problem)
            : Refuse($"tag {Encoding.UTF8.GetString(key)} must be a site id ({SiteId.Rule})", out problem);
    }

    private static bool Count(in LinePoint point, ReadOnlySpan<byte> key, out long value, out string? problem)
    {
        var found = point.TryGetField(key, out var field);
        value = field.Integer;
        return found && field is { Type: FieldType.Integer, Integer: >= 0 }
            ? Accept(out problem)
            : Refuse($"field {Encoding.UTF8.GetString(key)} must be an integer of 0 or more with a trailing i", out problem);
    }

    private static bool Status(in LinePoint point, out WindowStatus status)
    {
        status = default;
        if (!point.TryGetField("status"u8, out var field) || field.Type != FieldType.String || field.RawString.Length > 16)
            return false;
        Span<char> name = stackalloc char[16];
        return WindowStatuses.TryParse(name[..Encoding.UTF8.GetChars(field.RawString, name)], out status);
    }

    private static bool Accept(out string? problem)
    {
        problem = null;
        return true;
    }

    private static bool Refuse(string what, out string? problem)
    {
        problem = what;
        return false;
    }
}
