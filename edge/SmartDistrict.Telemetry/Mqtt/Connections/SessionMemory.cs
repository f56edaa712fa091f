using SmartDistrict.Telemetry.Mqtt.Publishing;
using SmartDistrict.Telemetry.Mqtt.Receiving;
using SmartDistrict.Telemetry.Mqtt.Subscribing;

namespace SmartDistrict.Telemetry.Mqtt.Connections;

/// <summary>What a session remembers from one connection to the next (MQTT 5 section 4.1), and its receive buffers.</summary>
internal sealed class SessionMemory
{
    private const long EnlargementBudget = 4 * 1024 * 1024;

    public SessionMemory(MqttSessionOptions options, TimeProvider time, Action<MqttSessionEvent> onEvent)
    {
        var identifiers = new PacketIdentifiers();
        Outgoing = new OutgoingPublishes(time, identifiers, options.MaximumInFlight ?? (options.ProtocolVersion == MqttProtocolVersion.V500 ? 1_000 : 20));
        Subscriptions = new Subscriptions(identifiers, onEvent);
        Batches = new BatchRing(Math.Max(EnlargementBudget, options.MaximumPacketSize));
        ClientId = options.ClientId;
    }

    public BatchRing Batches { get; }

    public DeliveryQueue Deliveries { get; } = new();

    public ExactlyOnceIdentifiers ExactlyOnce { get; } = new();

    public OutgoingPublishes Outgoing { get; }

    public Subscriptions Subscriptions { get; }

    /// <summary>Ours, or the one that the broker has assigned.</summary>
    public string ClientId { get; set; }

    /// <summary>Whether the broker has let us in once: from then on a clean start would lose what it keeps for us.</summary>
    public bool HasBeenConnected { get; set; }
}
