using SmartDistrict.Testing;

namespace SmartDistrict.Benchmarks;

/// <summary>
/// <c>ingest</c>: readings journaled durably, folded into windows and acknowledged per second at QoS 1, against a bare
/// mosquitto_sub that only counts: both fed by the same saturating sender, and both behind a real Mosquitto.
/// </summary>
internal static class Ingest
{
    private const int Rounds = 5;
    private const long Messages = 400_000;
    private const long BaselineMessages = 100_000;
    private const long BrokerMessages = 60_000;
    private static readonly TimeSpan SdCard = TimeSpan.FromMilliseconds(10);

    public static async Task<int> RunAsync()
    {
        await GatewayAsync(Messages / 4);
        List<double> ratios = [], slowRatios = [], brokerRatios = [];
        for (var round = 1; round <= Rounds; round++)
        {
            using var sender = new SaturatingSender(Stream());
            var baseline = (await MosquittoSubRun.MeasureAsync(sender, BaselineMessages)).PerSecond;
            var (gateway, allocated) = await GatewayAsync(Messages);
            var (slow, _) = await GatewayAsync(Messages / 4, SdCard);
            ratios.Add(gateway / baseline);
            slowRatios.Add(slow / baseline);
            Console.WriteLine($"round {round}: gateway {gateway:N0}/s ({allocated:0.0} B allocated each), with 10 ms fsync {slow:N0}/s; mosquitto_sub {baseline:N0}/s");
        }
        for (var round = 1; round <= Rounds; round++)
        {
            var baseline = await BehindBrokerAsync(gateway: false);
            var gateway = await BehindBrokerAsync(gateway: true);
            brokerRatios.Add(gateway / baseline);
            Console.WriteLine($"behind Mosquitto, round {round}: gateway {gateway:N0}/s; mosquitto_sub {baseline:N0}/s");
        }
        Console.WriteLine($"ingest-sdcard ratio {Median(slowRatios):0.00}");
        Console.WriteLine($"ingest-broker ratio {Median(brokerRatios):0.00}");
        Console.WriteLine($"ingest ratio {Median(ratios):0.00}");
        return 0;
    }

    internal static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    /// <summary>The stream begins an hour ago, so that no reading is of the future.</summary>
    private static ReadingStream Stream() =>
        new() { FirstTimestamp = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() - 3_600_000 };

    private static async Task<(double PerSecond, double AllocatedEach)> GatewayAsync(long messages, TimeSpan slowDisk = default)
    {
        var stream = Stream();
        using var sender = new SaturatingSender(stream);
        await using var gateway = new GatewayPipeline(stream, sender.Port, slowDisk);
        var began = TimeProvider.System.GetTimestamp();
        var sending = sender.RunAsync(messages);
        gateway.Start();
        await WhileBelowAsync(() => gateway.Acknowledged, messages / 5);
        var (steadyFrom, allocatedBefore) = (gateway.Acknowledged, GC.GetTotalAllocatedBytes());
        var sent = await sending;
        var acknowledgedAt = TimeProvider.System.GetTimestamp();
        await gateway.FoldedAsync(messages);
        var allocated = (double)(GC.GetTotalAllocatedBytes() - allocatedBefore) / (messages - steadyFrom);
        if (sent.OutOfOrder != 0)
            throw new InvalidDataException($"{sent.OutOfOrder} acknowledgements out of order");
        return (messages / (sent.Elapsed + TimeProvider.System.GetElapsedTime(acknowledgedAt)).TotalSeconds, allocated);
    }

    private static async Task<double> BehindBrokerAsync(bool gateway)
    {
        await using var broker = await MosquittoBroker.StartNewAsync(new MosquittoOptions
        {
            Lines = ["max_inflight_messages 1000", "max_queued_messages 0", "log_type error", "log_type subscribe"],
        });
        var stream = Stream();
        if (!gateway)
        {
            using var peer = MosquittoSubRun.Start(broker.Port, "sd/v1/#", BrokerMessages);
            await SubscriberOfAsync(broker);
            var started = TimeProvider.System.GetTimestamp();
            var published = SaturatingPublisher.RunAsync(stream, broker.Port, BrokerMessages);
            await peer.WaitForExitAsync();
            var elapsed = TimeProvider.System.GetElapsedTime(started);
            await published;
            return BrokerMessages / elapsed.TotalSeconds;
        }
        await using var pipeline = new GatewayPipeline(stream, broker.Port);
        pipeline.Start();
        await SubscriberOfAsync(broker);
        var from = TimeProvider.System.GetTimestamp();
        var publishing = SaturatingPublisher.RunAsync(stream, broker.Port, BrokerMessages);
        await pipeline.FoldedAsync(BrokerMessages);
        var took = TimeProvider.System.GetElapsedTime(from);
        await publishing;
        return BrokerMessages / took.TotalSeconds;
    }

    private static async Task SubscriberOfAsync(MosquittoBroker broker)
    {
        while (!broker.Log.Contains(" sd/v1/", StringComparison.Ordinal))
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
    }

    private static async Task WhileBelowAsync(Func<long> value, long target)
    {
        while (value() < target)
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
    }
}
