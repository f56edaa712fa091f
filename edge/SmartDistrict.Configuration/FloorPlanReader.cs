using SmartDistrict.Configuration.Yaml;

namespace SmartDistrict.Configuration;

/// <summary>Reads the keys <c>levels</c> and <c>plans</c> of a district.</summary>
internal static class FloorPlanReader
{
    public static readonly string[] Extensions = [".png", ".jpg", ".jpeg", ".webp", ".svg", ".geojson"];

    public static IReadOnlyList<Level> Levels(YamlReader file)
    {
        var levels = new List<Level>();
        foreach (var reader in file.Maps("levels", "a level"))
        {
            var number = reader.RequiredWhole("level", "1", -20, 200);
            reader.Subject = $"level {number}";
            var name = DistrictFile.Name(reader);
            if (levels.Any(level => level.Number == number))
                reader.Problems.Add(reader.Place("level"), $"there is already a {reader.Subject}", "name each level once");
            reader.End();
            levels.Add(new Level((int)(number ?? 0), name));
        }
        return levels;
    }

    public static FloorPlan Plan(YamlReader reader, string id, LocalName name, CoordinateSystem coordinates)
    {
        var level = (int)(reader.Whole("level", -20, 200) ?? 0);
        var file = reader.RequiredText("file", "plans/mall-1.svg");
        var at = PositionReader.One(reader, "at", "[121.49, 31.23]", coordinates);
        var rotation = reader.Number("rotation", -360, 360) ?? 0;
        var width = reader.Positive("width_m");
        if (file is not null)
            Check(reader, file, width);
        reader.End();
        return new FloorPlan(id, name, level, file ?? "", at ?? default, rotation, width);
    }

    private static void Check(YamlReader reader, string file, double? width)
    {
        var extension = Path.GetExtension(file).ToLowerInvariant();
        if (Path.IsPathRooted(file) || file.Split('/', '\\').Contains(".."))
            reader.Problems.Add(reader.Place("file"), $"'file' of {reader.Subject} leads out of the district's folder", "put the plan beside the district's file, or into a folder there");
        else if (!Extensions.Contains(extension))
            reader.Problems.Add(reader.Place("file"), $"'file' of {reader.Subject} is '{file}', which is no plan", $"give a file that ends in one of: {string.Join(", ", Extensions)}");
        else if (extension == ".geojson" && width is not null)
            reader.Problems.Add(reader.Place("width_m"), $"{reader.Subject} is GeoJSON and has a 'width_m'", "remove 'width_m': GeoJSON is in metres itself");
        else if (extension != ".geojson" && !reader.Has("width_m"))
            reader.Problems.Add(reader.Mapping, $"{reader.Subject} has no 'width_m'", "say how wide the picture is on the ground, as in 'width_m: 80'");
    }
}
