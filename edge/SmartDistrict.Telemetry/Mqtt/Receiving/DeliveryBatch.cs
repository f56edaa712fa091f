using SmartDistrict.Telemetry.Mqtt.Connections;
using SmartDistrict.Telemetry.Mqtt.Packets;

namespace SmartDistrict.Telemetry.Mqtt.Receiving;

/// <summary>
/// A receive buffer, where the messages in it lie, and what must be acknowledged for it. Used again and again: the
/// read thread fills it, the consumer reads it, acknowledging gives it back.
/// </summary>
internal sealed class DeliveryBatch : MqttDeliveries
{
    public const int Capacity = 64 * 1024;

    private readonly byte[] ownBuffer = GC.AllocateUninitializedArray<byte>(Capacity, pinned: true);
    private PublishPacket[] packets = new PublishPacket[256];
    private Owed[] owed = new Owed[256];
    private int packetCount;
    private int owedCount;

    public DeliveryBatch() => Buffer = ownBuffer;

    /// <summary>An acknowledgement that the broker waits for.</summary>
    public readonly record struct Owed(PacketType Type, ushort PacketIdentifier);

    public byte[] Buffer { get; private set; }

    /// <summary>The size of the one-off buffer for a packet that is larger than <see cref="Capacity"/>; 0 without one.</summary>
    public int Enlargement => Buffer == ownBuffer ? 0 : Buffer.Length;

    /// <summary>The connection that the batch came over; only there can it be acknowledged.</summary>
    public MqttConnection? Connection { get; set; }

    /// <summary>Counts the batches of a session, in the order of their receipt.</summary>
    public long Order { get; set; }

    public bool HasContent => packetCount + owedCount > 0;

    public override int Count => packetCount;

    public ReadOnlySpan<Owed> Acknowledgements => owed.AsSpan(0, owedCount);

    public override MqttDelivery this[int index]
    {
        get
        {
            ref readonly var packet = ref packets.AsSpan(0, packetCount)[index];
            return new MqttDelivery
            {
                Topic = Buffer.AsSpan(packet.TopicStart, packet.TopicLength),
                Payload = Buffer.AsSpan(packet.PayloadStart, packet.PayloadLength),
                Qos = packet.Qos,
                Duplicate = (packet.Flags & PublishPacket.DuplicateFlag) != 0,
                Retained = (packet.Flags & PublishPacket.RetainFlag) != 0,
                Expiry = packet.HasExpiry ? TimeSpan.FromSeconds(packet.ExpirySeconds) : null,
            };
        }
    }

    public override IReadOnlyList<KeyValuePair<string, string>> UserProperties(int index) =>
        packets.AsSpan(0, packetCount)[index].UserProperties(Buffer);

    public void Add(in PublishPacket packet)
    {
        if (packetCount == packets.Length)
            Array.Resize(ref packets, packets.Length * 2);
        packets[packetCount++] = packet;
    }

    public void Owe(PacketType type, ushort packetIdentifier)
    {
        if (owedCount == owed.Length)
            Array.Resize(ref owed, owed.Length * 2);
        owed[owedCount++] = new Owed(type, packetIdentifier);
    }

    /// <summary>Makes room for one packet of this size, keeping what is there.</summary>
    public void Enlarge(int size, ReadOnlySpan<byte> content)
    {
        var larger = GC.AllocateUninitializedArray<byte>(size);
        content.CopyTo(larger);
        Buffer = larger;
    }

    /// <summary>Back to the buffer of its own.</summary>
    public void Shrink(ReadOnlySpan<byte> content)
    {
        content.CopyTo(ownBuffer);
        Buffer = ownBuffer;
    }

    public void Clear()
    {
        Buffer = ownBuffer;
        packetCount = 0;
        owedCount = 0;
        Connection = null;
    }
}
