using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using SmartDistrict.Telemetry;

namespace SmartDistrict.Benchmarks;

/// <summary>
/// A block of QoS 1 PUBLISH packets with native readings, one round of all devices after the other. The same block is
/// sent again and again; only the packet identifier, <c>ts</c> and <c>seq</c> of each packet are rewritten in place.
/// </summary>
internal sealed class ReadingPackets
{
    private const long FirstSequence = 10_000_000;
    private const int SequenceDigits = 8;
    private const int TimestampDigits = 13;

    private readonly ReadingStream stream;
    private readonly byte[] block;
    private readonly int[] starts;
    private readonly int[] identifierAt;
    private readonly int[] timestampAt;
    private readonly int[] sequenceAt;

    public ReadingPackets(ReadingStream stream, int packets, bool version5)
    {
        this.stream = stream;
        var all = new MemoryStream();
        starts = new int[packets + 1];
        identifierAt = new int[packets];
        timestampAt = new int[packets];
        sequenceAt = new int[packets];
        for (var i = 0; i < packets; i++)
        {
            starts[i] = (int)all.Length;
            var topic = Encoding.UTF8.GetBytes(Topics.Reading(stream.District, "counter", ReadingStream.Device(i % stream.Devices)));
            var payload = Payload(i);
            var properties = version5 ? 1 : 0;
            all.WriteByte(0x32);
            WriteRemainingLength(all, 2 + topic.Length + 2 + properties + payload.Length);
            all.Write([(byte)(topic.Length >> 8), (byte)topic.Length]);
            all.Write(topic);
            identifierAt[i] = (int)all.Length;
            all.Write(new byte[2 + properties]);
            timestampAt[i] = (int)all.Length + payload.AsSpan().IndexOf("\"ts\":"u8) + 5;
            sequenceAt[i] = (int)all.Length + payload.AsSpan().IndexOf("\"seq\":"u8) + 6;
            all.Write(payload);
        }
        starts[packets] = (int)all.Length;
        block = all.ToArray();
    }

    public int Count => identifierAt.Length;

    /// <summary>The packets of messages <paramref name="first"/>… of the stream, up to the end of the block at most.</summary>
    public ReadOnlySpan<byte> Take(long first, int count, out int taken)
    {
        var slot = (int)(first % Count);
        taken = Math.Min(count, Count - slot);
        for (var i = 0; i < taken; i++)
            Rewrite(slot + i, first + i);
        return block.AsSpan(starts[slot], starts[slot + taken] - starts[slot]);
    }

    public static ushort Identifier(long message) => (ushort)(message % ushort.MaxValue + 1);

    private void Rewrite(int slot, long message)
    {
        var round = message / stream.Devices;
        BinaryPrimitives.WriteUInt16BigEndian(block.AsSpan(identifierAt[slot]), Identifier(message));
        WriteDigits(block.AsSpan(timestampAt[slot], TimestampDigits), stream.FirstTimestamp + (round * stream.RoundMilliseconds));
        WriteDigits(block.AsSpan(sequenceAt[slot], SequenceDigits), FirstSequence + round);
    }

    private byte[] Payload(int packet)
    {
        var start = string.Create(CultureInfo.InvariantCulture,
            $"{{\"ts\":{stream.FirstTimestamp},\"boot\":\"{stream.Boot}\",\"seq\":{FirstSequence},\"entries\":{stream.Entries ?? packet % 3},\"exits\":{packet % 2},\"rssi\":-61,\"firmware\":\"2.4.1\",\"note\":\"");
        return Encoding.UTF8.GetBytes(start.PadRight(stream.PayloadBytes - 2, '.') + "\"}");
    }

    private static void WriteRemainingLength(MemoryStream output, int value)
    {
        for (; value >= 0x80; value >>= 7)
            output.WriteByte((byte)(value | 0x80));
        output.WriteByte((byte)value);
    }

    private static void WriteDigits(Span<byte> output, long value)
    {
        for (var i = output.Length - 1; i >= 0; i--)
        {
            (value, var digit) = Math.DivRem(value, 10);
            output[i] = (byte)('0' + digit);
        }
    }
}
