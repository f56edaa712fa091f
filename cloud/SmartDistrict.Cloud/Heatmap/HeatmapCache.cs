using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Cloud.Hot;

namespace SmartDistrict.Cloud.Heatmap;

/// <summary>
/// The last few heatmaps of what is hot, each made once for all who look at it. One is good until a window of its time
/// changes; where its newest numbers change their worth with time alone, at most five seconds.
/// </summary>
internal sealed class HeatmapCache(HeatmapReader reader, StoreHealth health, Topology topology, TimeProvider clock) : IDisposable
{
    private const int Most = 16;
    private const int UnsettledSeconds = 5;

    private readonly SemaphoreSlim making = new(1);
    private readonly Dictionary<string, Entry> entries = [];

    public async Task<HeatmapBody> GetAsync(HeatmapRequest request, CancellationToken cancellation)
    {
        await making.WaitAsync(cancellation);
        try
        {
            var now = clock.GetUtcNow().ToUnixTimeSeconds();
            var (change, stale) = (reader.Change(request), health.Stale);
            if (entries.TryGetValue(request.Key, out var held) && held.Change == change && held.Stale == stale && now < held.GoodUntil && now >= held.MadeAt)
                return held.Body;
            var figures = await reader.ReadAsync(request, Source.Hot, cancellation);
            var body = HeatmapBody.Of(request, figures, topology, stale);
            var goodUntil = now > HeatmapReader.SettledAt(request) ? long.MaxValue : now + UnsettledSeconds;
            entries[request.Key] = new(body, change, stale, now, goodUntil);
            if (entries.Count > Most)
                entries.Remove(entries.MinBy(entry => entry.Value.MadeAt).Key);
            return body;
        }
        finally
        {
            making.Release();
        }
    }

    public void Dispose() => making.Dispose();

    private sealed record Entry(HeatmapBody Body, (long, long) Change, StaleStore? Stale, long MadeAt, long GoodUntil);
}
