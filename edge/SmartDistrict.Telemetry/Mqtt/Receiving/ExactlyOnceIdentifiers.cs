namespace SmartDistrict.Telemetry.Mqtt.Receiving;

/// <summary>
/// The packet identifiers of QoS 2 messages that were delivered to the consumer and not yet released by the broker
/// (MQTT 5 section 4.3.3): a message that comes again under one of them is not delivered again. Lives as long as the
/// process; after a restart the broker's redelivery comes through, so durable users de-duplicate by content as well.
/// </summary>
internal sealed class ExactlyOnceIdentifiers
{
    private readonly HashSet<ushort> delivered = [];

    /// <returns>True if this message is new.</returns>
    public bool Deliver(ushort packetIdentifier) => delivered.Add(packetIdentifier);

    /// <returns>False if the identifier is unknown.</returns>
    public bool Release(ushort packetIdentifier) => delivered.Remove(packetIdentifier);

    /// <summary>The broker has no session of ours any more.</summary>
    public void Clear() => delivered.Clear();
}
