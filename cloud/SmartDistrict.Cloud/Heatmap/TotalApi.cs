using Microsoft.AspNetCore.Http.HttpResults;
using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Cloud.Hot;

namespace SmartDistrict.Cloud.Heatmap;

/// <summary>The sum of a heatmap's zones: what a time line, a day's curve and a calendar are drawn from.</summary>
internal static class TotalApi
{
    public static void MapTotal(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/footfall/total", TotalAsync).WithTags("Footfall").WithName("getTotal")
            .WithSummary("One number of all zones, or of some, summed up by time bucket")
            .WithDescription(
                "Of the same numbers as the heatmap. A walk from one zone into another is an entry into the second: the sum counts visits of zones, not visitors. "
                + "Zones without data are not in a sum; zonesWithData says how many are.")
            .ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<Results<Ok<TotalAnswer>, ProblemHttpResult>> TotalAsync(
        [AsParameters] HeatmapQuery query, HeatmapReader reader, StoreHealth health, Topology topology, BusinessDay day, TimeProvider clock,
        CancellationToken cancellation)
    {
        if (!query.TryRead(topology, day, clock.GetUtcNow(), out var request, out var problem))
            return problem!;
        if (HeatmapApi.TooMuch(request, topology) is { } tooLong)
            return tooLong;
        var source = await reader.FindAsync(request, cancellation);
        if (source == Source.Store && HeatmapApi.TooMuch(request, reader.Cells(request), clock.GetUtcNow()) is { } tooMuch)
            return tooMuch;
        return TypedResults.Ok(Sum(request, await reader.ReadAsync(request, source, cancellation), health.Stale));
    }

    private static TotalAnswer Sum(HeatmapRequest request, HeatmapFigures figures, StaleStore? stale)
    {
        var buckets = figures.Starts.Count;
        var (values, trust, zones) = (new long?[buckets], new Trust[buckets], new int[buckets]);
        var known = new List<long>(buckets * figures.Zones.Count);
        for (var row = 0; row < figures.Zones.Count; row++)
            for (var i = 0; i < buckets; i++)
            {
                if (figures.Trust(row)[i] is var worth && worth == Trust.None)
                    continue;
                var value = figures.Values(row)[i];
                known.Add(value);
                values[i] = (values[i] ?? 0) + value;
                trust[i] = TrustRules.Worst(trust[i], worth);
                zones[i]++;
            }
        for (var i = 0; i < buckets; i++)
            if (zones[i] == 0)
                trust[i] = Trust.None;
        known.Sort();
        return new(
            request.Measure.Name(), request.Bucket, request.Span.From, request.Span.To, figures.Starts, values, HeatmapBody.Runs(trust),
            zones, figures.Zones.Count, known.Count == 0 ? 0 : known[(known.Count - 1) * 97 / 100], stale);
    }
}
