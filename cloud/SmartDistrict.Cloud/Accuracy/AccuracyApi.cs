using System.ComponentModel;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using SmartDistrict.Cloud.Access;
using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Cloud.Problems;
using SmartDistrict.Cloud.State;

namespace SmartDistrict.Cloud.Accuracy;

internal static class AccuracyApi
{
    private const string LineId = "Id of a counting line of the district's file.";
    private const int LongestCount = 86_400;
    private static readonly TimeSpan FarthestFactor = TimeSpan.FromDays(366);

    public static IServiceCollection AddAccuracy(this IServiceCollection services) => services
        .AddStateTables(LineFactors.Subject, LineFactors.Schema)
        .AddSingleton<ReadFactors>(provider => () => LineFactors.Made(provider.GetRequiredService<StateFile>()))
        .AddSingleton<LineFactors>()
        .AddSingleton<AccuracyRecord>();

    public static void MapAccuracy(this IEndpointRouteBuilder routes)
    {
        var line = routes.MapGroup("/lines/{line}").WithTags("Accuracy").ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status404NotFound);
        line.MapGet("/accuracy", ReadAsync).WithName("getLineAccuracy")
            .WithSummary("How far a line's counts agree with what people counted beside it, and its calibration factors")
            .WithDescription(
                "Compared are complete quarter hours since the line stands where it does, as the device counted them, before any factor. "
                + "The error's interval is the signed error ± half of the 95 % Wilson score interval of the share of people miscounted.")
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        var acts = line.MapGroup("").RequireAuthorization(Policies.Operator).ProducesValidationProblem().ProducesProblem(StatusCodes.Status403Forbidden);
        acts.MapPost("/manual-counts", Enter).WithName("addManualCount").WithSummary("Enters what a person counted beside a line");
        acts.MapDelete("/manual-counts/{id:long}", Withdraw).WithName("withdrawManualCount").WithSummary("Takes a manual count back: it stays in the record, and is compared no longer");
        acts.MapPost("/factors", Calibrate).WithName("addLineFactor").WithSummary("Sets what a line's counts are multiplied by in numbers and reports, from an instant on")
            .WithDescription("Never from before the next quarter hour: what was told of the past stays. What was counted is kept and told beside. To end a factor, set 1.");
    }

    private static async Task<Results<Ok<LineAccuracy>, ProblemHttpResult>> ReadAsync(
        [Description(LineId)] string line, AccuracyRecord record, Topology topology, CancellationToken cancellation) =>
        topology.LineIndex(line) is var index and >= 0 ? TypedResults.Ok(await record.OfAsync(index, cancellation)) : Unknown(line);

    private static Results<Created<ManualCountMade>, ProblemHttpResult> Enter(
        [Description(LineId)] string line, ManualCountRequest request, AccuracyRecord record, Topology topology, ClaimsPrincipal who)
    {
        if (topology.LineIndex(line) < 0)
            return Unknown(line);
        var (from, to) = (request.From!.Value, request.To!.Value);
        return from % AccuracyRecord.Quarter != 0 || to % AccuracyRecord.Quarter != 0
            ? Problem.BadRequest("quarter-invalid", $"from ({from}) and to ({to}) are not on quarter hours: count from one quarter hour to another, because counts are kept by them")
            : from >= to || to - from > LongestCount ? Problem.BadRequest("range-invalid", $"from ({from}) to to ({to}) is not a span of 15 minutes to a day: exchange them, or enter each day by itself")
            : to > record.Now ? Problem.BadRequest("range-in-future", $"to ({to}) lies in the future (here it is {record.Now}): enter a count when it is over")
            : from < 0 ? Problem.BadRequest("range-invalid", $"from ({from}) lies before 1970: send s since the Unix epoch")
            : request.Entries is null && request.Exits is null ? Problem.BadRequest("count-missing", "entries and exits are both missing: give at least the direction that was counted")
            : TypedResults.Created($"/api/v1/lines/{line}/accuracy", new ManualCountMade(record.Enter(line, request, who)));
    }

    private static Results<NoContent, ProblemHttpResult> Withdraw(
        [Description(LineId)] string line, [Description("Number of the count.")] long id, AccuracyRecord record, Topology topology, ClaimsPrincipal who) =>
        topology.LineIndex(line) < 0 ? Unknown(line)
        : record.Withdraw(line, id, who) ? TypedResults.NoContent()
        : Problem.Of(StatusCodes.Status404NotFound, "count-unknown", $"{line} has no manual count {id}: GET /api/v1/lines/{line}/accuracy lists them");

    private static Results<NoContent, ProblemHttpResult> Calibrate(
        [Description(LineId)] string line, FactorRequest request, AccuracyRecord record, Topology topology, ClaimsPrincipal who)
    {
        if (topology.LineIndex(line) is not (>= 0 and var index))
            return Unknown(line);
        var since = request.Since ?? record.NextQuarter;
        if (since % AccuracyRecord.Quarter != 0 || since < record.NextQuarter || since > record.Now + FarthestFactor.TotalSeconds)
            return Problem.BadRequest("since-invalid", $"since ({since}) is not a quarter hour from {record.NextQuarter} on, within a year: the past stays as it was told; leave it out for the next quarter hour");
        if (request.Entries is null && request.Exits is null)
            return Problem.BadRequest("factor-missing", "entries and exits are both missing: give the factor of at least one; to end a factor, set 1");
        record.Calibrate(index, since, request, who);
        return TypedResults.NoContent();
    }

    private static ProblemHttpResult Unknown(string line) =>
        Problem.Of(StatusCodes.Status404NotFound, "line-unknown", $"The district's file knows no line {line}: GET /api/v1/lines lists them");
}
