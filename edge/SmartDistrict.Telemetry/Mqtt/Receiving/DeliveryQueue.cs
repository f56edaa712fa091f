using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace SmartDistrict.Telemetry.Mqtt.Receiving;

/// <summary>Hands batches from the read thread to the one consumer; bounded by the <see cref="BatchRing"/>.</summary>
[SuppressMessage("Reliability", "CA1001", Justification = "Its wait handle is freed by its finalizer: the consumer may come back after the end.")]
internal sealed class DeliveryQueue
{
    private readonly ConcurrentQueue<DeliveryBatch> ready = new();
    private readonly SemaphoreSlim count = new(0);
    private long order;
    private volatile bool closed;

    public void Put(DeliveryBatch batch)
    {
        batch.Order = order++;
        ready.Enqueue(batch);
        count.Release();
    }

    public async ValueTask<MqttDeliveries> TakeAsync(CancellationToken cancellation)
    {
        if (!count.Wait(0, CancellationToken.None))
            await count.WaitAsync(cancellation).ConfigureAwait(false);
        return Next();
    }

    public bool TryTake(TimeSpan wait, [NotNullWhen(true)] out MqttDeliveries? deliveries)
    {
        // SemaphoreSlim.Wait would spin first: a third of a trickle's CPU time
        deliveries = (count.Wait(0, CancellationToken.None) || (count.AvailableWaitHandle.WaitOne(wait) && count.Wait(0, CancellationToken.None))) ? Next() : null;
        return deliveries is not null;
    }

    /// <summary>Wakes the consumer; what is still queued can be taken, after that it throws.</summary>
    public void Close()
    {
        closed = true;
        count.Release();
    }

    private DeliveryBatch Next()
    {
        if (ready.TryDequeue(out var batch))
            return batch;
        if (closed)
            count.Release();
        throw new MqttDisconnectedException("The MQTT session was disposed.");
    }
}
