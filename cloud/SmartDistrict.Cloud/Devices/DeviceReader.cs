using Microsoft.Extensions.Options;
using SmartDistrict.Cloud.Alarms;
using SmartDistrict.Cloud.Districts;
using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Cloud.Live;
using SmartDistrict.Cloud.Paging;
using SmartDistrict.Configuration;

namespace SmartDistrict.Cloud.Devices;

/// <summary>How gateways and devices stand: what the live path heard, what their gateways wrote, and what the district's file says.</summary>
internal sealed class DeviceReader(
    District district, IFootfallStore store, IDeviceStore devices, HealthWatch health, AlarmRules rules, LiveFeed live, DistrictSource source, IOptions<CloudOptions> options,
    TimeProvider clock)
{
    private static readonly AlarmKind LowBattery = AlarmKinds.Find("battery")!;

    private const int Quarter = 900;
    private const int Day = 86_400;

    /// <summary>A quarter hour is told when it is over and its last window has reached the store: so long later it is due, s.</summary>
    private const int Settling = 300;

    private static readonly TimeSpan SumsKept = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private (DateTimeOffset At, long To, IReadOnlyDictionary<string, LedgerSum> Sums)? kept;

    public async Task<List<GatewayStatus>> GatewaysAsync(CancellationToken cancellation)
    {
        var seen = await SightingsAsync(cancellation);
        var (span, sums) = await SumsAsync(cancellation);
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var picture = health.Picture;
        return [.. district.Gateways.Select(gateway => Gateway(gateway, seen, picture, span, sums, now))];
    }

    public async Task<DevicePage> PageAsync(EntryPage<DeviceEntry> page, CancellationToken cancellation)
    {
        var seen = await SightingsAsync(cancellation);
        var (span, sums) = await SumsAsync(cancellation);
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var picture = health.Picture;
        return new([.. page.Entries.Select(device => Device(device, seen, picture, span, sums, now))], page.Total, page.Next);
    }

    /// <summary>Null for a device that the district's file does not know.</summary>
    public async Task<DeviceDetail?> DetailAsync(string id, CancellationToken cancellation)
    {
        if (Find(id) is not { } device)
            return null;
        var seen = await SightingsAsync(cancellation);
        var (span, sums) = await SumsAsync(cancellation);
        var ambient = device.Sensor is null ? null : await devices.ReadNewestEnvironmentAsync(id, cancellation);
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        SourceText?[] sources = [source.Find("device", id), .. LinesOf(device).Select(line => source.Find("line", line)), source.Profile(device.Profile)];
        return new(
            Device(device, seen, health.Picture, span, sums, now), DeviceSettings.Of(device, source), [.. sources.OfType<SourceText>()],
            ambient is { } reading ? new(reading.At, [.. Values(reading)]) : null);
    }

    public async Task<CompletenessSeries> CompletenessAsync(string device, Span span, CancellationToken cancellation)
    {
        var quarters = (await devices.ReadLedgerAsync(device, span.From, span.To, cancellation)).ToDictionary(quarter => quarter.Start);
        var starts = Starts(span);
        LedgerSum?[] told = [.. starts.Select(start => quarters.TryGetValue(start, out var quarter) ? quarter : (LedgerSum?)null)];
        return new(
            Sum(told.OfType<LedgerSum>(), span, 1), starts, [.. told.Select(quarter => quarter?.Expected)], [.. told.Select(quarter => quarter?.Received)],
            [.. told.Select(quarter => quarter?.Refused)], [.. told.Select(quarter => quarter?.Acknowledged)]);
    }

    public async Task<EnvironmentSeries> EnvironmentAsync(string device, Span span, CancellationToken cancellation)
    {
        var means = (await devices.ReadEnvironmentAsync(device, span.From, span.To, cancellation)).ToDictionary(mean => (mean.Quantity, mean.Start), mean => mean.Mean);
        var starts = Starts(span);
        return new(starts, [.. means.Keys.Select(key => key.Quantity).Distinct().Order(StringComparer.Ordinal).Select(quantity => new AmbientSeries(
            quantity, [.. starts.Select(start => means.TryGetValue((quantity, start), out var mean) ? mean : (double?)null)]))]);
    }

    public DeviceEntry? Find(string id) => district.Devices.FirstOrDefault(device => device.Id == id);

    /// <summary>The devices of a gateway, in the order of the district's file.</summary>
    public List<DeviceEntry> Of(string gateway) => [.. district.Devices.Where(device => device.Gateway == gateway)];

    public bool Knows(string gateway) => district.Gateways.Any(known => known.Id == gateway);

    /// <summary>When each device was last heard, by the live path or the store, ms since the Unix epoch.</summary>
    public async Task<Dictionary<string, long>> SightingsAsync(CancellationToken cancellation)
    {
        var seen = live.Sightings();
        foreach (var stored in await store.ReadSightingsAsync(cancellation))
            seen[stored.Device] = Math.Max(stored.LastSeen, seen.GetValueOrDefault(stored.Device));
        return seen;
    }

    public DeviceState State(long? lastSeen, long now) => lastSeen is not { } last ? DeviceState.Unknown
        : now - last > options.Value.SilentAfter.TotalMilliseconds ? DeviceState.Silent
        : DeviceState.Live;

    private GatewayStatus Gateway(
        Gateway gateway, Dictionary<string, long> seen, HealthPicture? picture, Span span, IReadOnlyDictionary<string, LedgerSum> sums, long now)
    {
        var own = Of(gateway.Id);
        HealthReport? report = picture?.Gateways.TryGetValue(gateway.Id, out var newest) == true ? newest : null;
        long?[] heard = [live.HeardAt(gateway.Id), report?.At, .. own.Select(device => Seen(seen, device.Id))];
        var states = own.Select(device => State(Seen(seen, device.Id), now)).ToList();
        var counting = own.Where(device => device.Sensor is null).ToList();
        return new(
            gateway.Id, new(gateway.Name.Zh, gateway.Name.En), State(heard.Max(), now), heard.Max(),
            new(own.Count, states.Count(state => state == DeviceState.Live), states.Count(state => state == DeviceState.Silent), states.Count(state => state == DeviceState.Unknown),
                own.Where((device, i) => states[i] == DeviceState.Live && Sensor(picture, device.Id) is not (null or "ok" or "unknown")).Count(),
                own.Count(device => Battery(Report(picture, device.Id), device.Id, now) is { Low: true })),
            report is { } vitals ? Vitals(vitals) : null,
            Sum(counting.Where(device => sums.ContainsKey(device.Id)).Select(device => sums[device.Id]), span, counting.Count),
            source.Find("gateway", gateway.Id));
    }

    private DeviceStatus Device(
        DeviceEntry device, Dictionary<string, long> seen, HealthPicture? picture, Span span, IReadOnlyDictionary<string, LedgerSum> sums, long now)
    {
        var last = Seen(seen, device.Id);
        var report = Report(picture, device.Id);
        return new(
            device.Id, device.Sensor is not null ? DeviceKind.Environment : device.Beams is not null ? DeviceKind.Beams : DeviceKind.Counter,
            device.Gateway, device.Profile, [.. LinesOf(device).Select(Line)], last, last is { } at ? Math.Max(0, now - at) / 1000 : null, State(last, now),
            Sensor(picture, device.Id), DeviceCondition.Tells(report), Battery(report, device.Id, now), DeviceCondition.Firmware(report),
            device.Sensor is not null ? null : Sum(sums.TryGetValue(device.Id, out var sum) ? [sum] : [], span, 1));
    }

    private DeviceLine Line(string id)
    {
        var name = district.Lines.First(line => line.Id == id).Name;
        return new(id, new LocalizedName(name.Zh, name.En));
    }

    private static GatewayVitals Vitals(in HealthReport report)
    {
        var of = report;
        return new(
            of.At, of.Text("clock"), Whole("uptime"), Whole("backlog"), Whole("runway"), Whole("disk_free"), Whole("resident"), of.Number("cpu"), of.Number("temperature"),
            of.Text("throttled"), Whole("lost"), Whole("dropped"), Whole("refused"), Whole("generation"), of.Text("firmware"));

        long? Whole(string field) => (long?)of.Number(field);
    }

    /// <param name="of">How many devices should have told of each quarter hour.</param>
    private static CompletenessInfo Sum(IEnumerable<LedgerSum> ledgers, Span span, int of)
    {
        var all = ledgers.ToList();
        var due = (int)((span.To - span.From) / Quarter) * of;
        var quarters = all.Sum(ledger => ledger.Quarters);
        long? expected = all.Any(ledger => ledger.Expected is not null) ? all.Sum(ledger => ledger.Expected ?? ledger.Received) : null;
        var (received, forwarded, acknowledged) = (all.Sum(ledger => ledger.Received), all.Sum(ledger => ledger.Forwarded), all.Sum(ledger => ledger.Acknowledged));
        var (rejected, dropped, refused) = (all.Sum(ledger => ledger.Rejected), all.Sum(ledger => ledger.Dropped), all.Sum(ledger => ledger.Refused));
        var status = quarters == 0 ? Trust.None
            : quarters < due || expected > received || rejected + dropped + refused > 0 ? Trust.Partial
            : acknowledged < received ? Trust.Provisional
            : Trust.Complete;
        return new(span.From, span.To, quarters, due, expected, received, refused, forwarded, acknowledged, rejected, dropped, status);
    }

    /// <summary>The sums of the last day, read at most every 5 s.</summary>
    private async Task<(Span Span, IReadOnlyDictionary<string, LedgerSum> Sums)> SumsAsync(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var to = Footfall.Span.Down(now.ToUnixTimeSeconds() - Settling, Quarter);
        var span = new Span(Telemetry.Windows.Resolution.QuarterHour, to - Day, to);
        lock (gate)
            if (kept is { } held && held.To == to && now - held.At < SumsKept && now >= held.At)
                return (span, held.Sums);
        var sums = (await devices.ReadLedgerSumsAsync(span.From, span.To, cancellation)).ToDictionary(sum => sum.Device);
        lock (gate)
            kept = (now, to, sums);
        return (span, sums);
    }

    private static long? Seen(Dictionary<string, long> seen, string device) => seen.TryGetValue(device, out var last) ? last : null;

    private static HealthReport? Report(HealthPicture? picture, string device) => picture?.Devices.TryGetValue(device, out var report) == true ? report : null;

    private static string? Sensor(HealthPicture? picture, string device) => Report(picture, device)?.Text("sensor");

    private BatteryStatus? Battery(HealthReport? report, string device, long now) =>
        report is null ? null : DeviceCondition.Battery(report, rules.For(LowBattery, device).Setting, now);

    private static IEnumerable<string> LinesOf(DeviceEntry device) => device.Lines.Values.Concat(device.ExitLines.Values).Distinct();

    private static IEnumerable<AmbientValue> Values(HealthReport reading)
    {
        foreach (var field in reading.Fields.EnumerateObject())
            if (reading.Number(field.Name) is { } value)
                yield return new(field.Name, value);
    }

    private static long[] Starts(Span span) => [.. Enumerable.Range(0, (int)((span.To - span.From) / Quarter)).Select(i => span.From + (i * (long)Quarter))];
}
