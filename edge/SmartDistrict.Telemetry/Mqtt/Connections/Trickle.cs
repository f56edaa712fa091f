namespace SmartDistrict.Telemetry.Mqtt.Connections;

/// <summary>
/// Tells a trickle of messages from a stream, and lets a trickle gather in the kernel's buffer. A stream is never held up:
/// the sender may wait for our acknowledgements.
/// </summary>
internal sealed class Trickle(TimeSpan gather, TimeProvider time)
{
    private const long BytesPerSecond = 2 << 20;

    private long began = time.GetTimestamp();
    private long bytes;

    /// <summary>Whether what came since the last look is a trickle.</summary>
    public bool IsDue { get; private set; }

    /// <summary>Notes a read that brought messages.</summary>
    public void Received(int count)
    {
        if (gather == TimeSpan.Zero)
            return;
        bytes += count;
        var elapsed = time.GetElapsedTime(began);
        if (elapsed < gather)
            return;
        IsDue = bytes < BytesPerSecond * elapsed.TotalSeconds;
        (began, bytes) = (time.GetTimestamp(), 0);
    }

    /// <summary>Waits, if messages came and they are a trickle.</summary>
    public void Gather(CancellationToken stop)
    {
        if (IsDue)
            stop.WaitHandle.WaitOne(gather);
        IsDue = false;
    }
}
