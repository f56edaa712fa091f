using SmartDistrict.Edge.Clock;
using SmartDistrict.Telemetry.Mqtt;

namespace SmartDistrict.Edge.Drivers.Mqtt;

/// <summary>Takes in what devices publish, and acknowledges a message to the broker only when its envelope is on disk.</summary>
public sealed class MqttDriver(IMqttSession session, IReadOnlyList<string> filters) : IDriver
{
    private readonly Queue<(long Last, MqttDeliveries Deliveries, int Count)> unacknowledged = new();
    private long acknowledged;

    public string Name => "mqtt";

    public string State => session.State.Connected ? "connected" : session.State.Reason ?? "not connected";

    /// <summary>Messages acknowledged to the broker since the start.</summary>
    public long Acknowledged => Volatile.Read(ref acknowledged);

    public async Task RunAsync(Intake intake, CancellationToken cancellation)
    {
        intake.Durable += Acknowledge;
        try
        {
            session.Start();
            var subscribed = session.SubscribeAsync([.. filters.Select(filter => new MqttSubscription(filter))], cancellation);
            while (true)
            {
                var deliveries = await session.ReceiveAsync(cancellation);
                Take(intake, deliveries);
                if (subscribed.IsFaulted)
                    await subscribed;
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
        }
    }

    /// <summary>Ends the subscription to acknowledgements; call it when the last commit has been made.</summary>
    public void Detach(Intake intake) => intake.Durable -= Acknowledge;

    private void Take(Intake intake, MqttDeliveries deliveries)
    {
        var stamp = intake.Now();
        var last = 0L;
        for (var i = 0; i < deliveries.Count; i++)
        {
            var delivery = deliveries[i];
            last = intake.Take(stamp, delivery.Topic, delivery.Payload);
        }
        lock (unacknowledged)
            unacknowledged.Enqueue((last, deliveries, deliveries.Count));
        intake.Flush();
    }

    private void Acknowledge(long durable)
    {
        lock (unacknowledged)
            while (unacknowledged.TryPeek(out var next) && next.Last <= durable)
            {
                unacknowledged.Dequeue();
                session.Acknowledge(next.Deliveries);
                Volatile.Write(ref acknowledged, acknowledged + next.Count);
            }
    }
}
