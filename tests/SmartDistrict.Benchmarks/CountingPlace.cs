using SmartDistrict.Edge.Footfall;
using SmartDistrict.Testing.Simulation.Beams;

namespace SmartDistrict.Benchmarks;

/// <summary>A straight line with a pair of beams along it, somewhere in a plaza.</summary>
/// <param name="Middle">A point of the line, between the two beams.</param>
/// <param name="Inward">Unit vector across the line, from beam A to beam B.</param>
/// <param name="Opening">Half the width of the door around <paramref name="Middle"/>, m; null: the line crosses the whole plaza.</param>
internal sealed record CountingPlace(string Name, (double X, double Y) Middle, (double X, double Y) Inward, double? Opening)
{
    /// <summary>Distance from the line, m, and along it from its middle.</summary>
    public (double Across, double Along) Locate((double X, double Y) at) =>
        (((at.X - Middle.X) * Inward.X) + ((at.Y - Middle.Y) * Inward.Y), ((at.Y - Middle.Y) * Inward.X) - ((at.X - Middle.X) * Inward.Y));
}

/// <summary>How a crossing met others.</summary>
internal enum Company
{
    /// <summary>Nobody else was in the beams between the two moments at which they were clear.</summary>
    Alone,

    /// <summary>Somebody was in the beams just before or after, and each beam was clear in between for longer than the debounce.</summary>
    File,

    /// <summary>Somebody was in the same beam without a gap that the kernel could tell: abreast, touching, overtaking, coming the other way.</summary>
    Hidden,
}

/// <summary>Somebody went through a place.</summary>
/// <param name="Time">s, when the middle of the body was between the beams.</param>
internal sealed record TrueCrossing(int Person, double Time, bool Inward, Company Company, int Episode, IReadOnlyList<int> Others);

