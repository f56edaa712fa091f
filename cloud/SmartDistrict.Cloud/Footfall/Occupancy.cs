namespace SmartDistrict.Cloud.Footfall;

/// <summary>How many people are in a zone at the end of a bucket.</summary>
/// <param name="People">Null where the zone has no data in the bucket, or none yet since the reset.</param>
/// <param name="Drift">People by whom the count would have fallen below zero since the reset, and was held at zero.</param>
/// <param name="Trust">The worst of everything the count was made of since the reset.</param>
internal readonly record struct Occupancy(long? People, long Drift, Trust Trust);

/// <summary>
/// Counts one zone's occupancy: zero at the daily reset, then Σ entries − Σ exits, unplaced ones included, held at zero.
/// </summary>
/// <remarks>
/// The hold at zero happens at the ends of 15-minute windows only; within a quarter hour a lower number is just shown as
/// zero. So the occupancy of an instant is the same at every bucket length and wherever a query begins, and needs the
/// 15-minute windows since the reset, not a day of minutes. A gap adds nothing and makes the count partial until the
/// next reset: whoever crossed meanwhile is not known.
/// </remarks>
internal struct OccupancyCount(WindowTable quarters, int zone, long now)
{
    private long count;
    private long drift;
    private Trust trust;
    private bool seen;

    // Since the start of the current quarter hour, from minutes.
    private long minutesNet;
    private Trust minutesTrust;
    private bool minutesSeen;

    /// <summary>The occupancy reset: the zone is empty.</summary>
    public void Reset()
    {
        (count, drift, trust, seen) = (0, 0, Trust.Complete, false);
        BeginQuarter();
    }

    /// <summary>Goes on by one 15-minute window.</summary>
    /// <returns>The occupancy at its end.</returns>
    public Occupancy Step(long start)
    {
        var sum = ZoneSum.Of(quarters, zone, start, now);
        trust = TrustRules.Worst(trust, sum.Present > 0 ? sum.Trust : TrustRules.OfMissing(start + quarters.Seconds, now));
        seen |= sum.Present > 0;
        count += sum.Net;
        if (count < 0)
        {
            drift -= count;
            count = 0;
        }
        BeginQuarter();
        return new(sum.Present > 0 ? count : null, drift, seen ? trust : Trust.None);
    }

    /// <summary>Goes on by one minute within the quarter hour; <see cref="Step"/> then takes the quarter hour as a whole.</summary>
    /// <param name="sum">The zone in that minute.</param>
    /// <returns>The occupancy at its end.</returns>
    public Occupancy StepMinute(in ZoneSum sum, long start)
    {
        minutesTrust = TrustRules.Worst(minutesTrust, sum.Present > 0 ? sum.Trust : TrustRules.OfMissing(start + 60, now));
        minutesSeen |= sum.Present > 0;
        minutesNet += sum.Net;
        var people = count + minutesNet;
        return new(
            sum.Present > 0 ? Math.Max(0, people) : null, drift + Math.Max(0, -people), minutesSeen ? minutesTrust : Trust.None);
    }

    private void BeginQuarter() => (minutesNet, minutesTrust, minutesSeen) = (0, trust, seen);
}
