using System.Text;
using System.Text.Json;
using SmartDistrict.Configuration;
using SmartDistrict.Testing.Simulation;

namespace SmartDistrict.Testing.Demo;

/// <summary>
/// Watches the live stream of the API as a browser does, and measures from the publishing of a crossing to its being
/// visible: the n-th crossing of a zone and minute is visible with the first event that shows n or more of them.
/// Measured in zones of which every line reports each crossing by itself.
/// </summary>
public sealed class LiveViewer
{
    /// <summary>Seconds after which nobody waits for a minute any more: the stream shows the newest minute only.</summary>
    private const int Kept = 600;

    private const int MostSamples = 200_000;

    private readonly Lock gate = new();
    private readonly TimeProvider clock;
    private readonly Dictionary<string, (string From, string To)> joins = [];
    private readonly HashSet<string> watched;
    private readonly Dictionary<(string Zone, long Minute, bool Entry), Awaited> awaited = [];
    private readonly HashSet<string> moving = [];
    private readonly List<double> lags = [];

    public LiveViewer(SimulatedDistrict district, TimeProvider clock)
    {
        this.clock = clock;
        foreach (var line in district.District.Lines)
            if (line.JoinAt(clock.GetUtcNow()) is { } join)
                joins[line.Id] = (join.From, join.To);
        var immediate = district.ImmediateLines;
        watched = [.. district.District.Zones.Select(z => z.Id).Where(zone =>
            joins.Where(j => j.Value.From == zone || j.Value.To == zone).All(j => immediate.Contains(j.Key)))];
    }

    /// <summary>Events seen.</summary>
    public long Events { get; private set; }

    /// <summary>Zones that have shown people so far.</summary>
    public int ZonesMoving { get; private set; }

    /// <summary>The message goes out now.</summary>
    public void Publishing(Publication publication)
    {
        if (publication.Repeated)
            return;
        lock (gate)
            foreach (var counted in publication.Samples.OfType<Counted>())
            {
                if (counted.Entries + counted.Exits != 1 || !joins.TryGetValue(counted.Line, out var join))
                    continue;
                var (into, outOf) = counted.Entries == 1 ? (join.To, join.From) : (join.From, join.To);
                Await(into, counted.At, entry: true);
                Await(outOf, counted.At, entry: false);
            }
    }

    /// <summary>Measured so far: median and 95th percentile in ms; null before the first.</summary>
    public (double? Median, double? P95) Lag()
    {
        lock (gate)
        {
            if (lags.Count == 0)
                return (null, null);
            var sorted = lags.Order().ToList();
            return (sorted[sorted.Count / 2], sorted[Math.Min(sorted.Count - 1, (int)(sorted.Count * 0.95))]);
        }
    }

    /// <summary>Watches until cancelled; a lost stream is opened anew.</summary>
    public async Task WatchAsync(HttpClient client, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await ReadAsync(client, stop);
            }
            catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ReadAsync(HttpClient client, CancellationToken stop)
    {
        using var response = await client.GetAsync(new Uri("api/v1/live", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, stop);
        response.EnsureSuccessStatusCode();
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(stop), Encoding.UTF8);
        var data = new StringBuilder();
        while (await reader.ReadLineAsync(stop) is { } line)
        {
            if (line.StartsWith("data:", StringComparison.Ordinal))
                data.Append(line.AsSpan(5));
            else if (line.Length == 0 && data.Length > 0)
            {
                Show(data.ToString());
                data.Clear();
            }
        }
    }

    private void Show(string json)
    {
        using var document = JsonDocument.Parse(json);
        if (!document.RootElement.TryGetProperty("zones", out var zones))
            return;
        lock (gate)
        {
            Events++;
            foreach (var zone in zones.EnumerateArray())
            {
                var id = zone.GetProperty("zone").GetString()!;
                var minute = zone.GetProperty("start").GetInt64();
                Visible(id, minute, true, Number(zone, "entries"));
                Visible(id, minute, false, Number(zone, "exits"));
                if (Number(zone, "last15Entries") + Number(zone, "last15Exits") > 0 && moving.Add(id))
                    ZonesMoving = moving.Count;
            }
        }
    }

    private static long Number(JsonElement zone, string name) =>
        zone.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt64() : 0;

    private void Await(string zone, long at, bool entry)
    {
        if (!watched.Contains(zone))
            return;
        var key = (zone, at / 60_000 * 60, entry);
        if (!awaited.TryGetValue(key, out var people))
        {
            foreach (var old in awaited.Keys.Where(k => k.Minute < key.Item2 - Kept).ToList())
                awaited.Remove(old);
            awaited[key] = people = new Awaited();
        }
        people.PublishedAt.Add(clock.GetTimestamp());
    }

    private void Visible(string zone, long minute, bool entry, long count)
    {
        if (!awaited.TryGetValue((zone, minute, entry), out var people))
            return;
        for (; people.Seen < count && people.Seen < people.PublishedAt.Count; people.Seen++)
            Note(clock.GetElapsedTime(people.PublishedAt[people.Seen]).TotalMilliseconds);
    }

    private void Note(double lag)
    {
        if (lags.Count == MostSamples)
            lags.RemoveRange(0, MostSamples / 2);
        lags.Add(lag);
    }

    private sealed class Awaited
    {
        /// <summary>Time stamps of the monotonic clock, in the order of publishing.</summary>
        public List<long> PublishedAt { get; } = [];

        public int Seen { get; set; }
    }
}
