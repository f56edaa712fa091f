namespace SmartDistrict.Testing.Simulation;

/// <summary>What really happened: entries and exits of every line in every minute, whether or not a device reported them.</summary>
public sealed class CrossingTruth
{
    private readonly Dictionary<(int Line, long Minute), (long Entries, long Exits)> minutes = [];

    /// <summary>Crossings since the beginning.</summary>
    public long Count { get; private set; }

    public void Add(Crossing crossing)
    {
        Count++;
        var key = (crossing.Line, crossing.At / 60_000);
        var (entries, exits) = minutes.GetValueOrDefault(key);
        minutes[key] = crossing.Entry ? (entries + 1, exits) : (entries, exits + 1);
    }

    /// <param name="line">Index of the line.</param>
    /// <param name="minute">Start of the minute, s since the Unix epoch.</param>
    public (long Entries, long Exits) Minute(int line, long minute) => minutes.GetValueOrDefault((line, minute / 60));

    /// <summary>The sums of a line over all time.</summary>
    public (long Entries, long Exits) Line(int line) =>
        minutes.Where(m => m.Key.Line == line).Aggregate((0L, 0L), (sum, m) => (sum.Item1 + m.Value.Entries, sum.Item2 + m.Value.Exits));
}
