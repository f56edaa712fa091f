namespace SmartDistrict.Telemetry.Mqtt.Publishing;

internal enum OutgoingStage
{
    /// <summary>Not sent over any connection of the present session.</summary>
    Waiting,

    /// <summary>Sent, and PUBACK or PUBREC has not come.</summary>
    Sent,

    /// <summary>QoS 2: PUBREC has come, PUBCOMP has not. The message is the broker's now.</summary>
    Released,
}

/// <summary>What a PUBREC asks of us.</summary>
internal enum PubrecOutcome
{
    /// <summary>Send PUBREL.</summary>
    Release,

    /// <summary>It was a refusal, the handshake is over.</summary>
    Refused,

    /// <summary>No message has this identifier: send PUBREL and say so.</summary>
    Unknown,
}

/// <summary>A QoS 1 or 2 message on its way to the broker.</summary>
internal sealed class OutgoingPublish(MqttMessage message, long acceptedAt)
{
    private readonly TaskCompletionSource completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public MqttMessage Message => message;

    /// <summary>Counts the messages of a session in the order of their acceptance.</summary>
    public long Order { get; set; }

    public OutgoingStage Stage { get; set; }

    public ushort PacketIdentifier { get; set; }

    public Task Completion => completion.Task;

    /// <summary>What is left of the message's time; null: it has no limit.</summary>
    public TimeSpan? TimeLeft(TimeProvider time) =>
        message.Expiry is { } expiry ? TimeSpan.FromTicks(Math.Max(0, (expiry - time.GetElapsedTime(acceptedAt)).Ticks)) : null;

    public void Complete() => completion.TrySetResult();

    public void Fail(Exception reason) => completion.TrySetException(reason);

    public bool Cancel(CancellationToken cancellation) => completion.TrySetCanceled(cancellation);
}
