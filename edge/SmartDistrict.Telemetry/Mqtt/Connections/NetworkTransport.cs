using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace SmartDistrict.Telemetry.Mqtt.Connections;

/// <summary>
/// TCP, or TLS over TCP. Only blocking socket calls: one asynchronous call would switch the socket to non-blocking
/// for good, and each read would then take a turn through the runtime's event loop.
/// </summary>
internal sealed class NetworkTransport : Transport
{
    private readonly Socket socket;
    private readonly SslStream? tls;

    private NetworkTransport(Socket socket, SslStream? tls)
    {
        this.socket = socket;
        this.tls = tls;
    }

    public static NetworkTransport Connect(MqttSessionOptions options, CancellationToken cancellation)
    {
        var addresses = Dns.GetHostAddressesAsync(options.Host, cancellation).GetAwaiter().GetResult();
        Exception? last = null;
        foreach (var address in addresses)
        {
            try
            {
                return Connect(options, new IPEndPoint(address, options.Port), cancellation);
            }
            catch (SocketException e) when (!cancellation.IsCancellationRequested)
            {
                last = e;
            }
        }
        throw last ?? new IOException($"The name '{options.Host}' has no address.");
    }

    public override int Read(Span<byte> buffer) => tls is null ? socket.Receive(buffer) : tls.Read(buffer);

    public override void Write(ReadOnlySpan<byte> bytes)
    {
        if (tls is not null)
        {
            tls.Write(bytes);
            return;
        }
        while (!bytes.IsEmpty)
            bytes = bytes[socket.Send(bytes)..];
    }

    public override void ShutdownSend() => Shutdown(SocketShutdown.Send);

    public override void Abort()
    {
        Shutdown(SocketShutdown.Both);
        socket.Dispose();
    }

    public override void Dispose()
    {
        base.Dispose();
        tls?.Dispose();
    }

    private static NetworkTransport Connect(MqttSessionOptions options, IPEndPoint endpoint, CancellationToken cancellation)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            using var abort = cancellation.UnsafeRegister(static socket => ((Socket)socket!).Dispose(), socket);
            socket.Connect(endpoint);
            if (options.Tls is null)
                return new NetworkTransport(socket, null);
            var tls = new SslStream(new NetworkStream(socket, ownsSocket: false));
            tls.AuthenticateAsClient(options.Tls.Authentication(options.Host));
            return new NetworkTransport(socket, tls);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private void Shutdown(SocketShutdown how)
    {
        try
        {
            socket.Shutdown(how);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The peer was faster.
        }
    }
}
