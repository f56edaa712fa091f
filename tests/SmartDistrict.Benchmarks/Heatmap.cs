using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using SmartDistrict.Telemetry.Windows;
using SmartDistrict.Testing;
using SmartDistrict.Testing.Demo;

namespace SmartDistrict.Benchmarks;

/// <summary>
/// <c>heatmap</c>: 2,000 zones over 24 hours in 15-minute buckets from the cloud's API, against the bare InfluxQL query of
/// the same; both are processes of their own, measured over HTTP to the last byte, in the same run.
/// </summary>
/// <remarks>
/// InfluxDB holds a day of minutes (2.9 million points), nine days of quarter hours and of hours, for every older day of
/// a year the noon hour of each zone, and one zone's whole year by the hour. While the warm view is measured, a live path
/// changes 200 lines four times a second, so that no answer is the one before, and the asked span reaches into the open bucket.
/// </remarks>
internal static class Heatmap
{
    private const int Zones = 2_000;
    private const int Bare = 5;
    private const int Cold = 3;
    private const int Warm = 200;
    private const int Others = 15;
    private const int LiveLines = 200;
    private const int WatchedZone = 7;
    private const int DaySeconds = 86_400;
    private const int HotDays = 9;
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(32);
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(40);

    public static async Task<int> RunAsync()
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var quarter = now / 900 * 900;
        using var site = new BenchSite(new ReadingStream { FirstTimestamp = now * 1000, Devices = Zones });
        await using var broker = await MosquittoBroker.StartNewAsync();
        await using var influx = await InfluxServer.StartNewAsync();
        using var history = new InfluxHistory(influx, "bench");
        await WriteAsync(history, quarter);

        var from = quarter - DaySeconds;
        var byMinutes = $"SELECT sum(\"entries\") FROM \"footfall_1m\" WHERE {InfluxHistory.Between(from, quarter)} GROUP BY time(15m), \"line\"";
        var byQuarters = byMinutes.Replace("footfall_1m", "footfall_15m", StringComparison.Ordinal);
        var view = $"api/v1/footfall/heatmap?bucket=15m&from={At(from)}&to={At(quarter)}";
        List<double> bareMinutes = [], bareQuarters = [], cold = [];
        Client? client = null;
        DemoPart? cloud = null;
        for (var round = 0; round < Bare; round++)
        {
            bareMinutes.Add((await history.QueryAsync(byMinutes)).Milliseconds);
            bareQuarters.Add((await history.QueryAsync(byQuarters)).Milliseconds);
            if (round < Bare - Cold)
                continue;
            if (cloud is not null)
                await cloud.DisposeAsync();
            var url = new Uri($"http://127.0.0.1:{MosquittoBroker.FreePort()}/");
            cloud = await site.StartCloudAsync(url, broker.Port, influx);
            client?.Dispose();
            client = new Client(url, site.ApiToken);
            cold.Add((await client.GetAsync(view)).Milliseconds);
        }
        Console.WriteLine(Invariant($"bare InfluxQL: {Ingest.Median(bareMinutes):0} ms of minutes, {Ingest.Median(bareQuarters):0} ms of quarter hours"));
        Console.WriteLine(Invariant($"cold, right after the start: {Ingest.Median(cold):0} ms (slowest {cold.Max():0})"));
        await using var _ = cloud!;
        using var __ = client!;
        Check(await history.QueryAsync(byQuarters), await client!.GetAsync(view));
        await MeasureFillAsync(client, quarter);
        await MeasureWatchingAsync(influx);

