namespace SmartDistrict.Cloud.Reports;

/// <summary>What can be worked out of published sums: everything that is a linear combination of them.</summary>
/// <remarks>Gaussian elimination over a prime field, so that nothing is decided by rounding.</remarks>
internal sealed class LinearSpan
{
    private const long Prime = 2_147_483_647;
    /// <summary>By the lowest unknown of each, whose factor is 1.</summary>
    private readonly Dictionary<int, Dictionary<int, long>> rows = [];

    /// <summary>Publishes a sum: unknown → how often it is in it.</summary>
    public void Add(IReadOnlyDictionary<int, long> sum)
    {
        var left = Reduce(sum);
        if (left.Count == 0)
            return;
        var pivot = left.Keys.Min();
        var inverse = Power(left[pivot], Prime - 2);
        rows[pivot] = left.ToDictionary(term => term.Key, term => term.Value * inverse % Prime);
    }

    /// <summary>Whether a sum can be had from the published ones.</summary>
    public bool Holds(IReadOnlyDictionary<int, long> sum) => Reduce(sum).Count == 0;

    private Dictionary<int, long> Reduce(IReadOnlyDictionary<int, long> sum)
    {
        var left = sum.Where(term => term.Value % Prime != 0).ToDictionary(term => term.Key, term => Modulo(term.Value));
        var lowest = new PriorityQueue<int, int>(left.Keys.Select(key => (key, key)));
        while (lowest.TryDequeue(out var pivot, out _))
        {
            if (!left.TryGetValue(pivot, out var factor) || !rows.TryGetValue(pivot, out var row))
                continue;
            foreach (var (unknown, times) in row)
            {
                if (!left.TryGetValue(unknown, out var held))
                    lowest.Enqueue(unknown, unknown);
                if (Modulo(held - (factor * times % Prime)) is var value && value != 0)
                    left[unknown] = value;
                else
                    left.Remove(unknown);
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
