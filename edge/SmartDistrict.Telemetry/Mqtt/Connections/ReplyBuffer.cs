using SmartDistrict.Telemetry.Mqtt.Packets;

namespace SmartDistrict.Telemetry.Mqtt.Connections;

/// <summary>Collects short acknowledgements so that they go out in one write.</summary>
internal sealed class ReplyBuffer
{
    private byte[] buffer = new byte[1024];
    private int length;

    /// <param name="reasonCode">Written only if it is not success, which is what MQTT 5 wants and 3.1.1 needs.</param>
    public void Add(PacketType type, ushort identifier, byte reasonCode = ReasonCode.Success)
    {
        if (buffer.Length - length < AcknowledgementPacket.Size + 1)
            Array.Resize(ref buffer, buffer.Length * 2);
        AcknowledgementPacket.Write(buffer.AsSpan(length), type, identifier);
        if (reasonCode != ReasonCode.Success)
        {
            buffer[length + 1] = 3;
            buffer[length + AcknowledgementPacket.Size] = reasonCode;
            length++;
        }
        length += AcknowledgementPacket.Size;
    }

    public void SendTo(MqttConnection connection)
    {
        if (length > 0)
            connection.Send(buffer.AsSpan(0, length));
        length = 0;
    }

    public void Clear() => length = 0;
}
