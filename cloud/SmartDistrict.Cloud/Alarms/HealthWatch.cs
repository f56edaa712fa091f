using SmartDistrict.Cloud.Footfall;

namespace SmartDistrict.Cloud.Alarms;

/// <summary>How gateways and devices stood when the store was last read. Each picture is whole; a new one takes its place.</summary>
/// <param name="At">When the store was read, ms since the Unix epoch: later than that it says nothing.</param>
internal sealed record HealthPicture(long At, IReadOnlyDictionary<string, HealthReport> Gateways, IReadOnlyDictionary<string, HealthReport> Devices);

/// <summary>Reads the health of gateways and devices from the store, again and again.</summary>
internal sealed partial class HealthWatch(IHealthStore store, TimeProvider clock, ILogger<HealthWatch> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(15);

    private volatile HealthPicture? picture;

    /// <summary>Null before the store was read.</summary>
    public HealthPicture? Picture => picture;

    internal async Task ReadAsync(CancellationToken cancellation)
    {
        var at = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var gateways = await store.ReadGatewayHealthAsync(cancellation);
        var devices = await store.ReadDeviceHealthAsync(cancellation);
        picture = new(at, gateways.ToDictionary(report => report.Id), devices.ToDictionary(report => report.Id));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        var told = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ReadAsync(stoppingToken);
                told = false;
            }
            catch (Exception e) when (e is StoreUnavailableException or Microsoft.Data.Sqlite.SqliteException)
            {
                if (!told)
                    LogUnavailable(e.Message);
                told = true;
            }
            await Task.Delay(Every, clock, stoppingToken);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The health of gateways and devices cannot be read, and alarms go by what was read last: {Reason}")]
    private partial void LogUnavailable(string reason);
}
