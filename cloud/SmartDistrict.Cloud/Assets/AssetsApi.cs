using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using SmartDistrict.Cloud.Problems;
using SmartDistrict.Configuration;

namespace SmartDistrict.Cloud.Assets;

/// <summary>A page of lockers, kiosks or carts.</summary>
public sealed class AssetPageQuery
{
    internal const int UsualPage = 200;

    [Description("Only those behind this one: next of the page before.")]
    [FromQuery(Name = "after")]
    public string? After { get; set; }

    [Description("Most of a page, 1 to 500; 200 where nothing is said.")]
    [FromQuery(Name = "limit")]
    [Range(1, 500, ErrorMessage = "limit is a number from 1 to 500")]
    public int? Limit { get; set; }

    internal (List<T> Page, string? Next) Cut<T>(IReadOnlyList<T> all, Func<T, string> id)
    {
        var first = After is null ? 0 : all.TakeWhile(one => id(one) != After).Count() + 1;
        var page = all.Skip(first).Take(Limit ?? UsualPage).ToList();
        return (page, first + page.Count < all.Count ? id(page[^1]) : null);
    }
}

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
        assets.MapGet("/lockers", Ok<LockerPage> ([AsParameters] AssetPageQuery query, AssetWatch watch) =>
            {
                var (page, next) = query.Cut(watch.Picture.Lockers.Lockers, locker => locker.Id);
                return TypedResults.Ok(new LockerPage(page, watch.Picture.Lockers.Total, next));
            })
            .WithName("getLockers").WithSummary("The lockers and how each stands, a page at a time").ProducesValidationProblem();
        assets.MapGet("/lockers/{locker}", Locker).WithName("getLocker").WithSummary("A locker, compartment by compartment").ProducesProblem(StatusCodes.Status404NotFound);
        assets.MapGet("/kiosks", Ok<KioskPage> ([AsParameters] AssetPageQuery query, AssetWatch watch) =>
            {
                var (page, next) = query.Cut(watch.Picture.Kiosks.Kiosks, kiosk => kiosk.Id);
                return TypedResults.Ok(new KioskPage(page, watch.Picture.Kiosks.Total, next));
            })
            .WithName("getKiosks").WithSummary("The kiosks and how each stands, a page at a time").ProducesValidationProblem();
        assets.MapGet("/carts", Ok<CartPage> ([AsParameters] AssetPageQuery query, AssetWatch watch) =>
            {
                var (page, next) = query.Cut(watch.Picture.Carts.Carts, cart => cart.Id);
                return TypedResults.Ok(new CartPage(page, watch.Picture.Carts.Total, next));
            })
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
