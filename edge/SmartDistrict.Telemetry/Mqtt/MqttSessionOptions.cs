using System.Text;

namespace SmartDistrict.Telemetry.Mqtt;

public enum MqttProtocolVersion : byte
{
    V311 = 4,
    V500 = 5,
}

/// <summary>What the broker publishes for us when our connection ends without a DISCONNECT (MQTT 5 section 3.1.2.5).</summary>
/// <param name="Message">Topic, payload (at most 65,535 bytes), QoS, retain, and with MQTT 5 expiry and user properties.</param>
public sealed record MqttWill(MqttMessage Message)
{
    /// <summary>How long the broker waits for us to come back first. MQTT 5 only (section 3.1.3.2.2).</summary>
    public TimeSpan Delay { get; init; }
}

/// <summary>Where the broker is and how the session behaves. <see cref="Check"/> says what is wrong and how to mend it.</summary>
public sealed record MqttSessionOptions
{
    public required string Host { get; init; }

    /// <summary>1 to 65535. By custom 1883 is plain and 8883 is TLS.</summary>
    public int Port { get; init; } = 1883;

    public MqttProtocolVersion ProtocolVersion { get; init; } = MqttProtocolVersion.V500;

    /// <summary>The session's name at the broker. Empty: the broker invents one, which only fits a clean start.</summary>
    public string ClientId { get; init; } = "";

    public string? User { get; init; }

    public string? Password { get; init; }

    /// <summary>Whole seconds, 1 to 65,535. A peer that is silent for 1.5 times as long is taken for dead.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// True: the broker forgets an earlier session of this client id at the first connection (with 3.1.1 at each one).
    /// False: what the broker has kept for us meanwhile is delivered.
    /// </summary>
    public bool CleanStart { get; init; } = true;

    /// <summary>
    /// How long the broker keeps the session while we are away, whole seconds; more than 136 years means for ever.
    /// MQTT 5 only: with 3.1.1 a session without a clean start is kept as long as the broker likes.
    /// </summary>
    public TimeSpan SessionExpiry { get; init; }

    /// <summary>
    /// The most unacknowledged QoS 1 and 2 messages that the broker shall have under way to us, 1 to 65,535. MQTT 5 only.
    /// Mosquitto 2.0.11 sends more when it empties a queue; they are taken, because the receive memory is bounded anyway.
    /// </summary>
    public int ReceiveMaximum { get; init; } = 65_535;

    /// <summary>
    /// The largest packet that we take, 1 KiB to 256 MiB. An MQTT 5 broker drops larger ones for us; a larger one
    /// from a 3.1.1 broker ends the connection, again and again if it is kept for us: set the broker's own limit lower.
    /// </summary>
    public int MaximumPacketSize { get; init; } = 2 * 1024 * 1024;

    /// <summary>
    /// The most unacknowledged QoS 1 and 2 messages that we have under way to the broker, 1 to 60,000 (SUBSCRIBE needs packet identifiers too); the broker's own
    /// Receive Maximum may be lower. Null: 1,000 with MQTT 5; 20 with 3.1.1, whose brokers cannot tell their limit
    /// (Mosquitto's is 20, and it ends the connection when QoS 2 goes beyond).
    /// </summary>
    public int? MaximumInFlight { get; init; }

    /// <summary>
    /// How long the session lets messages gather between two reads of the network while few come (below 2 MiB/s): each read
    /// wakes two threads, so a stream of single messages costs many times what the same in groups does. Zero, for whom each
    /// millisecond counts, to 100 ms.
    /// </summary>
    public TimeSpan Gather { get; init; }

    public MqttWill? Will { get; init; }

    /// <summary>Null: a plain TCP connection.</summary>
    public MqttTlsOptions? Tls { get; init; }

