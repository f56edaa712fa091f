using SmartDistrict.Configuration;
using Microsoft.AspNetCore.Http.Features;

namespace SmartDistrict.Cloud.Live;

internal static class LiveApi
{
    public static IServiceCollection AddLive(this IServiceCollection services)
    {
        services.AddOptions<BrokerOptions>().BindConfiguration(CloudOptions.Section + ":Broker").ValidateDataAnnotations().ValidateOnStart();
        return services
            .AddSingleton<LiveFeed>()
            .AddSingleton<LiveZones>()
            .AddSingleton<LiveHub>()
            .AddHostedService(provider => provider.GetRequiredService<LiveHub>())
            .AddHostedService<LiveSubscription>();
    }

    public static void MapLive(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/live", StreamAsync).WithName("getLive").WithTags("Live")
            .WithSummary("Zones and devices as they change, as server-sent events")
            .WithDescription(
                "First the event snapshot with everything, then zones at most four times a second with what changed. "
                + "The event alarms (AlarmsEvent) says what is in alarm: after the snapshot, and whenever it changes. "
                + "The events lockers, kiosks and carts (LockerPage, KioskPage, CartPage) say how these stand: after the snapshot all of them, "
                + "as many as total says, then those that changed. "
                + "The event lines (LinesEvent) says that GET /lines answers anew: somebody calibrated a line. "
                + "A viewer that cannot keep up gets another snapshot. A comment every 15 s keeps the connection open.")
            .Produces<LiveEvent>(contentType: "text/event-stream")
            .ProducesProblem(StatusCodes.Status401Unauthorized);

    private static async Task StreamAsync(HttpContext context, LiveHub hub, IHostApplicationLifetime lifetime)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-cache, no-transform";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        var viewer = hub.Join();
        try
        {
            await SendAsync(context.Response.Body, hub, viewer, ended.Token);
        }
        catch (OperationCanceledException)
        {
            // The viewer went away, or the service stops.
        }
        finally
        {
            hub.Leave(viewer);
        }
    }

    private static async Task SendAsync(Stream body, LiveHub hub, LiveViewer viewer, CancellationToken cancellation)
    {
        while (await viewer.Frames.WaitToReadAsync(cancellation))
        {
            if (viewer.IsBehind)
                hub.CatchUp(viewer);
            while (!viewer.IsBehind && viewer.Frames.TryRead(out var frame))
                await body.WriteAsync(frame, cancellation);
            await body.FlushAsync(cancellation);
        }
    }
}
