namespace SmartDistrict.Cloud.Reports;

/// <summary>What can be worked out of published sums: everything that is a linear combination of them.</summary>
/// <remarks>Gaussian elimination over a prime field, so that nothing is decided by rounding.</remarks>
internal sealed class LinearSpan
{
    private const long Prime = 2_147_483_647;
    private readonly Dictionary<int, SortedDictionary<int, long>> rows = [];

    /// <summary>Publishes a sum: unknown → how often it is in it.</summary>
    public void Add(IReadOnlyDictionary<int, long> sum)
    {
        var left = Reduce(sum);
        if (left.Count == 0)
            return;
        var (pivot, factor) = left.First();
        var inverse = Power(factor, Prime - 2);
        rows[pivot] = new(left.ToDictionary(term => term.Key, term => term.Value * inverse % Prime));
    }

    /// <summary>Whether a sum can be had from the published ones.</summary>
    public bool Holds(IReadOnlyDictionary<int, long> sum) => Reduce(sum).Count == 0;

    private SortedDictionary<int, long> Reduce(IReadOnlyDictionary<int, long> sum)
    {
        var left = new SortedDictionary<int, long>(sum.Where(term => term.Value % Prime != 0).ToDictionary(term => term.Key, term => Modulo(term.Value)));
        var after = -1;
        while (left.Keys.FirstOrDefault(key => key > after, -1) is var pivot && pivot >= 0)
        {
            after = pivot;
            if (!rows.TryGetValue(pivot, out var row))
                continue;
            var factor = left[pivot];
            foreach (var (unknown, times) in row)
            {
                var value = Modulo(left.GetValueOrDefault(unknown) - (factor * times % Prime));
                if (value == 0)
                    left.Remove(unknown);
                else
                    left[unknown] = value;
            }
        }
        return left;
    }

    private static long Modulo(long value) => ((value % Prime) + Prime) % Prime;

    private static long Power(long value, long exponent)
    {
        var result = 1L;
        for (; exponent > 0; exponent >>= 1)
        {
            if ((exponent & 1) == 1)
                result = result * value % Prime;
            value = value * value % Prime;
        }
        return result;
    }
}
