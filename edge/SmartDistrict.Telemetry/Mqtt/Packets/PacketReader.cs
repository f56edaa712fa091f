using System.Buffers.Binary;
using System.Text.Unicode;

namespace SmartDistrict.Telemetry.Mqtt.Packets;

/// <summary>Reads the data types of MQTT 5 section 1.5 from the body of one packet, and refuses what the specification forbids.</summary>
internal ref struct PacketReader(ReadOnlySpan<byte> body)
{
    private readonly ReadOnlySpan<byte> body = body;

    public int Position { get; private set; }

    public readonly int Remaining => body.Length - Position;

    public readonly bool AtEnd => Position == body.Length;

    public byte Byte() => Bytes(1)[0];

    public ushort UInt16() => BinaryPrimitives.ReadUInt16BigEndian(Bytes(2));

    public uint UInt32() => BinaryPrimitives.ReadUInt32BigEndian(Bytes(4));

    /// <summary>A packet identifier is never 0 (MQTT 5 section 2.2.1).</summary>
    public ushort PacketIdentifier()
    {
        var identifier = UInt16();
        return identifier != 0 ? identifier : throw MqttProtocolException.Malformed("packet identifier 0");
    }

    public ReadOnlySpan<byte> Bytes(int count)
    {
        if (count > Remaining)
            throw MqttProtocolException.Malformed($"it ends {count - Remaining} bytes too early");
        var bytes = body.Slice(Position, count);
        Position += count;
        return bytes;
    }

    /// <summary>Two bytes of length, then that many bytes (section 1.5.6).</summary>
    public ReadOnlySpan<byte> Binary() => Bytes(UInt16());

    /// <summary>Well-formed UTF-8 without surrogates and without U+0000 (section 1.5.4).</summary>
    public ReadOnlySpan<byte> Utf8String()
    {
        var text = Binary();
        if (!Utf8.IsValid(text))
            throw MqttProtocolException.Malformed("a string that is not well-formed UTF-8");
        if (text.Contains((byte)0))
            throw MqttProtocolException.Malformed("a string with U+0000");
        return text;
    }

    /// <summary>One to four bytes in the shortest form (section 1.5.5).</summary>
    public int VariableByteInteger()
    {
        if (!Packets.VariableByteInteger.TryRead(body[Position..], shortestOnly: true, out var value, out var length))
            throw MqttProtocolException.Malformed("it ends within a variable byte integer");
        Position += length;
        return value;
    }
}
