using System.Threading.Channels;

namespace SmartDistrict.Edge.Sync;

/// <summary>Wakes the sender: the fold sets it after each commit that put something into the outbox.</summary>
public sealed class SyncSignal
{
    private readonly Channel<bool> set = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Cheap, never blocks, from any thread; several before the sender wakes count as one.</summary>
    public void Set() => set.Writer.TryWrite(true);

    /// <summary>Returns when set, after the time, or when cancelled; never throws.</summary>
    internal async Task WaitAsync(TimeSpan most, TimeProvider time, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(most, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            await set.Reader.ReadAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
        }
    }
}
