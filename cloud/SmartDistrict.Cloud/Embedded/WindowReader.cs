using System.Text;
using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Telemetry.LineProtocol;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Cloud.Embedded;

/// <summary>
/// Reads a footfall point: tags <c>district</c> and <c>line</c>, the full field set as integers (<c>expected</c> may be
/// absent) and <c>status</c> as a string, the window's start as time. Fields that it does not know are a newer
/// gateway's and passed over.
/// </summary>
internal sealed class WindowReader(Topology topology)
{
    private const int LongestName = 256;

    public LineWindow Read(in LinePoint point, Resolution resolution, TimePrecision precision, string gateway)
    {
        var line = Line(point, gateway);
        return new(line, resolution, Start(point, resolution, precision), Counts(point), Status(point),
            new Revision(Required(point, "generation"u8), Required(point, "revision"u8)));
    }

    private string Line(in LinePoint point, string gateway)
    {
        if (!point.TryGetTag("district"u8, out var district) || !Text.Same(district, topology.District.Id))
            throw new PointRefusedException($"the tag district is not {topology.District.Id}, which is the district of this service");
        if (!point.TryGetTag("line"u8, out var raw))
            throw new PointRefusedException("the tag line is missing");
        Span<char> name = stackalloc char[LongestName];
        var index = raw.Length <= LongestName ? topology.LineIndex(name[..Encoding.UTF8.GetChars(raw, name)]) : -1;
        if (index < 0)
            throw new PointRefusedException($"the district's file knows no line {Encoding.UTF8.GetString(raw)}: add it there, or mend the gateway's copy of the file");
        var line = topology.District.Lines[index].Id;
        var owner = topology.Owners.GetValueOrDefault(line)?.Gateway;
        return owner == gateway ? line : throw new PointRefusedException(
            $"line {line} belongs to {(owner is null ? "no gateway" : "gateway " + owner)}, the token to gateway {gateway}: each line is written by the one gateway that owns it",
            forbidden: true);
    }

    private static long Start(in LinePoint point, Resolution resolution, TimePrecision precision)
    {
        if (point.Timestamp is not { } time)
            throw new PointRefusedException("a footfall point needs the start of its window as timestamp");
        var start = precision.ToSeconds(time);
        return time % precision.PerSecond() == 0 && resolution.WindowStart(start * 1000) == start ? start : throw new PointRefusedException(
            $"the time {time} {precision.Name()} is not the start of a {resolution.Name()} window: check the precision of the write");
    }

    private static LineCounts Counts(in LinePoint point) => new()
    {
        Entries = Required(point, "entries"u8),
        Exits = Required(point, "exits"u8),
        Ambiguous = Required(point, "ambiguous"u8),
        UnplacedEntries = Required(point, "unplaced_entries"u8),
        UnplacedExits = Required(point, "unplaced_exits"u8),
        Expected = Integer(point, "expected"u8),
        Received = Required(point, "received"u8),
    };

    private static WindowStatus Status(in LinePoint point)
    {
        if (!point.TryGetField("status"u8, out var field) || field.Type != FieldType.String)
            throw new PointRefusedException("""the field status is missing or not a string: write status="complete" """.TrimEnd());
        return WindowStatuses.TryParse(field.Text, out var status) ? status : throw new PointRefusedException(
            $"status \"{field.Text}\" is not provisional, complete, partial, repaired or void");
    }

    private static long Required(in LinePoint point, ReadOnlySpan<byte> name) => Integer(point, name)
        ?? throw new PointRefusedException($"the field {Encoding.UTF8.GetString(name)} is missing: every revision writes the full set of fields");

    private static long? Integer(in LinePoint point, ReadOnlySpan<byte> name)
    {
        if (!point.TryGetField(name, out var field))
            return null;
        if (field.Type != FieldType.Integer)
            throw new PointRefusedException($"field type conflict: {Encoding.UTF8.GetString(name)} is an integer, write it with an i behind (42i)");
        return field.Integer >= 0 ? field.Integer : throw new PointRefusedException($"the field {Encoding.UTF8.GetString(name)} is negative ({field.Integer})");
    }
}

internal static class Text
{
    /// <summary>Whether bytes are the UTF-8 of a site id, which is ASCII.</summary>
    public static bool Same(ReadOnlySpan<byte> utf8, string id) => System.Text.Ascii.Equals(utf8, id);
}
