namespace SmartDistrict.Telemetry.Mqtt.Packets;

/// <summary>
/// Walks the properties of a packet and checks each: known, allowed in this packet, at most once where the
/// specification says so, with a value in range (MQTT 5 section 2.2.2).
/// </summary>
internal ref struct PropertyReader
{
    private PacketReader input;
    private readonly ulong allowed;
    private ulong seen;

    /// <param name="packet">Stands at the property length; it is moved behind the properties.</param>
    /// <param name="allowed">The identifiers that this packet may have, by <see cref="Of"/>.</param>
    public PropertyReader(ref PacketReader packet, ulong allowed)
        : this(packet.Bytes(packet.VariableByteInteger()), allowed)
    {
    }

    public PropertyReader(ReadOnlySpan<byte> properties, ulong allowed)
    {
        input = new PacketReader(properties);
        this.allowed = allowed;
        Text = default;
        Value = default;
    }

    public PropertyId Id { get; private set; }

    /// <summary>The value of a number.</summary>
    public uint Number { get; private set; }

    /// <summary>The value of a string or of binary data; the name of a user property.</summary>
    public ReadOnlySpan<byte> Text { get; private set; }

    /// <summary>The value of a user property.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    public static ulong Of(params ReadOnlySpan<PropertyId> ids)
    {
        ulong set = 0;
        foreach (var id in ids)
            set |= 1UL << (int)id;
        return set;
    }

    public bool Next()
    {
        if (input.AtEnd)
            return false;
        var code = input.VariableByteInteger();
        if (code >= 64 || (allowed & (1UL << code)) == 0)
            throw code <= (int)PropertyId.SharedSubscriptionAvailable && Enum.IsDefined((PropertyId)code)
                ? MqttProtocolException.Violation($"property 0x{code:X2} does not belong in this packet")
                : MqttProtocolException.Malformed($"unknown property 0x{code:X2}");
        Id = (PropertyId)code;
        var bit = 1UL << code;
        if ((seen & bit) != 0 && Id is not (PropertyId.UserProperty or PropertyId.SubscriptionIdentifier))
            throw MqttProtocolException.Violation($"property 0x{code:X2} twice");
        seen |= bit;
        ReadValue();
        return true;
    }

    private void ReadValue()
    {
        switch (Id)
        {
            case PropertyId.PayloadFormatIndicator:
            case PropertyId.RequestProblemInformation:
            case PropertyId.RequestResponseInformation:
            case PropertyId.MaximumQos:
            case PropertyId.RetainAvailable:
            case PropertyId.WildcardSubscriptionAvailable:
            case PropertyId.SubscriptionIdentifierAvailable:
            case PropertyId.SharedSubscriptionAvailable:
                Number = input.Byte();
                Require(Number <= 1);
                break;
            case PropertyId.ServerKeepAlive:
            case PropertyId.TopicAliasMaximum:
                Number = input.UInt16();
                break;
            case PropertyId.ReceiveMaximum:
                Number = input.UInt16();
                Require(Number > 0);
                break;
            case PropertyId.TopicAlias:
                Number = input.UInt16();
                break;
            case PropertyId.MessageExpiryInterval:
            case PropertyId.SessionExpiryInterval:
            case PropertyId.WillDelayInterval:
                Number = input.UInt32();
                break;
            case PropertyId.MaximumPacketSize:
                Number = input.UInt32();
                Require(Number > 0);
                break;
            case PropertyId.SubscriptionIdentifier:
                Number = (uint)input.VariableByteInteger();
                Require(Number > 0);
                break;
            case PropertyId.CorrelationData:
            case PropertyId.AuthenticationData:
                Text = input.Binary();
                break;
            case PropertyId.UserProperty:
                Text = input.Utf8String();
                Value = input.Utf8String();
                break;
            default:
                Text = input.Utf8String();
                break;
        }
    }

    private readonly void Require(bool inRange)
    {
        if (!inRange)
            throw MqttProtocolException.Violation($"property 0x{(byte)Id:X2} has the forbidden value {Number}");
    }
}
