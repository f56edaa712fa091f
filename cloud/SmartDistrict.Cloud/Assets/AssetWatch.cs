using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Cloud.Live;
using SmartDistrict.Configuration;
using SmartDistrict.Telemetry.Assets;

namespace SmartDistrict.Cloud.Assets;

/// <summary>How everything stands. Each picture is whole; a new one takes its place.</summary>
/// <param name="AsOf">When the store was read, ms since the Unix epoch: of later it says nothing.</param>
internal sealed record AssetPicture(long AsOf, LockerPage Lockers, KioskPage Kiosks, CartPage Carts, ILookup<string, LockerPoint> Compartments);

/// <summary>
/// Reads the newest points of lockers, kiosks and carts from the store every two seconds, whichever store it is, and tells the viewers
/// of the live stream what has changed by them, or by time alone.
/// </summary>
internal sealed partial class AssetWatch(IAssetStore store, District district, LiveHub hub, TimeProvider clock, ILogger<AssetWatch> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    /// <summary>What comes late is older than what was read last, and is looked for now and then.</summary>
    private static readonly TimeSpan WholeEvery = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan WholeBack = TimeSpan.FromDays(30);

    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(5);

    /// <summary>After so long without an answer of the store nothing that it said is known to be so still.</summary>
    private static readonly TimeSpan StoreAway = TimeSpan.FromSeconds(10);

    private readonly Dictionary<(string, int), LockerPoint> compartments = [];
    private readonly Dictionary<string, KioskPoint> kiosks = [];
    private readonly Dictionary<string, CartPose> carts = [];
    private readonly Dictionary<(string Name, string Id), byte[]> told = [];
    private readonly Lock gate = new();
    private DateTimeOffset? readAt;
    private DateTimeOffset? wholeAt;
    private volatile AssetPicture? picture;

    /// <summary>As it was looked at last.</summary>
    public AssetPicture Picture => picture ?? Look();

    private bool HasNothing => district.Lockers.Count + district.Kiosks.Count + district.Carts.Count == 0;

    /// <summary>Reads the store, and looks at what that and the time make of everything.</summary>
    internal async Task ReadAsync(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        try
        {
            var whole = wholeAt is not { } before || now - before >= WholeEvery;
            var newest = await store.ReadNewestAsync((whole ? now - WholeBack : readAt!.Value - Overlap).ToUnixTimeSeconds(), cancellation);
            lock (gate)
                Take(newest, now);
            wholeAt = whole ? now : wholeAt;
        }
        finally
        {
            lock (gate)
            {
                var next = Standing();
                picture = next;
                Tell("lockers", next.Lockers, next.Lockers.Lockers, locker => locker.Id, changed => next.Lockers with { Lockers = changed });
                Tell("kiosks", next.Kiosks, next.Kiosks.Kiosks, kiosk => kiosk.Id, changed => next.Kiosks with { Kiosks = changed });
                Tell("carts", next.Carts, next.Carts.Carts, cart => cart.Id, changed => next.Carts with { Carts = changed });
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        if (HasNothing)
            return;
        var told = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ReadAsync(stoppingToken);
                told = false;
            }
            catch (Exception e) when (e is StoreUnavailableException or SqliteException)
            {
                if (!told)
                    LogUnavailable(e.Message);
                told = true;
            }
            await Task.Delay(Every, clock, stoppingToken);
        }
    }

    /// <summary>A point well ahead of our clock would keep its cart or kiosk present for ever.</summary>
    private void Take(NewestAssets newest, DateTimeOffset now)
    {
        var latest = (now + Ahead).ToUnixTimeSeconds();
        foreach (var point in newest.Compartments.Where(point => point.At <= latest))
            compartments[(point.Locker, point.Compartment)] = point;
        foreach (var point in newest.Kiosks.Where(point => point.At <= latest))
            kiosks[point.Kiosk] = point;
        foreach (var point in newest.Carts.Where(point => point.At <= latest))
            carts[point.Cart] = point;
        readAt = now;
    }

    private AssetPicture Look()
    {
        lock (gate)
            return Standing();
    }

    private AssetPicture Standing()
    {
        // Silence is held against when the store was last read: while it is away, nobody can be heard by us.
        var now = clock.GetUtcNow();
        var asOf = readAt ?? now;
        var standings = new AssetStandings(asOf.ToUnixTimeMilliseconds(), now - asOf > StoreAway);
        var ofLocker = compartments.Values.ToLookup(point => point.Locker);
        return new(
            asOf.ToUnixTimeMilliseconds(),
            new([.. district.Lockers.Select(locker => standings.Locker(locker, ofLocker[locker.Id]))], district.Lockers.Count, null),
            new([.. district.Kiosks.Select(kiosk => standings.Kiosk(kiosk, kiosks.TryGetValue(kiosk.Id, out var point) ? point : null))], district.Kiosks.Count, null),
            new([.. district.Carts.Select(cart => standings.Cart(cart, carts.TryGetValue(cart.Id, out var pose) ? pose : null))], district.Carts.Count, null),
            ofLocker);
    }

    private void Tell<TPage, T>(string name, TPage whole, IReadOnlyList<T> all, Func<T, string> id, Func<IReadOnlyList<T>, TPage> pageOf)
    {
        List<T> changed = [];
        foreach (var one in all)
        {
            var json = JsonSerializer.SerializeToUtf8Bytes(one, JsonSerializerOptions.Web);
            ref var before = ref CollectionsMarshal.GetValueRefOrAddDefault(told, (name, id(one)), out _);
            if (before.AsSpan().SequenceEqual(json))
                continue;
            before = json;
            changed.Add(one);
        }
        if (changed.Count > 0)
            hub.Tell(name, whole, pageOf(changed));
    }

    [LoggerMessage(LogLevel.Warning, "Lockers, kiosks and carts cannot be read, and are shown as they were: {Reason}")]
    private partial void LogUnavailable(string reason);
}
