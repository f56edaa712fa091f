namespace SmartDistrict.Edge.Status;

/// <summary>Something that is not as it should be.</summary>
/// <param name="Part">Where: a driver's name, journal, fold, flow, clock, sync, outbox, devices, machine.</param>
/// <param name="What">What is wrong.</param>
/// <param name="Mend">What a person does about it; empty where What says it.</param>
public sealed record HealthReason(string Part, string What, string Mend);

/// <summary>Whether the gateway works: the body of <c>GET /healthz</c>.</summary>
/// <param name="State">ok; degraded: it works, and somebody should look; failing: something that is counted now does not get onto its disk or into its numbers.</param>
/// <param name="Reasons">The worst first.</param>
public sealed record Health(string State, IReadOnlyList<HealthReason> Reasons)
{
    public const string Ok = "ok";
    public const string Degraded = "degraded";
    public const string Failing = "failing";

    internal static Health Of(IReadOnlyCollection<HealthReason> failing, IEnumerable<HealthReason> degraded) =>
        failing.Count > 0 ? new(Failing, [.. failing, .. degraded])
        : degraded.ToList() is { Count: > 0 } some ? new(Degraded, some)
        : new(Ok, []);
}
