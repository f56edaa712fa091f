namespace SmartDistrict.Telemetry.Mqtt.Connections;

/// <summary>
/// Pauses between attempts to connect: the nominal length doubles up to the maximum, each pause is drawn between half
/// of it and the whole, so that the gateways of a district do not come back all at once.
/// </summary>
internal sealed class Backoff(TimeSpan minimum, TimeSpan maximum)
{
    private int attempt;

    /// <param name="lasted">How long the connection before stood: one that stood as long as the longest pause was a good one, a shorter one may end the same way again.</param>
    public TimeSpan NextAfter(TimeSpan lasted)
    {
        if (lasted >= maximum)
            attempt = 0;
        var nominal = Math.Min(maximum.TotalMilliseconds, minimum.TotalMilliseconds * Math.Pow(2, attempt));
        attempt = Math.Min(attempt + 1, 40);
        return TimeSpan.FromMilliseconds(nominal * (1 + Random.Shared.NextDouble()) / 2);
    }
}
