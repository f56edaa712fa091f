namespace SmartDistrict.Testing.Simulation.Beams;

/// <summary>One body on its way: where it is along the direction that crosses the beams, from the first time to the last.</summary>
/// <param name="Along">Time, s → distance from the middle between the beams, m; grows inward (from beam A to beam B).</param>
public sealed record Walker(int Id, double From, double To, Func<double, double> Along);

/// <summary>A body was in a beam.</summary>
public readonly record struct Occlusion(int Walker, double From, double To);

/// <summary>A beam, 0 (A) or 1 (B), was broken or became clear, as the kernel reports it.</summary>
public readonly record struct VirtualEdge(long Nanoseconds, int Beam, bool Broken);

/// <summary>
/// Two parallel beams of light, thin and straight, and round bodies that walk through them: a body is in a beam while its
/// middle is nearer to it than its radius, at whatever angle it walks.
/// </summary>
/// <param name="Spacing">Between the beams, m.</param>
/// <param name="BodyWidth">Diameter of a body, m.</param>
/// <param name="Debounce">s; the kernel reports a level when it has been stable for this long, with the time at which that was so.</param>
public sealed record VirtualBeams(double Spacing, double BodyWidth, double Debounce)
{
    private const double Step = 0.005;

    /// <summary>When a walker was in a beam, to the microsecond.</summary>
    /// <param name="beam">0 (A) or 1 (B).</param>
    public IEnumerable<Occlusion> Occlusions(Walker walker, int beam)
    {
        var place = (beam - 0.5) * Spacing;
        bool In(double t) => Math.Abs(walker.Along(t) - place) < BodyWidth / 2;
        double Change(double before, double after)
        {
            var old = In(before);
            while (after - before > 1e-6)
            {
                var middle = (before + after) / 2;
                if (In(middle) == old)
                    before = middle;
                else
                    after = middle;
            }
            return after;
        }
        double? since = In(walker.From) ? walker.From : null;
        var steps = (int)Math.Ceiling((walker.To - walker.From) / Step);
        for (var i = 1; i <= steps; i++)
        {
            var (before, now) = (walker.From + ((i - 1) * Step), Math.Min(walker.To, walker.From + (i * Step)));
            if (In(now) == since is not null)
                continue;
            var change = Change(before, now);
            if (since is { } from)
                yield return new Occlusion(walker.Id, from, change);
            since = since is null ? change : null;
        }
        if (since is { } still)
            yield return new Occlusion(walker.Id, still, walker.To);
    }

    /// <summary>The times at which at least one body is in a beam, in order, without overlaps.</summary>
    public static List<(double From, double To)> Union(IEnumerable<Occlusion> occlusions)
    {
        var union = new List<(double From, double To)>();
        foreach (var (_, from, to) in occlusions.OrderBy(occlusion => occlusion.From))
            if (union.Count > 0 && from <= union[^1].To)
                union[^1] = (union[^1].From, Math.Max(union[^1].To, to));
            else
                union.Add((from, to));
        return union;
    }

    /// <summary>The kernel's edges of both beams, in the order of their times.</summary>
    public IReadOnlyList<VirtualEdge> Edges(IEnumerable<Occlusion> onA, IEnumerable<Occlusion> onB) =>
        [.. Debounced(onA, 0).Concat(Debounced(onB, 1)).OrderBy(edge => edge.Nanoseconds)];

    private IEnumerable<VirtualEdge> Debounced(IEnumerable<Occlusion> occlusions, int beam)
    {
        var changes = Union(occlusions).SelectMany(span => new[] { (Time: span.From, Broken: true), (Time: span.To, Broken: false) }).ToList();
        var reported = false;
        for (var i = 0; i < changes.Count; i++)
        {
            var stable = i + 1 == changes.Count || changes[i + 1].Time - changes[i].Time >= Debounce;
            if (!stable || changes[i].Broken == reported)
                continue;
            reported = changes[i].Broken;
            yield return new VirtualEdge((long)((changes[i].Time + Debounce) * 1e9), beam, reported);
        }
    }
}
