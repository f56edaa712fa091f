using System.Buffers;

namespace SmartDistrict.Telemetry.Mqtt.Packets;

/// <summary>PUBLISH (MQTT 5 and 3.1.1 section 3.3): where the parts of a received one lie in its buffer.</summary>
internal struct PublishPacket
{
    public const byte DuplicateFlag = 0x08;
    public const byte RetainFlag = 0x01;

    private static readonly SearchValues<byte> NotInTopicName = SearchValues.Create("\0#+"u8);
    private static readonly ulong Allowed = PropertyReader.Of(
        PropertyId.PayloadFormatIndicator, PropertyId.MessageExpiryInterval, PropertyId.TopicAlias, PropertyId.ResponseTopic,
        PropertyId.CorrelationData, PropertyId.UserProperty, PropertyId.SubscriptionIdentifier, PropertyId.ContentType);

    public int TopicStart;
    public int TopicLength;
    public int PropertiesStart;
    public int PropertiesLength;
    public int PayloadStart;
    public int PayloadLength;
    public uint ExpirySeconds;
    public ushort PacketIdentifier;
    public byte Flags;
    public bool HasExpiry;

    public readonly MqttQos Qos => (MqttQos)((Flags >> 1) & 3);

    /// <param name="buffer">Holds the whole packet.</param>
    /// <param name="bodyStart">Where its variable header starts.</param>
    public static void Read(ReadOnlySpan<byte> buffer, int bodyStart, in PacketHeader header, bool version5, out PublishPacket packet)
    {
        packet = default;
        packet.Flags = header.Flags;
        CheckFlags(header.Flags);
        var reader = new PacketReader(buffer.Slice(bodyStart, header.Remaining));
        var topic = reader.Binary();
        CheckTopic(topic);
        packet.TopicStart = bodyStart + reader.Position - topic.Length;
        packet.TopicLength = topic.Length;
        if (packet.Qos != MqttQos.AtMostOnce)
            packet.PacketIdentifier = reader.PacketIdentifier();
        if (version5)
        {
            var length = reader.VariableByteInteger();
            packet.PropertiesStart = bodyStart + reader.Position;
            packet.PropertiesLength = length;
            if (length > 0)
                CheckProperties(reader.Bytes(length), ref packet);
        }
        packet.PayloadStart = bodyStart + reader.Position;
        packet.PayloadLength = reader.Remaining;
    }

    /// <summary>The user properties of a packet that <see cref="Read"/> has checked, in order.</summary>
    public readonly List<KeyValuePair<string, string>> UserProperties(ReadOnlySpan<byte> buffer)
    {
        var found = new List<KeyValuePair<string, string>>();
        var properties = new PropertyReader(buffer.Slice(PropertiesStart, PropertiesLength), Allowed);
        while (properties.Next())
        {
            if (properties.Id == PropertyId.UserProperty)
                found.Add(new(System.Text.Encoding.UTF8.GetString(properties.Text), System.Text.Encoding.UTF8.GetString(properties.Value)));
        }
        return found;
    }

    /// <param name="expiry">What is left of the message's time; null: for ever.</param>
    public static ReadOnlySpan<byte> Write(
        PacketWriter writer, MqttMessage message, ushort identifier, bool duplicate, TimeSpan? expiry, bool version5)
    {
        writer.Begin();
        writer.Utf8String(message.Topic);
        if (message.Qos != MqttQos.AtMostOnce)
            writer.UInt16(identifier);
        if (version5)
        {
            var properties = writer.BeginProperties();
            if (expiry is { } left)
                writer.Property(PropertyId.MessageExpiryInterval, ConnectPacket.Seconds(left));
            writer.UserProperties(message.UserProperties);
            writer.EndProperties(properties);
        }
        writer.Bytes(message.Payload.Span);
        return writer.Finish(
            PacketType.Publish, ((int)message.Qos << 1) | (duplicate ? DuplicateFlag : 0) | (message.Retain ? RetainFlag : 0));
    }

    private static void CheckFlags(byte flags)
    {
        var qos = (flags >> 1) & 3;
        if (qos == 3)
            throw MqttProtocolException.Malformed("PUBLISH with QoS 3");
        if (qos == 0 && (flags & DuplicateFlag) != 0)
            throw MqttProtocolException.Malformed("PUBLISH with DUP at QoS 0");
    }

    private static void CheckTopic(ReadOnlySpan<byte> topic)
    {
        if (topic.IsEmpty)
            throw MqttProtocolException.Violation("PUBLISH without a topic, and topic aliases were not offered");
        if (topic.ContainsAny(NotInTopicName))
            throw MqttProtocolException.Malformed("topic name with a wildcard or U+0000");
        if (!System.Text.Unicode.Utf8.IsValid(topic))
            throw MqttProtocolException.Malformed("topic name that is not well-formed UTF-8");
    }

    private static void CheckProperties(ReadOnlySpan<byte> bytes, ref PublishPacket packet)
    {
        var properties = new PropertyReader(bytes, Allowed);
        while (properties.Next())
        {
            switch (properties.Id)
            {
                case PropertyId.TopicAlias:
                    throw new MqttProtocolException(ReasonCode.TopicAliasInvalid, "PUBLISH with a topic alias, and none were offered");
                case PropertyId.MessageExpiryInterval:
                    packet.HasExpiry = true;
                    packet.ExpirySeconds = properties.Number;
                    break;
                case PropertyId.ResponseTopic when properties.Text.ContainsAny(NotInTopicName):
                    throw MqttProtocolException.Violation("response topic with a wildcard");
                default:
                    break;
            }
        }
    }
}
