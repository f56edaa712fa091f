namespace SmartDistrict.Telemetry.Mqtt;

public enum MqttSessionEventKind
{
    /// <summary>The broker let us in.</summary>
    Connected,

    /// <summary>No connection came about: unreachable, refused, no answer.</summary>
    ConnectFailed,

    /// <summary>A connection ended: by the broker, by silence, or because one side broke the protocol.</summary>
    Disconnected,

    /// <summary>The broker refused a topic filter; the rest of the session works.</summary>
    SubscriptionRefused,
}

/// <summary>Something worth a line in the log.</summary>
/// <param name="Text">A whole sentence without secrets: what happened and why.</param>
/// <param name="ReasonCode">The MQTT 5 reason code (or the 3.1.1 return code), if one was sent or received.</param>
/// <param name="RetryIn">The pause before the next attempt.</param>
public sealed record MqttSessionEvent(MqttSessionEventKind Kind, string Text, byte? ReasonCode = null, TimeSpan? RetryIn = null);
