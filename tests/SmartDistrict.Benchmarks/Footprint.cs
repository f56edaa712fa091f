using System.Globalization;
using SmartDistrict.Testing;
using SmartDistrict.Testing.Demo;

namespace SmartDistrict.Benchmarks;

/// <summary>
/// <c>footprint</c>: memory and CPU time of the gateway, published as it is installed, at 1,000 readings a second, beside a Node-RED that does
/// mqtt in → aggregate → InfluxDB. Both are subscribed to the same Mosquitto at once, so they get the same messages, and
/// write into databases of their own of one real InfluxDB; CPU time is counted per process.
/// </summary>
/// <remarks><c>--minutes N</c> shortens the 10 minutes, <c>--node-red DIR</c> names an installed Node-RED.</remarks>
internal static class Footprint
{
    private const int PerSecond = 1_000;
    private const int Windows = 5;
    private const int Starts = 5;
    private const int GoalMiB = 64;
    private static readonly TimeSpan FirstMinuteStored = TimeSpan.FromSeconds(70);

    public static async Task<int> RunAsync(string[] arguments)
    {
        var options = new CommandLine(arguments, "minutes", "node-red");
        var minutes = options.Number("minutes", 0.1, 1_440) ?? 10;
        var nodeRed = NodeRed.Find(options.Text("node-red"));
        var stream = new ReadingStream { FirstTimestamp = 0 };
        stream = stream with { RoundMilliseconds = 1_000 * stream.Devices / PerSecond };
        using var site = new BenchSite(stream);
        await site.PublishGatewayAsync();
        await using var influx = await InfluxServer.StartNewAsync();
        await influx.CreateDatabaseAsync("peer");
        Console.WriteLine(Invariant($"start to the first acknowledged reading: {await StartAsync(site, stream, influx):0} ms (median of {Starts})"));

        await using var broker = await MosquittoBroker.StartNewAsync(new MosquittoOptions
        {
            Lines = ["max_inflight_messages 2000", "max_queued_messages 100000", "set_tcp_nodelay true", "log_type error"],
        });
        await using var peer = await NodeRed.StartAsync(nodeRed, site.Folder, broker, influx.Url, "peer");
        var (gateway, data) = site.StartGateway(broker.Port, BenchSite.SyncToInflux(influx.Url, influx.Database), live: true);
        await using var _ = gateway;
        await site.ReadyAsync(gateway, data);

        stream = stream with { FirstTimestamp = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() };
        var publisher = new PacedPublisher(stream, broker.Port, PerSecond);
        var publishing = publisher.RunAsync((long)(minutes * 60 * PerSecond));
        List<double> ours = [], theirs = [];
        for (var window = 1; window <= Windows; window++)
        {
            var (readings, before, peerBefore) = (publisher.Published, ProcessUse.Of(gateway.ProcessId), ProcessUse.Of(peer.ProcessId));
            var length = Task.Delay(TimeSpan.FromMinutes(minutes / Windows), TimeProvider.System);
            await (window == Windows ? publishing : Task.WhenAny(length, publishing));
            var (after, peerAfter) = (ProcessUse.Of(gateway.ProcessId), ProcessUse.Of(peer.ProcessId));
            var hundredThousands = (publisher.Published - readings) / 100_000.0;
            ours.Add((after.CpuSeconds - before.CpuSeconds) / hundredThousands);
            theirs.Add((peerAfter.CpuSeconds - peerBefore.CpuSeconds) / hundredThousands);
            Console.WriteLine(Invariant($"window {window}: gateway {after.ResidentMiB:0.0} MiB (peak {after.PeakMiB:0.0}), {ours[^1]:0.00} CPU-s per 100,000; Node-RED {peerAfter.ResidentMiB:0.0} MiB (peak {peerAfter.PeakMiB:0.0}), {theirs[^1]:0.00} CPU-s per 100,000"));
        }
        var (use, peerUse) = (ProcessUse.Of(gateway.ProcessId), ProcessUse.Of(peer.ProcessId));
        if (minutes * 60 > 2 * FirstMinuteStored.TotalSeconds)
            await CompareAsync(influx, stream, site, data);

        var cpu = Ingest.Median([.. ours.Zip(theirs, (our, their) => our / their)]);
        Console.WriteLine(Invariant($"after {minutes} min: gateway {use.ResidentMiB:0.0} MiB, Node-RED {peerUse.ResidentMiB:0.0} MiB; CPU-s per 100,000 readings: gateway {Ingest.Median(ours):0.00}, Node-RED {Ingest.Median(theirs):0.00} (medians of {Windows} windows)"));
        Console.WriteLine(Invariant($"footprint rss_mib {use.ResidentMiB:0.0}"));
        Console.WriteLine(Invariant($"footprint-cpu ratio {cpu:0.00}"));
        Console.WriteLine(Invariant($"footprint ratio {use.ResidentMiB / peerUse.ResidentMiB:0.00}"));
        return 0;
    }

    /// <summary>From the start of the process with an empty data folder to the acknowledgement that its broker gets, ms.</summary>
    private static async Task<double> StartAsync(BenchSite site, ReadingStream stream, InfluxServer influx)
    {
        List<double> times = [];
        for (var start = 0; start < Starts; start++)
        {
            using var sender = new SaturatingSender(stream with { FirstTimestamp = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() });
            var acknowledged = sender.RunAsync(1);
            var began = TimeProvider.System.GetTimestamp();
            var (gateway, _) = site.StartGateway(sender.Port, BenchSite.SyncToInflux(influx.Url, influx.Database), live: false);
            await acknowledged;
            times.Add(TimeProvider.System.GetElapsedTime(began).TotalMilliseconds);
            await gateway.DisposeAsync();
        }
        await influx.DropDatabaseAsync(influx.Database);
        await influx.CreateDatabaseAsync(influx.Database);
        return Ingest.Median(times);
    }

    /// <summary>A peer that lost messages would be cheap: both must have stored the same people of the second minute.</summary>
    private static async Task CompareAsync(InfluxServer influx, ReadingStream stream, BenchSite site, string data)
    {
        var minute = ((stream.FirstTimestamp / 60_000) + 1) * 60;
        var query = Invariant($"SELECT sum(entries) FROM footfall_1m WHERE time = {minute}s");
        var (ours, theirs) = (await influx.NumberAsync(query), await influx.NumberAsync(query, "peer"));
        var received = await influx.NumberAsync(Invariant($"SELECT sum(received) FROM footfall_1m WHERE time = {minute}s"));
        Console.WriteLine(Invariant($"people stored of the same minute: gateway {ours}, Node-RED {theirs}"));
        if (ours != theirs || received != 60 * PerSecond)
            throw new InvalidDataException($"the gateway stored {ours} people of {received} readings, Node-RED {theirs}: {(await site.StatusAsync(data))?.GetRawText()}");
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
