namespace SmartDistrict.Testing.Chaos;

/// <summary>Publishes numbered readings for all gateways, and stays a bounded way ahead of each.</summary>
internal sealed class Feed(ChaosSite site, TimeProvider clock, Random random)
{
    /// <summary>The most readings of a gateway that its broker may hold: far less than its queue takes.</summary>
    private const int Ahead = 1500;

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);

    /// <summary>Runs until it is told to stop.</summary>
    /// <param name="rate">Readings per second of each gateway.</param>
    public async Task RunAsync(int rate, CancellationToken stop)
    {
        foreach (var gateway in site.Gateways)
            gateway.Devices.Start();
        var due = 0.0;
        for (var last = clock.GetTimestamp(); !stop.IsCancellationRequested;)
        {
            var now = clock.GetTimestamp();
            due += rate * clock.GetElapsedTime(last, now).TotalSeconds;
            last = now;
            for (; due >= 1; due--)
                foreach (var gateway in site.Gateways.Where(IsHeard))
                    Publish(gateway);
            await Task.Delay(Pace, clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>
    /// What is said before the gateway's first subscription is for nobody. What a broker lost when it was killed will never
    /// be acknowledged: a little goes on, to find that out.
    /// </summary>
    private bool IsHeard(ChaosGateway gateway) =>
        gateway.Witness.Subscribed && (gateway.Ledger.Waiting < Ahead || random.Next(100) == 0);

    /// <summary>Publishes one more reading.</summary>
    /// <returns>The reading; the broker's acknowledgement is not waited for.</returns>
    public NumberedReading Publish(ChaosGateway gateway)
    {
        var (reading, message) = gateway.Ledger.Next(random, clock.GetUtcNow().ToUnixTimeMilliseconds());
        // the session keeps it over a restart of the broker; what the broker then loses in a power cut, no gateway has acknowledged
        _ = gateway.Devices.PublishAsync(message, CancellationToken.None).AsTask();
        return reading;
    }
}
