using System.Text.Json;
using SmartDistrict.Cloud.Assets;
using SmartDistrict.Configuration;
using SmartDistrict.Telemetry.Assets;

namespace SmartDistrict.Cloud.Embedded;

/// <summary>Lockers, kiosks and carts in the embedded store: each newest point is found by its key.</summary>
internal sealed class EmbeddedAssets(EmbeddedStore store, District district) : IAssetStore
{
    private const string Newest =
        """
        SELECT wanted.value, newest.time, newest.fields FROM json_each($series) AS wanted JOIN health AS newest
            ON newest.measurement = $measurement AND newest.tags = wanted.value
            AND newest.time = (SELECT max(time) FROM health WHERE measurement = $measurement AND tags = wanted.value)
        WHERE newest.time >= $since * 1000000000
        """;

    private const string Track =
        "SELECT tags, time, fields FROM health WHERE measurement = $measurement AND tags = $tags AND time >= $from * 1000000000 AND time < $to * 1000000000 ORDER BY time";

    private readonly Dictionary<string, (string Locker, int Compartment)> compartments = district.Lockers
        .SelectMany(locker => Enumerable.Range(1, locker.Compartments).Select(number => (locker.Id, number)))
        .ToDictionary(key => AssetTags.Locker(district.Id, key.Id, key.number));

    private readonly Dictionary<string, string> kiosks = district.Kiosks.ToDictionary(kiosk => AssetTags.Kiosk(district.Id, kiosk.Id), kiosk => kiosk.Id);

    private readonly Dictionary<string, string> carts = district.Carts.ToDictionary(cart => AssetTags.Cart(district.Id, cart.Id), cart => cart.Id);

    public Task<NewestAssets> ReadNewestAsync(long since, CancellationToken cancellation) => Task.FromResult(new NewestAssets(
        Read(LockerPoint.Measurement, compartments, since, (key, at, fields) => fields.Locker(key.Locker, key.Compartment, at)),
        Read(KioskPoint.Measurement, kiosks, since, (key, at, fields) => fields.Kiosk(key, at)),
        Read(CartPose.Measurement, carts, since, (key, at, fields) => fields.Cart(key, at, district.Coordinates))));

    public Task<IReadOnlyList<CartPose>> ReadTrackAsync(string cart, long from, long to, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<CartPose>>(
        store.ReadHealth(
            Track, [("$measurement", CartPose.Measurement), ("$tags", AssetTags.Cart(district.Id, cart)), ("$from", from), ("$to", to)],
            row => new AssetFields(JsonElement.Parse(row.GetString(2))).Cart(cart, row.GetInt64(1) / 1_000_000_000, district.Coordinates)));

    private List<TPoint> Read<TKey, TPoint>(string measurement, Dictionary<string, TKey> series, long since, Func<TKey, long, AssetFields, TPoint> read) => series.Count == 0 ? [] :
        store.ReadHealth(
            Newest, [("$measurement", measurement), ("$series", JsonSerializer.Serialize(series.Keys)), ("$since", since)],
            row => read(series[row.GetString(0)], row.GetInt64(1) / 1_000_000_000, new AssetFields(JsonElement.Parse(row.GetString(2)))));
}

/// <summary>The series of lockers, kiosks and carts, as <see cref="HealthPoint.Tags"/> has them.</summary>
internal static class AssetTags
{
    public static string Locker(string district, string locker, int compartment) => FormattableString.Invariant($"compartment={compartment},district={district},locker={locker}");

    public static string Kiosk(string district, string kiosk) => $"district={district},kiosk={kiosk}";

    public static string Cart(string district, string cart) => $"cart={cart},district={district}";
}
