namespace SmartDistrict.Telemetry.Mqtt.Packets;

/// <summary>SUBSCRIBE and SUBACK (MQTT 5 and 3.1.1 sections 3.8 and 3.9).</summary>
internal static class SubscribePacket
{
    public static ReadOnlySpan<byte> Write(PacketWriter writer, ushort identifier, IReadOnlyList<MqttSubscription> subscriptions, bool version5)
    {
        writer.Begin();
        writer.UInt16(identifier);
        if (version5)
            writer.EndProperties(writer.BeginProperties());
        foreach (var subscription in subscriptions)
        {
            writer.Utf8String(subscription.Filter);
            writer.Byte((byte)subscription.Qos);
        }
        return writer.Finish(PacketType.Subscribe, flags: 2);
    }

    /// <returns>The packet identifier; <paramref name="codes"/> has one reason code for each filter, in order.</returns>
    public static ushort ReadAnswer(ReadOnlySpan<byte> body, bool version5, out ReadOnlySpan<byte> codes, out string? reason)
    {
        var reader = new PacketReader(body);
        var identifier = reader.PacketIdentifier();
        reason = version5 ? AcknowledgementPacket.ReadReasonString(ref reader) : null;
        codes = reader.Bytes(reader.Remaining);
        foreach (var code in codes)
        {
            if (code is > 2 and < ReasonCode.FirstError || (!version5 && code > ReasonCode.FirstError))
                throw MqttProtocolException.Malformed($"SUBACK with reason code 0x{code:X2}");
        }
        return identifier;
    }
}
