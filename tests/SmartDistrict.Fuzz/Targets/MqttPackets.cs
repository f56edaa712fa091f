using SmartDistrict.Telemetry.Mqtt;
using SmartDistrict.Telemetry.Mqtt.Connections;
using SmartDistrict.Telemetry.Mqtt.Packets;
using SmartDistrict.Telemetry.Mqtt.Receiving;
using SmartDistrict.Testing;

namespace SmartDistrict.Fuzz.Targets;

/// <summary>
/// What a broker may send, straight into the packet loop: the connection ends by a protocol error, a refusal or the end
/// of the stream, and what is delivered before has a sound topic. Bodies are mutated inside of sound frames too, so that
/// damage gets past the length.
/// </summary>
internal sealed class MqttPackets : FuzzTarget
{
    private static readonly byte[][] Sound5 =
    [
        .. new[]
        {
            "20 03 00 00 00", "20 1B 01 00 18 21 00 14 24 01 25 00 27 00 01 00 00 12 00 01 78 13 00 1E 22 00 0A 2A 00",
            "20 0A 00 8A 07 1F 00 04 6F 75 74 21", "30 08 00 03 61 2F 62 00 78 79", "32 09 00 03 61 2F 62 00 05 00 78",
            "3D 1D 00 01 61 00 07 16 01 01 02 00 00 00 02 26 00 01 6B 00 01 76 0B 81 01 03 00 02 78 79 78",
            "30 12 00 01 61 0D 08 00 01 72 09 00 02 01 02 26 00 00 00 00 78",
            "40 02 00 01", "40 03 00 02 97", "40 0B 00 03 87 07 1F 00 04 6E 6F 21 21", "50 02 00 02", "62 02 00 07",
            "70 02 00 02", "70 03 00 04 92", "90 05 00 06 00 01 02", "B0 04 00 07 00 00", "D0 00", "E0 00",
            "E0 0D 98 0B 1F 00 08 6D 69 64 6E 69 67 68 74", "F0 02 18 00",
        }.Select(FromHex),
        .. Written(version5: true),
    ];

    private static readonly byte[][] Sound311 =
    [
        .. new[]
        {
            "20 02 00 00", "20 02 01 00", "20 02 00 05", "30 07 00 03 61 2F 62 78 79", "32 08 00 03 61 2F 62 00 05 78", "3D 06 00 01 61 00 07 78",
            "40 02 00 01", "50 02 00 02", "62 02 00 07", "70 02 00 02", "90 05 00 06 00 01 02", "B0 02 00 07", "D0 00",
        }.Select(FromHex),
        .. Written(version5: false),
    ];

    private static readonly byte[][] Fragments =
    [
        .. new[] { "FF FF FF 7F", "FF FF FF FF", "80 80 80 80 01", "80 00", "FF FF", "00 00", "1F 00 01 78", "26 00 01 6B 00 01 76", "0B FF FF FF 7F", "23 00 01", "21 00 00", "27 00 00 00 00", "01 02", "C0 80", "ED A0 80", "2F 23", "2B" }
            .Select(FromHex),
    ];

    private readonly ManualTimeProvider clock = new();
    private readonly Side version311;
    private readonly Side version5;

    public MqttPackets()
    {
        version311 = new(MqttProtocolVersion.V311, Sound311, clock);
        version5 = new(MqttProtocolVersion.V500, Sound5, clock);
    }

    public override string Name => "mqtt";

    /// <summary>The first byte chooses the protocol version, the rest is what the broker sends.</summary>
    public override byte[] Next(Random random)
    {
        var side = random.Next(2) == 0 ? version311 : version5;
        List<byte> stream = [(byte)(side == version5 ? 5 : 4)];
        if (random.Next(8) != 0)
            stream.AddRange(side.Sound[0]);
        if (random.Next(10) == 0)
        {
            stream.AddRange(Mutation.Noise(random, 60));
            return [.. stream];
        }
        for (var packets = random.Next(1, 7); packets > 0; packets--)
            stream.AddRange(Packet(random, side));
        return [.. stream];
    }

