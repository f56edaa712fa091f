namespace SmartDistrict.Telemetry.Mqtt.Packets;

/// <summary>The fixed header (MQTT 5 section 2.1): type and flags, and how many bytes follow.</summary>
internal readonly record struct PacketHeader(byte First, int Length, int Remaining)
{
    public PacketType Type => (PacketType)(First >> 4);

    public byte Flags => (byte)(First & 0x0F);

    /// <summary>Header and body together, in bytes.</summary>
    public long Total => (long)Length + Remaining;

    /// <returns>False if the input ends within the header.</returns>
    public static bool TryRead(ReadOnlySpan<byte> input, bool version5, out PacketHeader header)
    {
        header = default;
        if (input.Length < 2)
        {
            if (input.Length == 1)
                CheckFlags(input[0]);
            return false;
        }
        if (!VariableByteInteger.TryRead(input[1..], version5, out var remaining, out var length))
            return false;
        CheckFlags(input[0]);
        header = new PacketHeader(input[0], 1 + length, remaining);
        return true;
    }

    /// <summary>Flags are reserved but for PUBLISH; PUBREL, SUBSCRIBE and UNSUBSCRIBE have 0010 (section 2.1.3).</summary>
    private static void CheckFlags(byte first)
    {
        var type = (PacketType)(first >> 4);
        if (type == PacketType.Publish)
            return;
        var expected = type is PacketType.Pubrel or PacketType.Subscribe or PacketType.Unsubscribe ? 2 : 0;
        if (type == 0 || (first & 0x0F) != expected)
            throw MqttProtocolException.Malformed($"first byte 0x{first:X2} has reserved bits set");
    }
}
