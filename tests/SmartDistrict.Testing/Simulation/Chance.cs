namespace SmartDistrict.Testing.Simulation;

/// <summary>Draws that a simulation needs, all from a seeded <see cref="Random"/>, so that a seed tells the whole story.</summary>
public static class Chance
{
    /// <summary>A generator of its own for one purpose: what one part draws must not shift what another part gets.</summary>
    public static Random For(int seed, string purpose)
    {
        var hash = 2166136261u;
        foreach (var c in purpose)
            hash = (hash ^ c) * 16777619;
        return new Random(unchecked((int)(hash ^ ((uint)seed * 2654435761u))));
    }

    /// <summary>Time to the next event of a Poisson process.</summary>
    /// <param name="random">Source of chance.</param>
    /// <param name="perMillisecond">Events per ms on average.</param>
    /// <returns>ms, at least 1.</returns>
    public static long Gap(this Random random, double perMillisecond) =>
        (long)Math.Clamp(-Math.Log(1 - random.NextDouble()) / perMillisecond, 1, 1e12);

    /// <summary>A log-normal draw, as the times that people spend somewhere are distributed.</summary>
    public static double LogNormal(this Random random, double median, double sigma) =>
        median * Math.Exp(sigma * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));

    public static bool Happens(this Random random, double probability) => random.NextDouble() < probability;

    /// <summary>Picks an index with a probability in proportion to its weight.</summary>
    public static int Weighted(this Random random, IReadOnlyList<double> weights)
    {
        var at = random.NextDouble() * weights.Sum();
        for (var i = 0; i < weights.Count - 1; i++)
            if ((at -= weights[i]) < 0)
                return i;
        return weights.Count - 1;
    }

    /// <summary>A number of events with the given mean (Poisson; normal above 50, where the two can hardly be told apart).</summary>
    public static int Poisson(this Random random, double mean)
    {
        if (mean > 50)
            return (int)Math.Max(0, Math.Round(mean + Math.Sqrt(mean) * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())));
        var limit = Math.Exp(-mean);
        var count = 0;
        for (var product = random.NextDouble(); product > limit; product *= random.NextDouble())
            count++;
        return count;
    }
}
