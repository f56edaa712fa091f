using System.Globalization;
using System.Text;
using SmartDistrict.Telemetry;
using SmartDistrict.Telemetry.Mqtt;
using SmartDistrict.Testing;
using SmartDistrict.Testing.Demo;

namespace SmartDistrict.Benchmarks;

/// <summary>
/// <c>start</c>: from the start of the gateway's process, published as it is installed, to the first reading that a real
/// Mosquitto gets acknowledged: with 1 GB of journal and its state, and by turns with an empty data folder.
/// </summary>
/// <remarks>The reading is a retained message, which the broker delivers at every subscription, and its log tells of the PUBACK.</remarks>
internal static class Start
{
    private const int Rounds = 7;
    private const long JournalBytes = 1_000_000_000;

    public static async Task<int> RunAsync()
    {
        // a day of it lies before now, so that no reading is of the future
        var stream = new ReadingStream { FirstTimestamp = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() - 86_400_000, RoundMilliseconds = 2_000 };
        using var site = new BenchSite(stream);
        await site.PublishGatewayAsync();
        var data = Directory.CreateDirectory(Path.Combine(site.Folder, "grown")).FullName;
        var readings = RecordedJournal.Write(data, stream, JournalBytes);
        RecordedJournal.Fold(data, site.DistrictPath, BenchSite.GatewayId);
        Console.WriteLine(Invariant($"{readings} readings in {Size(Path.Combine(data, "journal")) / 1e6:0} MB of journal, state.db {new FileInfo(Path.Combine(data, "state.db")).Length / 1e6:0} MB"));

        await using var broker = await MosquittoBroker.StartNewAsync(new MosquittoOptions { Lines = ["log_type debug", "set_tcp_nodelay true"] });
        await RetainReadingAsync(broker, stream);
        List<double> grown = [], empty = [], ratios = [];
        for (var round = 0; round <= Rounds; round++)
        {
            var fresh = await MeasureAsync(site, broker, Directory.CreateTempSubdirectory("empty-").FullName, remove: true);
            var full = await MeasureAsync(site, broker, data, remove: false);
            Console.WriteLine(Invariant($"{(round == 0 ? "warm-up" : $"round {round}")}: 1 GB of journal {full:0} ms, empty {fresh:0} ms"));
            if (round == 0)
                continue;
            grown.Add(full);
            empty.Add(fresh);
            ratios.Add(full / fresh);
        }
        Console.WriteLine(Invariant($"start ms {Ingest.Median(grown):0} ratio {Ingest.Median(ratios):0.00}"));
        return 0;
    }

    private static async Task<double> MeasureAsync(BenchSite site, MosquittoBroker broker, string data, bool remove)
    {
        var settings = site.WriteSettings("start", data, BenchSite.SyncToInflux(new Uri("http://127.0.0.1:1"), "none"), broker.Port, live: false);
        var acknowledged = Acknowledged(broker);
        var began = TimeProvider.System.GetTimestamp();
        await using (var gateway = site.StartGateway(settings))
        {
            while (Acknowledged(broker) == acknowledged)
            {
                gateway.MustRun();
                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
            }
            var elapsed = TimeProvider.System.GetElapsedTime(began).TotalMilliseconds;
            await gateway.StopAsync();
            if (remove)
                Directory.Delete(data, recursive: true);
            return elapsed;
        }
    }

    /// <summary>PUBACKs that the broker got from the gateway.</summary>
    private static int Acknowledged(MosquittoBroker broker) => broker.Log.Split("Received PUBACK from smartdistrict-" + BenchSite.GatewayId).Length - 1;

    private static async Task RetainReadingAsync(MosquittoBroker broker, ReadingStream stream)
    {
        await using var session = new MqttSession(new MqttSessionOptions { Host = "127.0.0.1", Port = broker.Port, ClientId = "bench-publisher", OnEvent = _ => { } }, TimeProvider.System);
        session.Start();
        var payload = Invariant($"{{\"ts\":{TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()},\"boot\":\"{stream.Boot}\",\"seq\":0,\"entries\":1,\"exits\":0}}");
        await session.PublishAsync(new MqttMessage(Topics.Reading(stream.District, "counter", ReadingStream.Device(0)), Encoding.UTF8.GetBytes(payload)) { Retain = true }, CancellationToken.None);
    }

    private static long Size(string folder) => new DirectoryInfo(folder).EnumerateFiles().Sum(file => file.Length);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
