using System.Buffers.Binary;
using System.Net.Sockets;

namespace SmartDistrict.Benchmarks;

/// <summary>The sender's end of its subscriber's connection. Trusts the subscriber: this is no broker to face the world.</summary>
internal sealed class Subscriber(Socket socket)
{
    private readonly byte[] buffer = new byte[64 * 1024];
    private readonly ushort[] identifiers = new ushort[16 * 1024];
    private int start;
    private int end;

    public bool Version5 { get; private set; }

    public int ReceiveMaximum { get; private set; } = ushort.MaxValue;

    /// <summary>Answers CONNECT and the first SUBSCRIBE.</summary>
    public void Greet()
    {
        ReadConnect(NextPacket(0x10));
        socket.Send(Version5 ? [0x20, 3, 0, 0, 0] : [0x20, 2, 0, 0]);
        var subscribe = NextPacket(0x82);
        var filters = CountFilters(subscribe[(2 + (Version5 ? 1 + subscribe[2] : 0))..]);
        byte[] suback = [0x90, (byte)(2 + (Version5 ? 1 : 0) + filters), subscribe[0], subscribe[1], .. Version5 ? [(byte)0] : Array.Empty<byte>(), .. Enumerable.Repeat((byte)1, filters)];
        socket.Send(suback);
    }

    /// <returns>Why the subscriber's stream ended; null when all is acknowledged.</returns>
    public string? ReadAcknowledgements(SaturatingSender.Flow flow)
    {
        try
        {
            while (!flow.IsComplete)
            {
                var count = 0;
                string? ended = null;
                while (ended is null && count < identifiers.Length && TryTake(out var first, out var body))
                {
                    if (first == 0x40)
                        identifiers[count++] = BinaryPrimitives.ReadUInt16BigEndian(body);
                    else if (first == 0xC0)
                        socket.Send([0xD0, 0]);
                    else
                        ended = first == 0xE0 ? "it sent DISCONNECT" : $"it sent a packet 0x{first:X2}";
                }
                // The acknowledgements in front of a DISCONNECT count.
                flow.Acknowledge(identifiers.AsSpan(0, count));
                if (flow.IsComplete)
                    break;
                if (ended is not null)
                    return ended;
                if (!Fill())
                    return "it closed the connection";
            }
            return null;
        }
        catch (SocketException e)
        {
            return e.Message;
        }
    }

    private void ReadConnect(ReadOnlySpan<byte> body)
    {
        Version5 = body[6] == 5;
        if (!Version5)
            return;
        for (var properties = body.Slice(11, body[10]); !properties.IsEmpty;)
        {
            if (properties[0] == 0x21)
                ReceiveMaximum = BinaryPrimitives.ReadUInt16BigEndian(properties[1..]);
            properties = properties[(properties[0] is 0x21 or 0x22 ? 3 : properties[0] is 0x17 or 0x19 ? 2 : 5)..];
        }
    }

    private static int CountFilters(ReadOnlySpan<byte> filters)
    {
        var count = 0;
        for (; !filters.IsEmpty; count++)
            filters = filters[(3 + BinaryPrimitives.ReadUInt16BigEndian(filters))..];
        return count;
    }

    private ReadOnlySpan<byte> NextPacket(byte expected)
    {
        byte first;
        ReadOnlySpan<byte> body;
        while (!TryTake(out first, out body))
        {
            if (!Fill())
                throw new IOException("The subscriber closed its connection before it subscribed.");
        }
        return first == expected ? body : throw new InvalidDataException($"The subscriber sent 0x{first:X2} where 0x{expected:X2} was due.");
    }

    private bool TryTake(out byte first, out ReadOnlySpan<byte> body)
    {
        first = 0;
        body = default;
        var input = buffer.AsSpan(start, end - start);
        var length = 0;
        var header = 1;
        for (var shift = 0; ; shift += 7, header++)
        {
            if (header >= input.Length)
                return false;
            length |= (input[header] & 0x7F) << shift;
            if (input[header] < 0x80)
                break;
        }
        header++;
        if (input.Length < header + length)
            return false;
        first = input[0];
        body = input.Slice(header, length);
        start += header + length;
        return true;
    }

    private bool Fill()
    {
        buffer.AsSpan(start, end - start).CopyTo(buffer);
        end -= start;
        start = 0;
        var count = socket.Receive(buffer.AsSpan(end));
        end += count;
        return count > 0;
    }
}
