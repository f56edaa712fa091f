using System.Globalization;
using System.Text;

namespace SmartDistrict.Testing.Simulation.Replay;

/// <summary>
/// Makes a district of street sensors: around each sensor a zone (what is nearer to it than to any other, within a
/// walk of some metres), and across it a line from "outside" into the zone with a native counter.
/// </summary>
public static class SensorDistrict
{
    private const double Reach = 120;
    private const int Corners = 32;
    private const double MetresPerDegree = 111_320;

    /// <summary>The district as YAML, in the form of <c>firmware-config/districts</c>.</summary>
    public static string Yaml(IReadOnlyList<StreetSensor> sensors)
    {
        var yaml = new StringBuilder("""
            # Made from the sensor locations of the City of Melbourne; written anew at each replay.
            district: melbourne
            name: {zh: 墨尔本, en: Melbourne}
            time_zone: Australia/Melbourne
            occupancy_reset: "04:00"
            coordinates: wgs84
            gateways:
              - {id: gw-1, name: {zh: 一号网关, en: Gateway 1}}
            zones:

            """);
        foreach (var sensor in sensors)
            yaml.AppendLine(CultureInfo.InvariantCulture, $$"""  - {id: s{{sensor.Number}}, name: {zh: "{{sensor.Name}}", en: "{{sensor.Name}}"}, kind: street, level: 0, polygon: [{{string.Join(", ", Cell(sensor, sensors).Select(Text))}}]}""");
        yaml.AppendLine("lines:");
        foreach (var sensor in sensors)
            yaml.AppendLine(CultureInfo.InvariantCulture, $$"""  - {id: ln-{{sensor.Number}}, name: {zh: "{{sensor.Name}}", en: "{{sensor.Name}}"}, at: [{{Text(Place(sensor, -6, 0))}}, {{Text(Place(sensor, 6, 0))}}], joins: [{since: "2009-01-01T00:00:00+11:00", from: outside, to: s{{sensor.Number}}}]}""");
        yaml.AppendLine("devices:");
        foreach (var sensor in sensors)
            yaml.AppendLine(CultureInfo.InvariantCulture, $"  - {{id: sensor-{sensor.Number}, gateway: gw-1, profile: native, line: ln-{sensor.Number}}}");
        return yaml.ToString();
    }

    /// <summary>A disc, cut by the perpendicular bisector to every other sensor: convex, and no two cells overlap.</summary>
    private static List<(double Longitude, double Latitude)> Cell(StreetSensor sensor, IReadOnlyList<StreetSensor> sensors)
    {
        var cell = Enumerable.Range(0, Corners)
            .Select(i => (X: Reach * Math.Cos(2 * Math.PI * i / Corners), Y: Reach * Math.Sin(2 * Math.PI * i / Corners))).ToList();
        foreach (var other in sensors.Where(other => other != sensor))
            cell = Clip(cell, Offset(sensor, other));
        return [.. cell.Select(corner => Place(sensor, corner.X, corner.Y))];
    }

    /// <summary>Keeps what is nearer to the origin than to a point (Sutherland and Hodgman, one edge).</summary>
    private static List<(double X, double Y)> Clip(List<(double X, double Y)> polygon, (double X, double Y) point)
    {
        var half = (point.X * point.X + point.Y * point.Y) / 2;
        double Beyond((double X, double Y) p) => p.X * point.X + p.Y * point.Y - half;
        var kept = new List<(double X, double Y)>();
        for (var i = 0; i < polygon.Count; i++)
        {
            var (a, b) = (polygon[i], polygon[(i + 1) % polygon.Count]);
            var (da, db) = (Beyond(a), Beyond(b));
            if (da <= 0)
                kept.Add(a);
            if (da <= 0 != db <= 0)
                kept.Add((a.X + (b.X - a.X) * da / (da - db), a.Y + (b.Y - a.Y) * da / (da - db)));
        }
        return kept;
    }

    private static (double X, double Y) Offset(StreetSensor from, StreetSensor to) => (
        (to.Longitude - from.Longitude) * MetresPerDegree * Math.Cos(from.Latitude * Math.PI / 180),
        (to.Latitude - from.Latitude) * MetresPerDegree);

    private static (double Longitude, double Latitude) Place(StreetSensor sensor, double east, double north) => (
        sensor.Longitude + east / (MetresPerDegree * Math.Cos(sensor.Latitude * Math.PI / 180)),
        sensor.Latitude + north / MetresPerDegree);

    private static string Text((double Longitude, double Latitude) place) =>
        string.Create(CultureInfo.InvariantCulture, $"[{place.Longitude:0.000000}, {place.Latitude:0.000000}]");
}
