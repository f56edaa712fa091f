namespace SmartDistrict.Cloud.Accuracy;

/// <summary>How far counts of one direction agree with those of people.</summary>
/// <param name="pairs">Manual and counted, of the same spans.</param>
internal sealed class Agreement(IReadOnlyList<(long Manual, long Counted)> pairs)
{
    /// <summary>Fewer crossings, or of fewer spans, say little: a factor made of them is mostly chance.</summary>
    public const int EnoughCrossings = 200, EnoughCounts = 3;

    /// <summary>97.5 % quantile of the normal distribution.</summary>
    private const double Z = 1.959964;

    public long Manual { get; } = pairs.Sum(pair => pair.Manual);

    public long Counted { get; } = pairs.Sum(pair => pair.Counted);

    public int Counts => pairs.Count;

    public bool Enough => Manual >= EnoughCrossings && Counts >= EnoughCounts;

    /// <summary>Signed: below 0 where the device misses people. Null without any person.</summary>
    public double? Error => Manual > 0 ? (Counted - Manual) / (double)Manual : null;

    /// <summary>Errors of spans that cancel each other out are in it.</summary>
    public double? AbsoluteError => Manual > 0 ? pairs.Sum(pair => Math.Abs(pair.Counted - pair.Manual)) / (double)Manual : null;

    /// <summary>
    /// Half of the 95 % Wilson score interval of the share of people miscounted, which is at least the absolute error: the signed
    /// error is known to this. Not 0 where nothing was miscounted: few people prove little.
    /// </summary>
    public double? HalfWidth
    {
        get
        {
            if (AbsoluteError is not { } error)
                return null;
            var (p, n) = (Math.Min(1, error), (double)Manual);
            return Z / (1 + (Z * Z / n)) * Math.Sqrt((p * (1 - p) / n) + (Z * Z / (4 * n * n)));
        }
    }

    /// <summary>What counts would have to be multiplied by; null where nobody was counted, or the device is farther off than a factor may mend.</summary>
    public double? Factor => Manual > 0 && Counted > 0 && Math.Round(Manual / (double)Counted, 3) is >= Configuration.LineFactor.Least and <= Configuration.LineFactor.Most and var factor ? factor : null;
}
