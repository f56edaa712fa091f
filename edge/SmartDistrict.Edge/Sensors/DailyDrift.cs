namespace SmartDistrict.Edge.Sensors;

/// <summary>
/// Notices that a figure of each day has moved and stays moved: on six of the newest seven days it is further from the usual
/// than twice what four days of five were before. A holiday week, a festival and a rainy day are shorter.
/// </summary>
internal sealed class DailyDrift
{
    private const int Newest = 7;
    private const int OfThem = 6;
    private const int Kept = 56;
    private const int FewestHours = 6;
    private const double TimesUsual = 2;
    private const double UsualShare = 0.8;

    /// <summary>A drift that is this much of the limit is over.</summary>
    private const double Release = 0.6;

    private readonly List<double> days = [];
    private readonly List<double> hours = [];

    /// <summary>The smallest drift that counts, as a logarithm: 1.57-fold.</summary>
    public const double Least = 0.45;

    /// <summary>The drift as it stands, as a logarithm; 0 where there is none.</summary>
    public double Drift { get; private set; }

    /// <summary>Enters an hour's figure, as a logarithm.</summary>
    public void Add(double figure) => hours.Add(figure);

    /// <summary>The local day is over. A day of fewer than six hours says nothing.</summary>
    /// <param name="around">Judge by the difference to what was usual, for a figure whose usual value is not 0.</param>
    public void EndDay(bool around)
    {
        if (hours.Count >= FewestHours)
        {
            days.Add(Robust.Median(hours));
            if (days.Count > Kept)
                days.RemoveAt(0);
            Judge(around);
        }
        hours.Clear();
    }

    public void Write(BinaryWriter to)
    {
        to.Write(Drift);
        foreach (var list in (List<double>[])[days, hours])
        {
            to.Write((byte)list.Count);
            foreach (var value in list)
                to.Write((float)value);
        }
    }

    public void Read(BinaryReader from)
    {
        Drift = from.ReadDouble();
        foreach (var list in (List<double>[])[days, hours])
            for (var left = from.ReadByte(); left > 0; left--)
                list.Add(from.ReadSingle());
    }

    private void Judge(bool around)
    {
        if (days.Count < 2 * Newest)
            return;
        var before = days.Take(days.Count - Newest).ToList();
        var usual = around ? Robust.Median(before) : 0;
        var limit = Math.Max(Least, TimesUsual * Robust.Quantile(before.Select(day => Math.Abs(day - usual)), UsualShare));
        var newest = days.Skip(days.Count - Newest).Select(day => day - usual).ToList();
        var middle = Robust.Median(newest);
        if (Math.Max(newest.Count(day => day > limit), newest.Count(day => day < -limit)) >= OfThem)
            Drift = middle;
        else if (Math.Abs(middle) < limit * Release)
            Drift = 0;
    }
}
