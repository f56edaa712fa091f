using SmartDistrict.Telemetry.Mqtt;

namespace SmartDistrict.Benchmarks;

/// <summary><c>mqtt-receive</c>: QoS 1 messages received and acknowledged per second by the session alone, against mosquitto_sub.</summary>
internal static class MqttReceive
{
    private const int Rounds = 5;
    private const long Messages = 1_000_000;
    private const long BaselineMessages = 200_000;

    public static async Task<int> RunAsync()
    {
        var stream = new ReadingStream { FirstTimestamp = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() };
        await MeasureSessionAsync(stream, Messages / 10);
        var ratios = new List<double>();
        for (var round = 1; round <= Rounds; round++)
        {
            using var sender = new SaturatingSender(stream);
            var baseline = await MosquittoSubRun.MeasureAsync(sender, BaselineMessages);
            var (session, allocated) = await MeasureSessionAsync(stream, Messages);
            ratios.Add(session.PerSecond / baseline.PerSecond);
            Console.WriteLine($"round {round}: session {session.PerSecond:N0}/s, {allocated:0.00} B allocated each; mosquitto_sub {baseline.PerSecond:N0}/s");
        }
        ratios.Sort();
        Console.WriteLine($"mqtt-receive ratio {ratios[Rounds / 2]:0.00}");
        return 0;
    }

    private static async Task<(SenderRun Run, double AllocatedPerMessage)> MeasureSessionAsync(ReadingStream stream, long messages)
    {
        using var sender = new SaturatingSender(stream);
        await using var session = new MqttSession(new MqttSessionOptions { Host = "127.0.0.1", Port = sender.Port, ClientId = "bench" }, TimeProvider.System);
        await session.SubscribeAsync([new MqttSubscription("sd/v1/#")], CancellationToken.None);
        var run = sender.RunAsync(messages);
        session.Start();
        long steadyFrom = 0, allocatedBefore = 0;
        var consumer = new Thread(() =>
        {
            for (long count = 0; count < messages;)
            {
                if (!session.TryReceive(TimeSpan.FromSeconds(10), out var batch))
                    throw new TimeoutException($"The sender fell silent after {count} of {messages} messages.");
                count += batch.Count;
                if (steadyFrom == 0 && count > messages / 10)
                    (steadyFrom, allocatedBefore) = (count, GC.GetTotalAllocatedBytes(precise: true));
                session.Acknowledge(batch);
            }
        });
        consumer.Start();
        var finished = await run;
        consumer.Join();
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - allocatedBefore;
        return finished.OutOfOrder == 0
            ? (finished, (double)allocated / (messages - steadyFrom))
            : throw new InvalidDataException($"{finished.OutOfOrder} acknowledgements out of order.");
    }
}
