using System.Text;

namespace SmartDistrict.Telemetry.Mqtt.Packets;

/// <summary>CONNACK (MQTT 5 and 3.1.1 section 3.2): whether the broker lets us in, and its limits.</summary>
internal sealed record ConnackPacket
{
    private static readonly ulong Allowed = PropertyReader.Of(
        PropertyId.SessionExpiryInterval, PropertyId.ReceiveMaximum, PropertyId.MaximumQos, PropertyId.RetainAvailable,
        PropertyId.MaximumPacketSize, PropertyId.AssignedClientIdentifier, PropertyId.TopicAliasMaximum, PropertyId.ReasonString,
        PropertyId.UserProperty, PropertyId.WildcardSubscriptionAvailable, PropertyId.SubscriptionIdentifierAvailable,
        PropertyId.SharedSubscriptionAvailable, PropertyId.ServerKeepAlive, PropertyId.ResponseInformation,
        PropertyId.ServerReference, PropertyId.AuthenticationMethod, PropertyId.AuthenticationData);

    public bool SessionPresent { get; private init; }

    public byte ReasonCode { get; private init; }

    public string? ReasonString { get; private set; }

    public string? AssignedClientId { get; private set; }

    /// <summary>Replaces the keep-alive that we asked for, in seconds (MQTT 5 section 3.2.2.3.14).</summary>
    public int? ServerKeepAlive { get; private set; }

    /// <summary>How many QoS 1 and 2 messages the broker takes at once.</summary>
    public int ReceiveMaximum { get; private set; } = ushort.MaxValue;

    /// <summary>The largest packet that the broker takes, in bytes.</summary>
    public long MaximumPacketSize { get; private set; } = long.MaxValue;

    public MqttQos MaximumQos { get; private set; } = MqttQos.ExactlyOnce;

    public bool RetainAvailable { get; private set; } = true;

    public static ConnackPacket Read(ReadOnlySpan<byte> body, bool version5)
    {
        var reader = new PacketReader(body);
        var flags = reader.Byte();
        if (flags > 1)
            throw MqttProtocolException.Malformed($"CONNACK flags 0x{flags:X2}");
        var packet = new ConnackPacket { SessionPresent = flags == 1, ReasonCode = reader.Byte() };
        if (packet.SessionPresent && packet.ReasonCode != 0)
            throw MqttProtocolException.Violation("a CONNACK that refuses, with a session present");
        if (version5)
            packet.ReadProperties(ref reader);
        if (!reader.AtEnd)
            throw MqttProtocolException.Malformed($"CONNACK with {reader.Remaining} bytes too many");
        return packet;
    }

    private void ReadProperties(ref PacketReader reader)
    {
        var properties = new PropertyReader(ref reader, Allowed);
        while (properties.Next())
        {
            switch (properties.Id)
            {
                case PropertyId.ReceiveMaximum:
                    ReceiveMaximum = (int)properties.Number;
                    break;
                case PropertyId.MaximumQos:
                    MaximumQos = (MqttQos)properties.Number;
                    break;
                case PropertyId.RetainAvailable:
                    RetainAvailable = properties.Number == 1;
                    break;
                case PropertyId.MaximumPacketSize:
                    MaximumPacketSize = properties.Number;
                    break;
                case PropertyId.AssignedClientIdentifier:
                    AssignedClientId = Encoding.UTF8.GetString(properties.Text);
                    break;
                case PropertyId.ServerKeepAlive:
                    ServerKeepAlive = (int)properties.Number;
                    break;
                case PropertyId.ReasonString:
                    ReasonString = Encoding.UTF8.GetString(properties.Text);
                    break;
                default:
                    break;
            }
        }
    }
}
