using System.Globalization;

namespace SmartDistrict.Testing.Simulation.Beams;

/// <summary>A person's way: positions in metres at times in seconds, in order.</summary>
public sealed record Track(int Id, IReadOnlyList<(double Time, double X, double Y)> Points)
{
    public double From => Points[0].Time;

    public double To => Points[^1].Time;

    /// <summary>
    /// Position at a time within the track: a cubic through the points whose tangents are those of the points around
    /// (Catmull-Rom), so that speeds do not jump at the points.
    /// </summary>
    public (double X, double Y) At(double time)
    {
        int low = 0, high = Points.Count - 1;
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            if (Points[middle].Time <= time)
                low = middle;
            else
                high = middle;
        }
        var (a, b) = (Points[low], Points[high]);
        var length = b.Time - a.Time;
        var u = Math.Clamp((time - a.Time) / length, 0, 1);
        var (before, after) = (Tangent(low), Tangent(high));
        double Cubic(double p, double v, double q, double w) =>
            (((2 * u * u * u) - (3 * u * u) + 1) * p) + (((u * u * u) - (2 * u * u) + u) * length * v)
            + (((3 * u * u) - (2 * u * u * u)) * q) + (((u * u * u) - (u * u)) * length * w);
        return (Cubic(a.X, before.X, b.X, after.X), Cubic(a.Y, before.Y, b.Y, after.Y));
    }

    private (double X, double Y) Tangent(int point)
    {
        var (from, to) = (Points[Math.Max(0, point - 1)], Points[Math.Min(Points.Count - 1, point + 1)]);
        var length = to.Time - from.Time;
        return ((to.X - from.X) / length, (to.Y - from.Y) / length);
    }
}

/// <summary>
/// Tracks in the form of the ETH and UCY pedestrian sets, <c>obsmat.txt</c>: a row per person and annotated frame, with
/// <c>frame id x z y vx vz vy</c> (z is not used), or <c>frame id x y</c>. The file states no units: see <see cref="Assumptions"/>.
/// </summary>
public sealed class TrackFile
{
    /// <summary>ETH and UCY are annotated every 0.4 s.</summary>
    private const double UsualStep = 0.4;

    private const double UsualSpeed = 1.3;

    private TrackFile(IReadOnlyList<Track> tracks, IReadOnlyList<string> assumptions)
    {
        Tracks = tracks;
        Assumptions = assumptions;
    }

    /// <summary>At least two points each; somebody who was out of sight for long has several.</summary>
    public IReadOnlyList<Track> Tracks { get; }

    /// <summary>What was assumed of units, in sentences.</summary>
    public IReadOnlyList<string> Assumptions { get; }

