using System.Globalization;
using System.Text.Json;
using SmartDistrict.Cloud.Assets;
using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Telemetry.Assets;
using SmartDistrict.Telemetry.LineProtocol;

namespace SmartDistrict.Cloud.Embedded;

/// <summary>
/// Reads a point of <c>locker</c> (tags district, locker, compartment), <c>kiosk</c> (district, kiosk) or <c>cart_pose</c> (district,
/// cart). Its words and numbers are checked: what is stored can be read.
/// </summary>
internal sealed class AssetPoints(Topology topology)
{
    private readonly Dictionary<(string Sort, string Id), string> gatewayOf = new(
    [
        .. topology.District.Lockers.Select(locker => KeyValuePair.Create(("locker", locker.Id), locker.Gateway)),
        .. topology.District.Kiosks.Select(kiosk => KeyValuePair.Create(("kiosk", kiosk.Id), kiosk.Gateway)),
        .. topology.District.Carts.Select(cart => KeyValuePair.Create(("cart", cart.Id), cart.Gateway)),
    ]);

    public static bool Has(string measurement) => measurement is LockerPoint.Measurement or KioskPoint.Measurement or CartPose.Measurement;

    public HealthPoint Read(in LinePoint point, string measurement, TimePrecision precision, string gateway, DateTimeOffset now)
    {
        var district = topology.District;
        if (HealthReader.Tag(point, "district") != district.Id)
            throw new PointRefusedException($"the tag district is not {district.Id}, which is the district of this service");
        var sort = measurement == CartPose.Measurement ? "cart" : measurement;
        var id = HealthReader.Tag(point, sort);
        if (!gatewayOf.TryGetValue((sort, id), out var owner))
            throw new PointRefusedException($"the district's file knows no {sort} {id}: add it there, or mend the gateway's copy of the file");
        if (owner != gateway)
            throw new PointRefusedException($"{sort} {id} belongs to gateway {owner}, the token to gateway {gateway}", forbidden: true);
        var nanoseconds = HealthReader.Nanoseconds(point, precision, now);
        var json = HealthReader.Fields(point);
        try
        {
            return new(measurement, Tags(point, measurement, id, new AssetFields(JsonElement.Parse(json)), nanoseconds / 1_000_000_000), nanoseconds, json, null);
        }
        catch (FormatException e)
        {
            throw new PointRefusedException(e.Message);
        }
    }

    private string Tags(in LinePoint point, string measurement, string id, AssetFields fields, long at)
    {
        var district = topology.District;
        switch (measurement)
        {
            case LockerPoint.Measurement:
                var number = Compartment(HealthReader.Tag(point, "compartment"), district.Lockers.First(locker => locker.Id == id).Compartments, id);
                fields.Locker(id, number, at);
                return AssetTags.Locker(district.Id, id, number);
            case KioskPoint.Measurement:
                fields.Kiosk(id, at);
                return AssetTags.Kiosk(district.Id, id);
            default:
                fields.Cart(id, at, district.Coordinates);
                return AssetTags.Cart(district.Id, id);
        }
    }

    private static int Compartment(string tag, int most, string locker) =>
        int.TryParse(tag, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most && tag[0] != '0'
            ? number
            : throw new PointRefusedException($"the tag compartment is {tag}: locker {locker} has the compartments 1 to {most}");
}
