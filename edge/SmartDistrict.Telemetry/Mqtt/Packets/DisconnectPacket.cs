using System.Text;

namespace SmartDistrict.Telemetry.Mqtt.Packets;

/// <summary>DISCONNECT (MQTT 5 and 3.1.1 section 3.14). Only a broker of MQTT 5 sends it.</summary>
internal static class DisconnectPacket
{
    private static readonly ulong Allowed = PropertyReader.Of(
        PropertyId.SessionExpiryInterval, PropertyId.ReasonString, PropertyId.UserProperty, PropertyId.ServerReference);

    public static ReadOnlySpan<byte> Write(PacketWriter writer, byte reasonCode, bool version5)
    {
        writer.Begin();
        if (version5 && reasonCode != ReasonCode.Success)
            writer.Byte(reasonCode);
        return writer.Finish(PacketType.Disconnect);
    }

    public static byte Read(ReadOnlySpan<byte> body, out string? reason)
    {
        reason = null;
        if (body.IsEmpty)
            return ReasonCode.Success;
        var reader = new PacketReader(body);
        var code = reader.Byte();
        if (reader.AtEnd)
            return code;
        var properties = new PropertyReader(ref reader, Allowed);
        while (properties.Next())
        {
            if (properties.Id == PropertyId.ReasonString)
                reason = Encoding.UTF8.GetString(properties.Text);
        }
        return reader.AtEnd ? code : throw MqttProtocolException.Malformed($"DISCONNECT with {reader.Remaining} bytes too many");
    }
}
