using SmartDistrict.Edge.Footfall;
using SmartDistrict.Testing;
using SmartDistrict.Testing.Simulation.Beams;

namespace SmartDistrict.Benchmarks;

/// <summary>
/// <c>counting</c>: real people, recorded in a plaza, walk through virtual pairs of light beams; the edges go through the
/// debounce as in the kernel and through the gateway's own counter, and each miss is explained.
/// </summary>
/// <remarks>
/// <c>--tracks FILE</c> any <c>obsmat.txt</c>; <c>--spacing M</c> between the beams; the default is the UCY set zara01.
/// </remarks>
internal static class Counting
{
    private const double BodyWidth = 0.4;
    private const double Debounce = 0.025;
    private const double LongestPerson = 0.5;
    private const double HalfDoor = 1.0;

    public static Task<int> RunAsync(string[] arguments)
    {
        var options = new CommandLine(arguments, "tracks", "spacing");
        var path = options.Text("tracks") ?? RepositoryFiles.Path("..", "shared", "data", "ucy", "zara01", "obsmat.txt");
        var spacing = options.Number("spacing", 0.05, 0.39) ?? 0.2;
        var file = TrackFile.Load(path);
        Console.WriteLine($"{path}: {file.Tracks.Select(track => track.Id).Distinct().Count()} people; {string.Join("; ", file.Assumptions)}");
        Console.WriteLine(Invariant($"bodies are discs of {BodyWidth:0.00} m, beams {spacing:0.00} m apart, debounce {Debounce * 1000:0} ms; one person is at most {LongestPerson:0.00} m long for the counter"));
        var (beams, geometry) = (new VirtualBeams(spacing, BodyWidth, Debounce), new BeamGeometry(spacing, LongestPerson));
        var results = Places(file.Tracks).Select(place => PlaceResult.Of(place, file.Tracks, beams, geometry)).ToList();
        foreach (var result in results)
            Report(result);
        Conclude(results);
        return Task.FromResult(0);
    }

    /// <summary>
    /// Lines across the way that most walk: through the whole plaza, and doors of 2 m in it where most pass. The main way is
    /// the principal axis of all steps.
    /// </summary>
    private static List<CountingPlace> Places(IReadOnlyList<Track> tracks)
    {
        var (xx, xy, yy) = (0.0, 0.0, 0.0);
        foreach (var track in tracks)
            for (var i = 1; i < track.Points.Count; i++)
            {
                var (dx, dy) = (track.Points[i].X - track.Points[i - 1].X, track.Points[i].Y - track.Points[i - 1].Y);
                (xx, xy, yy) = (xx + (dx * dx), xy + (dx * dy), yy + (dy * dy));
            }
        var angle = Math.Atan2(2 * xy, xx - yy) / 2;
        var points = tracks.SelectMany(track => track.Points).Select(point => (point.X, point.Y)).ToList();
        var places = new List<CountingPlace>();
        foreach (var (name, turned) in new[] { ("across", 0.0), ("aslant 30°", Math.PI / 6), ("aslant -30°", -Math.PI / 6) })
        {
            var inward = (X: Math.Cos(angle + turned), Y: Math.Sin(angle + turned));
            var along = points.Select(point => (point.X * inward.X) + (point.Y * inward.Y)).Order().ToList();
            var middle = points.Select(point => (point.Y * inward.X) - (point.X * inward.Y)).Order().ToList() is var sides ? sides[sides.Count / 2] : 0;
            foreach (var share in turned == 0 ? (double[])[0.15, 0.3, 0.5, 0.7, 0.85] : [0.5])
            {
                var (low, high) = (along[along.Count / 100], along[along.Count - 1 - (along.Count / 100)]);
                var at = low + (share * (high - low));
                var line = new CountingPlace(Invariant($"{name} at {share * 100:0} %"), ((at * inward.X) - (middle * inward.Y), (at * inward.Y) + (middle * inward.X)), inward, null);
                places.Add(line);
                if (Busiest(line, tracks) is { } side)
                    places.Add(line with
                    {
                        Name = line.Name + Invariant($", door of {2 * HalfDoor:0} m"),
                        Middle = (line.Middle.X - (side * inward.Y), line.Middle.Y + (side * inward.X)),
                        Opening = HalfDoor,
                    });
            }
        }
        return places;
    }

    /// <summary>Where along a line most people cross it, m from its middle.</summary>
    private static double? Busiest(CountingPlace line, IReadOnlyList<Track> tracks)
    {
        var crossings = new List<double>();
        foreach (var track in tracks)
            for (var i = 1; i < track.Points.Count; i++)
            {
                var (before, after) = (line.Locate((track.Points[i - 1].X, track.Points[i - 1].Y)), line.Locate((track.Points[i].X, track.Points[i].Y)));
                if (before.Across < 0 != after.Across < 0)
                    crossings.Add((before.Along + after.Along) / 2);
            }
        return crossings.Count == 0 ? null : crossings.MaxBy(at => crossings.Count(other => Math.Abs(other - at) < HalfDoor));
    }

