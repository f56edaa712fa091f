using SmartDistrict.Cloud.Alarms;
using SmartDistrict.Configuration;

namespace SmartDistrict.Cloud.Embedded;

/// <summary>The newest health points of the embedded store, each by its key: nothing is searched for.</summary>
internal sealed class EmbeddedHealth(EmbeddedStore store, District district) : IHealthStore
{
    public Task<IReadOnlyList<HealthReport>> ReadGatewayHealthAsync(CancellationToken cancellation) => Task.FromResult(
        store.ReadNewestHealth("gateway_health", district.Gateways.Select(gateway => (gateway.Id, $"district={district.Id},gateway={gateway.Id}"))));

    public Task<IReadOnlyList<HealthReport>> ReadDeviceHealthAsync(CancellationToken cancellation) => Task.FromResult(
        store.ReadNewestHealth("device_health", district.Devices.Select(device => (device.Id, $"device={device.Id},district={district.Id},gateway={device.Gateway}"))));
}
