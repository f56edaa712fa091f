using Microsoft.Extensions.Options;
using SmartDistrict.Cloud.Footfall;

namespace SmartDistrict.Cloud.Hot;

internal static class HotSlice
{
    public static IServiceCollection AddHot(this IServiceCollection services) => services
        .AddSingleton(provider => new HotWindows(
            provider.GetRequiredService<Topology>(), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IOptions<CloudOptions>>().Value.HotMegabytes))
        .AddSingleton<DaySums>()
        .AddSingleton<StoreHealth>()
        .AddSingleton<StoreWatch>()
        .AddHostedService<HotFill>();
}
