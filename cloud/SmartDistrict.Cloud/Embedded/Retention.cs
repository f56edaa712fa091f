using Microsoft.Data.Sqlite;

namespace SmartDistrict.Cloud.Embedded;

/// <summary>Deletes 1-minute windows and health points when their 90 days are over: at the start, then every hour.</summary>
internal sealed partial class Retention(EmbeddedStore store, TimeProvider clock, ILogger<Retention> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (store.DeleteExpired((clock.GetUtcNow() - PointReader.MinuteRetention).ToUnixTimeSeconds()))
                    await Task.Delay(Pause, clock, stoppingToken);
            }
            catch (SqliteException e)
            {
                LogFailed(e);
            }
            await Task.Delay(Every, clock, stoppingToken);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Expired points could not be deleted; trying again in an hour")]
    private partial void LogFailed(Exception exception);
}
