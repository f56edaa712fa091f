using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using SmartDistrict.Cloud.Access;
using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Cloud.Numbers;
using SmartDistrict.Cloud.Problems;
using SmartDistrict.Cloud.State;

namespace SmartDistrict.Cloud.Sales;

/// <summary>Sales that tills tell.</summary>
public sealed record TellSalesRequest
{
    /// <summary>At most 10,000.</summary>
    [Required(ErrorMessage = "sales is missing: send a list of zone, start and transactions in the field sales")]
    [Length(1, 10_000, ErrorMessage = "sales has 1 to 10000 entries")]
    public IReadOnlyList<ToldSale>? Sales { get; init; }
}

/// <summary>Sales of a zone in the quarter hour, or the hour, that begins then.</summary>
public sealed record ToldSale
{
    /// <summary>Id of the zone whose visitors bought.</summary>
    [Required(ErrorMessage = "zone is missing: name the zone whose visitors bought")]
    public string? Zone { get; init; }

    /// <summary>Beginning of a quarter hour, or of an hour whose sales are told together; s since the Unix epoch.</summary>
    [Required(ErrorMessage = "start is missing: send the beginning of the quarter hour or hour, s since the Unix epoch")]
    public long? Start { get; init; }

    /// <summary>How many sales; null withdraws what was told of this zone and time.</summary>
    [Range(0, 100_000, ErrorMessage = "transactions is a number from 0 to 100000")]
    public int? Transactions { get; init; }
}

internal static class SalesApi
{
    private const int Quarter = 900;

    public static IServiceCollection AddSales(this IServiceCollection services) => services
        .AddStateTables(SalesLedger.Subject, SalesLedger.Schema)
        .AddSingleton<SalesLedger>()
        .AddSingleton<ReadSales>(provider => provider.GetRequiredService<SalesLedger>().Read);

    public static void MapSales(this IEndpointRouteBuilder routes) => routes.MapPost("/sales", Tell).WithName("tellSales").WithTags("Numbers")
        .RequireAuthorization(Policies.Operator)
        .WithSummary("Tells how many sales zones had, so that their conversion can be known")
        .WithDescription(
            "All or none. Who tells the same zone and time again replaces what was told, so a till may repeat. A business day of which a zone's "
            + "tills told nothing has no conversion; a quarter hour that is not told of a day that is, had no sales.")
        .ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden).ProducesValidationProblem();

    private static Results<NoContent, ProblemHttpResult> Tell(
        TellSalesRequest request, SalesLedger ledger, Topology topology, NumbersReader numbers, ClaimsPrincipal who)
    {
        foreach (var sale in request.Sales!)
        {
            if (topology.ZoneIndex(sale.Zone!) < 0)
                return Problem.BadRequest("zone-unknown", $"There is no zone {sale.Zone}: /api/v1/zones lists the zones");
            if (sale.Start!.Value % Quarter != 0 || sale.Start < 0)
                return Problem.BadRequest("start-invalid", $"start ({sale.Start}) is not the beginning of a quarter hour, s since the Unix epoch: {Math.Max(0, sale.Start.Value - (sale.Start.Value % Quarter))} is");
            if (sale.Start > numbers.Now)
                return Problem.BadRequest("range-in-future", $"start ({sale.Start}) has not come yet: tell sales when they were made");
        }
        ledger.Tell(request.Sales, who);
        return TypedResults.NoContent();
    }
}
