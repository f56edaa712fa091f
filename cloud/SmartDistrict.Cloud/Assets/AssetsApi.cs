using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using SmartDistrict.Cloud.Paging;
using SmartDistrict.Cloud.Problems;
using SmartDistrict.Configuration;

namespace SmartDistrict.Cloud.Assets;

/// <summary>How far back a cart's way goes.</summary>
public sealed class TrackQuery
{
    [Description("Minutes up to now, 1 to 60; 10 where nothing is said.")]
    [FromQuery(Name = "minutes")]
    [Range(1, 60, ErrorMessage = "minutes is a number from 1 to 60")]
    public int? Minutes { get; set; }
}

internal static class AssetsApi
{
    private const int UsualMinutes = 10;
    private const int MostPoints = 600;

    public static IServiceCollection AddAssets(this IServiceCollection services) =>
        services.AddSingleton<AssetWatch>().AddHostedService(provider => provider.GetRequiredService<AssetWatch>());

    public static void MapAssets(this IEndpointRouteBuilder routes)
    {
        var assets = routes.MapGroup("").WithTags("Lockers, kiosks and carts").ProducesProblem(StatusCodes.Status401Unauthorized);
        assets.MapGet("/lockers", Results<Ok<LockerPage>, ProblemHttpResult> ([AsParameters] EntryPageQuery query, AssetWatch watch) =>
                query.TryCut(watch.Picture.Lockers.Lockers, locker => locker.Id, "locker", out var page, out var problem)
                    ? TypedResults.Ok(new LockerPage(page.Entries, page.Total, page.Next))
                    : problem)
            .WithName("getLockers").WithSummary("The lockers and how each stands, a page at a time").ProducesValidationProblem();
        assets.MapGet("/lockers/{locker}", Locker).WithName("getLocker").WithSummary("A locker, compartment by compartment").ProducesProblem(StatusCodes.Status404NotFound);
        assets.MapGet("/kiosks", Results<Ok<KioskPage>, ProblemHttpResult> ([AsParameters] EntryPageQuery query, AssetWatch watch) =>
                query.TryCut(watch.Picture.Kiosks.Kiosks, kiosk => kiosk.Id, "kiosk", out var page, out var problem)
                    ? TypedResults.Ok(new KioskPage(page.Entries, page.Total, page.Next))
                    : problem)
            .WithName("getKiosks").WithSummary("The kiosks and how each stands, a page at a time").ProducesValidationProblem();
        assets.MapGet("/carts", Results<Ok<CartPage>, ProblemHttpResult> ([AsParameters] EntryPageQuery query, AssetWatch watch) =>
                query.TryCut(watch.Picture.Carts.Carts, cart => cart.Id, "cart", out var page, out var problem)
                    ? TypedResults.Ok(new CartPage(page.Entries, page.Total, page.Next))
                    : problem)
            .WithName("getCarts").WithSummary("The carts, where each was last and how it does, a page at a time").ProducesValidationProblem();
        assets.MapGet("/carts/{cart}/track", TrackAsync).WithName("getCartTrack").WithSummary("The way that a cart has come in the last minutes")
            .ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    private static Results<Ok<LockerDetail>, ProblemHttpResult> Locker([Description("Id of a locker of the district's file.")] string locker, AssetWatch watch, District district)
    {
        var picture = watch.Picture;
        return district.Lockers.FirstOrDefault(known => known.Id == locker) is { } entry
            ? TypedResults.Ok(new LockerDetail(
                picture.Lockers.Lockers.First(known => known.Id == locker), AssetStandings.Compartments(entry, picture.Compartments[locker])))
            : Unknown("locker", locker);
    }

    private static async Task<Results<Ok<CartTrack>, ProblemHttpResult>> TrackAsync(
        [Description("Id of a cart of the district's file.")] string cart, [AsParameters] TrackQuery query, IAssetStore store, District district, TimeProvider clock,
        CancellationToken cancellation)
    {
        if (!district.Carts.Any(known => known.Id == cart))
            return Unknown("cart", cart);
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        var poses = await store.ReadTrackAsync(cart, now - ((query.Minutes ?? UsualMinutes) * 60), now + 1, cancellation);
        List<TrackPoint> points = [];
        foreach (var pose in poses)
            if (pose is { X: { } x, Y: { } y })
                points.Add(new(pose.Posed ?? pose.At * 1000, [x, y], pose.Level));
        // the last one always, since the cart is there
        var step = (points.Count + MostPoints - 1) / MostPoints;
        return TypedResults.Ok(new CartTrack([.. points.Where((_, i) => (points.Count - 1 - i) % step == 0)]));
    }

    private static ProblemHttpResult Unknown(string sort, string id) => Problem.Of(
        StatusCodes.Status404NotFound, $"{sort}-unknown", $"The district's file knows no {sort} {id}: GET /api/v1/{sort}s lists those that it knows");
}
