using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SmartDistrict.Edge.Sync;

public static class SyncServices
{
    /// <summary>Adds the sync: options of section <c>Sync</c> checked at the start, <see cref="SyncSignal"/>, the sink and the service.</summary>
    /// <param name="section">The section <c>Sync</c>.</param>
    /// <param name="open">Opens a connection of the sender's own to the file with the outbox, dead letters and losses.</param>
    public static IServiceCollection AddSync(this IServiceCollection services, IConfiguration section, Func<IServiceProvider, SqliteConnection> open)
    {
        services.AddOptions<SyncOptions>().Bind(section).ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IValidateOptions<SyncOptions>, SyncOptionsCheck>();
        services.AddSingleton<SyncSignal>();
        services.AddSingleton<ITimeSeriesSink>(provider => new InfluxSink(
            provider.GetRequiredService<IOptions<SyncOptions>>().Value, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new SyncService(
            provider.GetRequiredService<IOptions<SyncOptions>>().Value,
            provider.GetRequiredService<ITimeSeriesSink>(),
            () => open(provider),
            provider.GetRequiredService<SyncSignal>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<SyncService>>()));
        return services.AddHostedService(provider => provider.GetRequiredService<SyncService>());
    }
}
