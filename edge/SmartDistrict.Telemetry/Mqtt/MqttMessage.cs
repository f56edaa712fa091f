namespace SmartDistrict.Telemetry.Mqtt;

/// <summary>Quality of service of a delivery (MQTT 3.1.1 and 5.0 section 4.3).</summary>
public enum MqttQos : byte
{
    AtMostOnce = 0,
    AtLeastOnce = 1,
    ExactlyOnce = 2,
}

/// <summary>A topic filter and the highest QoS at which its messages shall come.</summary>
public sealed record MqttSubscription(string Filter, MqttQos Qos = MqttQos.AtLeastOnce);

/// <summary>An application message to publish.</summary>
public sealed record MqttMessage(string Topic, ReadOnlyMemory<byte> Payload, MqttQos Qos = MqttQos.AtLeastOnce)
{
    public bool Retain { get; init; }

    /// <summary>After this time the broker drops the message undelivered. MQTT 5 only (section 3.3.2.3.3); a 3.1.1 session ignores it.</summary>
    public TimeSpan? Expiry { get; init; }

    /// <summary>MQTT 5 only (section 3.3.2.3.7); a 3.1.1 session ignores them.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> UserProperties { get; init; } = [];
}

/// <summary>Whether a session has a connection, since when not, and the reason as a technician would want to read it.</summary>
public sealed record MqttSessionState(bool Connected, bool SessionResumed, string? Reason)
{
    public static readonly MqttSessionState NotStarted = new(false, false, "not started");
}

/// <summary>The broker said no; the message holds the packet, the reason code and its name.</summary>
public sealed class MqttRefusedException(string message, byte reasonCode) : Exception(message)
{
    public byte ReasonCode { get; } = reasonCode;
}

/// <summary>One delivered application message. Its memory belongs to the <see cref="MqttDeliveries"/> that it came in.</summary>
public readonly ref struct MqttDelivery
{
    /// <summary>Topic name, UTF-8, already checked to be well-formed.</summary>
    public required ReadOnlySpan<byte> Topic { get; init; }

    public required ReadOnlySpan<byte> Payload { get; init; }

    public required MqttQos Qos { get; init; }

    /// <summary>The broker may have delivered this one before (DUP).</summary>
    public bool Duplicate { get; init; }

    /// <summary>An old message that the broker kept for new subscribers, not a live one.</summary>
    public bool Retained { get; init; }
}

/// <summary>What one read of the socket brought, in order.</summary>
public abstract class MqttDeliveries
{
    public abstract int Count { get; }

    public abstract MqttDelivery this[int index] { get; }
}
