using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Cloud.Paging;
using SmartDistrict.Cloud.Problems;
using SmartDistrict.Configuration;

namespace SmartDistrict.Cloud.Devices;

internal static class DevicesApi
{
    private const string DeviceId = "Id of a device of the district's file.";

    public static IServiceCollection AddDevices(this IServiceCollection services) => services.AddSingleton<DistrictSource>().AddSingleton<DeviceReader>();

    public static void MapDevices(this IEndpointRouteBuilder routes)
    {
        // the text beside which settings are shown is the one that this service began with
        routes.ServiceProvider.GetRequiredService<DistrictSource>();
        var devices = routes.MapGroup("").WithTags("Devices").ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        devices.MapGet("/devices", ListAsync).WithName("getDevices")
            .WithSummary("The sensors and when each was last heard");
        devices.MapGet("/gateways", async Task<Ok<List<GatewayStatus>>> (DeviceReader reader, CancellationToken cancellation) =>
                TypedResults.Ok(await reader.GatewaysAsync(cancellation)))
            .WithName("getGateways").WithSummary("The gateways: how they stand, and how their devices do");
        devices.MapGet("/gateways/{gateway}/devices", PageAsync).WithName("getGatewayDevices")
            .WithSummary("The devices of a gateway and how each stands, a page at a time")
            .ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound);
        devices.MapGet("/devices/{device}", async Task<Results<Ok<DeviceDetail>, ProblemHttpResult>> ([Description(DeviceId)] string device, DeviceReader reader, CancellationToken cancellation) =>
                await reader.DetailAsync(device, cancellation) is { } detail ? TypedResults.Ok(detail) : Unknown(device))
            .WithName("getDevice").WithSummary("A device: how it stands, what holds for it, and the YAML that says so")
            .ProducesProblem(StatusCodes.Status404NotFound);
        devices.MapGet("/devices/{device}/completeness", CompletenessAsync).WithName("getDeviceCompleteness")
            .WithSummary("What became of a device's readings, by quarter hour")
            .WithDescription("The ledger of its gateway: what should have come, came, and reached the store. A quarter hour of which nothing was told is null, which is not zero.")
            .ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound);
        devices.MapGet("/devices/{device}/environment", EnvironmentAsync).WithName("getDeviceEnvironment")
            .WithSummary("What a sensor chip measured, by quarter hour")
            .ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<Ok<List<DeviceInfo>>> ListAsync(District district, DeviceReader reader, TimeProvider clock, CancellationToken cancellation)
    {
        var seen = await reader.SightingsAsync(cancellation);
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        return TypedResults.Ok(district.Devices.Select(device =>
        {
            long? last = seen.TryGetValue(device.Id, out var at) ? at : null;
            return new DeviceInfo(device.Id, device.Gateway, device.Profile, [.. device.Lines.Values], last, last is null ? null : Math.Max(0, now - at) / 1000, reader.State(last, now));
        }).ToList());
    }

    private static async Task<Results<Ok<DevicePage>, ProblemHttpResult>> PageAsync(
        [Description("Id of a gateway of the district's file.")] string gateway, [AsParameters] EntryPageQuery query, DeviceReader reader, CancellationToken cancellation)
    {
        if (!reader.Knows(gateway))
            return Problem.Of(StatusCodes.Status404NotFound, "gateway-unknown", $"The district's file knows no gateway {gateway}: GET /api/v1/gateways lists them");
        return query.TryCut(reader.Of(gateway), device => device.Id, $"device of {gateway}", out var page, out var problem)
            ? TypedResults.Ok(await reader.PageAsync(page, cancellation))
            : problem;
    }

    private static async Task<Results<Ok<CompletenessSeries>, ProblemHttpResult>> CompletenessAsync(
        [Description(DeviceId)] string device, [AsParameters] DeviceSpanQuery query, DeviceReader reader, TimeProvider clock, CancellationToken cancellation) =>
        reader.Find(device) is null ? Unknown(device)
        : query.TryRead(clock.GetUtcNow(), out var span, out var problem) ? TypedResults.Ok(await reader.CompletenessAsync(device, span, cancellation))
        : problem!;

    private static async Task<Results<Ok<EnvironmentSeries>, ProblemHttpResult>> EnvironmentAsync(
        [Description(DeviceId)] string device, [AsParameters] DeviceSpanQuery query, DeviceReader reader, TimeProvider clock, CancellationToken cancellation) =>
        reader.Find(device) is null ? Unknown(device)
        : query.TryRead(clock.GetUtcNow(), out var span, out var problem) ? TypedResults.Ok(await reader.EnvironmentAsync(device, span, cancellation))
        : problem!;

    private static ProblemHttpResult Unknown(string device) =>
        Problem.Of(StatusCodes.Status404NotFound, "device-unknown", $"The district's file knows no device {device}: GET /api/v1/devices lists them");
}
