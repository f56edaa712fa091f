namespace SmartDistrict.Testing.Simulation.Devices;

/// <summary>The running totals of one channel, wrapping at their width.</summary>
/// <param name="bits">Width; 63 for one that never wraps.</param>
/// <param name="entries">Where the inward total stands at first.</param>
/// <param name="exits">Where the outward total stands at first.</param>
public sealed class RunningTotals(int bits, long entries = 0, long exits = 0)
{
    public int Bits => bits;

    public long Entries { get; private set; } = entries;

    public long Exits { get; private set; } = exits;

    public void Count(bool entry)
    {
        if (entry)
            Entries = (Entries + 1) & Mask;
        else
            Exits = (Exits + 1) & Mask;
    }

    public void Reset() => (Entries, Exits) = (0, 0);

    private long Mask => (1L << bits) - 1;
}
