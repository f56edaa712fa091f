using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using SmartDistrict.Cloud.Problems;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Cloud.Footfall;

/// <summary>A span of time.</summary>
public class SpanQuery
{
    internal const string InstantRule = "write an instant as ISO 8601 with an offset, for example 2026-03-02T08:00:00+08:00 or …Z";

    [Description("First instant, ISO 8601 with an offset (2026-03-02T08:00:00+08:00); taken down to a whole bucket.")]
    [FromQuery(Name = "from")]
    [Required(ErrorMessage = "from is missing: " + InstantRule)]
    public string? From { get; set; }

    [Description("End, exclusive, ISO 8601 with an offset; taken up to a whole bucket.")]
    [FromQuery(Name = "to")]
    [Required(ErrorMessage = "to is missing: " + InstantRule)]
    public string? To { get; set; }

    /// <summary>Reads the span, or says what is wrong with it.</summary>
    internal bool TryRead(Resolution resolution, DateTimeOffset now, out Span span, out ProblemHttpResult? problem)
    {
        span = default;
        problem = Instant("from", From, out var first);
        var end = default(DateTimeOffset);
        problem ??= Instant("to", To, out end);
        if (problem is not null)
            return false;
        var from = first.ToUnixTimeSeconds();
        var to = (end.ToUnixTimeMilliseconds() + 999) / 1000;
        var latest = now.ToUnixTimeSeconds() + Math.Max(resolution.Seconds(), 300);
        problem =
            from >= to ? Problem.BadRequest("range-empty", $"from ({From}) is not before to ({To}): exchange them, or ask for a longer span")
            : to > latest ? Problem.BadRequest("range-in-future", $"to ({To}) lies in the future (here it is {now:yyyy-MM-ddTHH:mm:ssK}): ask for a span that ends now")
            : null;
        span = Span.Around(resolution, from, to);
        return problem is null;
    }

    /// <summary>Reads one instant, or says what is wrong with it.</summary>
    internal static ProblemHttpResult? Instant(string name, string? text, out DateTimeOffset instant)
    {
        // K alone takes a time without an offset too; whose time it is must not be guessed.
        var hasOffset = text is not null && (text.EndsWith('Z') || text.LastIndexOfAny(['+', '-']) > text.IndexOf('T', StringComparison.Ordinal));
        var read = DateTimeOffset.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out instant) && hasOffset;
        // A '+' that was not escaped as %2B arrives as a space.
        var hint = text?.Contains(' ') == true ? "; in a URL the '+' of the offset is %2B" : "";
        return read && instant.Year is > 1970 and < 2262
            ? null
            : Problem.BadRequest("instant-invalid", $"{name} ({text}) is not an instant between 1971 and 2261: {InstantRule}{hint}");
    }

    private static readonly string[] Formats =
    [
        "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
    ];
}

/// <summary>A span of time in buckets.</summary>
public sealed class SeriesQuery : SpanQuery
{
    [Description("Length of a bucket: 1m, 15m or 1h.")]
    [FromQuery(Name = "bucket")]
    [Required(ErrorMessage = "bucket is missing: give 1m, 15m or 1h")]
    [AllowedValues("1m", "15m", "1h", ErrorMessage = "bucket is not one of 1m, 15m and 1h")]
    public string? Bucket { get; set; }
}