    public override bool Read(byte[] input, Random random)
    {
        var side = input[0] == 5 ? version5 : version311;
        var connection = new MqttConnection(new Recorded(input, random), side.Options, clock);
        var loop = new PacketLoop(connection, side.Memory, side.Options, clock, OnConnected, CancellationToken.None);
        using var withdrawn = new CancellationTokenSource();
        var publishing = random.Next(20) == 0 ? side.Publish(withdrawn.Token) : [];
        try
        {
            loop.Run();
        }
        catch (Exception e) when (e is MqttProtocolException or MqttRefusedException or IOException)
        {
            // what the loop says it ends by: a protocol error, a refusal, the end of the stream
        }
        side.Memory.Outgoing.Detach();
        side.Memory.Subscriptions.Detach();
        withdrawn.Cancel();
        foreach (var message in publishing)
            _ = message.Exception;
        var delivered = 0;
        while (side.Memory.Deliveries.TryTake(TimeSpan.Zero, out var batch))
        {
            Check(batch);
            delivered += batch.Count;
            side.Memory.Batches.Return((DeliveryBatch)batch);
        }
        return delivered > 0;

        void OnConnected(ConnackPacket answer)
        {
            if (answer.ReasonCode != 0)
                throw new MqttRefusedException("refused", answer.ReasonCode);
            connection.Broker = answer;
            if (!answer.SessionPresent)
                side.Memory.ExactlyOnce.Clear();
            side.Memory.Subscriptions.Attach(connection, answer.SessionPresent);
            side.Memory.Outgoing.Attach(connection, answer.SessionPresent, answer.ReceiveMaximum);
        }
    }

    private static void Check(MqttDeliveries batch)
    {
        for (var i = 0; i < batch.Count; i++)
        {
            var delivery = batch[i];
            BrokenPromiseException.Unless(!delivery.Topic.IsEmpty && System.Text.Unicode.Utf8.IsValid(delivery.Topic) && !delivery.Topic.ContainsAny("\0#+"u8),
                "a message with an impossible topic was delivered");
            BrokenPromiseException.Unless(delivery.Payload.Length <= 300_000, "a message above the limit was delivered");
            _ = batch.UserProperties(i);
        }
    }

    private static byte[] Packet(Random random, Side side)
    {
        var packet = side.Mutation.Seed(random);
        switch (random.Next(4))
        {
            case 0:
                return packet;
            case 1:
                return side.Mutation.Damage(random, packet);
            default:
                // damage behind a length that fits
                var body = 1;
                while ((packet[body++] & 0x80) != 0)
                {
                }
                var damaged = side.Mutation.Damage(random, packet[body..]);
                var first = random.Next(16) == 0 ? (byte)random.Next(256) : packet[0];
                List<byte> framed = [first];
                for (var rest = damaged.Length; ; rest >>= 7)
                {
                    framed.Add((byte)(rest > 0x7F ? rest & 0x7F | 0x80 : rest));
                    if (rest <= 0x7F)
                        break;
                }
                framed.AddRange(damaged);
                return [.. framed];
        }
    }

    private static IEnumerable<byte[]> Written(bool version5)
    {
        var writer = new PacketWriter();
        MqttMessage[] messages =
        [
            new("sd/v1/harbour/counter/node-01/reading", """{"ts":1772438400000,"boot":"b","seq":7,"entries":3,"exits":1}"""u8.ToArray(), MqttQos.AtLeastOnce),
            new("a", new byte[300], MqttQos.ExactlyOnce) { Retain = true },
            new("客流/一", "x"u8.ToArray(), MqttQos.AtMostOnce) { UserProperties = version5 ? [new("k", "v"), new("k", "值")] : [] },
        ];
        foreach (var message in messages)
            yield return PublishPacket.Write(writer, message, 9, duplicate: false, version5 ? TimeSpan.FromSeconds(9) : null, version5).ToArray();
    }

    private static byte[] FromHex(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

    private sealed class Side(MqttProtocolVersion version, byte[][] sound, ManualTimeProvider clock)
    {
        public byte[][] Sound { get; } = sound;

        public Mutation Mutation { get; } = new(sound, Fragments, longest: 4096);

        public MqttSessionOptions Options { get; } = new()
        {
            Host = "127.0.0.1", ClientId = "fuzz", ProtocolVersion = version, MaximumPacketSize = 300_000,
        };

        public SessionMemory Memory { get; } = new(
            new MqttSessionOptions { Host = "127.0.0.1", ClientId = "fuzz", ProtocolVersion = version, MaximumPacketSize = 300_000 }, clock, static _ => { });

        public Task[] Publish(CancellationToken withdrawn) =>
        [
            Memory.Outgoing.PublishAsync(new MqttMessage("a", "x"u8.ToArray(), MqttQos.AtLeastOnce), withdrawn),
            Memory.Outgoing.PublishAsync(new MqttMessage("a", "x"u8.ToArray(), MqttQos.ExactlyOnce), withdrawn),
        ];
    }

    /// <summary>Gives the input in pieces, takes and forgets what is sent.</summary>
    private sealed class Recorded(byte[] input, Random random) : Transport
    {
        private int position = 1;

        public override int Read(Span<byte> buffer)
        {
            var count = Math.Min(Math.Min(buffer.Length, input.Length - position), random.Next(3) == 0 ? random.Next(1, 9) : int.MaxValue);
            input.AsSpan(position, count).CopyTo(buffer);
            position += count;
            return count;
        }

        public override void Write(ReadOnlySpan<byte> bytes)
        {
        }

        public override void ShutdownSend()
        {
        }

        public override void Abort()
        {
        }
    }
}
