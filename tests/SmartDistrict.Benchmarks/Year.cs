using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using SmartDistrict.Telemetry.Windows;
using SmartDistrict.Testing;
using SmartDistrict.Testing.Demo;

namespace SmartDistrict.Benchmarks;

/// <summary>
/// <c>year [ZONES]</c>: the numbers of every zone in the last whole year, of quarter hours in a real InfluxDB. Before
/// anything is kept, when the cloud has filled it in, warm, and right after a restart; against what InfluxDB takes to hand
/// out the same windows, and to add up entries alone (no occupancy, no dwell, no trust). 80 zones unless told otherwise.
/// </summary>
/// <remarks>Of more than 200 zones each business day has one quarter hour of each zone only: writing 70 million takes a quarter of an hour.</remarks>
internal static class Year
{
    private const int MostWhole = 200;
    private const int Warm = 30;
    private const int DaySeconds = 86_400;

    public static async Task<int> RunAsync(string[] args)
    {
        var zones = args is [var count, ..] ? int.Parse(count, CultureInfo.InvariantCulture) : 80;
        var now = TimeProvider.System.GetUtcNow();
        var (from, to) = (Anchor(now.Year - 1), Anchor(now.Year));
        using var site = new BenchSite(new ReadingStream { FirstTimestamp = now.ToUnixTimeMilliseconds(), Devices = zones });
        await using var broker = await MosquittoBroker.StartNewAsync();
        await using var influx = await InfluxServer.StartNewAsync();
        using var history = new InfluxHistory(influx, "bench");
        var began = TimeProvider.System.GetTimestamp();
        var points = await history.WriteAsync(Resolution.QuarterHour, Every(zones > MostWhole ? DaySeconds : 900, zones > MostWhole ? from + (8 * 3600) : from, to), zones);
        Console.WriteLine(Invariant($"{points} quarter hours written in {TimeProvider.System.GetElapsedTime(began).TotalSeconds:0} s"));

        List<double> sums = [], windows = [];
        for (var round = 0; round < 3; round++)
        {
            sums.Add((await history.QueryAsync($"SELECT sum(\"entries\") FROM \"footfall_15m\" WHERE {InfluxHistory.Between(from, to)} GROUP BY \"line\"")).Milliseconds);
            windows.Add((await history.QueryAsync(
                $"SELECT \"entries\",\"exits\",\"expected\",\"received\",\"revision\",\"status\" FROM \"footfall_15m\" WHERE {InfluxHistory.Between(from, to)} GROUP BY \"line\"")).Milliseconds);
        }
        Console.WriteLine(Invariant($"bare InfluxQL: sums of entries {Ingest.Median(sums):0} ms, the windows {Ingest.Median(windows):0} ms"));

        var (url, year) = (new Uri($"http://127.0.0.1:{MosquittoBroker.FreePort()}/"), $"api/v1/numbers?period={now.Year - 1}");
        using var http = new HttpClient { BaseAddress = url, Timeout = TimeSpan.FromMinutes(30) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", site.ApiToken);
        var cloud = await site.StartCloudAsync(url, broker.Port, influx);
        Console.WriteLine(Invariant($"asked at the first start of all, with nothing kept: {(await GetAsync(http, year)).Milliseconds:0} ms"));
        await CheckAsync(http, year, history, from, to);
        await cloud.DisposeAsync();

        cloud = await site.StartCloudAsync(url, broker.Port, influx);
        Console.WriteLine(Invariant($"right after a restart: {(await GetAsync(http, year)).Milliseconds:0} ms (goal 3000)"));
        List<double> warm = [], overTime = [];
        for (var round = 0; round < Warm; round++)
        {
            warm.Add((await GetAsync(http, year)).Milliseconds);
            overTime.Add((await GetAsync(http, $"api/v1/numbers/over-time?period={now.Year - 1}")).Milliseconds);
        }
        var use = ProcessUse.Of(cloud.ProcessId);
        Console.WriteLine(Invariant($"by month: p50 {Ingest.Median(overTime):0.0} ms; cloud resident {use.ResidentMiB:0} MiB, peak {use.PeakMiB:0} MiB; numbers.db {new FileInfo(Path.Combine(site.Folder, "cloud", "numbers.db")).Length / 1e6:0} MB"));
        await cloud.DisposeAsync();
        Console.WriteLine(Invariant($"year p95_ms {warm.Order().ElementAt((int)(Warm * 0.95)):0.0}"));
        Console.WriteLine(Invariant($"year speedup {Ingest.Median(windows) / Ingest.Median(warm):0}"));
        return 0;
    }

    /// <summary>Visits are InfluxDB's own sum of entries: every line leads into its zone from outside.</summary>
    private static async Task CheckAsync(HttpClient http, string year, InfluxHistory history, long from, long to)
    {
        using var ours = JsonDocument.Parse((await GetAsync(http, year)).Body);
        using var bare = JsonDocument.Parse((await history.QueryAsync($"SELECT sum(\"entries\") FROM \"footfall_15m\" WHERE {InfluxHistory.Between(from, to)}")).Body);
        var (visits, entries) = (
            ours.RootElement.GetProperty("areas")[0].GetProperty("figures").GetProperty("visits").GetProperty("value").GetInt64(),
            bare.RootElement.GetProperty("results")[0].GetProperty("series")[0].GetProperty("values")[0][1].GetInt64());
        if (visits != entries)
            throw new InvalidDataException($"{visits} visits here, {entries} entries in InfluxDB");
        Console.WriteLine($"{visits} visits, as many as InfluxDB has entries");
    }

    private static async Task<(double Milliseconds, byte[] Body)> GetAsync(HttpClient http, string path)
    {
        var began = TimeProvider.System.GetTimestamp();
        using var response = await http.GetAsync(new Uri(path, UriKind.Relative));
        var body = await response.Content.ReadAsByteArrayAsync();
        return response.IsSuccessStatusCode
            ? (TimeProvider.System.GetElapsedTime(began).TotalMilliseconds, body)
            : throw new InvalidDataException($"{(int)response.StatusCode} for {path}: {System.Text.Encoding.UTF8.GetString(body)}");
    }

    /// <summary>The beginning of a year of business days of the benchmarks' district: 04:00 UTC.</summary>
    private static long Anchor(int year) => new DateTimeOffset(year, 1, 1, 4, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();

    private static IEnumerable<long> Every(long seconds, long from, long to)
    {
        for (var start = from; start < to; start += seconds)
            yield return start;
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
