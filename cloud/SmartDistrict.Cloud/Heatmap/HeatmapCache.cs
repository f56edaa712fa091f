using System.Collections.Concurrent;
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
    private const long MostBytes = 64_000_000;
    private const int UnsettledSeconds = 5;

    /// <summary>One is made at a time: two at once would take twice as long each, and often be the same.</summary>
    private readonly SemaphoreSlim making = new(1);

    private readonly ConcurrentDictionary<string, Entry> entries = [];

    public async Task<HeatmapBody> GetAsync(HeatmapRequest request, CancellationToken cancellation)
    {
        if (Find(request) is { } ready)
            return ready;
        await making.WaitAsync(cancellation);
        try
        {
            return Find(request) ?? await MakeAsync(request, cancellation);
        }
        finally
        {
            making.Release();
        }
    }

    public void Dispose() => making.Dispose();

    private HeatmapBody? Find(HeatmapRequest request)
    {
        var now = Now();
        return entries.TryGetValue(request.Key, out var held) && held.Change == reader.Change(request) && held.Stale == health.Stale
            && now < held.GoodUntil && now >= held.MadeAt
            ? held.Body
            : null;
    }

    private async Task<HeatmapBody> MakeAsync(HeatmapRequest request, CancellationToken cancellation)
    {
        // asked before it is made: what changes meanwhile makes it be made again
        var (now, change, stale) = (Now(), reader.Change(request), health.Stale);
        var figures = await reader.ReadAsync(request, Source.Hot, cancellation);
        var body = HeatmapBody.Of(request, figures, topology, stale);
        entries[request.Key] = new(body, change, stale, now, now > HeatmapReader.SettledAt(request) ? long.MaxValue : now + UnsettledSeconds);
        while (entries.Count > Most || entries.Values.Sum(entry => entry.Body.Bytes) > MostBytes)
            entries.TryRemove(entries.MinBy(entry => entry.Value.MadeAt).Key, out _);
        return body;
    }

    private long Now() => clock.GetUtcNow().ToUnixTimeSeconds();

    private sealed record Entry(HeatmapBody Body, (long, long) Change, StaleStore? Stale, long MadeAt, long GoodUntil);
}
