using System.Globalization;
using SmartDistrict.Configuration.Yaml;

namespace SmartDistrict.Configuration;

/// <summary>Reads positions; what is none becomes a problem.</summary>
internal static class PositionReader
{
    /// <summary>A list of positions; null where it is absent or any of them is none.</summary>
    public static List<Position>? Many(YamlReader reader, string key, string example, CoordinateSystem coordinates)
    {
        if (reader.Required(key, example) is not { } node)
            return null;
        if (node is not YamlSequence list)
        {
            reader.Wrong(node, key, "a list of positions [x, y]");
            return null;
        }
        var read = list.Items.Select(item => Item(reader, key, item, coordinates)).ToList();
        return read.TrueForAll(position => position is not null) ? [.. read.Select(position => position!.Value)] : null;
    }

    /// <summary>A single position; null where it is none.</summary>
    public static Position? One(YamlReader reader, string key, string example, CoordinateSystem coordinates) =>
        reader.Required(key, example) is { } node ? Item(reader, key, node, coordinates) : null;

    private static Position? Item(YamlReader reader, string key, YamlNode item, CoordinateSystem coordinates)
    {
        if (item is not YamlSequence { Items: [YamlScalar { Number: { } x }, YamlScalar { Number: { } y }] })
        {
            reader.Wrong(item, $"a position in '{key}'", coordinates == CoordinateSystem.Wgs84 ? "[longitude, latitude]" : "[x, y] in metres");
            return null;
        }
        if (coordinates == CoordinateSystem.Wgs84 && (Math.Abs(x) > 180 || Math.Abs(y) > 90))
            reader.Problems.Add(item, $"[{x.ToString(CultureInfo.InvariantCulture)}, {y.ToString(CultureInfo.InvariantCulture)}] is no longitude and latitude",
                Math.Abs(y) <= 180 && Math.Abs(x) <= 90 ? "swap the two: longitude comes first" : "write degrees, longitude first, or set 'coordinates: local-metres'");
        return new Position(x, y);
    }
}