    /// <summary>For name resolution, TCP, TLS and the broker's CONNACK together; 100 ms to 10 min.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The pause before the first attempt to reconnect; it doubles with each one in vain. 10 ms to <see cref="BackoffMaximum"/>.</summary>
    public TimeSpan BackoffMinimum { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest pause, at most 1 h. Each pause is drawn between half of its nominal length and the whole.</summary>
    public TimeSpan BackoffMaximum { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Told of every connection, refusal and loss, for the log. Called on the session's own thread: it must return soon.</summary>
    public Action<MqttSessionEvent>? OnEvent { get; init; }

    /// <exception cref="ArgumentException">An option is out of its limits; the message says which and how to mend it.</exception>
    /// <exception cref="FileNotFoundException">A TLS file is missing.</exception>
    public void Check()
    {
        Require(!string.IsNullOrWhiteSpace(Host), nameof(Host), "is empty: give the broker's host name or address");
        Require(Port is >= 1 and <= 65_535, nameof(Port), $"is {Port}: give 1 to 65535");
        Require(Enum.IsDefined(ProtocolVersion), nameof(ProtocolVersion), $"is {ProtocolVersion}: give V311 or V500");
        RequireText(ClientId, nameof(ClientId));
        Require(ClientId.Length > 0 || CleanStart, nameof(ClientId), "is empty: a session that outlives its connection needs a fixed client id, or set CleanStart");
        RequireText(User ?? "", nameof(User));
        RequireText(Password ?? "", nameof(Password));
        Require(Password is null || User is not null || ProtocolVersion == MqttProtocolVersion.V500, nameof(Password), "is given without User, which MQTT 3.1.1 forbids: give User too");
        Require(KeepAlive >= TimeSpan.FromSeconds(1) && KeepAlive <= TimeSpan.FromSeconds(65_535) && KeepAlive.Ticks % TimeSpan.TicksPerSecond == 0, nameof(KeepAlive), $"is {KeepAlive}: give whole seconds, 1 to 65535");
        Require(SessionExpiry >= TimeSpan.Zero, nameof(SessionExpiry), $"is {SessionExpiry}: give 0 or more");
        Require(ReceiveMaximum is >= 1 and <= 65_535, nameof(ReceiveMaximum), $"is {ReceiveMaximum}: give 1 to 65535");
        Require(MaximumPacketSize is >= 1024 and <= 256 * 1024 * 1024, nameof(MaximumPacketSize), $"is {MaximumPacketSize}: give 1024 to 268435456 bytes");
        Require(MaximumInFlight is null or (>= 1 and <= 60_000), nameof(MaximumInFlight), $"is {MaximumInFlight}: give 1 to 60000");
        RequireTime(Gather, TimeSpan.Zero, TimeSpan.FromMilliseconds(100), nameof(Gather));
        RequireTime(ConnectTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10), nameof(ConnectTimeout));
        RequireTime(BackoffMaximum, TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1), nameof(BackoffMaximum));
        RequireTime(BackoffMinimum, TimeSpan.FromMilliseconds(10), BackoffMaximum, nameof(BackoffMinimum));
        if (Will is not null)
        {
            Will.Message.Check();
            Require(Will.Message.Payload.Length <= ushort.MaxValue, nameof(Will), $"has a payload of {Will.Message.Payload.Length} bytes: give at most 65535");
            Require(Will.Delay >= TimeSpan.Zero, nameof(Will), $"has a delay of {Will.Delay}: give 0 or more");
        }
        Tls?.Check();
    }

    /// <summary>Without the password.</summary>
    public override string ToString() => $"MQTT {ProtocolVersion} at {Host}:{Port} as '{ClientId}'";

    private static void RequireTime(TimeSpan time, TimeSpan least, TimeSpan most, string option) =>
        Require(time >= least && time <= most, option, $"is {time}: give {least} to {most}");

    private static void RequireText(string text, string option)
    {
        Require(!text.Contains('\0', StringComparison.Ordinal), option, "has a U+0000: remove it");
        Require(MqttMessage.IsWellFormed(text), option, "is not well-formed Unicode: remove the lone surrogate");
        Require(Encoding.UTF8.GetByteCount(text) <= ushort.MaxValue, option, "is longer than 65535 bytes: shorten it");
    }

    private static void Require(bool holds, string option, string problem)
    {
        if (!holds)
            throw new ArgumentException($"MQTT option {option} {problem}.", option);
    }
}
