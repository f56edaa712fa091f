namespace SmartDistrict.Telemetry.Mqtt.Packets;

/// <summary>CONNECT (MQTT 5 and 3.1.1 section 3.1).</summary>
internal static class ConnectPacket
{
    public static ReadOnlySpan<byte> Write(PacketWriter writer, MqttSessionOptions options, string clientId, bool cleanStart)
    {
        var version5 = options.ProtocolVersion == MqttProtocolVersion.V500;
        writer.Begin();
        writer.Utf8String("MQTT");
        writer.Byte((byte)(version5 ? 5 : 4));
        writer.Byte(Flags(options, cleanStart));
        writer.UInt16((int)options.KeepAlive.TotalSeconds);
        if (version5)
            Properties(writer, options);
        writer.Utf8String(clientId);
        if (options.Will is { } will)
            Will(writer, will, version5);
        if (options.User is not null)
            writer.Utf8String(options.User);
        if (options.Password is not null)
            writer.Utf8String(options.Password);
        return writer.Finish(PacketType.Connect);
    }

    private static byte Flags(MqttSessionOptions options, bool cleanStart)
    {
        var flags = cleanStart ? 0x02 : 0;
        if (options.Will is { } will)
            flags |= 0x04 | ((int)will.Message.Qos << 3) | (will.Message.Retain ? 0x20 : 0);
        if (options.Password is not null)
            flags |= 0x40;
        if (options.User is not null)
            flags |= 0x80;
        return (byte)flags;
    }

    /// <summary>No Topic Alias Maximum: absent means 0, so the broker must not use aliases (section 3.1.2.11.5).</summary>
    private static void Properties(PacketWriter writer, MqttSessionOptions options)
    {
        var properties = writer.BeginProperties();
        if (options.SessionExpiry > TimeSpan.Zero)
            writer.Property(PropertyId.SessionExpiryInterval, Seconds(options.SessionExpiry));
        if (options.ReceiveMaximum < ushort.MaxValue)
            writer.Property(PropertyId.ReceiveMaximum, (ushort)options.ReceiveMaximum);
        writer.Property(PropertyId.MaximumPacketSize, (uint)options.MaximumPacketSize);
        writer.EndProperties(properties);
    }

    private static void Will(PacketWriter writer, MqttWill will, bool version5)
    {
        if (version5)
        {
            var properties = writer.BeginProperties();
            if (will.Delay > TimeSpan.Zero)
                writer.Property(PropertyId.WillDelayInterval, Seconds(will.Delay));
            if (will.Message.Expiry is { } expiry)
                writer.Property(PropertyId.MessageExpiryInterval, Seconds(expiry));
            writer.UserProperties(will.Message.UserProperties);
            writer.EndProperties(properties);
        }
        writer.Utf8String(will.Message.Topic);
        writer.Binary(will.Message.Payload.Span);
    }

    /// <summary>Whole seconds, rounded up; 0xFFFFFFFF means for ever.</summary>
    internal static uint Seconds(TimeSpan time) => (uint)Math.Min(Math.Ceiling(time.TotalSeconds), uint.MaxValue);
}
