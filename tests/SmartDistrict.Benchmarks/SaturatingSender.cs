using System.Net;
using System.Net.Sockets;

namespace SmartDistrict.Benchmarks;

/// <param name="Elapsed">From the first byte sent to the last PUBACK.</param>
/// <param name="OutOfOrder">PUBACKs that did not come in the order of their PUBLISH: must be 0.</param>
internal sealed record SenderRun(long Messages, TimeSpan Elapsed, long OutOfOrder)
{
    public double PerSecond => Messages / Elapsed.TotalSeconds;
}

/// <summary>
/// As much of a broker as it takes to feed one subscriber as fast as it can acknowledge: CONNECT and SUBSCRIBE of MQTT 3.1.1
/// and 5.0, then QoS 1 messages with at most <c>window</c> of them unacknowledged. The packets are prepared, so that
/// the sender costs little of the CPU that it shares with the subscriber.
/// </summary>
internal sealed class SaturatingSender : IDisposable
{
    private readonly Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly ReadingStream stream;
    private readonly int window;

    public SaturatingSender(ReadingStream stream, int window = 1_000)
    {
        this.stream = stream;
        this.window = window;
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
    }

    public int Port => ((IPEndPoint)listener.LocalEndPoint!).Port;

    /// <summary>Serves the next subscriber, on two threads of its own; completes with the last PUBACK.</summary>
    /// <param name="first">The number of the stream's first message to send: going on where the run before ended keeps every reading new.</param>
    public Task<SenderRun> RunAsync(long messages, long first = 0)
    {
        var done = new TaskCompletionSource<SenderRun>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                done.SetResult(Serve(first, messages));
            }
            catch (Exception e) when (e is SocketException or IOException or InvalidDataException)
            {
                done.SetException(e);
            }
        })
        { IsBackground = true, Name = "sender" }.Start();
        return done.Task;
    }

    public void Dispose() => listener.Dispose();

    private SenderRun Serve(long first, long messages)
    {
        using var socket = listener.Accept();
        socket.NoDelay = true;
        var subscriber = new Subscriber(socket);
        subscriber.Greet();
        var packets = new ReadingPackets(stream, Math.Max(stream.Devices, 1_000 / stream.Devices * stream.Devices), subscriber.Version5);
        var flow = new Flow(Math.Min(window, subscriber.ReceiveMaximum), first, messages);
        var acknowledgements = new Thread(() => flow.End(subscriber.ReadAcknowledgements(flow))) { IsBackground = true, Name = "sender acknowledgements" };
        acknowledgements.Start();
        var started = TimeProvider.System.GetTimestamp();
        Send(socket, packets, flow, first, messages);
        flow.WaitForEnd();
        return new SenderRun(messages, TimeProvider.System.GetElapsedTime(started), flow.OutOfOrder);
    }

    /// <summary>Sends the packets of a run, as the window lets it.</summary>
    internal static void Send(Socket socket, ReadingPackets packets, Flow flow, long first, long messages)
    {
        for (var next = first; next < first + messages;)
        {
            var room = flow.WaitForRoom(next);
            for (var limit = next + room; next < limit;)
            {
                var bytes = packets.Take(next, (int)(limit - next), out var taken);
                while (!bytes.IsEmpty)
                    bytes = bytes[socket.Send(bytes)..];
                next += taken;
            }
        }
    }

    /// <summary>The window between the thread that sends and the one that reads acknowledgements.</summary>
    internal sealed class Flow(int window, long first, long messages)
    {
        private readonly object gate = new();
        private readonly long end = first + messages;
        private long acknowledged = first;
        private string? failure;

        public long OutOfOrder { get; private set; }

        public bool IsComplete => acknowledged == end;

        /// <summary>Waits until a quarter of the window is free, which saves both sides many small writes, and says how much.</summary>
        public int WaitForRoom(long next)
        {
            lock (gate)
            {
                var least = Math.Min(Math.Max(1, window / 4), end - next);
                while (window - (next - acknowledged) < least)
                    Wait();
                return (int)Math.Min(window - (next - acknowledged), end - next);
            }
        }

        public void WaitForEnd()
        {
            lock (gate)
            {
                while (!IsComplete)
                    Wait();
            }
        }

        /// <summary>Notes the acknowledgements of one read.</summary>
        public void Acknowledge(ReadOnlySpan<ushort> identifiers)
        {
            lock (gate)
            {
                foreach (var identifier in identifiers)
                {
                    if (identifier != ReadingPackets.Identifier(acknowledged))
                        OutOfOrder++;
                    acknowledged++;
                }
                Monitor.Pulse(gate);
            }
        }

        public void End(string? reason)
        {
            lock (gate)
            {
                failure = reason;
                Monitor.Pulse(gate);
            }
        }

        private void Wait()
        {
            if (failure is not null)
                throw new IOException($"The subscriber left with {end - acknowledged} acknowledgements due: {failure}");
            Monitor.Wait(gate);
        }
    }
}
