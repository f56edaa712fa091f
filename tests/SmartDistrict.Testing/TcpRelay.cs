using System.Net;
using System.Net.Sockets;

namespace SmartDistrict.Testing;

/// <summary>
/// A loopback port in front of another one, whose cable a test can pull: <see cref="Cut"/> ends all connections without
/// a word of either side's protocol.
/// </summary>
public sealed class TcpRelay : IAsyncDisposable
{
    private readonly Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Lock gate = new();
    private readonly HashSet<Socket> open = [];
    private readonly int target;
    private readonly Task accepting;
    private bool closed;

    public TcpRelay(int target)
    {
        this.target = target;
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndPoint!).Port;

    /// <summary>How many connections there have been.</summary>
    public int Connections { get; private set; }

    /// <summary>While false, new connections are closed at once.</summary>
    public bool Lets { get; set; } = true;

    /// <summary>Made for each connection: hears all that passes, before the other side can.</summary>
    public Func<RelayTap>? Tap { get; init; }

    public void Cut()
    {
        lock (gate)
        {
            foreach (var socket in open)
                Break(socket);
            open.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        lock (gate)
            closed = true;
        listener.Dispose();
        Cut();
        await accepting;
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                var near = await listener.AcceptAsync();
                if (Lets)
                    _ = ServeAsync(near);
                else
                    Break(near);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // one that was reset before it could be taken is no end of the others
                lock (gate)
                    if (closed)
                        return;
            }
        }
    }

    private async Task ServeAsync(Socket near)
    {
        var far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        near.NoDelay = true;
        try
        {
            await far.ConnectAsync(IPAddress.Loopback, target);
            lock (gate)
            {
                ObjectDisposedException.ThrowIf(closed, this);
                open.Add(near);
                open.Add(far);
                Connections++;
            }
            var tap = Tap?.Invoke();
            await Task.WhenAll(CopyAsync(near, far, tap?.FromNear), CopyAsync(far, near, tap?.FromFar));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Cut, or one side is gone.
        }
        finally
        {
            Break(near);
            Break(far);
            lock (gate)
            {
                open.Remove(near);
                open.Remove(far);
            }
        }
    }

    /// <summary>An end in order passes on as such, a reset as a reset of both sides.</summary>
    private static async Task CopyAsync(Socket from, Socket to, Action<ReadOnlyMemory<byte>>? tap)
    {
        try
        {
            var buffer = new byte[16 * 1024];
            for (int count; (count = await from.ReceiveAsync(buffer)) > 0;)
            {
                tap?.Invoke(buffer.AsMemory(0, count));
                await to.SendAsync(buffer.AsMemory(0, count));
            }
            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            Break(from);
            Break(to);
        }
    }

    /// <summary>Resets the connection instead of closing it in order.</summary>
    private static void Break(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Gone already.
        }
        socket.Dispose();
    }
}

/// <summary>Hears one connection of a <see cref="TcpRelay"/>; the two directions on two threads.</summary>
/// <param name="FromNear">What the side that connected sends; the memory is valid during the call.</param>
/// <param name="FromFar">What the relay's target sends.</param>
public sealed record RelayTap(Action<ReadOnlyMemory<byte>> FromNear, Action<ReadOnlyMemory<byte>> FromFar);
