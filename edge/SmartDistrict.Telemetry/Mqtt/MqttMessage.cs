using System.Text;

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

    /// <exception cref="ArgumentException">The topic is no topic name, or another part cannot be sent.</exception>
    internal void Check()
    {
        if (Topic.Length == 0 || Topic.AsSpan().ContainsAny('#', '+', '\0'))
            throw new ArgumentException($"'{Topic}' is no MQTT topic to publish to: it must not be empty and must not contain '#', '+' or U+0000.");
        RequireString(Topic, "topic");
        if (!Enum.IsDefined(Qos))
            throw new ArgumentException($"MQTT has no QoS {(int)Qos}: give 0, 1 or 2.");
        if (Expiry < TimeSpan.Zero)
            throw new ArgumentException($"The message expiry is {Expiry}: give 0 or more.");
        foreach (var (name, value) in UserProperties)
        {
            RequireString(name, "user property");
            RequireString(value, "user property");
        }
    }

    internal static bool IsWellFormed(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                i++;
            else if (char.IsSurrogate(text[i]))
                return false;
        }
        return true;
    }

    private static void RequireString(string text, string what)
    {
        if (text.Contains('\0', StringComparison.Ordinal) || !IsWellFormed(text))
            throw new ArgumentException($"The MQTT {what} '{text}' has a U+0000 or a lone surrogate: remove it.");
        if (Encoding.UTF8.GetByteCount(text) > ushort.MaxValue)
            throw new ArgumentException($"The MQTT {what} is longer than 65535 bytes of UTF-8: shorten it.");
    }
}

/// <summary>Whether a session has a connection, and what is wrong as a technician would want to read it.</summary>
/// <param name="Reason">Why there is no connection, or what it does not receive although there is one; null while nothing is wrong.</param>
public sealed record MqttSessionState(bool Connected, bool SessionResumed, string? Reason)
{
    public static readonly MqttSessionState NotStarted = new(false, false, "not started");
}

/// <summary>The broker said no; the message holds the packet, the reason code and its name.</summary>
public sealed class MqttRefusedException(string message, byte reasonCode) : Exception(message)
{
    public byte ReasonCode { get; } = reasonCode;
}

/// <summary>There is no connection now and the message is of QoS 0, which is not kept for later; or the session has ended.</summary>
public sealed class MqttDisconnectedException(string message) : Exception(message);

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

    /// <summary>What was left of the message's time when the broker sent it. MQTT 5 only; null: for ever.</summary>
    public TimeSpan? Expiry { get; init; }
}

/// <summary>What one read of the socket brought, in order.</summary>
public abstract class MqttDeliveries
{
    /// <summary>May be 0: the broker repeated QoS 2 messages that were received before; acknowledge it all the same.</summary>
    public abstract int Count { get; }

    public abstract MqttDelivery this[int index] { get; }

    /// <summary>The user properties of a delivery (MQTT 5), decoded on demand.</summary>
    public abstract IReadOnlyList<KeyValuePair<string, string>> UserProperties(int index);
}
