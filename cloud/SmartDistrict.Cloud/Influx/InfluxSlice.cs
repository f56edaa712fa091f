using SmartDistrict.Cloud.Footfall;

namespace SmartDistrict.Cloud.Influx;

internal static class InfluxSlice
{
    public static IServiceCollection AddInfluxStore(this IServiceCollection services)
    {
        services.AddOptions<InfluxOptions>().BindConfiguration(InfluxOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return services.AddSingleton<IFootfallStore, InfluxStore>();
    }
}
