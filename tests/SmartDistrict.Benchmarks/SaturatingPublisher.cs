using System.Net;
using System.Net.Sockets;

namespace SmartDistrict.Benchmarks;

/// <summary>The same stream as the saturating sender's, published to a real broker as fast as it acknowledges, 1,000 under way.</summary>
internal static class SaturatingPublisher
{
    private const int Window = 1_000;

    public static Task RunAsync(ReadingStream stream, int port, long messages)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                Publish(stream, port, messages);
                done.SetResult();
            }
            catch (Exception e) when (e is SocketException or IOException)
            {
                done.SetException(e);
            }
        })
        { IsBackground = true, Name = "publisher" }.Start();
        return done.Task;
    }

    private static void Publish(ReadingStream stream, int port, long messages)
    {
        using var socket = Connect(port);
        var flow = new SaturatingSender.Flow(Window, 0, messages);
        var acknowledgements = new Subscriber(socket);
        new Thread(() => flow.End(acknowledgements.ReadAcknowledgements(flow))) { IsBackground = true, Name = "publisher acknowledgements" }.Start();
        SaturatingSender.Send(socket, new ReadingPackets(stream, Math.Max(stream.Devices, Window / stream.Devices * stream.Devices), version5: false), flow, 0, messages);
        flow.WaitForEnd();
        // DISCONNECT
        socket.Send([0xE0, 0]);
    }

    /// <summary>A connection whose CONNACK has been read.</summary>
    internal static Socket Connect(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(IPAddress.Loopback, port);
        // CONNECT of MQTT 3.1.1: clean session, keep-alive 60 s, client id "p"
        socket.Send([0x10, 13, 0, 4, (byte)'M', (byte)'Q', (byte)'T', (byte)'T', 4, 2, 0, 60, 0, 1, (byte)'p']);
        Span<byte> connack = stackalloc byte[4];
        for (var read = 0; read < connack.Length;)
            read += socket.Receive(connack[read..]) is > 0 and var count ? count : throw new IOException("the broker closed the connection");
        return socket;
    }
}
