namespace SmartDistrict.Telemetry.Mqtt.Packets;

/// <summary>Seven bits a byte, least significant first, at most four bytes (MQTT 5 section 1.5.5).</summary>
internal static class VariableByteInteger
{
    public const int Maximum = 268_435_455;

    public static int Size(int value) => value switch
    {
        < 1 << 7 => 1,
        < 1 << 14 => 2,
        < 1 << 21 => 3,
        _ => 4,
    };

    /// <returns>False if the input ends within the integer.</returns>
    /// <param name="input">Starts at the integer.</param>
    /// <param name="shortestOnly">MQTT 5 forbids a longer form than needed; 3.1.1 is silent about it.</param>
    /// <exception cref="MqttProtocolException">Longer than four bytes, or not the shortest form.</exception>
    public static bool TryRead(ReadOnlySpan<byte> input, bool shortestOnly, out int value, out int length)
    {
        value = 0;
        for (length = 0; length < input.Length;)
        {
            var digit = input[length];
            value |= (digit & 0x7F) << (7 * length);
            length++;
            if (digit < 0x80)
            {
                if (shortestOnly && length > 1 && digit == 0)
                    throw MqttProtocolException.Malformed("a variable byte integer that is longer than needed");
                return true;
            }
            if (length == 4)
                throw MqttProtocolException.Malformed("a variable byte integer of more than four bytes");
        }
        return false;
    }

    /// <returns>The number of bytes written to <paramref name="output"/>.</returns>
    public static int Write(Span<byte> output, int value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, Maximum);
        var length = 0;
        do
        {
            var digit = (byte)(value & 0x7F);
            value >>= 7;
            output[length++] = value > 0 ? (byte)(digit | 0x80) : digit;
        }
        while (value > 0);
        return length;
    }
}
