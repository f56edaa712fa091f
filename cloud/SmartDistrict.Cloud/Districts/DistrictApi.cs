using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using SmartDistrict.Cloud.Accuracy;
using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Configuration;

namespace SmartDistrict.Cloud.Districts;

internal static class DistrictApi
{
    public static IServiceCollection AddDistrict(this IServiceCollection services) => services
        .AddSingleton<FloorPlanFiles>()
        .AddSingleton(provider => Basemap.Read(provider.GetRequiredService<IOptions<CloudOptions>>().Value.Basemap));

    public static void MapDistrict(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("").WithTags("District").ProducesProblem(StatusCodes.Status401Unauthorized);
        group.MapGet("/district", Ok<DistrictInfo> (District district, Basemap basemap, IOptions<CloudOptions> options) => TypedResults.Ok(Answer(district, basemap, options.Value)))
            .WithName("getDistrict").WithSummary("The district that this service watches");
        group.MapGet("/zones", IResult (District district, HttpContext context) => Unchanging(context, Zones(district)))
            .WithName("getZones").WithSummary("The zones as GeoJSON")
            .Produces<ZoneCollection>(contentType: GeoJson).Produces(StatusCodes.Status304NotModified);
        group.MapGet("/lines", IResult (Topology topology, LineFactors calibration, HttpContext context) => Unchanging(context, Lines(topology, calibration)))
            .WithName("getLines").WithSummary("The counting lines as GeoJSON")
            .Produces<LineCollection>(contentType: GeoJson).Produces(StatusCodes.Status304NotModified);
        routes.MapFloorPlans();
    }

    private const string GeoJson = "application/geo+json";

    private static DistrictInfo Answer(District district, Basemap basemap, CloudOptions options) => new(
        district.Id, Name(district.Name), district.TimeZone.Id,
        district.Coordinates == CoordinateSystem.Wgs84 ? "wgs84" : "local-metres",
        district.OccupancyReset.ToString("HH:mm", null),
        options.Store == StoreKind.Influx ? "influx" : "embedded",
        [.. district.Levels.Select(level => new LevelInfo(level.Number, Name(level.Name)))],
        district.Lockers.Count, district.Kiosks.Count, district.Carts.Count, basemap.Info);

    private static ZoneCollection Zones(District district) => new(
        [.. district.Zones.Select(zone => new ZoneFeature(
            zone.Id,
            zone.Segment is { } segment ? new StreetSegment([.. segment.Select(At)]) : new ZoneOutline([[.. zone.Polygon.Append(zone.Polygon[0]).Select(At)]]),
            new(Name(zone.Name), zone.Kind, zone.Level, zone.AreaSquareMetres, zone.Capacity, zone.Segment is null ? null : zone.SegmentWidth)))]);

    private static LineCollection Lines(Topology topology, LineFactors calibration) => new(
        [.. topology.District.Lines.Select((line, index) => new LineFeature(
            line.Id,
            new([At(line.Start), At(line.End)]),
            new(
                Name(line.Name),
                topology.Owners.GetValueOrDefault(line.Id)?.Id,
                topology.Owners.GetValueOrDefault(line.Id)?.Gateway,
                [.. line.Joins.Select(join => new JoinInfo(join.Since, join.From, join.To))],
                [.. calibration.Of(index).Select(factor => new CalibrationInfo(DateTimeOffset.FromUnixTimeSeconds(factor.Since), factor.Entries, factor.Exits))])))]);

    /// <summary>An answer that seldom changes: revalidated by its content's hash.</summary>
    private static FileContentHttpResult Unchanging<T>(HttpContext context, T answer)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(answer, JsonSerializerOptions.Web);
        context.Response.Headers.CacheControl = "private, no-cache";
        return TypedResults.Bytes(json, GeoJson, entityTag: new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(json)[..16])}\""));
    }

    private static LocalizedName Name(LocalName name) => new(name.Zh, name.En);

    private static double[] At(Position position) => [position.X, position.Y];
}
