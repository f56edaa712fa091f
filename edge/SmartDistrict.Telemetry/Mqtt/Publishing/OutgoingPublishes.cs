using SmartDistrict.Telemetry.Mqtt.Connections;
using SmartDistrict.Telemetry.Mqtt.Packets;

namespace SmartDistrict.Telemetry.Mqtt.Publishing;

/// <summary>
/// QoS 1 and 2 messages from acceptance to the end of their handshake, across connections. They are sent in the order of
/// their acceptance, never more at once than the broker's Receive Maximum, and resent in that order (MQTT 5 sections 4.4 and 4.6).
/// </summary>
internal sealed class OutgoingPublishes(TimeProvider time, PacketIdentifiers identifiers, int maximumInFlight)
{
    private readonly Lock gate = new();
    private readonly LinkedList<OutgoingPublish> waiting = new();
    private readonly Dictionary<ushort, OutgoingPublish> inFlight = [];
    private readonly Queue<OutgoingPublish> resend = new();
    private MqttConnection? connection;
    private int window;
    private int underWay;
    private long accepted;
    private bool closed;

    /// <returns>Completes when the broker has taken the message.</returns>
    public async Task PublishAsync(MqttMessage message, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var publish = new OutgoingPublish(message with { Payload = message.Payload.ToArray() }, time.GetTimestamp());
        lock (gate)
        {
            if (closed)
                throw new MqttDisconnectedException("The MQTT session was disposed.");
            publish.Order = accepted++;
            waiting.AddLast(publish);
            SendWhatFits();
        }
        using var registration = cancellation.UnsafeRegister((_, token) => Withdraw(publish, token), null);
        await publish.Completion.ConfigureAwait(false);
    }

    /// <summary>A connection is up: what was under way goes first.</summary>
    public void Attach(MqttConnection opened, bool sessionResumed, int receiveMaximum)
    {
        lock (gate)
        {
            connection = opened;
            window = Math.Min(maximumInFlight, receiveMaximum);
            underWay = 0;
            resend.Clear();
            if (!sessionResumed)
                StartAnew();
            foreach (var publish in inFlight.Values.OrderBy(p => p.Order))
                resend.Enqueue(publish);
            SendWhatFits();
        }
    }

    public void Detach()
    {
        lock (gate)
            connection = null;
    }

    /// <summary>The session ends: nothing will be sent any more.</summary>
    public void Close()
    {
        lock (gate)
        {
            closed = true;
            foreach (var publish in inFlight.Values.Concat(waiting))
                publish.Fail(new MqttDisconnectedException("The MQTT session was disposed before the broker took the message."));
            inFlight.Clear();
            waiting.Clear();
        }
    }

    /// <summary>PUBACK of an identifier that is not in use is ignored: it may answer an earlier life of the session.</summary>
    public void OnPuback(in AcknowledgementPacket answer) => Answered(answer, MqttQos.AtLeastOnce, OutgoingStage.Sent, "PUBACK");

    public void OnPubcomp(in AcknowledgementPacket answer)
    {
        // The broker has lost the identifier, so it has finished with the message.
        var final = answer.ReasonCode == ReasonCode.PacketIdentifierNotFound ? answer with { ReasonCode = ReasonCode.Success } : answer;
        Answered(final, MqttQos.ExactlyOnce, OutgoingStage.Released, "PUBCOMP");
    }

    public PubrecOutcome OnPubrec(in AcknowledgementPacket answer)
    {
        lock (gate)
        {
            if (!inFlight.TryGetValue(answer.PacketIdentifier, out var publish))
                return PubrecOutcome.Unknown;
            RequireQos(publish, MqttQos.ExactlyOnce, "PUBREC");
            if (answer.ReasonCode >= ReasonCode.FirstError)
            {
                Finish(publish, answer, "PUBREC");
                return PubrecOutcome.Refused;
            }
            publish.Stage = OutgoingStage.Released;
            return PubrecOutcome.Release;
        }
    }