    /// <exception cref="CommandLineException">The file cannot be read, or is no such file.</exception>
    public static TrackFile Load(string path)
    {
        try
        {
            return Parse(File.ReadLines(path), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandLineException($"{path}: {e.Message.TrimEnd('.')}. Mend: name a readable obsmat.txt");
        }
    }

    /// <param name="name">What messages call it.</param>
    public static TrackFile Parse(IEnumerable<string> lines, string name)
    {
        var rows = new List<(double Frame, double Id, double X, double Y, double? Vx, double? Vy)>();
        var number = 0;
        foreach (var line in lines)
        {
            number++;
            var fields = line.Split([' ', '\t', ',', ';'], StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length == 0 || fields[0][0] is '#' or '%')
                continue;
            var values = new double[fields.Length];
            for (var i = 0; i < fields.Length; i++)
                if (!double.TryParse(fields[i], NumberStyles.Float, CultureInfo.InvariantCulture, out values[i]) || !double.IsFinite(values[i]))
                    throw new CommandLineException($"{name}:{number}: '{fields[i]}' is no number. Mend: give rows of 'frame id x z y vx vz vy', or 'frame id x y'");
            rows.Add(values switch
            {
                [var frame, var id, var x, _, var y, var vx, _, var vy, ..] => (frame, id, x, y, vx, vy),
                [var frame, var id, var x, var y] => (frame, id, x, y, null, null),
                _ => throw new CommandLineException($"{name}:{number}: {values.Length} columns. Mend: give rows of 'frame id x z y vx vz vy', or 'frame id x y'"),
            });
        }
        if (rows.Count == 0)
            throw new CommandLineException($"{name}: no rows. Mend: give rows of 'frame id x z y vx vz vy', or 'frame id x y'");
        var people = rows.GroupBy(row => row.Id).Select(person => person.OrderBy(row => row.Frame).DistinctBy(row => row.Frame).ToList()).ToList();
        var steps = people.SelectMany(person => person.Zip(person.Skip(1), (a, b) => (a, b, Frames: b.Frame - a.Frame))).ToList();
        if (steps.Count == 0)
            throw new CommandLineException($"{name}: nobody is seen twice. Mend: give a file with tracks");
        var assumptions = new List<string>();
        var step = Median(steps.Select(pair => pair.Frames));
        var secondsPerFrame = SecondsPerFrame(steps.Select(pair => (pair.Frames, Math.Sqrt(Square(pair.b.X - pair.a.X) + Square(pair.b.Y - pair.a.Y)), pair.b.Vx, pair.b.Vy)), step, assumptions);
        var scale = Scale(steps.Select(pair => Math.Sqrt(Square(pair.b.X - pair.a.X) + Square(pair.b.Y - pair.a.Y)) / (pair.Frames * secondsPerFrame)), assumptions);
        var tracks = new List<Track>();
        foreach (var person in people)
        {
            var points = new List<(double, double, double)>();
            for (var i = 0; i < person.Count; i++)
            {
                if (i > 0 && person[i].Frame - person[i - 1].Frame > 4 * step)
                    Finish(person[i].Id);
                points.Add((person[i].Frame * secondsPerFrame, person[i].X * scale, person[i].Y * scale));
            }
            Finish(person[0].Id);

            void Finish(double id)
            {
                if (points.Count > 1)
                    tracks.Add(new Track((int)id, [.. points]));
                points.Clear();
            }
        }
        return new TrackFile(tracks, assumptions);
    }

    /// <summary>The velocities tell how long a frame is, where the file has them.</summary>
    private static double SecondsPerFrame(
        IEnumerable<(double Frames, double Distance, double? Vx, double? Vy)> steps, double step, List<string> assumptions)
    {
        var told = steps.Where(s => s.Vx is not null && s.Vy is not null && s.Distance > 0)
            .Select(s => (s.Frames, s.Distance, Speed: Math.Sqrt(Square(s.Vx!.Value) + Square(s.Vy!.Value))))
            .Where(s => s.Speed > 0).Select(s => s.Distance / s.Speed / s.Frames).ToList();
        var seconds = told.Count > 0 ? Median(told) : 0;
        // velocities per frame, or in other units than the positions, would make steps of seconds or of no time
        if (seconds * step is >= 0.02 and <= 2)
        {
            assumptions.Add(string.Create(CultureInfo.InvariantCulture, $"{1 / seconds:0.#} frames a second, as positions and velocities of the file agree; a point every {seconds * step:0.###} s"));
            return seconds;
        }
        assumptions.Add(string.Create(CultureInfo.InvariantCulture, $"a point every {UsualStep} s ({step:0.#} frames), as in ETH and UCY: the file's velocities do not tell"));
        return UsualStep / step;
    }

    /// <summary>Positions are metres unless people would fly or stand.</summary>
    private static double Scale(IEnumerable<double> speeds, List<string> assumptions)
    {
        // many may stand about, so the faster ones are looked at
        var sorted = speeds.Where(speed => speed > 0).DefaultIfEmpty(UsualSpeed).Order().ToList();
        var brisk = sorted[sorted.Count * 3 / 4];
        if (brisk is >= 0.5 and <= 4)
        {
            assumptions.Add(string.Create(CultureInfo.InvariantCulture, $"positions in metres: a quarter of the steps are faster than {brisk:0.00} m/s"));
            return 1;
        }
        assumptions.Add(string.Create(CultureInfo.InvariantCulture, $"positions are no metres (a quarter of the steps are faster than {brisk:0.###} units a second): scaled so that this is {UsualSpeed} m/s"));
        return UsualSpeed / brisk;
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }

    private static double Square(double value) => value * value;
}
