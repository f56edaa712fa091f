using SmartDistrict.Configuration;

namespace SmartDistrict.Testing.Simulation;

/// <summary>A way through a counting line: leaving one zone for its neighbour.</summary>
/// <param name="Line">Index in <see cref="District.Lines"/>.</param>
/// <param name="Entry">Whether this way is the line's "in".</param>
/// <param name="To">Index of the zone reached; <see cref="ZoneGraph.Outside"/> for beyond the district.</param>
public readonly record struct Passage(int Line, bool Entry, int To);

/// <summary>
/// The district as people walk it: zones joined by counting lines. Nobody walks through "outside" to get from one zone
/// to another, streets are preferred to shops as ways, and one-way lines are passed in their "in" direction only.
/// </summary>
public sealed class ZoneGraph
{
    private readonly List<Passage>[] passages;
    private readonly double[,] cost;

    /// <param name="district">The district; every line as it is joined at <paramref name="at"/>.</param>
    /// <param name="at">The date of the topology.</param>
    /// <param name="oneWay">Lines whose device counts a single direction; nobody passes them the other way.</param>
    public ZoneGraph(District district, DateTimeOffset at, Func<CountingLine, bool> oneWay)
    {
        Zones = district.Zones;
        passages = [.. Enumerable.Range(0, Zones.Count + 1).Select(_ => new List<Passage>())];
        Middles = [.. district.Lines.Select(line => Metres.Of(district.Coordinates, line))];
        Widths = [.. district.Lines.Select(line => Metres.Between(district.Coordinates, line.Start, line.End))];
        var index = Zones.Select((zone, i) => (zone.Id, i)).Append((District.Outside, Outside)).ToDictionary(z => z.Item1, z => z.Item2);
        for (var i = 0; i < district.Lines.Count; i++)
        {
            if (district.Lines[i].JoinAt(at) is not { } join)
                continue;
            passages[index[join.From]].Add(new Passage(i, true, index[join.To]));
            if (!oneWay(district.Lines[i]))
                passages[index[join.To]].Add(new Passage(i, false, index[join.From]));
        }
        cost = CostsToEveryZone();
    }

    public IReadOnlyList<Zone> Zones { get; }

    /// <summary>Index of what lies beyond the district.</summary>
    public int Outside => Zones.Count;

    /// <summary>Width of each line in metres: wide gates let more people in.</summary>
    public IReadOnlyList<double> Widths { get; }

    private IReadOnlyList<(double X, double Y)> Middles { get; }

    public IReadOnlyList<Passage> From(int zone) => passages[zone];

    /// <summary>Whether people can get from one zone to the other.</summary>
    public bool Reaches(int from, int to) => double.IsFinite(cost[from, to]);

    /// <summary>The best next step on the way; of several that are equally good, one at random.</summary>
    public Passage Toward(int from, int to, Random random)
    {
        var best = passages[from].Min(p => Ahead(p, to));
        var choices = passages[from].Where(p => Ahead(p, to) <= best + 0.5).ToList();
        return choices[random.Next(choices.Count)];
    }

    /// <summary>Metres from the middle of one line to that of another.</summary>
    public double Distance(int line, int other) =>
        Math.Max(3, Math.Sqrt(Math.Pow(Middles[line].X - Middles[other].X, 2) + Math.Pow(Middles[line].Y - Middles[other].Y, 2)));

    private double Ahead(Passage passage, int to) =>
        passage.To == to ? 0 : passage.To == Outside ? double.PositiveInfinity : Toll(passage.To) + cost[passage.To, to];

    private double Toll(int zone) => Zones[zone].Kind switch { "shop" => 8, "hall" => 4, _ => 1 };

    /// <summary>Relaxes until nothing improves (Bellman-Ford): tens of zones, done once.</summary>
    private double[,] CostsToEveryZone()
    {
        var n = Zones.Count + 1;
        var best = new double[n, n];
        for (var i = 0; i < n; i++)
            for (var j = 0; j < n; j++)
                best[i, j] = i == j ? 0 : double.PositiveInfinity;
        for (var changed = true; changed;)
        {
            changed = false;
            for (var from = 0; from < n; from++)
                foreach (var passage in passages[from])
                    for (var to = 0; to < n; to++)
                    {
                        if (passage.To == Outside && to != Outside)
                            continue;
                        var through = passage.To == to ? 1 : 1 + Toll(passage.To) + best[passage.To, to];
                        if (from == to || through >= best[from, to])
                            continue;
                        best[from, to] = through;
                        changed = true;
                    }
        }
        return best;
    }
}
