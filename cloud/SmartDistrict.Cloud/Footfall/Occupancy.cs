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

    /// <summary>The occupancy reset: the zone is empty.</summary>
    public void Reset() => (count, drift, trust, seen) = (0, 0, Trust.Complete, false);

    /// <summary>Goes on by one 15-minute window.</summary>
    /// <returns>The occupancy at its end.</returns>
    public Occupancy Step(long start)
    {
        var sum = ZoneSum.Of(quarters, zone, start, now);
        if (sum.Present == 0)
        {
            trust = TrustRules.Worst(trust, TrustRules.OfMissing(start + quarters.Seconds, now));
            return new(null, drift, seen ? trust : Trust.None);
        }
        seen = true;
        trust = TrustRules.Worst(trust, sum.Trust);
        count += sum.Net;
        if (count < 0)
        {
            drift -= count;
            count = 0;
        }
        return new(count, drift, trust);
    }

    /// <summary>The occupancy at the end of a minute, from the count at the start of its quarter hour.</summary>
    /// <param name="minutes">Table of 1-minute windows that reaches back to the start of the quarter hour.</param>
    public readonly Occupancy AtEndOf(WindowTable minutes, long quarterStart, long minuteStart)
    {
        var net = 0L;
        var worst = trust;
        var any = seen;
        var present = false;
        for (var start = quarterStart; start <= minuteStart; start += minutes.Seconds)
        {
            var sum = ZoneSum.Of(minutes, zone, start, now);
            present = sum.Present > 0;
            any |= present;
            worst = TrustRules.Worst(worst, present ? sum.Trust : TrustRules.OfMissing(start + minutes.Seconds, now));
            net += sum.Net;
        }
        var people = count + net;
        return new(present ? Math.Max(0, people) : null, drift + Math.Max(0, -people), any ? worst : Trust.None);
    }
}
