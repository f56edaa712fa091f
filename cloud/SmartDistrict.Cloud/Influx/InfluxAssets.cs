using System.Globalization;
using System.Text.Json;
using SmartDistrict.Cloud.Assets;
using SmartDistrict.Configuration;
using SmartDistrict.Telemetry.Assets;

namespace SmartDistrict.Cloud.Influx;

/// <summary>Lockers, kiosks and carts in an InfluxDB.</summary>
internal sealed class InfluxAssets(InfluxStore store, District district) : IAssetStore
{
    private readonly Dictionary<string, LockerEntry> lockers = district.Lockers.ToDictionary(locker => locker.Id);
    private readonly HashSet<string> kiosks = [.. district.Kiosks.Select(kiosk => kiosk.Id)];
    private readonly HashSet<string> carts = [.. district.Carts.Select(cart => cart.Id)];

    public async Task<NewestAssets> ReadNewestAsync(long since, CancellationToken cancellation)
    {
        var query = string.Join(';', store.Newest(LockerPoint.Measurement, since, "locker", "compartment"), store.Newest(KioskPoint.Measurement, since, "kiosk"), store.Newest(CartPose.Measurement, since, "cart"));
        var (compartments, ofKiosks, ofCarts) = (new List<LockerPoint>(), new List<KioskPoint>(), new List<CartPose>());
        await foreach (var (statement, series) in store.QueryAsync(query, cancellation))
            switch (statement)
            {
                case 0 when InfluxRows.Tag(series, "locker") is { } locker && Compartment(series, locker) is { } number:
                    compartments.AddRange(Read(series, (at, fields) => fields.Locker(locker, number, at)));
                    break;
                case 1 when InfluxRows.Tag(series, "kiosk") is { } kiosk && kiosks.Contains(kiosk):
                    ofKiosks.AddRange(Read(series, (at, fields) => fields.Kiosk(kiosk, at)));
                    break;
                case 2 when InfluxRows.Tag(series, "cart") is { } cart && carts.Contains(cart):
                    ofCarts.AddRange(Read(series, (at, fields) => fields.Cart(cart, at, district.Coordinates)));
                    break;
            }
        return new(compartments, ofKiosks, ofCarts);
    }

    public async Task<IReadOnlyList<CartPose>> ReadTrackAsync(string cart, long from, long to, CancellationToken cancellation)
    {
        var query = $"SELECT * FROM \"{CartPose.Measurement}\" WHERE {store.Within(from, to)} AND \"cart\" = '{cart}' GROUP BY \"cart\",\"district\"";
        var poses = new List<CartPose>();
        await foreach (var (_, series) in store.QueryAsync(query, cancellation))
            poses.AddRange(Read(series, (at, fields) => fields.Cart(cart, at, district.Coordinates)));
        return poses;
    }

    private int? Compartment(JsonElement series, string locker) =>
        int.TryParse(InfluxRows.Tag(series, "compartment"), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && lockers.TryGetValue(locker, out var entry) && number >= 1 && number <= entry.Compartments
            ? number
            : null;

    /// <summary>Who writes straight to an InfluxDB is not checked there: what cannot be read is not known.</summary>
    private static IEnumerable<T> Read<T>(JsonElement series, Func<long, AssetFields, T> read)
    {
        foreach (var (at, fields) in InfluxRows.Points(series))
        {
            T point;
            try
            {
                point = read(at, new AssetFields(fields));
            }
            catch (FormatException)
            {
                continue;
            }
            yield return point;
        }
    }
}
