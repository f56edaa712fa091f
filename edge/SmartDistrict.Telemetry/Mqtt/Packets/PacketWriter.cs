using System.Buffers.Binary;
using System.Text;

namespace SmartDistrict.Telemetry.Mqtt.Packets;

/// <summary>Writes one packet after the other into a buffer that is used again and again.</summary>
internal sealed class PacketWriter
{
    private const int HeaderRoom = 5;
    private const int KeptCapacity = 256 * 1024;
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);
    private byte[] buffer = new byte[1024];
    private int position;

    /// <summary>Starts a packet; its fixed header is written by <see cref="Finish"/>.</summary>
    public void Begin()
    {
        if (buffer.Length > KeptCapacity)
            buffer = new byte[1024];
        position = HeaderRoom;
    }

    /// <returns>The whole packet, valid until the next <see cref="Begin"/>.</returns>
    public ReadOnlySpan<byte> Finish(PacketType type, int flags = 0)
    {
        var remaining = position - HeaderRoom;
        var start = HeaderRoom - 1 - VariableByteInteger.Size(remaining);
        buffer[start] = (byte)(((int)type << 4) | flags);
        VariableByteInteger.Write(buffer.AsSpan(start + 1), remaining);
        return buffer.AsSpan(start, position - start);
    }

    public void Byte(byte value) => Reserve(1)[0] = value;

    public void UInt16(int value) => BinaryPrimitives.WriteUInt16BigEndian(Reserve(2), checked((ushort)value));

    public void UInt32(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Reserve(4), value);

    public void Bytes(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Reserve(bytes.Length));

    public void Binary(ReadOnlySpan<byte> bytes)
    {
        UInt16(bytes.Length);
        Bytes(bytes);
    }

    public void Utf8String(string text)
    {
        var length = StrictUtf8.GetByteCount(text);
        UInt16(length);
        StrictUtf8.GetBytes(text, Reserve(length));
    }

    /// <summary>Starts a property block; <see cref="EndProperties"/> puts its length in front (MQTT 5 section 2.2.2).</summary>
    public int BeginProperties()
    {
        Reserve(1);
        return position;
    }

    public void EndProperties(int start)
    {
        var length = position - start;
        var extra = VariableByteInteger.Size(length) - 1;
        if (extra > 0)
        {
            Reserve(extra);
            buffer.AsSpan(start, length).CopyTo(buffer.AsSpan(start + extra));
        }
        VariableByteInteger.Write(buffer.AsSpan(start - 1), length);
    }

    public void Property(PropertyId id, byte value)
    {
        Byte((byte)id);
        Byte(value);
    }

    public void Property(PropertyId id, ushort value)
    {
        Byte((byte)id);
        UInt16(value);
    }

    public void Property(PropertyId id, uint value)
    {
        Byte((byte)id);
        UInt32(value);
    }

    public void Property(PropertyId id, string text)
    {
        Byte((byte)id);
        Utf8String(text);
    }

    public void UserProperties(IReadOnlyList<KeyValuePair<string, string>> properties)
    {
        for (var i = 0; i < properties.Count; i++)
        {
            Property(PropertyId.UserProperty, properties[i].Key);
            Utf8String(properties[i].Value);
        }
    }

    private Span<byte> Reserve(int count)
    {
        if (position + count > buffer.Length)
            Array.Resize(ref buffer, Math.Max(buffer.Length * 2, position + count));
        var span = buffer.AsSpan(position, count);
        position += count;
        return span;
    }
}
