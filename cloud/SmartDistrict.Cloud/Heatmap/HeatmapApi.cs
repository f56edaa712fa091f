using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Cloud.Hot;
using SmartDistrict.Cloud.Problems;

namespace SmartDistrict.Cloud.Heatmap;

internal static class HeatmapApi
{
    /// <summary>2,000 zones for a week of quarter hours, or for two years of days.</summary>
    public const int MostValues = 1_500_000;

    public static IServiceCollection AddHeatmap(this IServiceCollection services) => services
        .AddSingleton<HeatmapReader>()
        .AddSingleton<HeatmapCache>();

    public static void MapHeatmap(this IEndpointRouteBuilder routes)
    {
        routes.MapTotal();
        routes.MapGet("/footfall/heatmap", HeatmapAsync).WithTags("Footfall").WithName("getHeatmap")
            .WithSummary("One number of every zone by time bucket, in a compact form")
            .WithDescription(
                "Recent days are answered from memory, older ones from the store; stale says when what memory holds is more than 20 s old. "
                + "A day is the sum of its windows, whose unplaced people are numbers of their own. "
                + "Send If-None-Match with the last ETag: 304 means that nothing has changed.")
            .Produces<HeatmapAnswer>().Produces(StatusCodes.Status304NotModified)
            .ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<IResult> HeatmapAsync(
        [AsParameters] HeatmapQuery query, HeatmapReader reader, HeatmapCache cache, StoreHealth health, Topology topology, BusinessDay day,
        TimeProvider clock, HttpContext context, CancellationToken cancellation)
    {
        if (!query.TryRead(topology, day, clock.GetUtcNow(), out var request, out var problem))
            return problem!;
        if (TooMuch(request, topology) is { } tooLong)
            return tooLong;
        var source = await reader.FindAsync(request, cancellation);
        if (source == Source.Hot)
            return Answer(context, await cache.GetAsync(request, cancellation));
        if (TooMuch(request, reader.Cells(request), clock.GetUtcNow()) is { } tooMuch)
            return tooMuch;
        var figures = await reader.ReadAsync(request, source, cancellation);
        return Answer(context, HeatmapBody.Of(request, figures, topology, health.Stale));
    }

    /// <summary>Refuses what would be more numbers than are made at once.</summary>
    internal static ProblemHttpResult? TooMuch(HeatmapRequest request, Topology topology)
    {
        var zones = request.Zones?.Count ?? topology.ZoneCount;
        var buckets = request.ByDay ? (request.Span.To - request.Span.From) / 86_400 : request.Span.Buckets;
        return zones * buckets <= MostValues ? null : Problem.BadRequest("range-too-long",
            $"The answer would have {zones * buckets} numbers, at most {MostValues} are given at once: ask for a shorter span, a longer bucket or fewer zones");
    }

    /// <summary>Refuses what would take more windows of the store than are read at once.</summary>
    internal static ProblemHttpResult? TooMuch(HeatmapRequest request, long cells, DateTimeOffset now)
    {
        if (cells <= FootfallApi.MostCells)
            return null;
        return request.ByDay && request.Span.From > now.ToUnixTimeSeconds() - (DaySums.MostDays * 86_400L)
            ? Problem.Of(StatusCodes.Status503ServiceUnavailable, "days-being-read",
                "The days of this span are still being read from the store into memory, the newest first: ask again in a minute, or ask for a shorter span")
            : Problem.BadRequest("range-too-long",
                $"The answer would be made of {cells} windows of the store, at most {FootfallApi.MostCells} are read at once: ask for a shorter span, a longer bucket or fewer zones");
    }

    /// <summary>Sends a body as the client takes it. The packed ones are kept with it, so the middleware has nothing to pack.</summary>
    private static FileContentHttpResult Answer(HttpContext context, HeatmapBody body)
    {
        var headers = context.Response.Headers;
        headers.CacheControl = "private, no-cache";
        headers.Vary = HeaderNames.AcceptEncoding;
        var bytes = body.Json;
        if (Takes(context, "br"))
            (headers.ContentEncoding, bytes) = ("br", body.PackedByBrotli);
        else if (Takes(context, "gzip"))
            (headers.ContentEncoding, bytes) = ("gzip", body.PackedByGzip);
        return TypedResults.Bytes(bytes, "application/json", entityTag: new EntityTagHeaderValue($"\"{body.Tag}\"", isWeak: true));
    }

    private static bool Takes(HttpContext context, string encoding) =>
        StringWithQualityHeaderValue.TryParseList(context.Request.Headers.AcceptEncoding, out var accepted)
        && accepted.Any(value => value.Value.Equals(encoding, StringComparison.OrdinalIgnoreCase) && value.Quality is not 0);
}
