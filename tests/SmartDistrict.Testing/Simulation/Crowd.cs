using SmartDistrict.Configuration;

namespace SmartDistrict.Testing.Simulation;

/// <summary>
/// People walking through the district. Each arrives at an entrance, visits a few places, and leaves again: what enters
/// must leave. Deterministic: the same seed, start and district give the same crossings.
/// </summary>
/// <remarks>Invariant: in every zone, crossings in minus crossings out is the number of people there, never below 0.</remarks>
public sealed class Crowd : ICrossingSource
{
    private readonly ZoneGraph graph;
    private readonly DailyRhythm rhythm;
    private readonly Random random;
    private readonly double peakPerMillisecond;
    private readonly List<Passage> entrances;
    private readonly double[] entranceWeights;
    private readonly List<int> places;
    private readonly double[] placeWeights;
    private readonly PriorityQueue<Walker, (long At, long Order)> walking = new();
    private long nextArrival;
    private long order;

    /// <param name="graph">Where one can walk.</param>
    /// <param name="rhythm">How many come when.</param>
    /// <param name="start">When the first may arrive; the district is empty before.</param>
    /// <param name="seed">Decides everything that chance decides.</param>
    /// <param name="peakPerMinute">People arriving per minute at the weekday peak.</param>
    /// <exception cref="InvalidOperationException">The district has no line that joins "outside".</exception>
    public Crowd(ZoneGraph graph, DailyRhythm rhythm, DateTimeOffset start, int seed, double peakPerMinute)
    {
        this.graph = graph;
        this.rhythm = rhythm;
        random = Chance.For(seed, "crowd");
        peakPerMillisecond = peakPerMinute / 60_000;
        entrances = [.. graph.From(graph.Outside).Where(p => graph.Reaches(p.To, graph.Outside))];
        if (entrances.Count == 0)
            throw new InvalidOperationException($"nobody can come and go: no counting line joins '{District.Outside}' both ways; give the district an entrance");
        entranceWeights = [.. entrances.Select(e => graph.Widths[e.Line] * (graph.Zones[e.To].Kind == "hall" ? 3 : 1))];
        places = [.. Enumerable.Range(0, graph.Zones.Count).Where(Visitable)];
        placeWeights = [.. places.Select(p => Attraction(graph.Zones[p].Kind) * (0.5 + 1.5 * random.NextDouble()))];
        nextArrival = start.ToUnixTimeMilliseconds();
        PlanArrival();
    }

    /// <summary>People in the district now.</summary>
    public int Inside => walking.Count;

    public long Next => walking.TryPeek(out _, out var first) ? Math.Min(first.At, nextArrival) : nextArrival;

    public Crossing Take()
    {
        if (!walking.TryPeek(out _, out var first) || nextArrival < first.At)
            return Arrive();
        var walker = walking.Dequeue();
        var passage = walker.Ahead;
        if (passage.To != graph.Outside)
            Enter(walker, passage, first.At);
        return new Crossing(passage.Line, first.At, passage.Entry);
    }

    private Crossing Arrive()
    {
        var at = nextArrival;
        PlanArrival();
        var entrance = entrances[random.Weighted(entranceWeights)];
        var walker = new Walker { Metres = 0.8 + 0.7 * random.NextDouble() };
        for (var visits = 1 + random.Poisson(1.8); visits > 0; visits--)
            walker.Plan.Enqueue(places[random.Weighted(placeWeights)]);
        Enter(walker, entrance, at);
        return new Crossing(entrance.Line, at, entrance.Entry);
    }

    private void PlanArrival()
    {
        do
            nextArrival += random.Gap(peakPerMillisecond * DailyRhythm.Highest);
        while (!random.Happens(rhythm.At(DateTimeOffset.FromUnixTimeMilliseconds(nextArrival)) / DailyRhythm.Highest));
    }

    /// <summary>A walker comes into a zone: stays where it wanted to go, then takes the next step of its way.</summary>
    private void Enter(Walker walker, Passage through, long at)
    {
        var zone = through.To;
        double stay = 0;
        while (walker.Plan.TryPeek(out var goal) && goal == zone)
        {
            walker.Plan.Dequeue();
            stay += Stay(graph.Zones[zone].Kind);
        }
        walker.Ahead = graph.Toward(zone, walker.Plan.TryPeek(out var next) ? next : graph.Outside, random);
        var walk = graph.Distance(through.Line, walker.Ahead.Line) / walker.Metres;
        walking.Enqueue(walker, (at + (long)((stay + walk) * 1000), order++));
    }

    private bool Visitable(int zone) =>
        graph.Reaches(zone, graph.Outside) && entrances.TrueForAll(e => e.To == zone || graph.Reaches(e.To, zone));

    private static double Attraction(string kind) => kind switch { "hall" => 6, "plaza" => 5, "shop" => 3, _ => 1 };

    /// <summary>Seconds spent at a place.</summary>
    private double Stay(string kind) => Math.Clamp(random.LogNormal(kind switch { "hall" => 420, "shop" => 300, "plaza" => 180, _ => 30 }, 0.7), 5, 3600);

    private sealed class Walker
    {
        /// <summary>Walking speed, m/s.</summary>
        public required double Metres { get; init; }

        public Queue<int> Plan { get; } = new();

        public Passage Ahead { get; set; }
    }
}