    private static void Report(PlaceResult result)
    {
        Console.WriteLine();
        Console.WriteLine(Invariant($"{result.Place.Name}: line through ({result.Place.Middle.X:0.00}, {result.Place.Middle.Y:0.00}), inward ({result.Place.Inward.X:0.00}, {result.Place.Inward.Y:0.00}){(result.NotWhole > 0 ? $"; {result.NotWhole} left out, who begin or end in the beams" : "")}"));
        foreach (var inward in (bool[])[true, false])
        {
            var truth = result.Crossings.Where(crossing => crossing.Inward == inward).ToList();
            var counted = result.Counted.Where(passage => passage.Inward == inward).ToList();
            var (people, doubtful) = (counted.Sum(passage => passage.People), counted.Sum(passage => passage.Ambiguous));
            var wrong = result.Missed.Count(crossing => crossing.Inward == inward) + result.Extra.Count(extra => extra.Inward == inward);
            Console.WriteLine(Invariant($"  {(inward ? "in " : "out")} true {truth.Count,4}: alone {Of(Company.Alone)}, in file {Of(Company.File)}, hidden {Of(Company.Hidden)}; counted {people,4} ({doubtful} ambiguous), error {people - truth.Count:+0;-0;0} signed, {wrong} absolute"));
            string Of(Company company) => Invariant($"{truth.Count(c => c.Company == company)}-{result.Missed.Count(m => m.Inward == inward && m.Company == company)}+{result.Extra.Count(e => e.Inward == inward && e.Company == company)}");
        }
        foreach (var miss in result.Missed.OrderBy(miss => miss.Time))
            Console.WriteLine(Invariant($"    missed {(miss.Inward ? "in " : "out")} person {miss.Person} at {miss.Time:0.00} s: {Cause(result, miss)}"));
        foreach (var extra in result.Extra.OrderBy(extra => extra.Time))
            Console.WriteLine(Invariant($"    too many {(extra.Inward ? "in " : "out")} at {extra.Time:0.00} s: {(extra.Company == Company.Hidden ? $"people {string.Join(", ", extra.Others)} hid one another" : $"UNEXPLAINED; {result.Bodies(extra.Episode)}")}"));
    }

    private static string Cause(PlaceResult result, TrueCrossing miss)
    {
        var hidden = result.Crossings.Where(crossing => crossing.Episode == miss.Episode && crossing.Company == Company.Hidden).Select(crossing => crossing.Person).ToList();
        if (miss.Company == Company.File && hidden.Count > 0)
            return $"{string.Join(", ", hidden)} in the same episode hid one another; its edges have a likelier explanation without {miss.Person}";
        if (miss.Company != Company.Hidden)
            return $"UNEXPLAINED; {result.Bodies(miss.Episode)}";
        var others = result.Crossings.Where(crossing => crossing.Episode == miss.Episode && crossing.Person != miss.Person).OrderBy(crossing => Math.Abs(crossing.Time - miss.Time)).ToList();
        if (others.Count == 0)
            return $"hidden by {string.Join(", ", miss.Others)} who did not go through";
        var nearest = others[0];
        return nearest.Inward == miss.Inward
            ? Invariant($"abreast of {nearest.Person}, {Math.Abs(nearest.Time - miss.Time) * 1000:0} ms apart ({others.Count + 1} people in one occlusion)")
            : Invariant($"met {nearest.Person} who came the other way, {Math.Abs(nearest.Time - miss.Time) * 1000:0} ms apart ({others.Count + 1} people in one occlusion)");
    }

    private static void Conclude(List<PlaceResult> results)
    {
        var truth = results.SelectMany(result => result.Crossings).ToList();
        var single = truth.Count(crossing => crossing.Company != Company.Hidden);
        var missedSingle = results.Sum(result => result.Missed.Count(miss => miss.Company != Company.Hidden));
        var wrongSingle = missedSingle + results.Sum(result => result.Extra.Count(extra => extra.Company != Company.Hidden));
        var wrong = results.Sum(result => result.Missed.Count + result.Extra.Count);
        var (low, high) = Wilson(missedSingle, single);
        Console.WriteLine();
        Console.WriteLine(Invariant($"{results.Count} places, {truth.Count} crossings, {single} in single file (nobody else in the same beam, nor within the debounce before and after)"));
        Console.WriteLine(Invariant($"single file: {missedSingle} missed of {single}: {Percent(missedSingle, single):0.00} % (95 % Wilson interval {100 * low:0.00} to {100 * high:0.00} %); {wrongSingle - missedSingle} too many"));
        Console.WriteLine(Invariant($"in groups: {wrong - wrongSingle} wrong of {truth.Count - single}; signed error of all {results.Sum(r => r.Extra.Count) - results.Sum(r => r.Missed.Count):+0;-0;0}"));
        Console.WriteLine(Invariant($"counting error_single {Percent(wrongSingle, single):0.00} error_all {Percent(wrong, truth.Count):0.00}"));
    }

    private static double Percent(int part, int of) => of == 0 ? 0 : 100.0 * part / of;

    /// <summary>Wilson's score interval of a share, 95 %.</summary>
    private static (double Low, double High) Wilson(int hits, int of)
    {
        if (of == 0)
            return (0, 1);
        const double z = 1.959964;
        var share = (double)hits / of;
        var (middle, reach) = (share + (z * z / (2 * of)), z * Math.Sqrt((share * (1 - share) / of) + (z * z / (4.0 * of * of))));
        var scale = 1 + (z * z / of);
        return (Math.Max(0, (middle - reach) / scale), Math.Min(1, (middle + reach) / scale));
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
