namespace SmartDistrict.Edge.Sensors;

/// <summary>Statistics that a few wild values do not move.</summary>
internal static class Robust
{
    /// <summary>The middle of the values; the mean of both middle ones where their number is even.</summary>
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>The value below which a share lies; of the middle, the mean of both.</summary>
    public static double Quantile(ReadOnlySpan<long> sorted, double share) =>
        share == 0.5 ? (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2.0 : sorted[(int)(sorted.Length * share)];

    public static double Quantile(IEnumerable<double> values, double share)
    {
        var sorted = values.Order().ToArray();
        return sorted[(int)(sorted.Length * share)];
    }

    /// <summary>How far apart two counts are, as the logarithm of their ratio; small ones are held back.</summary>
    public static double LogRatio(double counted, double usual) => Math.Log((counted + 5) / (usual + 5));
}
