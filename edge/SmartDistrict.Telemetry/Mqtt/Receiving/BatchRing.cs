using System.Diagnostics.CodeAnalysis;

namespace SmartDistrict.Telemetry.Mqtt.Receiving;

/// <summary>
/// The session's receive memory: at most <see cref="Count"/> batches, and a budget for enlarging them. Who takes one
/// waits until enough is given back, which is how a slow consumer slows the broker down.
/// </summary>
/// <param name="enlargements">Bytes for all enlarged buffers together; a single one may be as large as it needs to be.</param>
[SuppressMessage("Reliability", "CA1001", Justification = "A SemaphoreSlim whose wait handle is not used holds nothing, and the consumer may come back after the end.")]
internal sealed class BatchRing(long enlargements)
{
    public const int Count = 16;

    private readonly Lock gate = new();
    private readonly Stack<DeliveryBatch> free = new(Count);
    private readonly SemaphoreSlim available = new(Count, Count);
    private readonly SemaphoreSlim shrunk = new(0);
    private long enlarged;

    public bool TryTake(out DeliveryBatch batch)
    {
        batch = null!;
        if (!available.Wait(0, CancellationToken.None))
            return false;
        batch = Next();
        return true;
    }

    public DeliveryBatch Take(CancellationToken cancellation)
    {
        available.Wait(cancellation);
        return Next();
    }

    /// <summary>Gives the batch a buffer of this size once the budget has room for it.</summary>
    public void Enlarge(DeliveryBatch batch, int size, ReadOnlySpan<byte> content, CancellationToken cancellation)
    {
        while (!TryReserve(size - batch.Enlargement))
            shrunk.Wait(cancellation);
        batch.Enlarge(size, content);
    }

    /// <summary>Gives the enlargement back while the batch stays in use.</summary>
    public void Shrink(DeliveryBatch batch, ReadOnlySpan<byte> content)
    {
        Release(batch.Enlargement);
        batch.Shrink(content);
    }

    public void Return(DeliveryBatch batch)
    {
        Release(batch.Enlargement);
        batch.Clear();
        lock (gate)
            free.Push(batch);
        available.Release();
    }

    private bool TryReserve(int bytes)
    {
        lock (gate)
        {
            if (enlarged > 0 && enlarged + bytes > enlargements)
                return false;
            enlarged += bytes;
            return true;
        }
    }

    private void Release(int bytes)
    {
        if (bytes == 0)
            return;
        lock (gate)
            enlarged -= bytes;
        shrunk.Release();
    }

    private DeliveryBatch Next()
    {
        lock (gate)
            return free.TryPop(out var used) ? used : new DeliveryBatch();
    }
}
