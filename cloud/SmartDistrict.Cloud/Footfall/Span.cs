using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Cloud.Footfall;

/// <summary>A span of time on window boundaries, [From, To), s since the Unix epoch.</summary>
internal readonly record struct Span(Resolution Resolution, long From, long To)
{
    public long Buckets => (To - From) / Resolution.Seconds();

    /// <summary>Takes the start down and the end up to whole buckets.</summary>
    public static Span Around(Resolution resolution, long from, long to) =>
        new(resolution, Down(from, resolution.Seconds()), Down(to + resolution.Seconds() - 1, resolution.Seconds()));

    public static long Down(long instant, int seconds) => instant - (((instant % seconds) + seconds) % seconds);

    /// <summary>Cuts the span into parts of at most so many buckets.</summary>
    public IEnumerable<Span> InPartsOf(int buckets)
    {
        var length = (long)Math.Max(1, buckets) * Resolution.Seconds();
        for (var from = From; from < To; from += length)
            yield return this with { From = from, To = Math.Min(To, from + length) };
    }

    /// <summary>
    /// Cuts [from, to), on minute boundaries, into the fewest windows: whole hours inside, quarter hours and minutes at
    /// the edges, so that a year's flow does not read a year of minutes.
    /// </summary>
    public static IEnumerable<Span> Pieces(long from, long to)
    {
        foreach (var resolution in (Resolution[])[Resolution.Hour, Resolution.QuarterHour, Resolution.Minute])
        {
            var (start, end) = (Down(from + resolution.Seconds() - 1, resolution.Seconds()), Down(to, resolution.Seconds()));
            if (start >= end)
                continue;
            foreach (var before in Pieces(from, start))
                yield return before;
            yield return new(resolution, start, end);
            foreach (var after in Pieces(end, to))
                yield return after;
            yield break;
        }
    }
}
