using System.Net;
using System.Net.Sockets;
using SmartDistrict.Telemetry.Mqtt;

namespace SmartDistrict.Telemetry.Tests.Mqtt;

/// <summary>
/// A peer that says exactly what a test tells it to, right or wrong, and hands over what it hears packet by packet as
/// hexadecimal text. Reads give up after a minute.
/// </summary>
internal sealed class ScriptedPeer : IDisposable
{
    private readonly Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private Socket? connection;

    public ScriptedPeer()
    {
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
    }

    public int Port => ((IPEndPoint)listener.LocalEndPoint!).Port;

    public MqttSessionOptions Options(MqttProtocolVersion version = MqttProtocolVersion.V500) => Sessions.To(Port, version);

    /// <summary>Takes the next connection and its CONNECT.</summary>
    public async Task<string> AcceptAsync()
    {
        using var limit = new CancellationTokenSource(Sessions.Patience, TimeProvider.System);
        connection?.Dispose();
        connection = await listener.AcceptAsync(limit.Token);
        connection.NoDelay = true;
        return await ReadAsync();
    }

    /// <summary>Takes the next connection and lets it in.</summary>
    public async Task WelcomeAsync(MqttProtocolVersion version = MqttProtocolVersion.V500, bool sessionPresent = false, string properties = "00")
    {
        await AcceptAsync();
        var flags = sessionPresent ? "01" : "00";
        if (version == MqttProtocolVersion.V311)
            await SendAsync($"20 02 {flags} 00");
        else
            await SendAsync($"20 {2 + Bytes(properties).Length:X2} {flags} 00 {properties}");
    }

    public Task SendAsync(string hex) => SendAsync(Bytes(hex));

    public async Task SendAsync(byte[] bytes)
    {
        for (var sent = 0; sent < bytes.Length;)
            sent += await connection!.SendAsync(bytes.AsMemory(sent));
    }

    /// <returns>The next packet, such as <c>40 02 00 01</c>; "closed" at the end of the stream.</returns>
    public async Task<string> ReadAsync()
    {
        var packet = new List<byte>();
        if (!await ReadIntoAsync(packet, 2))
            return "closed";
        var length = packet[1] & 0x7F;
        for (var shift = 7; packet[^1] >= 0x80; shift += 7)
        {
            await ReadIntoAsync(packet, 1);
            length |= (packet[^1] & 0x7F) << shift;
        }
        await ReadIntoAsync(packet, length);
        return Hex([.. packet]);
    }

    public async Task ExpectAsync(params string[] packets)
    {
        foreach (var packet in packets)
            Assert.Equal(packet, await ReadAsync());
    }

    /// <summary>Ends the connection without a word.</summary>
    public void Drop() => connection!.Dispose();

    public void Dispose()
    {
        connection?.Dispose();
        listener.Dispose();
    }

    public static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

    public static string Hex(byte[] bytes) => string.Join(' ', bytes.Select(b => b.ToString("X2", System.Globalization.CultureInfo.InvariantCulture)));

    /// <summary>A string with its two bytes of length.</summary>
    public static string Text(string text) => Hex([(byte)(text.Length >> 8), (byte)text.Length, .. System.Text.Encoding.ASCII.GetBytes(text)]);

    private async Task<bool> ReadIntoAsync(List<byte> packet, int count)
    {
        using var limit = new CancellationTokenSource(Sessions.Patience, TimeProvider.System);
        var buffer = new byte[count];
        for (var read = 0; read < count;)
        {
            int got;
            try
            {
                got = await connection!.ReceiveAsync(buffer.AsMemory(read), limit.Token);
            }
            catch (SocketException)
            {
                got = 0;
            }
            if (got == 0)
                return false;
            read += got;
        }
        packet.AddRange(buffer);
        return true;
    }
}
