using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using SmartDistrict.Cloud.Problems;
using SmartDistrict.Configuration;

namespace SmartDistrict.Cloud.Districts;

/// <summary>A drawing of one level.</summary>
/// <param name="Id">Plan id.</param>
/// <param name="Name">Name.</param>
/// <param name="Level">The storey that it shows; 0 is the street.</param>
/// <param name="At">Position of the picture's lower left corner, or of the GeoJSON's origin.</param>
/// <param name="Rotation">Degrees by which it is turned, counter-clockwise.</param>
/// <param name="WidthMetres">Width of the picture on the ground; null for GeoJSON, whose positions are metres east and north of its origin.</param>
/// <param name="Tag">Changes with the content of its file; empty where it cannot be shown.</param>
/// <param name="Problem">Why it cannot be shown; null where it can.</param>
public sealed record PlanInfo(
    string Id, LocalizedName Name, int Level, IReadOnlyList<double> At, double Rotation, double? WidthMetres, string Tag, PlanProblem? Problem);

/// <summary>Why a floor plan cannot be shown.</summary>
/// <param name="Code">plan-missing, plan-too-large or plan-no-image.</param>
/// <param name="Detail">What is wrong, and how to mend it.</param>
public sealed record PlanProblem(string Code, string Detail);

internal static class FloorPlanApi
{
    /// <summary>A plan opened by itself runs nothing and loads nothing: an SVG may hold scripts.</summary>
    private const string Sandbox = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'";

    public static void MapFloorPlans(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("").WithTags("District").ProducesProblem(StatusCodes.Status401Unauthorized);
        group.MapGet("/plans", Ok<List<PlanInfo>> (District district, FloorPlanFiles files) => TypedResults.Ok(district.Plans.Select(plan => Answer(plan, files)).ToList()))
            .WithName("getPlans").WithSummary("The floor plans: where each lies, and whether it can be shown");
        group.MapGet("/plans/{plan}", File).WithName("getPlan").WithSummary("A floor plan's file")
            .WithDescription("PNG, JPEG, WebP, SVG or GeoJSON of 20 MB at most, with an ETag. Scripts in it are never run.")
            .Produces(StatusCodes.Status200OK, contentType: "image/png", additionalContentTypes: ["image/jpeg", "image/webp", "image/svg+xml", "application/geo+json"])
            .Produces(StatusCodes.Status304NotModified)
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status413PayloadTooLarge).ProducesProblem(StatusCodes.Status415UnsupportedMediaType);
        group.MapGet(Basemap.FileUrl["/api/v1".Length..], BasemapFile).WithName("getBasemap").WithSummary("The PMTiles archive under the zones, by ranges")
            .Produces(StatusCodes.Status200OK, contentType: "application/vnd.pmtiles").ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static PlanInfo Answer(FloorPlan plan, FloorPlanFiles files)
    {
        var file = files.Look(plan);
        return new(plan.Id, new(plan.Name.Zh, plan.Name.En), plan.Level, [plan.At.X, plan.At.Y], plan.Rotation, plan.Width, file.Tag, file.Problem);
    }

    /// <param name="plan">Plan id.</param>
    private static IResult File([System.ComponentModel.Description("Plan id")] string plan, District district, FloorPlanFiles files, HttpContext context)
    {
        if (district.Plans.FirstOrDefault(known => known.Id == plan) is not { } found)
            return Problem.Of(StatusCodes.Status404NotFound, "not-found", $"The district's file knows no plan {plan}: GET /api/v1/plans lists them");
        var file = files.Look(found);
        if (file.Problem is { } problem)
            return Problem.Of(StatusOf(problem.Code), problem.Code, problem.Detail);
        context.Response.Headers.CacheControl = "private, no-cache";
        context.Response.Headers.ContentSecurityPolicy = Sandbox;
        return TypedResults.PhysicalFile(files.PathOf(found), file.ContentType, entityTag: new EntityTagHeaderValue($"\"{file.Tag}\""));
    }

    private static IResult BasemapFile(Basemap basemap) =>
        basemap.File is { } file
            ? TypedResults.PhysicalFile(file, "application/vnd.pmtiles", enableRangeProcessing: true)
            : Problem.Of(StatusCodes.Status404NotFound, "not-found", "No archive of this machine is configured: set Cloud:Basemap:PmTiles");

    private static int StatusOf(string code) => code switch
    {
        "plan-missing" => StatusCodes.Status404NotFound,
        "plan-too-large" => StatusCodes.Status413PayloadTooLarge,
        _ => StatusCodes.Status415UnsupportedMediaType,
    };
}
