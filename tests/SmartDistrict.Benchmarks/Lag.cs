using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using SmartDistrict.Testing;

namespace SmartDistrict.Benchmarks;

/// <summary>
/// <c>lag</c>: from the publishing of a crossing to the first server-sent event of the cloud's API that shows it, while
/// 1,000 crossings a second go through Mosquitto, the gateway and the cloud, each a process of its own.
/// </summary>
/// <remarks>
/// Every reading is one person. A zone's people of the last 15 minutes only grow in a run that is shorter, so the n-th
/// person of a zone is visible with the first event that shows n. Every tenth zone is watched, which is 100 crossings a second.
/// </remarks>
internal static class Lag
{
    private const int PerSecond = 1_000;
    private const int WatchEvery = 10;
    private const int Rounds = 6;
    private const int GoalMilliseconds = 500;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(15);

    public static async Task<int> RunAsync()
    {
        var stream = new ReadingStream { FirstTimestamp = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), Entries = 1 };
        stream = stream with { RoundMilliseconds = 1_000 * stream.Devices / PerSecond };
        var url = new Uri($"http://127.0.0.1:{MosquittoBroker.FreePort()}/");
        using var site = new BenchSite(stream);
        await using var broker = await MosquittoBroker.StartNewAsync(new MosquittoOptions
        {
            Lines = ["max_inflight_messages 2000", "max_queued_messages 100000", "set_tcp_nodelay true", "log_type error"],
        });
        await using var cloud = await site.StartCloudAsync(url, broker.Port);
        var (gateway, data) = site.StartGateway(broker.Port, site.SyncToCloud(url), live: true);
        await using var _ = gateway;
        await site.ReadyAsync(gateway, data);

        using var client = new HttpClient { BaseAddress = url };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", site.ApiToken);
        using var end = new CancellationTokenSource();
        var watch = new Watch(stream);
        var watching = watch.ReadAsync(client, end.Token);
        stream = stream with { FirstTimestamp = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() };
        var publishing = new PacedPublisher(stream, broker.Port, PerSecond, watch.Publishing).RunAsync((long)((WarmUp + Round * Rounds).TotalSeconds * PerSecond));

        await Task.Delay(WarmUp, TimeProvider.System);
        watch.Take();
        List<double> p95s = [];
        for (var round = 1; round <= Rounds; round++)
        {
            await Task.WhenAny(Task.Delay(Round, TimeProvider.System), watching);
            var lags = watch.Take();
            if (watching.IsCompleted || lags.Count < Round.TotalSeconds * PerSecond / WatchEvery / 2)
                throw new InvalidDataException($"only {lags.Count} crossings were seen in {Round.TotalSeconds} s: {(await site.StatusAsync(data))?.GetRawText()}");
            lags.Sort();
            p95s.Add(lags[(int)(lags.Count * 0.95)]);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"round {round}: {lags.Count} crossings, p50 {lags[lags.Count / 2]:0} ms, p95 {p95s[^1]:0} ms, longest {lags[^1]:0} ms"));
        }
        await publishing;
        await end.CancelAsync();
        await watching;
        var p95 = Ingest.Median(p95s);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"median of the rounds; the ratio is p95 to the promised {GoalMilliseconds} ms, so 1 or less keeps it"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"lag p95_ms {p95:0}"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"lag ratio {p95 / GoalMilliseconds:0.00}"));
        return 0;
    }

    /// <summary>One viewer, and what it waits for.</summary>
    private sealed class Watch
    {
        private readonly Lock gate = new();
        private readonly int devices;
        private readonly Dictionary<string, Zone> zones = [];
        private readonly Zone?[] byDevice;
        private List<double> lags = [];

        public Watch(ReadingStream stream)
        {
            devices = stream.Devices;
            byDevice = new Zone?[devices];
            for (var device = 0; device < devices; device += WatchEvery)
                zones.Add(BenchSite.Zone(device), byDevice[device] = new Zone());
        }

        public void Publishing(long message, long at)
        {
            if (byDevice[message % devices] is not { } zone)
                return;
            lock (gate)
                zone.PublishedAt.Add(at);
        }

        /// <summary>The lags since the last call, ms.</summary>
        public List<double> Take()
        {
            lock (gate)
            {
                var taken = lags;
                lags = [];
                return taken;
            }
        }

        public async Task ReadAsync(HttpClient client, CancellationToken end)
        {
            try
            {
                using var response = await client.GetAsync(new Uri("api/v1/live", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, end);
                response.EnsureSuccessStatusCode();
                using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(end));
                while (await reader.ReadLineAsync(end) is { } line)
                    if (line.StartsWith("data: ", StringComparison.Ordinal))
                        Show(line[6..], TimeProvider.System.GetTimestamp());
            }
            catch (OperationCanceledException) when (end.IsCancellationRequested)
            {
                // the run is over
            }
        }

        private void Show(string data, long arrivedAt)
        {
            using var document = JsonDocument.Parse(data);
            // the stream tells of alarms, too
            if (!document.RootElement.TryGetProperty("zones", out var told))
                return;
            lock (gate)
                foreach (var each in told.EnumerateArray())
                {
                    if (!zones.TryGetValue(each.GetProperty("zone").GetString()!, out var zone)
                        || each.GetProperty("last15Entries") is not { ValueKind: JsonValueKind.Number } people)
                        continue;
                    for (; zone.Seen < people.GetInt64() && zone.Seen < zone.PublishedAt.Count; zone.Seen++)
                        lags.Add(TimeProvider.System.GetElapsedTime(zone.PublishedAt[zone.Seen], arrivedAt).TotalMilliseconds);
                }
        }

        private sealed class Zone
        {
            /// <summary>Time stamps, in the order of publishing.</summary>
            public List<long> PublishedAt { get; } = [];

            public int Seen { get; set; }
        }
    }
}
