using Microsoft.AspNetCore.Http.HttpResults;
using SmartDistrict.Cloud.Problems;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Cloud.Footfall;

internal static class FootfallApi
{
    /// <summary>A day of minutes, fifteen days of quarter hours, sixty days of hours.</summary>
    public const int MostBuckets = 1_440;

    /// <summary>Windows read for one answer: about 50 MB of memory while it is made.</summary>
    public const int MostCells = 400_000;

    private static readonly TimeSpan LongestFlow = TimeSpan.FromDays(367);

    public static IServiceCollection AddFootfall(this IServiceCollection services) => services
        .AddSingleton<Topology>()
        .AddSingleton<BusinessDay>()
        .AddSingleton<FootfallReader>();

    public static void MapFootfall(this IEndpointRouteBuilder routes)
    {
        var footfall = routes.MapGroup("/footfall").WithTags("Footfall")
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        footfall.MapGet("/zones", Zones).WithName("getZoneFootfall")
            .WithSummary("Footfall and occupancy of every zone, by time bucket")
            .WithDescription("At most 1,440 buckets at once. A bucket without data is null, never zero; status says what each number is worth.")
            .ProducesValidationProblem();
        footfall.MapGet("/lines", Lines).WithName("getLineFootfall")
            .WithSummary("Footfall of every counting line, by time bucket: what the gateways reported")
            .ProducesValidationProblem();
        footfall.MapGet("/flows", Flows).WithName("getFlows")
            .WithSummary("How many people went from zone to neighbouring zone")
            .WithDescription("Of the topology as it was: a line that moved counts for its old zones before, for its new ones after. At most 367 days.")
            .ProducesValidationProblem();
    }

    private static async Task<Results<Ok<ZoneFootfall>, ProblemHttpResult>> Zones(
        [AsParameters] SeriesQuery query, FootfallReader reader, TimeProvider clock, CancellationToken cancellation) =>
        TryRead(query, reader, clock, out var span, out var problem)
            ? TypedResults.Ok(await reader.ZonesAsync(span, cancellation))
            : problem!;

    private static async Task<Results<Ok<LineFootfall>, ProblemHttpResult>> Lines(
        [AsParameters] SeriesQuery query, FootfallReader reader, TimeProvider clock, CancellationToken cancellation) =>
        TryRead(query, reader, clock, out var span, out var problem)
            ? TypedResults.Ok(await reader.LinesAsync(span, cancellation))
            : problem!;

    private static async Task<Results<Ok<FlowFootfall>, ProblemHttpResult>> Flows(
        [AsParameters] SpanQuery query, FootfallReader reader, TimeProvider clock, CancellationToken cancellation)
    {
        if (!query.TryRead(Resolution.Minute, clock.GetUtcNow(), out var span, out var problem))
            return problem!;
        return span.To - span.From > LongestFlow.TotalSeconds
            ? Problem.BadRequest("range-too-long", "The span is longer than 367 days: ask for a year at a time")
            : TypedResults.Ok(await reader.FlowsAsync(span.From, span.To, cancellation));
    }

    private static bool TryRead(SeriesQuery query, FootfallReader reader, TimeProvider clock, out Span span, out ProblemHttpResult? problem)
    {
        if (!Resolutions.TryParse(query.Bucket, out var resolution))
            throw new InvalidOperationException($"bucket {query.Bucket} passed validation");
        if (!query.TryRead(resolution, clock.GetUtcNow(), out span, out problem))
            return false;
        if (span.Buckets > MostBuckets)
            problem = Problem.BadRequest("range-too-long",
                $"The span has {span.Buckets} buckets of {query.Bucket}, at most {MostBuckets} are given at once: ask for a shorter span or a longer bucket");
        else if (reader.Cells(span) > MostCells)
            problem = Problem.BadRequest("range-too-long",
                $"The answer would be made of {reader.Cells(span)} windows, at most {MostCells} are read at once: ask for a shorter span or a longer bucket");
        return problem is null;
    }
}
