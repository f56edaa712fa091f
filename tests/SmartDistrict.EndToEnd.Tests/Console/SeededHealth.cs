using SmartDistrict.Configuration;

namespace SmartDistrict.EndToEnd.Tests.Console;

/// <summary>
/// How the harbour's gateway and devices are, as the gateway wrote it before the service came up: what one page shows of it no
/// other page's test changes.
/// </summary>
/// <param name="now">s since the Unix epoch.</param>
internal sealed class SeededHealth(District district, long now)
{
    private const int Quarter = 900;

    /// <summary>A day, and one quarter hour: the last one that is over is due only 300 s after its end.</summary>
    private const int Past = 97;

    /// <summary>Those that become due while the tests run are told already.</summary>
    private const int Ahead = 4;

    private readonly long quarter = now / Quarter * Quarter;

    /// <summary>Of the quarter hours of a day one was not told, and one reading in 90 is missing.</summary>
    public DeviceEntry Told => district.Devices[3];

    /// <summary>Count nobody at hours when people are usual: one for each <see cref="Screen"/>.</summary>
    public IReadOnlyList<DeviceEntry> Blind => [.. district.Devices.Skip(5).Take(4)];

    public DeviceEntry Stuck => district.Devices[10];

    public DeviceEntry LowBattery => district.Devices[20];

    /// <summary>Of a model that tells neither battery nor firmware.</summary>
    public DeviceEntry Mains => district.Devices[21];

    /// <summary>A sensor chip of gw-1, which measures its surroundings; it was away for some hours.</summary>
    public DeviceEntry Chip => district.Devices.Single(device => device.Sensor is not null);

    /// <summary>All of it as line protocol, timestamps in s.</summary>
    public IEnumerable<string> Lines() =>
    [
        $"gateway_health,district={district.Id},gateway=gw-1 envelopes=51234i,lost=0i,dropped=0i,refused=3i,generation=1i,uptime=360000i,cpu=4.2,resident=41000000i,disk_free=21000000000i,temperature=48.5,backlog=0i,runway=777600i,clock=\"synchronised\",throttled=\"\" {now}",
        .. Blind.Select(device => Device(device, "blind", "tells=\"\"")),
        Device(Stuck, "stuck", "tells=\"\""),
        Device(LowBattery, "ok", $"tells=\"battery,firmware\",battery=12,battery_at={(now - 7200) * 1000}i,firmware=\"v1.10\",firmware_since={(now - 86_400) * 1000}i"),
        Device(Mains, "ok", "tells=\"\""),
        .. Enumerable.Range(-Past, Past + Ahead).Where(i => i != -50).Select(Completeness),
        .. Enumerable.Range(-Past, Past).Where(i => i is < -66 or > -58).Select(Surroundings),
    ];

    private string Device(DeviceEntry device, string sensor, string tells) =>
        $"device_health,district={district.Id},gateway=gw-1,device={device.Id} last_seen={now * 1000}i,readings=1i,sensor=\"{sensor}\",{tells} {now}";

    private string Completeness(int i)
    {
        var received = i % 6 == 0 ? 14 : 15;
        return $"completeness_15m,district={district.Id},device={Told.Id} expected=15i,received={received}i,refused=0i,forwarded=15i,acknowledged={received}i,rejected=0i,dropped=0i {quarter + (i * Quarter)}";
    }

    private string Surroundings(int i) =>
        $"environment,district={district.Id},device={Chip.Id} temperature_celsius={(i == -1 ? "23.6" : "21.0")},humidity_percent={(i == -80 ? "61.5" : "48.0")} {quarter + (i * Quarter)}";
}
