using SmartDistrict.Cloud.Alarms;
using SmartDistrict.Cloud.Assets;
using SmartDistrict.Cloud.Devices;
using SmartDistrict.Cloud.Footfall;

namespace SmartDistrict.Cloud.Influx;

internal static class InfluxSlice
{
    public static IServiceCollection AddInfluxStore(this IServiceCollection services)
    {
        services.AddOptions<InfluxOptions>().BindConfiguration(InfluxOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return services.AddSingleton<InfluxStore>()
            .AddSingleton<IFootfallStore>(provider => provider.GetRequiredService<InfluxStore>())
            .AddSingleton<IHealthStore>(provider => provider.GetRequiredService<InfluxStore>())
            .AddSingleton<IDeviceStore>(provider => provider.GetRequiredService<InfluxStore>())
            .AddSingleton<IAssetStore, InfluxAssets>();
    }
}
