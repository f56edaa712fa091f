namespace SmartDistrict.Fuzz;

/// <summary>Damages sound inputs: bits, bytes, pieces of the format's own alphabet, and pieces of other inputs.</summary>
/// <param name="seeds">Sound inputs.</param>
/// <param name="fragments">What has a meaning in the format, or nearly.</param>
/// <param name="longest">No input becomes longer, bytes.</param>
internal sealed class Mutation(byte[][] seeds, byte[][] fragments, int longest)
{
    private static readonly byte[] Borders = [0x00, 0x01, 0x7F, 0x80, 0xFF, (byte)'\n', (byte)'\r', (byte)' ', (byte)'"', (byte)'\\'];

    public byte[] Seed(Random random) => seeds[random.Next(seeds.Length)];

    /// <summary>Bytes without any form.</summary>
    public static byte[] Noise(Random random, int longest)
    {
        var bytes = new byte[random.Next(longest + 1)];
        random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>One to a few damages of a sound input.</summary>
    public byte[] Damage(Random random, byte[] sound)
    {
        List<byte> bytes = [.. sound];
        for (var times = 1 + random.Next(4) * random.Next(2); times > 0; times--)
            DamageOnce(random, bytes);
        if (bytes.Count > longest)
            bytes.RemoveRange(longest, bytes.Count - longest);
        return [.. bytes];
    }

    private void DamageOnce(Random random, List<byte> bytes)
    {
        var at = random.Next(bytes.Count + 1);
        var length = Math.Min(random.Next(1, 16), bytes.Count - at);
        switch (random.Next(12))
        {
            case 0 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when at < bytes.Count:
                bytes[at] = (byte)random.Next(256);
                break;
            case 2 when at < bytes.Count:
                bytes[at] = Borders[random.Next(Borders.Length)];
                break;
            case 3 when at < bytes.Count:
                bytes[at] = (byte)('0' + random.Next(10));
                break;
            case 4:
                bytes.RemoveRange(at, length);
                break;
            case 5:
                bytes.InsertRange(at, bytes.GetRange(at, length));
                break;
            case 6 when random.Next(4) == 0:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 7 when random.Next(50) == 0:
                Repeat(random, bytes, at, length);
                break;
            case 8:
                var other = Seed(random);
                var from = random.Next(other.Length + 1);
                bytes.InsertRange(at, other.AsSpan(from, Math.Min(random.Next(1, 64), other.Length - from)));
                break;
            default:
                bytes.RemoveRange(at, random.Next(2) == 0 ? length : 0);
                bytes.InsertRange(at, fragments[random.Next(fragments.Length)]);
                break;
        }
    }

    /// <summary>A piece many times over: what costs more than in proportion to its length shows as a hang.</summary>
    private void Repeat(Random random, List<byte> bytes, int at, int length)
    {
        if (length == 0)
            return;
        var piece = bytes.GetRange(at, length);
        var times = random.Next(longest / length);
        var repeated = new List<byte>(times * length);
        for (var i = 0; i < times; i++)
            repeated.AddRange(piece);
        bytes.InsertRange(at, repeated);
    }
}
