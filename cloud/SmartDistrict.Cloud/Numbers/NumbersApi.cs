using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Cloud.Problems;
using SmartDistrict.Configuration;

namespace SmartDistrict.Cloud.Numbers;

/// <summary>A period of the district's calendar.</summary>
public class PeriodQuery
{
    private const string Rule = "write an hour (2026-03-02T14), a day (2026-03-02), an ISO week (2026-W10), a month (2026-03) or a year (2026); or hour, day, week, month or year for the present one";

    [Description("An hour (2026-03-02T14; with +02:00 behind where the clocks show it twice), a business day (2026-03-02), an ISO week (2026-W10), a month (2026-03) or a year (2026); or hour, day, week, month, year for the present one.")]
    [FromQuery(Name = "period")]
    [Required(ErrorMessage = "period is missing: " + Rule)]
    public string? Period { get; set; }

    /// <summary>Finds the period, or says what is wrong with it.</summary>
    internal bool TryRead(Periods periods, NumbersReader reader, out Period period, out ProblemHttpResult? problem)
    {
        var now = reader.Now;
        var found = Enum.TryParse<PeriodKind>(Period, ignoreCase: true, out var kind) && Period!.All(char.IsAsciiLetter)
            ? periods.At(kind, now)
            : periods.Find(Period!);
        problem = found is null ? Problem.BadRequest("period-invalid", $"period ({Period}) names no time of this district's clocks: {Rule}")
            : found.From > now ? Problem.BadRequest("range-in-future", $"period ({Period}) has not begun: ask for one that has")
            : null;
        period = found!;
        return problem is null;
    }
}

/// <summary>A period of one area.</summary>
public class AreaPeriodQuery : PeriodQuery
{
    [Description("Id of a zone or of a group of zones; district (the default) for all of it.")]
    [FromQuery(Name = "area")]
    public string? Area { get; set; }

    /// <summary>Finds period and area, or says what is wrong.</summary>
    internal bool TryRead(Periods periods, Areas areas, NumbersReader reader, out Period period, out int area, out ProblemHttpResult? problem)
    {
        area = Area is null ? 0 : areas.IndexOf(Area);
        if (TryRead(periods, reader, out period, out problem) && area < 0)
            problem = Problem.BadRequest("area-unknown", $"There is no zone or group of zones {Area}: /api/v1/zones lists the zones, and district stands for all of them");
        return problem is null;
    }
}

internal static class NumbersApi
{
    public static IServiceCollection AddNumbers(this IServiceCollection services) => services
        .AddSingleton<Areas>()
        .AddSingleton(provider => new Periods(provider.GetRequiredService<BusinessDay>(), provider.GetRequiredService<District>().TimeZone))
        .AddSingleton<DayFile>()
        .AddSingleton<NumbersDays>()
        .AddSingleton<NumbersReader>()
        .AddHostedService<NumbersFill>();

    public static void MapNumbers(this IEndpointRouteBuilder routes)
    {
        var numbers = routes.MapGroup("/numbers").WithTags("Numbers")
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        numbers.MapGet("", District).WithName("getNumbers")
            .WithSummary("Visits, capture rate, occupancy, dwell and more of the district, its groups of zones and its zones")
            .WithDescription("Of business days in the district's time zone. Each number says what it is worth; where there is none, it says why.")
            .ProducesValidationProblem();
        numbers.MapGet("/over-time", OverTime).WithName("getNumbersOverTime")
            .WithSummary("The same of one area, by hour, day or month of the period")
            .ProducesValidationProblem();
    }

    private static async Task<Results<Ok<DistrictNumbers>, ProblemHttpResult>> District(
        [AsParameters] PeriodQuery query, NumbersReader reader, Periods periods, CancellationToken cancellation) =>
        query.TryRead(periods, reader, out var period, out var problem)
            ? TypedResults.Ok(await reader.DistrictAsync(period, cancellation))
            : problem!;

    private static async Task<Results<Ok<NumbersOverTime>, ProblemHttpResult>> OverTime(
        [AsParameters] AreaPeriodQuery query, NumbersReader reader, Areas areas, Periods periods, CancellationToken cancellation) =>
        query.TryRead(periods, areas, reader, out var period, out var area, out var problem)
            ? TypedResults.Ok(await reader.OverTimeAsync(period, area, cancellation))
            : problem!;
}
