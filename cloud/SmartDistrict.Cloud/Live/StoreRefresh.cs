using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Cloud.Live;

/// <summary>
/// Brings the live windows what the store holds: at the start everything since the last occupancy reset, then the newest
/// hours again and again, for what did not come by the live path (a revised window, a gateway whose live path is down).
/// </summary>
internal sealed partial class StoreRefresh(
    IFootfallStore store, LiveFeed feed, BusinessDay day, TimeProvider clock, ILogger<StoreRefresh> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(15);
    private const int Minutes = 31 * 60;
    private const int Quarters = 2 * 3600;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        var complete = false;
        var reported = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RefreshAsync(complete, stoppingToken);
                complete = true;
                reported = false;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // Whatever it is, the live path must not end with it; said once until it works again.
                complete = false;
                if (!reported)
                    LogUnavailable(e.Message);
                reported = true;
            }
            await Task.Delay(Every, clock, stoppingToken);
        }
    }

    private async Task RefreshAsync(bool newestOnly, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        var windows = new List<LineWindow>();
        var quarters = newestOnly ? now - Quarters : day.AnchorAt(now);
        await foreach (var window in store.ReadAsync(Resolution.QuarterHour, quarters, now + 900, cancellation))
            windows.Add(window);
        await foreach (var window in store.ReadAsync(Resolution.Minute, now - Minutes, now + 120, cancellation))
            windows.Add(window);
        feed.Read(windows, await store.ReadSightingsAsync(cancellation));
    }

    [LoggerMessage(LogLevel.Warning, "The live map goes on without the store: {Reason}")]
    private partial void LogUnavailable(string reason);
}