/// <summary>What the counter made of one place, crossing by crossing.</summary>
internal sealed record PlaceResult(
    CountingPlace Place, IReadOnlyList<TrueCrossing> Crossings, IReadOnlyList<TrueCrossing> Missed,
    IReadOnlyList<(double Time, bool Inward, int Episode, Company Company, IReadOnlyList<int> Others)> Extra, IReadOnlyList<Passage> Counted, int NotWhole)
{
    /// <summary>For an episode: which body was in which beam from when to when, s from its beginning.</summary>
    public required Func<int, string> Bodies { get; init; }

    /// <summary>Lets everybody walk through the place, and counts them with the counter of the gateway.</summary>
    public static PlaceResult Of(CountingPlace place, IReadOnlyList<Track> tracks, VirtualBeams beams, BeamGeometry geometry)
    {
        var (walkers, notWhole) = Walkers(place, tracks, beams);
        List<Occlusion>[] occlusions = [[.. walkers.SelectMany(walker => beams.Occlusions(walker, 0))], [.. walkers.SelectMany(walker => beams.Occlusions(walker, 1))]];
        var edges = beams.Edges(occlusions[0], occlusions[1]);
        var episodes = Episodes(edges, beams.Debounce);
        int EpisodeAt(double time) => episodes.FindIndex(episode => episode.From - 1e-3 <= time && time <= episode.To + 1e-3);
        List<int> InEpisode(int episode) => [.. occlusions[0].Concat(occlusions[1])
            .Where(o => o.From < episodes[episode].To && o.To > episodes[episode].From).Select(o => o.Walker).Distinct()];
        bool HiddenIn(Occlusion own) => occlusions.Any(beam => beam.Contains(own) && beam.Any(o => o.Walker != own.Walker && o.From < own.To + beams.Debounce && own.From < o.To + beams.Debounce));

        var crossings = new List<TrueCrossing>();
        foreach (var walker in walkers)
            foreach (var (time, inward, from, to) in Visits(walker, beams))
            {
                var episode = EpisodeAt(time);
                var others = InEpisode(episode).Where(id => id != walker.Id).ToList();
                var hidden = occlusions.SelectMany(beam => beam).Any(o => o.Walker == walker.Id && o.From <= to && o.To >= from && HiddenIn(o));
                crossings.Add(new TrueCrossing(walker.Id, time, inward, hidden ? Company.Hidden : others.Count > 0 ? Company.File : Company.Alone, episode, others));
            }
        crossings.Sort((a, b) => a.Time.CompareTo(b.Time));

        var counter = new DualBeam(geometry, TimeSpan.FromSeconds(8));
        counter.Start(-1, false, false);
        foreach (var edge in edges)
            counter.Observe(new BeamEdge(edge.Nanoseconds, edge.Beam == 0 ? Beam.A : Beam.B, edge.Broken));
        var counted = counter.Passages.ToList();

        var (missed, extra) = (new List<TrueCrossing>(), new List<(double, bool, int, Company, IReadOnlyList<int>)>());
        foreach (var inward in (bool[])[true, false])
            for (var episode = 0; episode < episodes.Count; episode++)
            {
                var truth = crossings.Where(crossing => crossing.Episode == episode && crossing.Inward == inward).ToList();
                var found = counted.Where(passage => passage.Inward == inward && EpisodeAt((passage.At / 1e9) - beams.Debounce) == episode)
                    .SelectMany(passage => Enumerable.Repeat((passage.At / 1e9) - beams.Debounce, passage.People)).Order().ToList();
                missed.AddRange(Unmatched(truth, found));
                var company = InEpisode(episode);
                var hidden = occlusions.SelectMany(beam => beam).Any(o => o.From < episodes[episode].To && o.To > episodes[episode].From && HiddenIn(o));
                extra.AddRange(found.OrderBy(time => truth.Select(crossing => Math.Abs(crossing.Time - time)).DefaultIfEmpty(0).Min()).Skip(truth.Count)
                    .Select(time => (time, inward, episode, hidden ? Company.Hidden : company.Count > 1 ? Company.File : Company.Alone, (IReadOnlyList<int>)company)));
            }
        return new PlaceResult(place, crossings, missed, extra, counted, notWhole)
        {
            Bodies = episode => string.Join(' ', occlusions.SelectMany((beam, index) => beam
                .Where(o => o.From < episodes[episode].To && o.To > episodes[episode].From).OrderBy(o => o.From)
                .Select(o => FormattableString.Invariant($"{"AB"[index]}:{o.Walker} {o.From - episodes[episode].From:0.000}-{o.To - episodes[episode].From:0.000}")))),
        };
    }

    /// <summary>From the first broken beam until both are clear, as the kernel sees them.</summary>
    private static List<(double From, double To)> Episodes(IReadOnlyList<VirtualEdge> edges, double debounce)
    {
        var episodes = new List<(double From, double To)>();
        var (broken, from) = (0, 0.0);
        foreach (var edge in edges)
        {
            if (broken == 0)
                from = (edge.Nanoseconds / 1e9) - debounce;
            broken += edge.Broken ? 1 : -1;
            if (broken == 0)
                episodes.Add((from, (edge.Nanoseconds / 1e9) - debounce));
        }
        return episodes;
    }

    /// <summary>The people of an episode that no count stands for: those whose times fit least, people in full view first served.</summary>
    private static IEnumerable<TrueCrossing> Unmatched(List<TrueCrossing> truth, List<double> found)
    {
        var open = truth.ToList();
        foreach (var time in found)
        {
            if (open.Count == 0)
                break;
            open.Remove(open.OrderBy(crossing => crossing.Company == Company.Hidden ? 1 : 0).ThenBy(crossing => Math.Abs(crossing.Time - time)).First());
        }
        return open;
    }

    /// <summary>Everybody who comes near, seen along the direction across the line; who begins or ends between the beams is left out.</summary>
    private static (List<Walker> Walkers, int NotWhole) Walkers(CountingPlace place, IReadOnlyList<Track> tracks, VirtualBeams beams)
    {
        var walkers = new List<Walker>();
        var notWhole = 0;
        var reach = (beams.Spacing + beams.BodyWidth) / 2;
        foreach (var track in tracks)
        {
            bool Inside(double time) => Math.Abs(place.Locate(track.At(time)).Across) < reach && Passes(time);
            bool Passes(double time) => place.Opening is not { } half || Math.Abs(place.Locate(track.At(time)).Along) < half;
            if (Inside(track.From) || Inside(track.To))
            {
                notWhole++;
                continue;
            }
            // a door has walls beside it: who would walk through them is not there
            var times = Enumerable.Range(0, (int)((track.To - track.From) / 0.05) + 1).Select(i => track.From + (i * 0.05));
            if (place.Opening is null || times.All(time => Math.Abs(place.Locate(track.At(time)).Across) >= reach || Passes(time)))
                walkers.Add(new Walker(track.Id, track.From, track.To, time => place.Locate(track.At(time)).Across));
        }
        return (walkers, notWhole);
    }

    /// <summary>Each time that somebody came to the beams from one side and left to the other.</summary>
    private static IEnumerable<(double Time, bool Inward, double From, double To)> Visits(Walker walker, VirtualBeams beams)
    {
        var near = new[] { 0, 1 }.SelectMany(beam => beams.Occlusions(walker, beam)).ToList();
        foreach (var (from, to) in VirtualBeams.Union(near))
        {
            var (before, after) = (walker.Along(from) > 0, walker.Along(to) > 0);
            if (before == after)
                continue;
            var (low, high) = (from, to);
            while (high - low > 1e-4)
            {
                var middle = (low + high) / 2;
                if (walker.Along(middle) > 0 == before)
                    low = middle;
                else
                    high = middle;
            }
            yield return (high, after, from, to);
        }
    }
}