        var warm = await MeasureWarmAsync(client, broker, from);
        var (p50, p95, bytes) = (Percentile(warm.Milliseconds, 0.5), Percentile(warm.Milliseconds, 0.95), warm.Bytes);
        Console.WriteLine(Invariant($"warm, while it changes: p50 {p50:0.0} ms, p95 {p95:0.0} ms, {bytes / 1000.0:0} kB on the wire (goals 40 ms, 400 kB)"));
        await MeasureYearsAsync(client, history, quarter);
        var use = ProcessUse.Of(cloud!.ProcessId);
        Console.WriteLine(Invariant($"cloud: resident {use.ResidentMiB:0} MiB, peak {use.PeakMiB:0} MiB"));
        Console.WriteLine(Invariant($"against the bare query of quarter hours, which a gateway's roll-ups make quicker: {Ingest.Median(bareQuarters) / p50:0} times faster"));
        Console.WriteLine(Invariant($"heatmap p95_ms {p95:0.0}"));
        Console.WriteLine(Invariant($"heatmap speedup {Ingest.Median(bareMinutes) / p50:0}"));
        return 0;
    }

    private static async Task WriteAsync(InfluxHistory history, long quarter)
    {
        var hour = quarter / 3600 * 3600;
        var began = TimeProvider.System.GetTimestamp();
        var points = await history.WriteAsync(Resolution.Minute, Every(60, quarter - DaySeconds, quarter), Zones);
        points += await history.WriteAsync(Resolution.QuarterHour, Every(900, quarter - (HotDays * DaySeconds), quarter), Zones);
        points += await history.WriteAsync(Resolution.Hour, Every(3600, hour - (HotDays * DaySeconds), hour), Zones);
        var midnight = quarter / DaySeconds * DaySeconds;
        points += await history.WriteAsync(Resolution.Hour, Every(DaySeconds, midnight - (370L * DaySeconds) + (12 * 3600), hour - (HotDays * DaySeconds)), Zones);
        points += await history.WriteAsync(Resolution.Hour, Every(3600, hour - (370L * DaySeconds), hour), lines: 1, firstLine: WatchedZone);
        Console.WriteLine(Invariant($"{points} points written in {TimeProvider.System.GetElapsedTime(began).TotalSeconds:0} s"));
    }

    private static IEnumerable<long> Every(long seconds, long from, long to)
    {
        for (var start = from; start < to; start += seconds)
            yield return start;
    }

    /// <summary>The numbers of the view are those of the bare query, each of them.</summary>
    private static void Check((double, byte[] Body) bare, Answer ours)
    {
        using var influx = JsonDocument.Parse(bare.Body);
        using var heatmap = JsonDocument.Parse(ours.Body);
        var starts = heatmap.RootElement.GetProperty("starts").EnumerateArray().Select((start, index) => (start.GetInt64(), index)).ToDictionary();
        var values = heatmap.RootElement.GetProperty("values").EnumerateArray().ToArray();
        var zones = heatmap.RootElement.GetProperty("zones").EnumerateArray().Select((zone, index) => (zone.GetString()!, index)).ToDictionary();
        var numbers = 0;
        foreach (var series in influx.RootElement.GetProperty("results")[0].GetProperty("series").EnumerateArray())
        {
            var zone = zones[series.GetProperty("tags").GetProperty("line").GetString()!.Replace("ln-", "zone-", StringComparison.Ordinal)];
            foreach (var row in series.GetProperty("values").EnumerateArray())
            {
                if (values[zone][starts[row[0].GetInt64()]].GetInt64() != row[1].GetInt64())
                    throw new InvalidDataException($"zone {zone} at {row[0]}: {values[zone][starts[row[0].GetInt64()]]} here, {row[1]} in InfluxDB");
                numbers++;
            }
        }
        Console.WriteLine($"{numbers} numbers are the same as those of InfluxDB");
        if (numbers != Zones * 96)
            throw new InvalidDataException($"{numbers} numbers, not {Zones * 96}");
    }

    /// <summary>Waits until the days of a year are in memory.</summary>
    private static async Task MeasureFillAsync(Client client, long quarter)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await client.TryAsync(YearByDay(quarter)))
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        Console.WriteLine(Invariant($"filled in the background: a year of days after {TimeProvider.System.GetElapsedTime(began).TotalSeconds:0} s"));
    }

    /// <summary>What it costs InfluxDB that the cloud looks every few seconds for what has changed.</summary>
    private static async Task MeasureWatchingAsync(InfluxServer influx)
    {
        var before = ProcessUse.Of(influx.ProcessId).CpuSeconds;
        await Task.Delay(Watched, TimeProvider.System);
        Console.WriteLine(Invariant($"being looked at for changes takes {(ProcessUse.Of(influx.ProcessId).CpuSeconds - before) / Watched.TotalSeconds:0.00} of a core of InfluxDB's machine"));
    }

    private static async Task<(List<double> Milliseconds, long Bytes)> MeasureWarmAsync(Client client, MosquittoBroker broker, long from)
    {
        using var end = new CancellationTokenSource();
        var round = 0;
        var live = LiveGateway.PublishAsync(broker.Port, () => (Enumerable.Range(LiveLines * (round % (Zones / LiveLines)), LiveLines), ++round), end.Token);
        List<double> milliseconds = [];
        var (bytes, tag, changed) = (0L, "", 0);
        for (var i = -20; i < Warm; i++)
        {
            var answer = await client.GetAsync($"api/v1/footfall/heatmap?bucket=15m&from={At(from)}&to={At(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds())}");
            await Task.Delay(Rest * Random.Shared.NextDouble() * 2, TimeProvider.System);
            if (i < 0)
                continue;
            milliseconds.Add(answer.Milliseconds);
            bytes = Math.Max(bytes, answer.WireBytes);
            changed += answer.Tag == tag ? 0 : 1;
            tag = answer.Tag;
        }
        await end.CancelAsync();
        await live;
        Console.WriteLine($"{changed} of {Warm} warm answers were other ones than those before");
        return (milliseconds, bytes);
    }

    private static async Task MeasureYearsAsync(Client client, InfluxHistory history, long quarter)
    {
        var hour = quarter / 3600 * 3600;
        var from = hour - (365L * DaySeconds);
        var byHour = $"api/v1/footfall/heatmap?bucket=1h&from={At(from)}&to={At(hour)}&zone={BenchSite.Zone(WatchedZone)}";
        var bare = $"SELECT sum(\"entries\") FROM \"footfall_1h\" WHERE \"line\" = '{BenchSite.Line(WatchedZone)}' AND {InfluxHistory.Between(from, hour)} GROUP BY time(1h)";
        List<double> ours = [], theirs = [], days = [];
        for (var round = -3; round < Others; round++)
        {
            var pair = ((await history.QueryAsync(bare)).Milliseconds, (await client.GetAsync(byHour)).Milliseconds);
            var day = (await client.GetAsync(YearByDay(quarter))).Milliseconds;
            if (round < 0)
                continue;
            theirs.Add(pair.Item1);
            ours.Add(pair.Item2);
            days.Add(day);
        }
        Console.WriteLine(Invariant($"a year of one zone by the hour: {Ingest.Median(ours):0} ms, bare {Ingest.Median(theirs):0} ms, ratio {Ingest.Median(ours) / Ingest.Median(theirs):0.00} (goal 1.2)"));
        Console.WriteLine(Invariant($"a year's map by the day: p50 {Ingest.Median(days):0} ms, slowest {days.Max():0} ms (goal 500)"));
    }

    private static string YearByDay(long quarter) => $"api/v1/footfall/heatmap?bucket=1d&from={At(quarter - (365L * DaySeconds))}&to={At(quarter)}";

    private static string At(long seconds) => DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private static double Percentile(List<double> values, double p) => values.Order().ElementAt((int)(values.Count * p));

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    /// <param name="Body">Unpacked.</param>
    private sealed record Answer(double Milliseconds, long WireBytes, string Tag, byte[] Body);

    /// <summary>A browser of the API: takes Brotli, measures to the last byte on the wire.</summary>
    private sealed class Client : IDisposable
    {
        private readonly HttpClient http;

        public Client(Uri url, string code)
        {
            http = new HttpClient { BaseAddress = url, Timeout = TimeSpan.FromMinutes(2) };
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", code);
            http.DefaultRequestHeaders.AcceptEncoding.ParseAdd("br");
        }

        public void Dispose() => http.Dispose();

        public async Task<bool> TryAsync(string path)
        {
            using var response = await http.GetAsync(new Uri(path, UriKind.Relative));
            return response.IsSuccessStatusCode;
        }

        public async Task<Answer> GetAsync(string path)
        {
            var began = TimeProvider.System.GetTimestamp();
            using var response = await http.GetAsync(new Uri(path, UriKind.Relative));
            var wire = await response.Content.ReadAsByteArrayAsync();
            var milliseconds = TimeProvider.System.GetElapsedTime(began).TotalMilliseconds;
            if (!response.IsSuccessStatusCode)
                throw new InvalidDataException($"{(int)response.StatusCode} for {path}: {System.Text.Encoding.UTF8.GetString(wire)}");
            using var body = new MemoryStream();
            using (var unpacked = new System.IO.Compression.BrotliStream(new MemoryStream(wire), System.IO.Compression.CompressionMode.Decompress))
                await unpacked.CopyToAsync(body);
            return new(milliseconds, wire.Length, response.Headers.ETag?.Tag ?? "", body.ToArray());
        }
    }
}