    private void Answered(in AcknowledgementPacket answer, MqttQos qos, OutgoingStage stage, string packet)
    {
        lock (gate)
        {
            if (!inFlight.TryGetValue(answer.PacketIdentifier, out var publish))
                return;
            RequireQos(publish, qos, packet);
            if (publish.Stage != stage)
                throw MqttProtocolException.Violation($"{packet} for packet identifier {answer.PacketIdentifier} before its turn");
            Finish(publish, answer, packet);
        }
    }

    private static void RequireQos(OutgoingPublish publish, MqttQos qos, string packet)
    {
        if (publish.Message.Qos != qos)
            throw MqttProtocolException.Violation($"{packet} for packet identifier {publish.PacketIdentifier}, a message of QoS {(int)publish.Message.Qos}");
    }

    private void Finish(OutgoingPublish publish, in AcknowledgementPacket answer, string packet)
    {
        Remove(publish);
        if (answer.ReasonCode >= ReasonCode.FirstError)
            publish.Fail(Refused(publish.Message, packet, answer));
        else
            publish.Complete();
        underWay--;
        SendWhatFits();
    }

    private static MqttRefusedException Refused(MqttMessage message, string packet, in AcknowledgementPacket answer)
    {
        var text = answer.ReasonString is null ? "" : $" ({answer.ReasonString})";
        return new MqttRefusedException(
            $"The broker refused a message to '{message.Topic}' by {packet}: {ReasonCode.Describe(answer.ReasonCode)}{text}.", answer.ReasonCode);
    }

    private void SendWhatFits()
    {
        while (connection is not null && underWay < window && Next() is { } publish)
        {
            underWay++;
            Send(connection, publish);
        }
    }

    private OutgoingPublish? Next()
    {
        while (resend.TryDequeue(out var again))
        {
            if (inFlight.TryGetValue(again.PacketIdentifier, out var same) && same == again)
                return again;
        }
        if (NextWaiting() is not { } publish)
            return null;
        publish.PacketIdentifier = identifiers.Take();
        inFlight.Add(publish.PacketIdentifier, publish);
        return publish;
    }

    /// <summary>With MQTT 5, a message whose time has passed is not sent any more.</summary>
    private OutgoingPublish? NextWaiting()
    {
        while (waiting.First is { } first)
        {
            waiting.Remove(first);
            if (connection is not { Version5: true } || first.Value.TimeLeft(time) is not { Ticks: 0 })
                return first.Value;
            first.Value.Fail(new TimeoutException($"The message to '{first.Value.Message.Topic}' expired after {first.Value.Message.Expiry}, before it could be sent."));
        }
        return null;
    }

    private void Send(MqttConnection over, OutgoingPublish publish)
    {
        try
        {
            if (publish.Stage == OutgoingStage.Released)
                over.SendRelease(publish.PacketIdentifier);
            else
                over.SendPublish(publish.Message, publish.PacketIdentifier, publish.Stage == OutgoingStage.Sent, publish.TimeLeft(time));
            if (publish.Stage == OutgoingStage.Waiting)
                publish.Stage = OutgoingStage.Sent;
        }
        catch (MqttRefusedException e)
        {
            Remove(publish);
            underWay--;
            publish.Fail(e);
        }
    }

    /// <summary>
    /// The broker has no session of ours any more. What it had already taken (PUBREC) is its own, published or lost
    /// with the session: sending it again could deliver it twice. Everything else is published anew.
    /// </summary>
    private void StartAnew()
    {
        foreach (var publish in inFlight.Values.ToArray())
        {
            if (publish.Stage == OutgoingStage.Released)
            {
                Remove(publish);
                publish.Complete();
            }
            publish.Stage = OutgoingStage.Waiting;
        }
    }

    private void Remove(OutgoingPublish publish)
    {
        inFlight.Remove(publish.PacketIdentifier);
        identifiers.Return(publish.PacketIdentifier);
    }

    private void Withdraw(OutgoingPublish publish, CancellationToken cancellation)
    {
        lock (gate)
            waiting.Remove(publish);
        publish.Cancel(cancellation);
    }
}
