namespace SmartDistrict.Edge.Sync;

/// <summary>
/// How long to wait after failures in a row: doubling from the first to the longest, of which a random half to whole, so
/// that a district's gateways do not come back in step; never less than the store asked for.
/// </summary>
internal sealed class Pause(TimeSpan first, TimeSpan longest, Random random)
{
    /// <summary>A store that asks for longer than this is asked again all the same.</summary>
    public static readonly TimeSpan LongestAsked = TimeSpan.FromHours(1);

    private int failures;

    public void Reset() => failures = 0;

    public TimeSpan Next(TimeSpan? asked)
    {
        var whole = Math.Min(longest.Ticks, first.Ticks * Math.Pow(2, Math.Min(failures++, 30)));
        var own = TimeSpan.FromTicks((long)(whole * (0.5 + 0.5 * random.NextDouble())));
        return asked is { } wish && wish > own ? (wish < LongestAsked ? wish : LongestAsked) : own;
    }
}
