using SmartDistrict.Cloud.Assets;
using SmartDistrict.Cloud.Devices;
using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Cloud.Hot;
using SmartDistrict.Cloud.Live;
using SmartDistrict.Configuration;
using SmartDistrict.Telemetry.Assets;

namespace SmartDistrict.Cloud.Alarms;

/// <summary>
/// What there is to watch, and how it stands now: every subject of every kind, each time. A new kind adds its observations
/// here.
/// </summary>
internal sealed class AlarmFigures(District district, LiveHub live, LiveFeed feed, HealthWatch health, AssetWatch assets, StoreHealth store, TimeProvider clock)
{
    private const int PeriodsOfSilence = 3;
    private const int Leniency = 60;

    /// <summary>What a gateway said of itself longer ago is not how it stands now.</summary>
    private const long FreshMilliseconds = 300_000;

    /// <summary>
    /// So long after its start this service does not take a silence from before for one: while it was away, nobody could
    /// be heard by it, and gateways that try again do so within this time.
    /// </summary>
    private static readonly TimeSpan Settling = TimeSpan.FromMinutes(2);

    private const double BytesPerMegabyte = 1e6;
    private const double SecondsPerHour = 3600;

    private static readonly AlarmKind Density = Kind("density"), Occupancy = Kind("occupancy"), Store = Kind("store"),
        SilentGateway = Kind("silent_gateway"), SilentDevice = Kind("silent_device"), Sensor = Kind("sensor"), Battery = Kind("battery"), Clock = Kind("clock"),
        Backlog = Kind("backlog"), Runway = Kind("runway"), Disk = Kind("disk"),
        LockerForced = Kind("locker_forced"), KioskOffline = Kind("kiosk_offline"), CartStopped = Kind("cart_stopped"), CartLost = Kind("cart_lost");

    private readonly long started = clock.GetTimestamp();
    private readonly ILookup<string, string> devicesOf = district.Devices.ToLookup(device => device.Gateway, device => device.Id);

    /// <param name="now">ms since the Unix epoch.</param>
    public IEnumerable<Observation> Read(long now)
    {
        var picture = health.Picture;
        var seen = feed.Sightings();
        // What the store was last read for is the newest that it can say; the live path may know more.
        var asOf = store.Stale is null ? now : picture?.At ?? now;
        return Zones().Append(new(Store, district.Id, store.Stale is null ? 0 : 1, store.Stale?.Code))
            .Concat(district.Gateways.SelectMany(gateway => Gateway(gateway.Id, picture, seen, now, asOf)))
            .Concat(district.Devices.SelectMany(device => Device(device, picture, seen, asOf)))
            .Concat(Assets(assets.Picture));
    }

    private IEnumerable<Observation> Zones()
    {
        var shown = live.Shown();
        for (var i = 0; i < district.Zones.Count; i++)
        {
            var zone = district.Zones[i];
            var people = shown[i] is { OccupancyStatus: not (Trust.Stale or Trust.None) } now ? now.Occupancy : null;
            var trust = shown[i]?.OccupancyStatus;
            if (zone.AreaSquareMetres is { } area)
                yield return new(Density, zone.Id, people / area, people is { } n ? Fruin.Level(n / area) : null, trust);
            if (zone.Capacity is { } capacity)
                yield return new(Occupancy, zone.Id, 100.0 * people / capacity, null, trust);
        }
    }

    private IEnumerable<Observation> Gateway(string id, HealthPicture? picture, Dictionary<string, long> seen, long now, long asOf)
    {
        var heard = feed.HeardAt(id);
        var written = devicesOf[id].Select(device => seen.GetValueOrDefault(device)).Append(picture?.Gateways.TryGetValue(id, out var point) == true ? point.At : 0).Max();
        var silence = (heard, written) switch
        {
            ({ } live, _) => Math.Min(now - live, Math.Max(0, asOf - written)),
            (null, 0) => (long?)null,
            _ => asOf - written,
        };
        yield return new(SilentGateway, id, Silence(silence));

        HealthReport? report = picture?.Gateways.TryGetValue(id, out var newest) == true && asOf - newest.At < FreshMilliseconds ? newest : null;
        yield return new(Clock, id, report?.Text("clock") switch { "unsynchronised" => 1, "synchronised" => 0, _ => null });
        yield return new(Backlog, id, report?.Number("backlog"));
        yield return new(Runway, id, report?.Number("runway") / SecondsPerHour);
        yield return new(Disk, id, report?.Number("disk_free") / BytesPerMegabyte);
    }

    /// <summary>A device that was never heard is not missed: it is not there yet. Its page shows it.</summary>
    private IEnumerable<Observation> Device(DeviceEntry device, HealthPicture? picture, Dictionary<string, long> seen, long asOf)
    {
        var silence = Silence(seen.TryGetValue(device.Id, out var last) ? asOf - last : null);
        // A device that reports rarely is not silent between two reports.
        var expected = device.Period is { } period ? (PeriodsOfSilence * period.TotalSeconds) + Leniency : 0;
        yield return new(SilentDevice, device.Id, silence < expected ? 0 : silence);

        HealthReport? report = picture?.Devices.TryGetValue(device.Id, out var newest) == true ? newest : null;
        var state = report?.Text("sensor");
        yield return new(Sensor, device.Id, state switch { null or "unknown" => null, "ok" => 0, _ => 1 }, state is "ok" or "unknown" ? null : state);
        yield return new(Battery, device.Id, DeviceCondition.Charge(report, asOf));
    }

    /// <summary>What is old tells nothing of now, except how old it is. A cart that has signed off is not lost.</summary>
    private IEnumerable<Observation> Assets(AssetPicture picture)
    {
        foreach (var locker in picture.Lockers.Lockers)
        {
            var forced = picture.Compartments[locker.Id].Where(point => point.State == CompartmentState.Forced).Select(point => point.Compartment).Order().ToList();
            var present = locker.Status is Trust.Complete or Trust.Partial;
            yield return new(LockerForced, locker.Id, !present ? null : forced.Count > 0 ? 1 : 0, forced.Count > 0 ? string.Join(", ", forced) : null);
        }
        foreach (var kiosk in picture.Kiosks.Kiosks)
            yield return new(KioskOffline, kiosk.Id, Silence(picture.AsOf - kiosk.LastSeen));
        foreach (var cart in picture.Carts.Carts)
        {
            var present = cart.Status is Trust.Complete or Trust.Partial;
            yield return new(CartStopped, cart.Id, !present || cart.EmergencyStop is not { } stop ? null : stop == EmergencyStop.None ? 0 : 1, cart.State == CartState.Stopped ? cart.EmergencyStop?.Word() : null);
            yield return new(CartLost, cart.Id, cart.State == CartState.Offline ? 0 : Silence(picture.AsOf - cart.LastSeen));
        }
    }

    /// <param name="silence">ms; null where nobody was ever heard.</param>
    /// <returns>s; null where it is not known now.</returns>
    private double? Silence(long? silence)
    {
        var up = clock.GetElapsedTime(started);
        return silence is not { } known || (up < Settling && known > up.TotalMilliseconds) ? null : Math.Max(0, known) / 1000.0;
    }

    private static AlarmKind Kind(string code) => AlarmKinds.Find(code)!;
}

/// <summary>Level of service of walkways by density, people/m² (J. J. Fruin, Pedestrian Planning and Design, 1971).</summary>
internal static class Fruin
{
    public static string Level(double density) => density switch
    {
        < 0.31 => "A",
        < 0.43 => "B",
        < 0.72 => "C",
        < 1.08 => "D",
        < 2.15 => "E",
        _ => "F",
    };
}
