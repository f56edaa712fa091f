using SmartDistrict.Configuration;
using SmartDistrict.Edge.Clock;
using SmartDistrict.Edge.Footfall;

namespace SmartDistrict.Edge;

/// <summary>
/// The gateway's generation: which set-up of this gateway states the windows. It is kept in the state file; an empty
/// data folder (a new gateway, a swapped card) begins a higher one. Where only the state is lost, the journal's segments
/// still name the last one.
/// </summary>
internal static class Enrolment
{
    private const string Key = "generation";
    private static readonly DateTimeOffset Plausible = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <param name="last">The generation that the journal names; null where there is none.</param>
    /// <exception cref="ConfigurationException">The generation can only be taken from the clock, and the clock was never set.</exception>
    public static long Generation(FoldState state, GatewayOptions options, GatewayClock clock, long? last = null)
    {
        var kept = state.Value(Key) ?? 0;
        if (kept > 0 && (options.Generation ?? 0) <= kept)
            return kept;
        var now = clock.Time.GetUtcNow();
        if (options.Generation is null && last is null && now < Plausible)
            throw new ConfigurationException([new ConfigurationProblem("Gateway:Generation", 0, 0,
                $"this is the first start with an empty data folder, and the clock says {now:yyyy-MM-dd}",
                "set the clock, or give a number above that of the gateway's earlier set-up")]);
        var generation = options.Generation ?? Math.Max(now.ToUnixTimeSeconds(), (last ?? 0) + 1);
        state.SetValue(Key, generation);
        return generation;
    }
}
