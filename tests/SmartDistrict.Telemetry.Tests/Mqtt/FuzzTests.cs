using SmartDistrict.Telemetry.Mqtt;
using SmartDistrict.Telemetry.Mqtt.Connections;
using SmartDistrict.Telemetry.Mqtt.Packets;
using SmartDistrict.Testing;
using static SmartDistrict.Telemetry.Tests.Mqtt.ScriptedPeer;
using static SmartDistrict.Telemetry.Tests.Mqtt.Sessions;

namespace SmartDistrict.Telemetry.Tests.Mqtt;

/// <summary>
/// Random bytes and mutated packets from the peer, straight into the packet loop: the connection ends by a protocol
/// error, a refusal or the end of the stream, never otherwise, and no memory stays behind.
/// </summary>
[Collection(nameof(MeasuresMemory))]
public sealed class FuzzTests
{
    private const int Inputs = 40_000;

    private static readonly ManualTimeProvider Clock = new();
    private static readonly byte[] Connack5 = Bytes("20 03 00 00 00");

    private static readonly byte[][] Sound5 =
    [
        Connack5,
        Bytes("20 1B 01 00 18 21 00 14 24 01 25 00 27 00 01 00 00 12 00 01 78 13 00 1E 22 00 0A 2A 00"),
        Bytes("20 0A 00 8A 07 1F 00 04 6F 75 74 21"),
        Bytes("30 08 00 03 61 2F 62 00 78 79"),
        Bytes("32 09 00 03 61 2F 62 00 05 00 78"),
        Bytes("3D 1D 00 01 61 00 07 16 01 01 02 00 00 00 02 26 00 01 6B 00 01 76 0B 81 01 03 00 02 78 79 78"),
        Bytes("30 12 00 01 61 0D 08 00 01 72 09 00 02 01 02 26 00 00 00 00 78"),
        Bytes("40 02 00 01"), Bytes("40 03 00 02 97"), Bytes("40 0B 00 03 87 07 1F 00 04 6E 6F 21 21"),
        Bytes("50 02 00 02"), Bytes("62 02 00 07"), Bytes("70 02 00 02"), Bytes("70 03 00 04 92"),
        Bytes("90 05 00 06 00 01 02"), Bytes("D0 00"), Bytes("E0 00"), Bytes("E0 0D 98 0B 1F 00 08 6D 69 64 6E 69 67 68 74"),
    ];

    private static readonly byte[][] Sound311 =
    [
        Bytes("20 02 00 00"), Bytes("20 02 01 00"), Bytes("20 02 00 05"),
        Bytes("30 07 00 03 61 2F 62 78 79"), Bytes("32 08 00 03 61 2F 62 00 05 78"), Bytes("3D 06 00 01 61 00 07 78"),
        Bytes("40 02 00 01"), Bytes("50 02 00 02"), Bytes("62 02 00 07"), Bytes("70 02 00 02"), Bytes("90 05 00 06 00 01 02"), Bytes("D0 00"),
    ];

    [Theory]
    [InlineData(MqttProtocolVersion.V311, 1)]
    [InlineData(MqttProtocolVersion.V500, 2)]
    public void No_input_ends_otherwise_than_by_a_protocol_error_and_none_leaves_memory_behind(MqttProtocolVersion version, int seed)
    {
        var random = new Random(seed);
        var options = To(1, version) with { MaximumPacketSize = 300_000 };
        var memory = new SessionMemory(options, Clock, static _ => { });
        long before = 0;
        int protocolErrors = 0, delivered = 0;
        for (var i = 0; i < Inputs; i++)
        {
            if (i == Inputs / 10)
                before = GC.GetTotalMemory(forceFullCollection: true);
            var input = i % 10 == 0 ? RandomBytes(random) : Mutated(random, version == MqttProtocolVersion.V500 ? Sound5 : Sound311);
            delivered += Feed(memory, options, random, input, ref protocolErrors);
        }
        var grown = GC.GetTotalMemory(forceFullCollection: true) - before;

        Assert.InRange(grown, long.MinValue, 2_000_000);
        Assert.InRange(protocolErrors, Inputs / 10, Inputs);
        Assert.InRange(delivered, Inputs / 20, int.MaxValue);
    }

    /// <returns>How many messages were delivered.</returns>
    private static int Feed(SessionMemory memory, MqttSessionOptions options, Random random, byte[] input, ref int protocolErrors)
    {
        var connection = new MqttConnection(new Recorded(input, random), options, Clock);
        var loop = new PacketLoop(connection, memory, options, Clock, OnConnected, CancellationToken.None);
        using var withdrawn = new CancellationTokenSource();
        var publishing = random.Next(20) == 0 ? Publish(memory, withdrawn.Token) : [];
        try
        {
            loop.Run();
        }
        catch (MqttProtocolException)
        {
            protocolErrors++;
        }
        catch (Exception e) when (e is MqttRefusedException or IOException)
        {
            // A refusal by the peer, or the end of its stream.
        }
        memory.Outgoing.Detach();
        memory.Subscriptions.Detach();
        withdrawn.Cancel();
        foreach (var message in publishing)
            _ = message.Exception;
        var count = 0;
        while (memory.Deliveries.TryTake(TimeSpan.Zero, out var batch))
        {
            count += Copy(batch).Count;
            memory.Batches.Return((SmartDistrict.Telemetry.Mqtt.Receiving.DeliveryBatch)batch);
        }
        return count;

        void OnConnected(ConnackPacket answer)
        {
            if (answer.ReasonCode != 0)
                throw new MqttRefusedException("refused", answer.ReasonCode);
            connection.Broker = answer;
            if (!answer.SessionPresent)
                memory.ExactlyOnce.Clear();
            memory.Subscriptions.Attach(connection, answer.SessionPresent);
            memory.Outgoing.Attach(connection, answer.SessionPresent, answer.ReceiveMaximum);
        }
    }

    private static Task[] Publish(SessionMemory memory, CancellationToken withdrawn) =>
    [
        memory.Outgoing.PublishAsync(Message("a", "x"), withdrawn),
        memory.Outgoing.PublishAsync(Message("a", "x", MqttQos.ExactlyOnce), withdrawn),
    ];

    private static byte[] RandomBytes(Random random)
    {
        var bytes = new byte[random.Next(1, 60)];
        random.NextBytes(bytes);
        return random.Next(2) == 0 ? bytes : [.. Connack5, .. bytes];
    }

    private static byte[] Mutated(Random random, byte[][] sound)
    {
        List<byte> bytes = [.. random.Next(8) == 0 ? [] : sound[0]];
        for (var packets = random.Next(1, 6); packets > 0; packets--)
            bytes.AddRange(sound[random.Next(1, sound.Length)]);
        for (var mutations = random.Next(4); mutations > 0 && bytes.Count > 1; mutations--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes.Insert(at, (byte)random.Next(256));
                    break;
                case 3:
                    bytes.RemoveAt(at);
                    break;
                case 4:
                    bytes[at] = 0xFF;
                    break;
                default:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
            }
        }
        return [.. bytes];
    }

    /// <summary>Gives the input in pieces, takes and forgets what is sent.</summary>
    private sealed class Recorded(byte[] input, Random random) : Transport
    {
        private int position;

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

/// <summary>Tests that look at the process's memory run alone.</summary>
[CollectionDefinition(nameof(MeasuresMemory), DisableParallelization = true)]
public sealed class MeasuresMemory;
