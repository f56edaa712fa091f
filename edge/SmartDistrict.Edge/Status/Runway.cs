using System.Globalization;

namespace SmartDistrict.Edge.Status;

/// <summary>How long the gateway can go on without its store before it has to drop something, at the rate of the last hour.</summary>
/// <param name="Lasts">One line for a person, such as "lasts 31 h at this rate".</param>
/// <param name="Seconds">Time until the first limit, s; null while the rate is not known, or nothing comes in.</param>
/// <param name="LimitedBy">The limit that is reached first, by its setting: Sync:MaxRows, Sync:MaxBytes or the disk.</param>
/// <param name="PointsPerHour">Points that the outbox would grow by; null in the first half minute.</param>
public sealed record Runway(string Lasts, long? Seconds, string? LimitedBy, double? PointsPerHour)
{
    /// <summary>Bytes in SQLite's file for a byte of a line: row head, checksum, the tree's inner pages, pages that are not full. Measured, and held by a test.</summary>
    internal const double FileBytesPerByte = 1.5;

    /// <param name="room">What the limits leave.</param>
    /// <param name="pointsPerSecond">Null while it is not known.</param>
    /// <param name="bytesPerPoint">Mean length of a line, bytes.</param>
    /// <param name="journalPerSecond">Bytes that the journal takes, until it is as large as it may be.</param>
    internal static Runway Of(Room room, double? pointsPerSecond, double bytesPerPoint, double journalPerSecond)
    {
        if (pointsPerSecond is not { } rate)
            return new("not known yet: the rate is being measured", null, null, null);
        if (rate <= 0)
            return new("nothing comes in, so nothing fills up", null, null, 0);
        (string Limit, double Seconds)[] limits =
        [
            ("Sync:MaxRows", room.Rows / rate),
            ("Sync:MaxBytes", room.Bytes / (rate * bytesPerPoint)),
            ("free disk", Disk(room, rate * bytesPerPoint * FileBytesPerByte, journalPerSecond)),
        ];
        var first = limits.MinBy(limit => limit.Seconds);
        var seconds = Math.Max(0, first.Seconds);
        return new(seconds < 1 ? $"full ({first.Limit}): the oldest points are dropped and counted" : $"lasts {Words(seconds)} at this rate",
            (long)Math.Min(seconds, long.MaxValue / 2), first.Limit, rate * 3600);
    }

    /// <summary>A time in two digits and a unit: 40 min, 31 h, 12 days.</summary>
    internal static string Words(double seconds)
    {
        var (number, unit) = seconds switch
        {
            < 120 => (seconds, "s"),
            < 7200 => (seconds / 60, "min"),
            < 48 * 3600 => (seconds / 3600, "h"),
            < 1000 * 86_400.0 => (seconds / 86_400, "days"),
            _ => (0, ""),
        };
        return unit.Length == 0 ? "over 1000 days" : number.ToString("0 ", CultureInfo.InvariantCulture) + unit;
    }

    /// <summary>The journal grows with the outbox until it holds all that it may; from then on the outbox alone takes space.</summary>
    private static double Disk(Room room, double outbox, double journal)
    {
        if (room.Disk is not { } free)
            return double.PositiveInfinity;
        var together = free / (outbox + journal);
        return together * journal <= room.Journal ? together : (free - room.Journal) / outbox;
    }

    /// <summary>What may still be added.</summary>
    /// <param name="Rows">Points, to the outbox.</param>
    /// <param name="Bytes">Bytes of lines, to the outbox.</param>
    /// <param name="Journal">Bytes, to the journal before its oldest folded segments go.</param>
    /// <param name="Disk">Bytes, to the disk; null where it is not known.</param>
    internal readonly record struct Room(double Rows, double Bytes, double Journal, double? Disk);
}
