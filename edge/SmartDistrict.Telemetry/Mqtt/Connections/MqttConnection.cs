using SmartDistrict.Telemetry.Mqtt.Packets;

namespace SmartDistrict.Telemetry.Mqtt.Connections;

/// <summary>
/// One network connection of a session: the sending side, and what is known about the peer. <see cref="PacketLoop"/>
/// is its receiving side.
/// </summary>
internal sealed class MqttConnection(Transport transport, MqttSessionOptions options, TimeProvider time)
{
    private readonly Lock writing = new();
    private readonly PacketWriter writer = new();
    private string? endReason;
    private long lastReceived = time.GetTimestamp();
    private long lastSent = time.GetTimestamp();
    private long sendingSince;
    private volatile bool heldBack;
    private volatile bool closing;

    public bool Version5 { get; } = options.ProtocolVersion == MqttProtocolVersion.V500;

    /// <summary>The broker's answer; null until it has come.</summary>
    public ConnackPacket? Broker { get; set; }

    /// <summary>Timestamps of the session's clock.</summary>
    public long LastReceived => Interlocked.Read(ref lastReceived);

    public long LastSent => Interlocked.Read(ref lastSent);

    /// <summary>When the write began that has not ended yet; 0 if there is none.</summary>
    public long SendingSince => Interlocked.Read(ref sendingSince);

    /// <summary>We do not read because the consumer has all buffers: the peer's silence means nothing.</summary>
    public bool IsHeldBack
    {
        get => heldBack;
        set
        {
            Interlocked.Exchange(ref lastReceived, time.GetTimestamp());
            heldBack = value;
        }
    }

    /// <summary>We have said goodbye; whatever still comes is dropped.</summary>
    public bool IsClosing => closing;

    /// <summary>Why <see cref="Abort"/> was called, if it was.</summary>
    public string? EndReason => Volatile.Read(ref endReason);

    public int Read(Span<byte> buffer)
    {
        var count = transport.Read(buffer);
        Interlocked.Exchange(ref lastReceived, time.GetTimestamp());
        return count;
    }

    public void SendConnect(string clientId, bool cleanStart)
    {
        lock (writing)
            Write(ConnectPacket.Write(writer, options, clientId, cleanStart));
    }

    public void SendSubscribe(ushort identifier, IReadOnlyList<MqttSubscription> subscriptions)
    {
        lock (writing)
            Write(SubscribePacket.Write(writer, identifier, subscriptions, Version5));
    }

    /// <returns>False if the connection was lost.</returns>
    /// <exception cref="MqttRefusedException">The broker has said in its CONNACK that it does not take such a message.</exception>
    public bool SendPublish(MqttMessage message, ushort identifier, bool duplicate, TimeSpan? expiry)
    {
        if (message.Qos > Broker!.MaximumQos)
            throw Refuse(message, ReasonCode.QosNotSupported, $"it takes at most QoS {(int)Broker.MaximumQos}");
        if (message.Retain && !Broker.RetainAvailable)
            throw Refuse(message, ReasonCode.RetainNotSupported, "it keeps no retained messages");
        lock (writing)
        {
            var packet = PublishPacket.Write(writer, message, identifier, duplicate, expiry, Version5);
            if (packet.Length > Broker.MaximumPacketSize)
                throw Refuse(message, ReasonCode.PacketTooLarge, $"the packet has {packet.Length} bytes and it takes at most {Broker.MaximumPacketSize}");
            return Write(packet);
        }
    }

    public void SendRelease(ushort identifier)
    {
        Span<byte> packet = stackalloc byte[AcknowledgementPacket.Size];
        AcknowledgementPacket.Write(packet, PacketType.Pubrel, identifier);
        Send(packet);
    }

    public bool Send(ReadOnlySpan<byte> packets)
    {
        lock (writing)
            return Write(packets);
    }

    /// <summary>PINGREQ, unless somebody is sending just now.</summary>
    public void Ping()
    {
        if (!writing.TryEnter())
            return;
        try
        {
            Write([(byte)PacketType.Pingreq << 4, 0]);
        }
        finally
        {
            writing.Exit();
        }
    }

    /// <summary>Says goodbye; the peer closes then, or the caller aborts.</summary>
    public void Disconnect(byte reasonCode)
    {
        closing = true;
        if (!writing.TryEnter())
            return;
        try
        {
            Write(DisconnectPacket.Write(writer, reasonCode, Version5));
            transport.ShutdownSend();
        }
        finally
        {
            writing.Exit();
        }
    }

    /// <summary>Ends the connection from any thread; the first reason is the one that counts.</summary>
    public void Abort(string reason)
    {
        Interlocked.CompareExchange(ref endReason, reason, null);
        transport.Abort();
    }

    private static MqttRefusedException Refuse(MqttMessage message, byte code, string why) =>
        new($"The broker does not take the message to '{message.Topic}': {why} ({ReasonCode.Describe(code)}).", code);

    private bool Write(ReadOnlySpan<byte> bytes)
    {
        var now = time.GetTimestamp();
        Interlocked.Exchange(ref lastSent, now);
        Interlocked.Exchange(ref sendingSince, now);
        try
        {
            transport.Write(bytes);
            return true;
        }
        catch (Exception e)
        {
            Abort($"sending failed: {e.Message}");
            return false;
        }
        finally
        {
            Interlocked.Exchange(ref sendingSince, 0);
        }
    }
}
