using System.Numerics;

namespace SmartDistrict.Edge.Footfall;

/// <summary>
/// Explains an episode, the edges from the first broken beam until both are clear again, by the likeliest people.
/// </summary>
/// <remarks>
/// A person is a body of some depth that walks through both beams at about one speed: it breaks the second beam as long
/// after the first as the spacing takes it, front and back alike, and each beam for as long as its depth takes it. People
/// hide one another: an edge is the front or the back of one body, or nothing is seen of it. So an explanation is a set of
/// bodies of which each edge belongs to exactly one, and which leave no part of a pulse dark without a body in it. Its cost
/// is −2 ln of its likelihood up to a constant: how usual the speeds are, how far the edges lie from a steady walk, and for
/// what is rare (another person in the same episode, an arm that flickers in one beam, somebody who turns back) a price.
/// The cheapest one counts; another one that is nearly as cheap and counts differently makes it ambiguous.
/// Constants are of pedestrians in general: free speeds around 1.2 m/s with a spread that covers strollers and runners; the
/// depth is the site's, by default that of Fruin's body ellipse (Pedestrian Planning and Design, 1971: 0.46 m deep, 0.61 m
/// broad, with what people carry).
/// </remarks>
internal sealed class BeamEpisode
{
    /// <summary>Edges of one episode at most: what does not end within so many is no longer understood.</summary>
    public const int MaxEdges = 128;

    private const double UsualSpeed = 1.2;
    private const double SpeedSpread = 0.5;

    /// <summary>The longest between leaving one beam and breaking the other, s: for bodies that are shorter than the spacing.</summary>
    private const double LongestLag = 0.3;

    private const double FastestPerson = 8;

    /// <summary>How much a walk's speed changes, m/s².</summary>
    private const double Wavering = 0.8;

    /// <summary>How exact an edge is at all, s: a body is no cylinder.</summary>
    private const double EdgeError = 0.01;

    /// <summary>Speed changes of somebody who stops or turns, m/s².</summary>
    private const double Braking = 1.5;

    // prices of what is rare, −2 ln of about how often
    private const double AnotherPerson = 4;
    private const double HiddenEdge = 1;
    private const double HiddenPerson = 4;
    private const double Flicker = 5;
    private const double Disturbed = 7;
    private const double AnotherTurn = 3;
    private const double Touched = 10;

    /// <summary>A rival explanation within this makes the count ambiguous.</summary>
    private const double Doubt = 3;

    private const int Breadth = 200;
    private const int LongestRun = 3;
    private const int MostEdgesOfOneWanderer = 24;

    private static readonly double[] Speeds = [.. Enumerable.Range(0, 28).Select(i => 0.12 * Math.Exp(i * 0.13))];

    private readonly BeamGeometry geometry;
    private readonly long origin;
    private readonly double[] times;
    private readonly Pulse[][] pulses;
    private readonly List<Mover>[] moversByFirstEdge;
    private readonly UInt128 all;

    private BeamEpisode(ReadOnlySpan<BeamEdge> edges, BeamGeometry geometry)
    {
        this.geometry = geometry;
        origin = edges[0].Time;
        times = new double[edges.Length];
        all = edges.Length == MaxEdges ? UInt128.MaxValue : (UInt128.One << edges.Length) - 1;
        List<Pulse>[] found = [[], []];
        Span<int> up = stackalloc int[2];
        for (var i = 0; i < edges.Length; i++)
        {
            times[i] = (edges[i].Time - origin) / 1e9;
            var beam = (int)edges[i].Beam;
            if (edges[i].Broken)
                up[beam] = i;
            else
                found[beam].Add(new Pulse(up[beam], i, times[up[beam]], times[i]));
        }
        pulses = [[.. found[0]], [.. found[1]]];
        moversByFirstEdge = [.. edges.ToArray().Select(_ => new List<Mover>())];
    }

    /// <summary>Who walked through; empty where nobody did.</summary>
    /// <param name="edges">In the order of time, 2 to <see cref="MaxEdges"/>; each beam is broken and clear in turns and clear at the end.</param>
    public static List<Passage> Explain(ReadOnlySpan<BeamEdge> edges, BeamGeometry geometry) =>
        new BeamEpisode(edges, geometry).Explain(edges);

