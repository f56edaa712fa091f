using SmartDistrict.Telemetry.Assets;

namespace SmartDistrict.Cloud.Assets;

/// <summary>The newest point of each compartment, kiosk and cart; one that never wrote does not come.</summary>
internal sealed record NewestAssets(IReadOnlyList<LockerPoint> Compartments, IReadOnlyList<KioskPoint> Kiosks, IReadOnlyList<CartPose> Carts);

/// <summary>Reads what gateways wrote of lockers, kiosks and carts. A point that is none (docs/measurements.md) is passed over.</summary>
internal interface IAssetStore
{
    /// <param name="since">Points older than this do not come, s since the Unix epoch.</param>
    /// <exception cref="Footfall.StoreUnavailableException">The store does not answer, or not as it should.</exception>
    Task<NewestAssets> ReadNewestAsync(long since, CancellationToken cancellation);

    /// <summary>Where a cart was, in the order of time; the end is not in the span.</summary>
    /// <param name="from">s since the Unix epoch.</param>
    /// <param name="to">s since the Unix epoch.</param>
    /// <inheritdoc cref="ReadNewestAsync"/>
    Task<IReadOnlyList<CartPose>> ReadTrackAsync(string cart, long from, long to, CancellationToken cancellation);
}
