using SmartDistrict.Configuration.Yaml;

namespace SmartDistrict.Configuration;

/// <summary>Reads an entry of the keys <c>lockers</c>, <c>kiosks</c> and <c>carts</c> of a district.</summary>
internal static class AssetReader
{
    private const string At = "[121.49, 31.23]";

    public static LockerEntry Locker((YamlReader Reader, string Id) of, SiteTable gateways, CoordinateSystem coordinates)
    {
        var (reader, id) = of;
        var (name, gateway) = (DistrictFile.Name(reader), Gateway(reader, gateways));
        var at = PositionReader.One(reader, "at", At, coordinates) ?? default;
        var level = Level(reader);
        var compartments = reader.RequiredWhole("compartments", "12", 1, LockerEntry.MostCompartments) ?? 0;
        reader.End();
        return new(id, name, gateway, at, level, (int)compartments);
    }

    public static KioskEntry Kiosk((YamlReader Reader, string Id) of, SiteTable gateways, CoordinateSystem coordinates)
    {
        var (reader, id) = of;
        var (name, gateway) = (DistrictFile.Name(reader), Gateway(reader, gateways));
        var at = PositionReader.One(reader, "at", At, coordinates) ?? default;
        var level = Level(reader);
        reader.End();
        return new(id, name, gateway, at, level);
    }

    public static CartEntry Cart((YamlReader Reader, string Id) of, SiteTable gateways)
    {
        var (reader, id) = of;
        var (name, gateway) = (DistrictFile.Name(reader), Gateway(reader, gateways));
        reader.End();
        return new(id, name, gateway);
    }

    private static string Gateway(YamlReader reader, SiteTable gateways)
    {
        var gateway = reader.RequiredText("gateway", "gw-1");
        gateways.Demand(reader, "gateway", gateway);
        return gateway ?? "";
    }

    private static int Level(YamlReader reader) => (int)(reader.Whole("level", -20, 200) ?? 0);
}
