namespace SmartDistrict.Testing.Chaos;

/// <summary>
/// Cuts one direction of an MQTT connection into packets. Written apart from the gateway's own reader: a witness must not
/// share the mistakes of whom it watches.
/// </summary>
/// <param name="packet">Called for each whole packet: its first byte, and what follows the remaining length (MQTT 5.0 section 2.1).</param>
public sealed class PacketCutter(Action<byte, ReadOnlyMemory<byte>> packet)
{
    private byte[] held = new byte[64 << 10];
    private int length;

    public void Take(ReadOnlyMemory<byte> bytes)
    {
        if (length + bytes.Length > held.Length)
            Array.Resize(ref held, Math.Max(length + bytes.Length, held.Length * 2));
        bytes.Span.CopyTo(held.AsSpan(length));
        length += bytes.Length;
        var start = 0;
        while (TryCut(start, out var body, out var end))
        {
            packet(held[start], held.AsMemory(body, end - body));
            start = end;
        }
        held.AsSpan(start, length - start).CopyTo(held);
        length -= start;
    }

    /// <exception cref="InvalidDataException">The remaining length has more than four bytes: this is not MQTT.</exception>
    private bool TryCut(int start, out int body, out int end)
    {
        (body, end) = (start + 1, 0);
        for (var shift = 0; body < length; shift += 7)
        {
            if (shift > 21)
                throw new InvalidDataException("a remaining length of more than four bytes (MQTT 5.0 section 1.5.5)");
            end |= (held[body] & 0x7f) << shift;
            if (held[body++] < 0x80)
            {
                end += body;
                return end <= length;
            }
        }
        return false;
    }
}
