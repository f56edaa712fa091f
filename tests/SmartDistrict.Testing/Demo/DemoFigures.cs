using System.Globalization;
using System.Text.Json;
using SmartDistrict.Testing.Simulation;

namespace SmartDistrict.Testing.Demo;

/// <summary>What the parts say of themselves at one moment.</summary>
/// <param name="Published">Of the simulator.</param>
/// <param name="Acknowledged">Of the simulator: by the broker.</param>
/// <param name="Truth">Of the simulator: what the acknowledged messages let one know of each line.</param>
/// <param name="After">Of the gateway.</param>
/// <param name="Lag">Of the viewer of the live stream, ms.</param>
/// <param name="ZonesMoving">Of the viewer: zones with people in the last 15 minutes.</param>
/// <param name="Elapsed">Since the parts run.</param>
public sealed record DemoFigures(
    long Published, long Acknowledged, IReadOnlyDictionary<string, LineSums> Truth, GatewayFigures After, (double? Median, double? P95) Lag, int ZonesMoving, TimeSpan Elapsed)
{
    /// <summary>Whether the gateway has on disk whatever the broker acknowledged.</summary>
    public bool AllJournaled => After.Journaled >= Acknowledged && After.Unfolded == 0;

    public static async Task<DemoFigures> NowAsync(DemoSite site, DistrictFeed feed, LiveViewer viewer) => new(
        feed.Published, feed.Acknowledged, feed.Ledger.Expected(),
        await site.GatewayStatusAsync(), viewer.Lag(), viewer.ZonesMoving, site.Elapsed);

    /// <param name="stored">Entries of each line in the store.</param>
    public DemoSummary Summary(IReadOnlyDictionary<string, long> stored) => new(
        Published, Acknowledged, After.Journaled, After.Duplicates, After.Windows, After.Synced, After.DeadLetters, After.Backlog,
        Truth.Values.Sum(line => line.Entries), stored.Values.Sum(), Lag.Median, Lag.P95);

    /// <summary>The lines of which the store does not hold what was true; empty where all is well.</summary>
    public IEnumerable<string> Differences(IReadOnlyDictionary<string, long> stored) =>
        from line in Truth.Keys.Union(stored.Keys).Order(StringComparer.Ordinal)
        let truth = Truth.GetValueOrDefault(line).Entries
        let held = stored.GetValueOrDefault(line)
        where truth != held
        select $"  {line}: {truth} by the truth, {held} in the store";

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Elapsed:hh\\:mm\\:ss}  {Published:N0} published  {After.Journaled:N0} journaled  {After.Windows:N0} windows  {After.Synced:N0} synced  backlog {After.Backlog:N0}  {ZonesMoving} zones moving  lag {Lag.Median ?? 0:0} ms");
}

/// <summary>The figures of the gateway's status page.</summary>
public sealed record GatewayFigures(
    string State, long Journaled, long Acknowledged, long Duplicates, long Windows, long Synced, long DeadLetters, long Backlog, long Unfolded)
{
    public static GatewayFigures Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        long Number(string name) => document.RootElement.TryGetProperty(name, out var value) ? value.GetInt64() : 0;
        return new GatewayFigures(
            document.RootElement.GetProperty("state").GetString() ?? "", Number("journaled"), Number("acknowledged"), Number("duplicates"),
            Number("windows"), Number("synced"), Number("dead_letters"), Number("backlog"), Number("unfolded"));
    }
}

/// <summary>The figures of the whole run.</summary>
public sealed record DemoSummary(
    long Published, long Acknowledged, long Journaled, long Duplicates, long Windows, long Synced, long DeadLetters, long Backlog,
    long TruthIn, long StoredIn, double? LagMsP50, double? LagMsP95)
{
    private static readonly JsonSerializerOptions Snake = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public string Json() => JsonSerializer.Serialize(
        this with { LagMsP50 = Rounded(LagMsP50), LagMsP95 = Rounded(LagMsP95) }, Snake);

    public string Text() => string.Create(CultureInfo.InvariantCulture,
        $"{Published:N0} messages published, {Acknowledged:N0} acknowledged, {Journaled:N0} journaled, {Duplicates:N0} were duplicates, {DeadLetters:N0} dead letters\n" +
        $"{Windows:N0} windows, {Synced:N0} points synced, {Backlog:N0} left; publish to visible {LagMsP50 ?? 0:0} ms (median), {LagMsP95 ?? 0:0} ms (95 %)\n" +
        $"people in: {TruthIn:N0} by the truth, {StoredIn:N0} in the store{(TruthIn == StoredIn ? ": the same" : "")}");

    private static double? Rounded(double? lag) => lag is { } ms ? Math.Round(ms, 1) : null;
}