    private List<Passage> Explain(ReadOnlySpan<BeamEdge> edges)
    {
        ListWalkers();
        ListTouches();
        ListTurnBacks();
        var best = Search();
        if (edges.Length <= MostEdgesOfOneWanderer && Wanderer(edges) is { } wanderer)
            Offer(best, new Explanation(wanderer.Cost, wanderer.People * (wanderer.Inward ? 1 : 0), wanderer.People * (wanderer.Inward ? 0 : 1), [wanderer]));
        var chosen = best.Values.MinBy(explanation => explanation.Cost)!;
        var rival = best.Values.Where(explanation => explanation != chosen && explanation.Cost < chosen.Cost + Doubt)
            .Select(explanation => Math.Max(1, Math.Abs(explanation.In + explanation.Out - chosen.In - chosen.Out))).DefaultIfEmpty(0).Max();
        return Passages(chosen, rival);
    }

    private List<Passage> Passages(Explanation chosen, int doubtful)
    {
        var passages = new List<Passage>();
        foreach (var mover in chosen.Movers.Where(mover => mover.People > 0).OrderBy(mover => mover.At))
        {
            var own = Math.Min(mover.People, Math.Max(mover.Doubtful, doubtful));
            doubtful = Math.Max(0, doubtful - own);
            passages.Add(new Passage(origin + (long)(mover.At * 1e9), mover.Inward, mover.People, own));
        }
        return passages;
    }

    /// <summary>Everybody (or several who hide one another) who may have walked straight through.</summary>
    private void ListWalkers()
    {
        foreach (var inward in (bool[])[true, false])
        {
            var (first, second) = inward ? (pulses[0], pulses[1]) : (pulses[1], pulses[0]);
            for (var i = 0; i < first.Length; i++)
                for (var j = 0; j < second.Length; j++)
                    for (var runI = i; runI < Math.Min(first.Length, i + LongestRun); runI++)
                        for (var runJ = j; runJ < Math.Min(second.Length, j + LongestRun); runJ++)
                            if (second[j].Up - first[runI].Down < LongestLag && first[i].Up < second[runJ].Down)
                                ListWalkers(inward, first.AsSpan(i..(runI + 1)), second.AsSpan(j..(runJ + 1)));
        }
    }

    private void ListWalkers(bool inward, ReadOnlySpan<Pulse> first, ReadOnlySpan<Pulse> second)
    {
        var runs = first.Length + second.Length - 2;
        for (var own = Own.FirstUp; own <= Own.All; own++)
        {
            // a run of pulses that one body left holes in is seen from its front to its back
            if ((first.Length > 1 && !own.HasFlag(Own.FirstUp | Own.FirstDown)) || (second.Length > 1 && !own.HasFlag(Own.SecondUp | Own.SecondDown)))
                continue;
            if (Fit(own, first[0].Up, first[^1].Down, second[0].Up, second[^1].Down) is not { } fit)
                continue;
            UInt128 owned = 0;
            void Take(bool taken, int edge) => owned |= taken ? UInt128.One << edge : 0;
            Take(own.HasFlag(Own.FirstUp), first[0].UpEdge);
            Take(own.HasFlag(Own.FirstDown), first[^1].DownEdge);
            Take(own.HasFlag(Own.SecondUp), second[0].UpEdge);
            Take(own.HasFlag(Own.SecondDown), second[^1].DownEdge);
            foreach (var run in (Span<int>)[0, 1])
            {
                var hole = run == 0 ? first : second;
                for (var k = 1; k < hole.Length; k++)
                {
                    Take(true, hole[k - 1].DownEdge);
                    Take(true, hole[k].UpEdge);
                }
            }
            var (front, back) = (fit.Front - fit.Slack, fit.Back + fit.Slack);
            var onFirst = (own.HasFlag(Own.FirstUp) ? first[0].Up : front, own.HasFlag(Own.FirstDown) ? first[^1].Down : back);
            var onSecond = (own.HasFlag(Own.SecondUp) ? second[0].Up : front + fit.Lag, own.HasFlag(Own.SecondDown) ? second[^1].Down : back + fit.Lag);
            Add(new Mover(owned, fit.Cost + (runs * Flicker), inward, fit.People, (fit.Front + fit.Back + fit.Lag) / 2,
                inward ? onFirst : onSecond, inward ? onSecond : onFirst, fit.Doubtful + (runs > 0 ? 1 : 0)));
        }
    }

    /// <summary>
    /// The best walk whose front and back are the owned edges, and lie within the pulses where they are hidden. Times are of
    /// the beam that is broken first and the one that is broken second.
    /// </summary>
    private Walk? Fit(Own own, double firstUp, double firstDown, double secondUp, double secondDown)
    {
        if (own == Own.All)
            return InFullView(firstUp, firstDown, secondUp, secondDown);
        Walk? best = null;
        void Try(double speed)
        {
            if (Fit(own, speed, firstUp, firstDown, secondUp, secondDown) is { } walk && (best is null || walk.Cost < best.Value.Cost))
                best = walk;
        }
        foreach (var speed in Speeds)
            Try(speed);
        if (own.HasFlag(Own.FirstUp | Own.SecondUp) && secondUp > firstUp)
            Try(geometry.Spacing / (secondUp - firstUp));
        if (own.HasFlag(Own.FirstDown | Own.SecondDown) && secondDown > firstDown)
            Try(geometry.Spacing / (secondDown - firstDown));
        return best;
    }

