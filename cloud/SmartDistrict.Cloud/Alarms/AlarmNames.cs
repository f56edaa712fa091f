using SmartDistrict.Cloud.Districts;
using SmartDistrict.Configuration;

namespace SmartDistrict.Cloud.Alarms;

/// <summary>The names of what alarms are about, and where it is.</summary>
internal sealed class AlarmNames
{
    private readonly Dictionary<(AlarmSubject Sort, string Id), LocalizedName> names = [];
    private readonly Dictionary<(AlarmSubject Sort, string Id), string> gateways = [];
    private readonly Dictionary<string, DeviceEntry> devices;
    private readonly Dictionary<string, CountingLine> lines;

    private readonly string district;

    public AlarmNames(District district)
    {
        this.district = district.Id;
        devices = district.Devices.ToDictionary(device => device.Id);
        lines = district.Lines.ToDictionary(line => line.Id);
        names[(AlarmSubject.District, district.Id)] = Of(district.Name);
        foreach (var zone in district.Zones)
            names[(AlarmSubject.Zone, zone.Id)] = Of(zone.Name);
        foreach (var gateway in district.Gateways)
            names[(AlarmSubject.Gateway, gateway.Id)] = Of(gateway.Name);
        foreach (var device in district.Devices)
            gateways[(AlarmSubject.Device, device.Id)] = device.Gateway;
        foreach (var (sort, id, name, gateway) in district.Lockers.Select(of => (AlarmSubject.Locker, of.Id, of.Name, of.Gateway))
            .Concat(district.Kiosks.Select(of => (AlarmSubject.Kiosk, of.Id, of.Name, of.Gateway)))
            .Concat(district.Carts.Select(of => (AlarmSubject.Cart, of.Id, of.Name, of.Gateway))))
        {
            names[(sort, id)] = Of(name);
            gateways[(sort, id)] = gateway;
        }
    }

    /// <summary>The name; the id where it has none, or the district's file no longer knows it.</summary>
    public LocalizedName Of(AlarmSubject sort, string id) => names.GetValueOrDefault((sort, id)) ?? new(id, id);

    public LocalizedName Of(Alarm alarm) => Of(AlarmKinds.Find(alarm.Kind)?.Subject ?? AlarmSubject.District, alarm.Subject);

    /// <summary>The gateway that a device, locker, kiosk or cart belongs to; null of all else.</summary>
    public string? GatewayOf(AlarmSubject sort, string id) => gateways.GetValueOrDefault((sort, id));

    /// <summary>What is above a subject: the gateway that it belongs to, or the district.</summary>
    public string Above(AlarmKind kind, string subject) => GatewayOf(kind.Subject, subject) ?? district;

    /// <summary>The first line that a device counts; null of all else, and of one that counts none.</summary>
    public LocalizedName? PlaceOf(AlarmSubject sort, string id) =>
        sort == AlarmSubject.Device && devices.GetValueOrDefault(id) is { } device
        && device.Lines.Values.Concat(device.ExitLines.Values).FirstOrDefault() is { } line && lines.TryGetValue(line, out var counted)
            ? Of(counted.Name)
            : null;

    private static LocalizedName Of(LocalName name) => new(name.Zh, name.En);
}
