namespace SmartDistrict.Edge.Sensors;

/// <summary>What a line counted in one hour of the week, in the newest weeks: the middle of few is not moved by a holiday or a fault.</summary>
/// <remarks>Immutable. Packed: entries and exits of each week, oldest first, 4 bytes each, little endian.</remarks>
internal readonly struct UsualHour(byte[]? packed)
{
    /// <summary>So many weeks count: after four of a new kind, that kind is the usual one.</summary>
    public const int Weeks = 8;

    /// <summary>Fewer weeks make nothing usual.</summary>
    public const int Fewest = 4;

    private const int Size = 8;

    public byte[] Packed { get; } = packed ?? [];

    public bool Known => Packed.Length >= Fewest * Size;

    /// <summary>The usual count of people, both directions.</summary>
    public double Median => Quantile(0.5, entries: true, exits: true);

    /// <summary>At least so many in three weeks of four.</summary>
    public double Low(bool entries, bool exits) => Quantile(0.25, entries, exits);

    /// <summary>With a further week; the oldest leaves.</summary>
    public UsualHour With(long entries, long exits)
    {
        var kept = Packed.AsSpan(Packed.Length >= Weeks * Size ? Size : 0);
        var packed = new byte[kept.Length + Size];
        kept.CopyTo(packed);
        BitConverter.TryWriteBytes(packed.AsSpan(kept.Length), Bounded(entries));
        BitConverter.TryWriteBytes(packed.AsSpan(kept.Length + 4), Bounded(exits));
        return new(packed);
    }

    private double Quantile(double share, bool entries, bool exits)
    {
        Span<long> counts = stackalloc long[Packed.Length / Size];
        for (var week = 0; week < counts.Length; week++)
            counts[week] = (entries ? BitConverter.ToInt32(Packed, week * Size) : 0) + (exits ? (long)BitConverter.ToInt32(Packed, (week * Size) + 4) : 0);
        counts.Sort();
        return Robust.Quantile(counts, share);
    }

    private static int Bounded(long people) => (int)Math.Clamp(people, 0, int.MaxValue);
}
