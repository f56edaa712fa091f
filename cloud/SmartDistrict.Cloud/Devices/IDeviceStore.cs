using SmartDistrict.Cloud.Alarms;

namespace SmartDistrict.Cloud.Devices;

/// <summary>What became of the readings of a device, in one quarter hour or in several that were told (<c>completeness_15m</c>).</summary>
/// <param name="Start">Start of the first quarter hour asked for or told, s since the Unix epoch.</param>
/// <param name="Quarters">How many were told.</param>
/// <param name="Expected">Readings that should have come; null where none of them says so.</param>
internal readonly record struct LedgerSum(
    string Device, long Start, int Quarters, long? Expected, long Received, long Refused, long Forwarded, long Acknowledged, long Rejected, long Dropped);

/// <summary>What a sensor chip measured on average in a quarter hour (<c>environment</c>).</summary>
/// <param name="Start">s since the Unix epoch.</param>
/// <param name="Quantity">Name of the field, as docs/measurements.md has it: <c>temperature_celsius</c>.</param>
internal readonly record struct AmbientMean(long Start, string Quantity, double Mean);

/// <summary>Reads what gateways wrote of single devices. Spans are s since the Unix epoch, the end is not in them.</summary>
internal interface IDeviceStore
{
    /// <summary>The sum of each device of which any quarter hour was told.</summary>
    /// <exception cref="Footfall.StoreUnavailableException">The store does not answer, or not as it should.</exception>
    Task<IReadOnlyList<LedgerSum>> ReadLedgerSumsAsync(long from, long to, CancellationToken cancellation);

    /// <summary>The quarter hours of one device that were told, in their order.</summary>
    /// <inheritdoc cref="ReadLedgerSumsAsync"/>
    Task<IReadOnlyList<LedgerSum>> ReadLedgerAsync(string device, long from, long to, CancellationToken cancellation);

    /// <summary>The newest reading of a sensor chip; null where there is none.</summary>
    /// <inheritdoc cref="ReadLedgerSumsAsync"/>
    Task<HealthReport?> ReadNewestEnvironmentAsync(string device, CancellationToken cancellation);

    /// <summary>Means by quarter hour, in the order of time; what was not measured in one does not come.</summary>
    /// <inheritdoc cref="ReadLedgerSumsAsync"/>
    Task<IReadOnlyList<AmbientMean>> ReadEnvironmentAsync(string device, long from, long to, CancellationToken cancellation);
}
