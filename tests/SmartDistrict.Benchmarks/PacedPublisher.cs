using System.Net.Sockets;

namespace SmartDistrict.Benchmarks;

/// <summary>The readings of a <see cref="ReadingStream"/>, published to a real broker at QoS 1 at a steady pace, by the millisecond, on a thread of its own.</summary>
/// <param name="perSecond">Readings per second; the stream's rounds should be as long as this makes them, so that each reading bears its own time.</param>
/// <param name="publishing">Called before a reading goes out, with its number and the time stamp of the system's clock.</param>
internal sealed class PacedPublisher(ReadingStream stream, int port, int perSecond, Action<long, long>? publishing = null)
{
    /// <summary>Unacknowledged at once: a broker that falls behind shows, and does not slow the pace at once.</summary>
    private const int Window = 20_000;

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(1);
    private long published;

    /// <summary>Readings sent so far.</summary>
    public long Published => Volatile.Read(ref published);

    /// <summary>Completes when the broker has acknowledged the last reading.</summary>
    public Task RunAsync(long messages, CancellationToken stop = default)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                Publish(messages, stop);
                done.SetResult();
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        })
        { IsBackground = true, Name = "publisher" }.Start();
        return done.Task;
    }

    private void Publish(long messages, CancellationToken stop)
    {
        using var socket = SaturatingPublisher.Connect(port);
        var flow = new SaturatingSender.Flow(Window, 0, messages);
        var acknowledgements = new Subscriber(socket);
        new Thread(() => flow.End(acknowledgements.ReadAcknowledgements(flow))) { IsBackground = true, Name = "publisher acknowledgements" }.Start();
        var packets = new ReadingPackets(stream, stream.Devices, version5: false);
        var started = TimeProvider.System.GetTimestamp();
        for (var next = 0L; next < messages && !stop.IsCancellationRequested;)
        {
            var due = Math.Min(messages, (long)(TimeProvider.System.GetElapsedTime(started).TotalSeconds * perSecond) + 1);
            if (due == next)
            {
                stop.WaitHandle.WaitOne(Step);
                continue;
            }
            var room = Math.Min(flow.WaitForRoom(next), due - next);
            var bytes = packets.Take(next, (int)room, out var taken);
            var now = TimeProvider.System.GetTimestamp();
            for (var i = 0; i < taken; i++)
                publishing?.Invoke(next + i, now);
            while (!bytes.IsEmpty)
                bytes = bytes[socket.Send(bytes)..];
            Volatile.Write(ref published, next += taken);
        }
        if (!stop.IsCancellationRequested)
            flow.WaitForEnd();
        // DISCONNECT
        socket.Send([0xE0, 0]);
    }
}
