using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using SmartDistrict.Configuration;
using SmartDistrict.Edge.Clock;
using SmartDistrict.Edge.Devices;
using SmartDistrict.Edge.Drivers;
using SmartDistrict.Edge.Drivers.Gpio;
using SmartDistrict.Edge.Footfall;
using SmartDistrict.Edge.Status;
using SmartDistrict.Edge.Sync;
using SmartDistrict.Telemetry.Mqtt;

namespace SmartDistrict.Edge.Technician;

/// <summary>
/// The technician's view of a running gateway: what is wired where and what it says now, walk tests, unknown devices, and
/// the diagnosis bundle. It reads beside the flow, and nothing in the flow waits for it.
/// </summary>
internal sealed class TechnicianMode : IAsyncDisposable
{
    private readonly GatewayWatch watch;
    private readonly IReadOnlyList<IDriver> drivers;
    private readonly FoldLoop folding;
    private readonly GatewayClock clock;
    private readonly WalkTests walks;
    private readonly TopicSniffer sniffer;

    /// <param name="listen">A session of its own with the devices' broker; null where the gateway has none.</param>
    /// <param name="ownCatalog">A further catalog of the same devices.</param>
    public TechnicianMode(GatewayOptions options, StatusOptions status, IConfiguration settings, District district, DeviceCatalog catalog, IReadOnlyList<IDriver> drivers,
        FoldLoop folding, GatewayWatch watch, GatewayClock clock, RecentLog recent, ILogger<TechnicianMode> log, Func<IMqttSession?> listen, Func<DeviceCatalog> ownCatalog)
    {
        this.watch = watch;
        this.drivers = drivers;
        this.folding = folding;
        this.clock = clock;
        walks = new WalkTests(options.Data, Booked, clock.Time);
        sniffer = new TopicSniffer(listen, ownCatalog, clock.Time);
        var wiring = Wiring.Of(district, catalog, options.Id);
        Api = new TechnicianApi(new TechnicianAccess(Code(status), clock.Time), watch, () => wiring, View, walks, sniffer,
            new DiagnosisBundle(options, settings, watch, () => wiring, walks, sniffer, recent, clock.Time), clock.Time, log);
    }

    public TechnicianApi Api { get; }

    public ValueTask DisposeAsync() => sniffer.DisposeAsync();

    /// <summary>The code to be asked for; null where the page is for this machine alone and none is wanted.</summary>
    /// <exception cref="ConfigurationException">The page is for the network, and there is no code that would keep others out.</exception>
    private static string? Code(StatusOptions status)
    {
        if (status.CodeFile is null)
            return status.IsLoopback ? null : throw Unusable("Status:CodeFile",
                $"Status:Listen is '{status.Listen}', so everybody in the network would reach the technician's page", "name a file that holds a code, or leave Status:Listen out");
        if (!SecretFile.TryRead(status.CodeFile, out var code, out var problem))
            throw Unusable("Status:CodeFile", problem, "write the technician's code into it");
        return code.Length >= TechnicianAccess.ShortestCode ? code
            : throw Unusable("Status:CodeFile", $"the code in {status.CodeFile} has {code.Length} characters", $"take one of {TechnicianAccess.ShortestCode} or more");
    }

    private (long, long)? Booked(string line) => folding.Lines.FirstOrDefault(candidate => candidate.Id == line) is { } found ? (found.Entered, found.Left) : null;

    private LiveView View()
    {
        var now = clock.Now().WallMilliseconds;
        return new(now, watch.Failing(),
            [.. folding.Lines.Select(line => new LiveLine(line.Id, line.Entered, line.Left))],
            [.. watch.Devices(now).Select(device => new LiveDevice(
                device.Id, device.State, device.Cause, device.NextStep, device.AgeSeconds, device.Readings, device.Missing, device.Refused,
                device.BatteryPercent, device.BatteryVolts, device.BatteryAt, device.Firmware, device.FirmwareSince))],
            [.. drivers.OfType<GpioDriver>().SelectMany(driver => driver.Inputs).Select(input => new LiveGpio(
                input.Device, input.Fault ?? "", input.Edges, input.Lost, [.. input.Levels.Select(level => new LiveLevel(level.Role, level.Level))]))],
            walks.Current);
    }

    private static ConfigurationException Unusable(string subject, string what, string mend) => new([new ConfigurationProblem(subject, 0, 0, what.TrimEnd('.'), mend)]);
}