    /// <summary>Front and back are seen at both beams: the speed of each, and from both the depth of what is between them.</summary>
    private Walk? InFullView(double firstUp, double firstDown, double secondUp, double secondDown)
    {
        var (front, back) = (secondUp - firstUp, secondDown - firstDown);
        if (front <= 0 || back <= 0)
            return null;
        var (frontSpeed, backSpeed) = (geometry.Spacing / front, geometry.Spacing / back);
        var between = (firstDown + secondDown - firstUp - secondUp) / 2;
        var speed = (frontSpeed + backSpeed) / 2;
        var depth = speed * between;
        var change = (backSpeed - frontSpeed) / ((Wavering * between) + (speed * speed / geometry.Spacing * EdgeError));
        return Priced(4, speed, depth, firstUp, firstDown, (front + back) / 2, change * change);
    }

    private Walk? Fit(Own own, double speed, double firstUp, double firstDown, double secondUp, double secondDown)
    {
        var lag = geometry.Spacing / speed;
        var (front, frontMiss) = Mean(own.HasFlag(Own.FirstUp), firstUp, own.HasFlag(Own.SecondUp), secondUp - lag);
        var (back, backMiss) = Mean(own.HasFlag(Own.FirstDown), firstDown, own.HasFlag(Own.SecondDown), secondDown - lag);
        var (earliest, latest) = (Math.Max(firstUp, secondUp - lag), Math.Min(firstDown, secondDown - lag));
        // what is hidden reaches as far as one body can, within what is dark
        front ??= Math.Max(earliest, back!.Value - (geometry.LongestPerson / speed));
        back ??= Math.Min(latest, front.Value + (geometry.LongestPerson / speed));
        var outside = Math.Max(0, earliest - front.Value) + Math.Max(0, back.Value - latest);
        var duration = lag + back.Value - front.Value;
        var beyond = outside / (EdgeError + Slack(speed, duration));
        var misfit = (((2 * frontMiss * frontMiss) + (2 * backMiss * backMiss)) / (EdgeError * EdgeError)) + (beyond * beyond);
        return Priced(BitOperations.PopCount((uint)own), speed, speed * (back.Value - front.Value), front.Value, back.Value, lag, misfit);
    }

    private Walk? Priced(int edges, double speed, double depth, double front, double back, double lag, double misfit)
    {
        if (depth <= 0 || speed > FastestPerson)
            return null;
        var unusual = Math.Log(speed / UsualSpeed) / SpeedSpread;
        var (people, doubtful, deep) = Depth(depth);
        var cost = AnotherPerson + ((4 - edges) * HiddenEdge) + (unusual * unusual) + deep + misfit;
        return new Walk(cost, front, back, lag, Slack(speed, lag + back - front), people, edges == 4 ? doubtful : people - 1);
    }

    /// <summary>How far a hidden edge may lie from where a steady walk would put it, s.</summary>
    private static double Slack(double speed, double duration) => Wavering / 4 * duration * duration / speed;

    /// <summary>How many people make a body of a depth, and the price of that: one of about the usual depth, or several who hide one another.</summary>
    private (int People, int Doubtful, double Cost) Depth(double depth)
    {
        var (usual, spread) = (geometry.LongestPerson * 2 / 3, geometry.LongestPerson / 6);
        for (var people = 1; ; people++)
        {
            var over = (depth - (people * usual)) / (spread * Math.Sqrt(people));
            var cost = people > 1 && over < 0 ? 0 : over * over;
            if (cost <= HiddenPerson || over < 0)
                return (people, people > 1 || cost > HiddenPerson / 2 ? Math.Max(1, people - 1) : 0, ((people - 1) * HiddenPerson) + cost);
        }
    }

    /// <summary>The mean of what is given, and how far each is from it.</summary>
    private static (double? Mean, double Miss) Mean(bool first, double a, bool second, double b) =>
        first && second ? ((a + b) / 2, Math.Abs(a - b) / 2) : first ? (a, 0) : second ? (b, 0) : (null, 0);

