using SmartDistrict.Telemetry.Mqtt.Packets;
using SmartDistrict.Telemetry.Mqtt.Publishing;
using SmartDistrict.Telemetry.Mqtt.Receiving;
using SmartDistrict.Telemetry.Mqtt.Subscribing;

namespace SmartDistrict.Telemetry.Mqtt.Connections;

/// <summary>
/// The receiving side of one connection, on the session's read thread: each read of the socket goes straight into a
/// batch, whole packets are handled where they lie, the rest moves to the front of the next batch.
/// </summary>
internal sealed class PacketLoop(
    MqttConnection connection, SessionMemory memory, MqttSessionOptions options, TimeProvider time, Action<ConnackPacket> onConnected, CancellationToken stop)
{
    private readonly ReplyBuffer replies = new();
    private readonly Trickle trickle = new(options.Gather, time);
    private readonly bool version5 = connection.Version5;
    private DeliveryBatch? filling;
    private int start;
    private int end;

    private DeliveryBatch Batch => filling!;

    /// <summary>Runs until the connection ends, always by an exception.</summary>
    /// <exception cref="MqttProtocolException">The peer broke the protocol.</exception>
    /// <exception cref="MqttRefusedException">The broker refused the connection or ended it with a reason.</exception>
    /// <exception cref="IOException">The connection was lost or closed.</exception>
    public void Run()
    {
        try
        {
            filling = TakeBatch();
            while (true)
            {
                var count = connection.Read(Batch.Buffer.AsSpan(end));
                if (count == 0)
                    throw new IOException(connection.Broker is null ? "the peer closed the connection before its CONNACK" : "the broker closed the connection");
                if (connection.IsClosing)
                    continue;
                end += count;
                var needed = HandlePackets();
                replies.SendTo(connection);
                if (Batch.HasContent)
                {
                    HandOver();
                    trickle.Received(count);
                }
                MakeRoom(needed);
                trickle.Gather(stop);
            }
        }
        finally
        {
            Leave();
        }
    }

    /// <returns>The size of the packet that is not whole yet, or 0 if not even its header is.</returns>
    private long HandlePackets()
    {
        while (PacketHeader.TryRead(Batch.Buffer.AsSpan(start, end - start), version5, out var header))
        {
            if (header.Total > options.MaximumPacketSize)
                throw new MqttProtocolException(ReasonCode.PacketTooLarge, $"a {header.Type} packet of {header.Total} bytes, and we take at most {options.MaximumPacketSize} (option MaximumPacketSize)");
            if (header.Total > end - start)
                return header.Total;
            if (header.Type == PacketType.Publish)
                OnPublish(header);
            else
                OnControl(header, Batch.Buffer.AsSpan(start + header.Length, header.Remaining));
            start += (int)header.Total;
        }
        return 0;
    }

    private void OnPublish(in PacketHeader header)
    {
        if (connection.Broker is null)
            throw MqttProtocolException.Violation("PUBLISH before CONNACK");
        PublishPacket.Read(Batch.Buffer, start + header.Length, header, version5, out var packet);
        switch (packet.Qos)
        {
            case MqttQos.AtMostOnce:
                Batch.Add(packet);
                break;
            case MqttQos.AtLeastOnce:
                Batch.Add(packet);
                Batch.Owe(PacketType.Puback, packet.PacketIdentifier);
                break;
            default:
                if (memory.ExactlyOnce.Deliver(packet.PacketIdentifier))
                    Batch.Add(packet);
                Batch.Owe(PacketType.Pubrec, packet.PacketIdentifier);
                break;
        }
    }

    private void OnControl(in PacketHeader header, ReadOnlySpan<byte> body)
    {
        if (connection.Broker is null != (header.Type == PacketType.Connack))
            throw MqttProtocolException.Violation(connection.Broker is null ? $"{header.Type} before CONNACK" : "a second CONNACK");
        switch (header.Type)
        {
            case PacketType.Connack:
                onConnected(ConnackPacket.Read(body, version5));
                break;
            case PacketType.Puback:
                memory.Outgoing.OnPuback(AcknowledgementPacket.Read(body, version5));
                break;
            case PacketType.Pubrec:
                OnPubrec(AcknowledgementPacket.Read(body, version5));
                break;
            case PacketType.Pubrel:
                OnPubrel(AcknowledgementPacket.Read(body, version5));
                break;
            case PacketType.Pubcomp:
                memory.Outgoing.OnPubcomp(AcknowledgementPacket.Read(body, version5));
                break;
            case PacketType.Suback:
                var identifier = SubscribePacket.ReadAnswer(body, version5, out var codes, out var reason);
                memory.Subscriptions.OnSuback(identifier, codes, reason);
                break;
            case PacketType.Pingresp when body.IsEmpty:
                break;
            case PacketType.Disconnect when version5:
                var code = DisconnectPacket.Read(body, out var why);
                throw new MqttRefusedException($"the broker ended the connection: {ReasonCode.Describe(code)}{(why is null ? "" : $" ({why})")}", code);
            default:
                throw MqttProtocolException.Violation($"{header.Type} from a broker, with {body.Length} bytes");
        }
    }

    private void OnPubrec(in AcknowledgementPacket answer)
    {
        switch (memory.Outgoing.OnPubrec(answer))
        {
            case PubrecOutcome.Release:
                replies.Add(PacketType.Pubrel, answer.PacketIdentifier);
                break;
            case PubrecOutcome.Unknown:
                replies.Add(PacketType.Pubrel, answer.PacketIdentifier, version5 ? ReasonCode.PacketIdentifierNotFound : ReasonCode.Success);
                break;
            default:
                break;
        }
    }

    private void OnPubrel(in AcknowledgementPacket release)
    {
        var known = memory.ExactlyOnce.Release(release.PacketIdentifier);
        replies.Add(PacketType.Pubcomp, release.PacketIdentifier, known || !version5 ? ReasonCode.Success : ReasonCode.PacketIdentifierNotFound);
    }

    /// <summary>Gives the batch to the consumer; what is behind its last whole packet moves into the next one.</summary>
    private void HandOver()
    {
        var full = Batch;
        var rest = full.Buffer.AsSpan(start, end - start);
        filling = null;
        memory.Deliveries.Put(full);
        // The consumer may give the batch back meanwhile, but only this thread writes into buffers. The rest fits:
        // an enlarged batch has room for one packet and nothing behind it.
        filling = TakeBatch();
        rest.CopyTo(filling.Buffer);
        start = 0;
        end = rest.Length;
    }

    /// <param name="needed">The size of the packet that starts at <see cref="start"/>; 0 if unknown.</param>
    private void MakeRoom(long needed)
    {
        if (needed > Batch.Buffer.Length)
            Enlarge((int)needed);
        else if (Batch.Enlargement > 0 && needed <= DeliveryBatch.Capacity)
            memory.Batches.Shrink(Batch, Batch.Buffer.AsSpan(start, end - start));
        else if (start > 0)
            Batch.Buffer.AsSpan(start, end - start).CopyTo(Batch.Buffer);
        end -= start;
        start = 0;
    }

    private DeliveryBatch TakeBatch()
    {
        if (!memory.Batches.TryTake(out var taken))
        {
            connection.IsHeldBack = true;
            taken = memory.Batches.Take(stop);
            connection.IsHeldBack = false;
        }
        taken.Connection = connection;
        return taken;
    }

    private void Enlarge(int size)
    {
        connection.IsHeldBack = true;
        memory.Batches.Enlarge(Batch, size, Batch.Buffer.AsSpan(start, end - start), stop);
        connection.IsHeldBack = false;
    }

    /// <summary>What was received whole before the end is delivered.</summary>
    private void Leave()
    {
        if (filling is null)
            return;
        if (filling.HasContent)
            memory.Deliveries.Put(filling);
        else
            memory.Batches.Return(filling);
    }
}
