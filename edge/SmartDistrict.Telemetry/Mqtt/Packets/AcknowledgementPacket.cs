using System.Buffers.Binary;
using System.Text;

namespace SmartDistrict.Telemetry.Mqtt.Packets;

/// <summary>PUBACK, PUBREC, PUBREL and PUBCOMP (MQTT 5 and 3.1.1 sections 3.4 to 3.7): all of one shape.</summary>
internal readonly record struct AcknowledgementPacket(ushort PacketIdentifier, byte ReasonCode, string? ReasonString)
{
    /// <summary>Without a reason code, which means success.</summary>
    public const int Size = 4;

    private static readonly ulong Allowed = PropertyReader.Of(PropertyId.ReasonString, PropertyId.UserProperty);

    public static AcknowledgementPacket Read(ReadOnlySpan<byte> body, bool version5)
    {
        var reader = new PacketReader(body);
        var identifier = reader.PacketIdentifier();
        byte reason = 0;
        string? text = null;
        if (version5 && !reader.AtEnd)
        {
            reason = reader.Byte();
            if (!reader.AtEnd)
                text = ReadReasonString(ref reader);
        }
        if (!reader.AtEnd)
            throw MqttProtocolException.Malformed($"an acknowledgement with {reader.Remaining} bytes too many");
        return new AcknowledgementPacket(identifier, reason, text);
    }

    /// <summary>Writes <see cref="Size"/> bytes.</summary>
    public static void Write(Span<byte> output, PacketType type, ushort identifier)
    {
        output[0] = (byte)(((int)type << 4) | (type == PacketType.Pubrel ? 2 : 0));
        output[1] = 2;
        BinaryPrimitives.WriteUInt16BigEndian(output[2..], identifier);
    }

    public static string? ReadReasonString(ref PacketReader reader)
    {
        string? text = null;
        var properties = new PropertyReader(ref reader, Allowed);
        while (properties.Next())
        {
            if (properties.Id == PropertyId.ReasonString)
                text = Encoding.UTF8.GetString(properties.Text);
        }
        return text;
    }
}