    /// <summary>A hand or a bag in one beam, or somebody who stops at the first beam and goes back.</summary>
    private void ListTouches()
    {
        foreach (var beam in (Beam[])[Beam.A, Beam.B])
            foreach (var pulse in pulses[(int)beam])
                Add(new Mover(pulse.Edges, Touched, true, 0, pulse.Up,
                    beam == Beam.A ? (pulse.Up, pulse.Down) : null, beam == Beam.B ? (pulse.Up, pulse.Down) : null, 0));
    }

    /// <summary>Somebody who came to the second beam and went back: the one pulse lies within the other.</summary>
    private void ListTurnBacks()
    {
        foreach (var (outer, inner) in new[] { (pulses[0], pulses[1]), (pulses[1], pulses[0]) })
            foreach (var long_ in outer)
                foreach (var within in inner)
                    if (long_.Up < within.Up && within.Down < long_.Down)
                    {
                        ReadOnlySpan<(double, double)> path = [(long_.Up, 0), (within.Up, geometry.Spacing), (within.Down, geometry.Spacing), (long_.Down, 0)];
                        var force = Acceleration(path) / Braking;
                        var (onOuter, onInner) = ((long_.Up, long_.Down), (within.Up, within.Down));
                        Add(new Mover(long_.Edges | within.Edges, AnotherPerson + Disturbed + (force * force), true, 0, long_.Up,
                            outer == pulses[0] ? onOuter : onInner, outer == pulses[0] ? onInner : onOuter, 0));
                    }
    }

    /// <summary>
    /// One body that explains all edges by wandering to and fro: each change of state puts its front at a known place.
    /// </summary>
    private Mover? Wanderer(ReadOnlySpan<BeamEdge> edges)
    {
        var (least, turns) = (double.MaxValue, 0);
        var path = new (double Time, double Place)[edges.Length];
        var inward = edges[0].Beam == Beam.A;
        var through = edges[^1].Beam != edges[0].Beam;
        for (var depth = Math.Min(0.25, geometry.LongestPerson); depth <= geometry.LongestPerson; depth += 0.05)
        {
            if (depth <= geometry.Spacing)
                continue;
            // a broken first beam: the front is at 0, or the back is; it is the back once the second beam is broken, too
            bool near = false, far = false;
            for (var i = 0; i < edges.Length; i++)
            {
                var first = edges[i].Beam == edges[0].Beam;
                path[i] = (times[i], first ? (far ? depth : 0) : (near ? geometry.Spacing : geometry.Spacing + depth));
                if (first)
                    near = edges[i].Broken;
                else
                    far = edges[i].Broken;
            }
            least = Math.Min(least, Acceleration(path));
            turns = Turns(path);
        }
        if (least == double.MaxValue)
            return null;
        var force = least / Braking;
        return new Mover(all, AnotherPerson + Disturbed + (Math.Max(0, turns - 1) * AnotherTurn) + (force * force), inward, through ? 1 : 0, times[^1] / 2, null, null, 1);
    }

    /// <summary>The acceleration, m/s², that a body needs about to be where it was when it was there.</summary>
    private static double Acceleration(ReadOnlySpan<(double Time, double Place)> path)
    {
        var most = 0.0;
        for (var i = 2; i < path.Length; i++)
        {
            var (before, after) = (Stretch(path, i - 1), Stretch(path, i));
            most = Math.Max(most, Math.Abs(after.Speed - before.Speed) / Math.Max(1e-4, after.Middle - before.Middle));
            if (i < 3)
                continue;
            // who goes slower in between than before and after brakes for half the time, and speeds up again for the other
            before = Stretch(path, i - 2);
            var time = after.Middle - before.Middle;
            var detour = ((before.Speed + after.Speed) / 2 * time) - (after.Place - before.Place);
            most = Math.Max(most, 4 * Math.Abs(detour) / Math.Max(1e-8, time * time));
        }
        return most;
    }

    private static (double Speed, double Middle, double Place) Stretch(ReadOnlySpan<(double Time, double Place)> path, int to)
    {
        var ((t0, p0), (t1, p1)) = (path[to - 1], path[to]);
        return ((p1 - p0) / Math.Max(1e-4, t1 - t0), (t0 + t1) / 2, (p0 + p1) / 2);
    }

    /// <summary>How often the direction changes along a path.</summary>
    private static int Turns(ReadOnlySpan<(double Time, double Place)> path)
    {
        var (turns, direction) = (0, 0);
        for (var i = 1; i < path.Length; i++)
        {
            var now = Math.Sign(path[i].Place - path[i - 1].Place);
            turns += now != 0 && direction != 0 && now != direction ? 1 : 0;
            direction = now != 0 ? now : direction;
        }
        return turns;
    }

