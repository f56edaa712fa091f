using SmartDistrict.Configuration;

namespace SmartDistrict.Edge.Sensors;

/// <summary>Which lines see the same people as a line does: those of its own zones first, then the nearest.</summary>
internal static class Neighbours
{
    /// <returns>Of each line the indices of all others, in the order of their nearness.</returns>
    public static int[][] Of(IReadOnlyList<CountingLine> lines, CoordinateSystem coordinates)
    {
        var zones = lines.Select(line => line.Joins.SelectMany(join => (string[])[join.From, join.To]).Where(zone => zone != District.Outside).ToHashSet()).ToList();
        return [.. lines.Select((line, own) => Enumerable.Range(0, lines.Count).Where(other => other != own)
            .OrderBy(other => zones[own].Overlaps(zones[other]) ? 0 : 1).ThenBy(other => Distance(line, lines[other], coordinates)).ToArray())];
    }

    /// <summary>Of the lines' middles; in which unit does not matter, for they are only compared.</summary>
    private static double Distance(CountingLine a, CountingLine b, CoordinateSystem coordinates)
    {
        var (x, y) = (Middle(a).X - Middle(b).X, Middle(a).Y - Middle(b).Y);
        // a degree of longitude is shorter than one of latitude
        return Math.Sqrt((x * x * (coordinates == CoordinateSystem.Wgs84 ? Math.Pow(Math.Cos(Middle(a).Y * Math.PI / 180), 2) : 1)) + (y * y));
    }

    private static Position Middle(CountingLine line) => new((line.Start.X + line.End.X) / 2, (line.Start.Y + line.End.Y) / 2);
}
