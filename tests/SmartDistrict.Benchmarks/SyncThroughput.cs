using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using SmartDistrict.Edge.Outbox;
using SmartDistrict.Edge.Sync;
using SmartDistrict.Sqlite;
using SmartDistrict.Telemetry.LineProtocol;
using SmartDistrict.Telemetry.Windows;
using SmartDistrict.Testing;

namespace SmartDistrict.Benchmarks;

/// <summary>
/// <c>sync</c>: points per second from a full outbox on disk into a real InfluxDB through the production
/// <see cref="SyncService"/>, against the fastest plain HTTP writer of the same lines: bodies prepared beforehand,
/// keep-alive, its best batch size on one or two connections. Interleaved, a fresh database each time, median of the pairs.
/// </summary>
internal static class SyncThroughput
{
    private const int Pairs = 7;
    private const int Lines = 400;
    private const int Minutes = 600;

    /// <summary>The plain writer's shapes; the one that is fastest here is the opponent.</summary>
    private static readonly (int Connections, int BatchLines)[] Shapes =
        [(1, 5_000), (1, 10_000), (1, 20_000), (2, 5_000), (2, 10_000), (2, 20_000)];

    public static async Task<int> RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("sd-sync-").FullName;
        try
        {
            var full = Path.Combine(folder, "full.db");
            var lines = Fill(full);
            Console.WriteLine($"{lines.Count} points of {lines.Sum(line => line.Length) / lines.Count} bytes; InfluxDB on this machine");
            await using var influx = await InfluxServer.StartNewAsync();

            await PlainAsync(influx, lines, 2, 10_000);
            await OursAsync(influx, full, folder, lines.Count);
            var best = Shapes[0];
            var fastest = 0.0;
            foreach (var shape in Shapes)
            {
                var rate = Math.Max(
                    await PlainAsync(influx, lines, shape.Connections, shape.BatchLines),
                    await PlainAsync(influx, lines, shape.Connections, shape.BatchLines));
                Console.WriteLine($"plain writer, {shape.Connections} connection(s), {shape.BatchLines} lines: {rate / 1000:F0}k points/s");
                if (rate > fastest)
                    (fastest, best) = (rate, shape);
            }

            var ratios = new List<double>();
            for (var pair = 0; pair < Pairs; pair++)
            {
                var before = Environment.CpuUsage.TotalTime;
                var plain = await PlainAsync(influx, lines, best.Connections, best.BatchLines);
                var between = Environment.CpuUsage.TotalTime;
                var ours = await OursAsync(influx, full, folder, lines.Count);
                var (plainCost, ourCost) = (Cost(between - before), Cost(Environment.CpuUsage.TotalTime - between));
                ratios.Add(ours / plain);
                Console.WriteLine($"pair {pair + 1}: ours {ours / 1000:F0}k points/s ({ourCost:F2} CPU-s per 100,000), plain {plain / 1000:F0}k points/s ({plainCost:F2}), ratio {ours / plain:F2}");
            }
            ratios.Sort();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"sync ratio {ratios[Pairs / 2]:F2}"));
            return 0;

            double Cost(TimeSpan used) => used.TotalSeconds * 100_000 / lines.Count;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Ten hours of minute windows of 400 lines, as the fold puts them.</summary>
    private static List<string> Fill(string path)
    {
        var lines = new List<string>(Lines * Minutes);
        var random = new Random(1);
        var writer = new LineWriter();
        using var connection = Open(path);
        using var outbox = new OutboxWriter(connection);
        using var transaction = connection.BeginTransaction();
        for (var minute = 0; minute < Minutes; minute++)
            for (var line = 0; line < Lines; line++)
            {
                writer.Clear();
                var window = new LineWindow($"ln-{line:D3}", Resolution.Minute, 1_767_225_600 + minute * 60, new LineCounts
                {
                    Entries = random.Next(60),
                    Exits = random.Next(60),
                    Expected = 60,
                    Received = 60,
                }, WindowStatus.Complete, new Revision(1, minute * Lines + line));
                FootfallPoint.Write(writer, "harbour", window);
                outbox.Put(transaction, writer.Series, window.Start, window.Revision, writer.Line);
                lines.Add(System.Text.Encoding.UTF8.GetString(writer.Written));
            }
        transaction.Commit();
        return lines;
    }

    private static SqliteConnection Open(string path) =>
        SqliteStore.Open(path, [OutboxWriter.Schema + DeadLetters.Schema + Losses.Schema + OutboxWriter.UndeliveredSchema + OutboxWriter.ChecksumSchema], durable: false);

    private static async Task<double> OursAsync(InfluxServer influx, string full, string folder, int points)
    {
        await FreshAsync(influx);
        var path = Path.Combine(folder, "run.db");
        foreach (var old in Directory.GetFiles(folder, "run.db*"))
            File.Delete(old);
        File.Copy(full, path);
        var options = new SyncOptions { Url = influx.Url.ToString(), Api = SyncApi.V1, Database = influx.Database };
        foreach (var problem in SyncOptionsCheck.Problems(options))
            throw new InvalidOperationException(problem);
        using var sink = new InfluxSink(options, TimeProvider.System);
        using var service = new SyncService(options, sink, () => Open(path), new SyncSignal(), TimeProvider.System, NullLogger<SyncService>.Instance);
        var start = TimeProvider.System.GetTimestamp();
        await service.StartAsync(default);
        while (service.Status is { Backlog: > 0 })
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        var elapsed = TimeProvider.System.GetElapsedTime(start);
        await service.StopAsync(default);
        if (service.Status is not { Rejected: 0, Retried: 0 } || await CountAsync(influx) != points)
            throw new InvalidOperationException($"the store has {await CountAsync(influx)} of {points} points: {service.Status}");
        return points / elapsed.TotalSeconds;
    }

    private static async Task<double> PlainAsync(InfluxServer influx, List<string> lines, int connections, int batchLines)
    {
        await FreshAsync(influx);
        var bodies = new Queue<byte[]>(lines.Chunk(batchLines).Select(batch => System.Text.Encoding.UTF8.GetBytes(string.Concat(batch))));
        var url = new Uri(influx.Url, $"write?db={influx.Database}&precision=s");
        using var http = new HttpClient();
        var start = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(async () =>
        {
            while (Next() is { } body)
            {
                using var content = new ByteArrayContent(body);
                using var response = await http.PostAsync(url, content);
                response.EnsureSuccessStatusCode();
            }
        })));
        var elapsed = TimeProvider.System.GetElapsedTime(start);
        if (await CountAsync(influx) != lines.Count)
            throw new InvalidOperationException("the plain writer lost points");
        return lines.Count / elapsed.TotalSeconds;

        byte[]? Next()
        {
            lock (bodies)
                return bodies.TryDequeue(out var body) ? body : null;
        }
    }

    private static async Task FreshAsync(InfluxServer influx)
    {
        await influx.DropDatabaseAsync(influx.Database);
        await influx.CreateDatabaseAsync(influx.Database);
        GC.Collect();
    }

    private static Task<long> CountAsync(InfluxServer influx) => influx.NumberAsync("SELECT count(entries) FROM footfall_1m");
}
