using System.Text.Json;

namespace SmartDistrict.Cloud.Alarms;

/// <summary>The newest <c>gateway_health</c> of a gateway, or <c>device_health</c> of a device.</summary>
/// <param name="Id">Site id of the gateway or device.</param>
/// <param name="At">The point's time, ms since the Unix epoch.</param>
/// <param name="Fields">Its fields by name, as docs/measurements.md has them; what was not written is absent.</param>
internal readonly record struct HealthReport(string Id, long At, JsonElement Fields)
{
    /// <summary>A number; null where it is absent.</summary>
    public double? Number(string field) => Fields.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    /// <summary>A text; null where it is absent.</summary>
    public string? Text(string field) => Fields.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

/// <summary>Reads how gateways and devices stand, as the gateways wrote it.</summary>
internal interface IHealthStore
{
    /// <summary>The newest report of each gateway of the district; one that never wrote does not come.</summary>
    /// <exception cref="Footfall.StoreUnavailableException">The store does not answer, or not as it should.</exception>
    Task<IReadOnlyList<HealthReport>> ReadGatewayHealthAsync(CancellationToken cancellation);

    /// <summary>The newest report of each device of the district; one that was never heard does not come.</summary>
    /// <exception cref="Footfall.StoreUnavailableException">The store does not answer, or not as it should.</exception>
    Task<IReadOnlyList<HealthReport>> ReadDeviceHealthAsync(CancellationToken cancellation);
}
