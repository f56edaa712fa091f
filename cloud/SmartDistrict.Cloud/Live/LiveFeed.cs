using System.Threading.Channels;
using SmartDistrict.Cloud.Embedded;
using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Cloud.Hot;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Cloud.Live;

/// <summary>Zones and devices that changed since they were last taken.</summary>
internal sealed record LiveChanges(IReadOnlyList<int> Zones, IReadOnlyList<LiveDevice> Devices);

/// <summary>
/// Where everything live comes together: what gateways send up the live path, what they write, and what the store holds.
/// Remembers what changed, who was heard when and how late. Thread-safe.
/// </summary>
internal sealed class LiveFeed(Topology topology, HotWindows hot, DaySums days, TimeProvider clock)
{
    /// <summary>A written window this old or younger is a sign of life of its gateway; an older one is backlog.</summary>
    private const int FreshSeconds = 120;

    private const int AheadMilliseconds = 300_000;

    /// <summary>The start of a window that came, live or written, s since the Unix epoch.</summary>
    public event Action<long>? Came;

    private readonly Lock gate = new();
    private readonly HashSet<int> changedZones = [];
    private readonly HashSet<string> changedDevices = [];
    private readonly Dictionary<string, long> sightings = [];
    private readonly Dictionary<string, long> heard = [];
    private readonly long?[] lagOfZone = new long?[topology.ZoneCount];
    private readonly HashSet<string> deviceIds = [.. topology.District.Devices.Select(device => device.Id)];
    private readonly Channel<bool> pulse = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Takes a message of the live path.</summary>
    /// <param name="gateway">The gateway of the topic; windows of other gateways' lines are left out.</param>
    /// <returns>How many windows were left out.</returns>
    public int Received(string gateway, LiveWindows message)
    {
        var own = message.Windows.Where(window => topology.Owners.GetValueOrDefault(window.Line)?.Gateway == gateway).ToArray();
        var newest = message.NewestReading > 0 ? message.NewestReading : message.At;
        var lag = Math.Max(0, clock.GetUtcNow().ToUnixTimeMilliseconds() - newest);
        Take(own, message.Devices, gateway, lag);
        ForgetDays(own);
        return message.Windows.Count - own.Length;
    }

    /// <summary>Takes what a gateway just wrote to the embedded store.</summary>
    public void Stored(string gateway, IReadOnlyList<LineWindow> windows, IReadOnlyList<HealthPoint> health)
    {
        var fresh = clock.GetUtcNow().ToUnixTimeSeconds() - FreshSeconds;
        var alive = windows.Any(window => window.Start + window.Resolution.Seconds() >= fresh);
        Take(windows, health.Where(point => point.Sighting is not null).Select(point => point.Sighting!.Value), alive ? gateway : null, null);
        ForgetDays(windows);
    }

    /// <summary>Takes what the store holds.</summary>
    public void Read(IEnumerable<LineWindow> windows, IEnumerable<DeviceSighting> devices) => Take(windows, devices, null, null);

    /// <summary>Lets every zone be looked at again: time itself changes what numbers are worth.</summary>
    public void TimePassed()
    {
        lock (gate)
            for (var zone = 0; zone < topology.ZoneCount; zone++)
                changedZones.Add(zone);
        pulse.Writer.TryWrite(true);
    }

    /// <summary>Waits until something has changed.</summary>
    public async Task ChangedAsync(CancellationToken cancellation) => await pulse.Reader.ReadAsync(cancellation);

    /// <summary>Takes what changed since the last call.</summary>
    public LiveChanges TakeChanges()
    {
        lock (gate)
        {
            var changes = new LiveChanges(
                [.. changedZones.Order()],
                [.. changedDevices.Select(device => new LiveDevice(device, sightings[device]))]);
            changedZones.Clear();
            changedDevices.Clear();
            return changes;
        }
    }

    /// <summary>When each device was last heard, ms since the Unix epoch; a device never heard is absent.</summary>
    public Dictionary<string, long> Sightings()
    {
        lock (gate)
            return new(sightings);
    }

    public long? LagOf(int zone)
    {
        lock (gate)
            return lagOfZone[zone];
    }

    /// <summary>Whether nothing was heard of a gateway for a time, or ever.</summary>
    public bool IsSilent(string gateway, TimeSpan limit)
    {
        lock (gate)
            return !heard.TryGetValue(gateway, out var at) || clock.GetElapsedTime(at) > limit;
    }

    /// <summary>When a gateway was last heard by this process, ms since the Unix epoch; null where it was not.</summary>
    public long? HeardAt(string gateway)
    {
        lock (gate)
            return heard.TryGetValue(gateway, out var at) ? (clock.GetUtcNow() - clock.GetElapsedTime(at)).ToUnixTimeMilliseconds() : null;
    }

    private void Take(IEnumerable<LineWindow> windows, IEnumerable<DeviceSighting> devices, string? gateway, long? lag)
    {
        // Not within the lock: readers of the hot windows ask for lag and silence while they hold the windows' own.
        var changedLines = new HashSet<int>();
        hot.Put(windows, changedLines);
        lock (gate)
        {
            foreach (var zone in changedLines.SelectMany(topology.ZonesOfLine))
            {
                changedZones.Add(zone);
                lagOfZone[zone] = lag;
            }
            foreach (var device in devices)
                See(device);
            if (gateway is not null)
                heard[gateway] = clock.GetTimestamp();
            if (changedZones.Count + changedDevices.Count == 0)
                return;
        }
        pulse.Writer.TryWrite(true);
    }

    /// <summary>A window may change a day that has been summed up already.</summary>
    private void ForgetDays(IReadOnlyList<LineWindow> windows)
    {
        foreach (var start in windows.Select(window => window.Start).Distinct())
        {
            days.Forget(start);
            Came?.Invoke(start);
        }
    }

    /// <summary>Notes a sighting, unless it lies well ahead of our clock: it would keep the device live for ever.</summary>
    private void See(DeviceSighting device)
    {
        if (!deviceIds.Contains(device.Device) || sightings.GetValueOrDefault(device.Device) >= device.LastSeen
            || device.LastSeen > clock.GetUtcNow().ToUnixTimeMilliseconds() + AheadMilliseconds)
            return;
        sightings[device.Device] = device.LastSeen;
        changedDevices.Add(device.Device);
    }
}