    private void Add(Mover mover) => moversByFirstEdge[(int)UInt128.TrailingZeroCount(mover.Owned)].Add(mover);

    /// <summary>The cheapest explanation for each outcome.</summary>
    private Dictionary<(int In, int Out), Explanation> Search()
    {
        var waiting = new Dictionary<(UInt128 Owned, int In, int Out), Partial>[times.Length + 1];
        for (var i = 0; i < waiting.Length; i++)
            waiting[i] = [];
        waiting[0].Add(default, new Partial(0, null, null));
        for (var edge = 0; edge < times.Length; edge++)
            foreach (var (key, partial) in waiting[edge].OrderBy(pair => pair.Value.Cost).Take(Breadth))
                foreach (var mover in moversByFirstEdge[edge])
                {
                    if ((mover.Owned & key.Owned) != 0)
                        continue;
                    var owned = key.Owned | mover.Owned;
                    var next = (owned, key.In + (mover.Inward ? mover.People : 0), key.Out + (mover.Inward ? 0 : mover.People));
                    var at = waiting[owned == all ? times.Length : (int)UInt128.TrailingZeroCount(~owned)];
                    var cost = partial.Cost + mover.Cost;
                    if (owned == all)
                        cost += Dark(mover, partial);
                    if (!at.TryGetValue(next, out var known) || cost < known.Cost)
                        at[next] = new Partial(cost, mover, partial);
                }
        var best = new Dictionary<(int In, int Out), Explanation>();
        foreach (var (key, partial) in waiting[^1])
            Offer(best, new Explanation(partial.Cost, key.In, key.Out, [.. partial.Movers()]));
        return best;
    }

    private static void Offer(Dictionary<(int In, int Out), Explanation> best, Explanation explanation)
    {
        if (!best.TryGetValue((explanation.In, explanation.Out), out var known) || explanation.Cost < known.Cost)
            best[(explanation.In, explanation.Out)] = explanation;
    }

    /// <summary>The price of what is dark although nobody is there.</summary>
    private double Dark(Mover last, Partial before)
    {
        List<Mover> movers = [last, .. before.Movers()];
        var cost = 0.0;
        foreach (var beam in (Beam[])[Beam.A, Beam.B])
        {
            var bodies = movers.Select(mover => beam == Beam.A ? mover.OnA : mover.OnB).OfType<(double From, double To)>().Order().ToList();
            foreach (var pulse in pulses[(int)beam])
            {
                var (lit, unexplained) = (pulse.Up, 0.0);
                foreach (var (from, to) in bodies)
                {
                    if (to <= lit || from >= pulse.Down)
                        continue;
                    unexplained += Math.Max(0, from - lit);
                    lit = Math.Max(lit, to);
                }
                unexplained += Math.Max(0, pulse.Down - lit);
                cost += unexplained * unexplained / (4 * EdgeError * EdgeError);
            }
        }
        return cost;
    }

    /// <summary>A beam was broken from one edge to another.</summary>
    private readonly record struct Pulse(int UpEdge, int DownEdge, double Up, double Down)
    {
        public UInt128 Edges => (UInt128.One << UpEdge) | (UInt128.One << DownEdge);
    }

    /// <summary>Which edges of the beam that a walker breaks first, and of the second one, are its own.</summary>
    [Flags]
    private enum Own
    {
        FirstUp = 1,
        FirstDown = 2,
        SecondUp = 4,
        SecondDown = 8,
        All = 15,
    }

    /// <param name="Front">When the front reaches the first beam, s.</param>
    /// <param name="Back">When the back leaves the first beam, s.</param>
    /// <param name="Lag">How much later the same happens at the second beam, s.</param>
    /// <param name="Slack">How far that may be wrong where it is hidden, s.</param>
    /// <param name="Doubtful">How many of the people are doubtful for the body's depth.</param>
    private readonly record struct Walk(double Cost, double Front, double Back, double Lag, double Slack, int People, int Doubtful);

    /// <summary>Somebody who owns edges.</summary>
    private sealed record Mover(
        UInt128 Owned, double Cost, bool Inward, int People, double At, (double From, double To)? OnA, (double From, double To)? OnB, int Doubtful);

    private sealed record Partial(double Cost, Mover? Last, Partial? Before)
    {
        public IEnumerable<Mover> Movers()
        {
            for (var partial = this; partial?.Last is { } mover; partial = partial.Before)
                yield return mover;
        }
    }

    private sealed record Explanation(double Cost, int In, int Out, IReadOnlyList<Mover> Movers);
}
