using System.Runtime.InteropServices;
using SmartDistrict.Telemetry.Mqtt;

namespace SmartDistrict.Edge.Drivers.Mqtt;

/// <summary>Takes in what devices publish, and acknowledges a message to the broker only when its envelope is on disk.</summary>
public sealed class MqttDriver(IMqttSession session, IReadOnlyList<string> filters) : IDriver
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

    private readonly Queue<(long Last, MqttDeliveries Deliveries)> unacknowledged = new();
    private readonly List<MqttDeliveries> durableBatches = [];
    private long acknowledged;

    /// <summary>Makes of a session one that the broker keeps for a week while the gateway is away.</summary>
    public static MqttSessionOptions Durable(MqttSessionOptions session) => session with
    {
        CleanStart = false,
        SessionExpiry = TimeSpan.FromDays(7),
        // an acknowledgement waits for the disk: many messages must be under way meanwhile
        ReceiveMaximum = 4000,
        MaximumPacketSize = 2 << 20,
        // as long as a commit of the journal waits for company: one wake-up for each
        Gather = TimeSpan.FromMilliseconds(40),
    };

    public string Name => "mqtt";

    public string State => session.State is { Connected: true, Reason: null } ? IDriver.Connected : session.State.Reason ?? "not connected";

    /// <summary>Messages acknowledged to the broker since the start.</summary>
    public long Acknowledged => Volatile.Read(ref acknowledged);

    public Task RunAsync(Intake intake, CancellationToken cancellation)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        intake.Durable += Acknowledge;
        // filters that are noted before the start are subscribed to at each connection; a refusal stands in the log and the state
        _ = session.SubscribeAsync([.. filters.Select(filter => new MqttSubscription(filter))], cancellation);
        session.Start();
        new Thread(() =>
        {
            try
            {
                Receive(intake, cancellation);
                stopped.SetResult();
            }
            catch (Exception e)
            {
                stopped.SetException(e);
            }
        }) { Name = "mqtt intake", IsBackground = true }.Start();
        return stopped.Task;
    }

    private void Receive(Intake intake, CancellationToken cancellation)
    {
        try
        {
            while (!cancellation.IsCancellationRequested)
                if (session.TryReceive(Patience, out var deliveries))
                    Take(intake, deliveries);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // the journal has no room: what was not taken in is not acknowledged, and comes again
        }
    }

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
            unacknowledged.Enqueue((last, deliveries));
        intake.Flush();
    }

    /// <summary>What is durable is acknowledged, in the order of receipt, with one write.</summary>
    private void Acknowledge(long durable)
    {
        lock (unacknowledged)
        {
            var messages = 0;
            while (unacknowledged.TryPeek(out var next) && next.Last <= durable)
            {
                durableBatches.Add(unacknowledged.Dequeue().Deliveries);
                messages += next.Deliveries.Count;
            }
            session.Acknowledge(CollectionsMarshal.AsSpan(durableBatches));
            durableBatches.Clear();
            Volatile.Write(ref acknowledged, acknowledged + messages);
        }
    }
}
