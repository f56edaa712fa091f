using SmartDistrict.Testing.Simulation.Devices;

namespace SmartDistrict.Testing.Simulation.Faults;

/// <summary>What happens to devices: reboots, resets, lost networks; each a Poisson process over all devices.</summary>
public sealed class Mishaps
{
    private const double Hour = 3_600_000;
    private readonly IReadOnlyList<SimulatedDevice> devices;
    private readonly Random random;
    private readonly List<(double Rate, Action<SimulatedDevice, long> Strike)> kinds;
    private readonly long[] next;

    public Mishaps(FaultRates rates, IReadOnlyList<SimulatedDevice> devices, long start, Random random)
    {
        this.devices = devices;
        this.random = random;
        kinds =
        [
            (rates.Reboots, static (device, at) => device.Reboot(at)),
            (rates.Resets, static (device, at) => device.Reset(at)),
            (rates.Outages, (device, at) => device.LoseNetwork(at, at + random.Next(120_000, 300_000))),
        ];
        next = [.. kinds.Select(kind => After(start, kind.Rate))];
    }

    /// <summary>When the next one strikes, ms since the Unix epoch.</summary>
    public long Next => next.Min();

    public void Strike()
    {
        var kind = Array.IndexOf(next, Next);
        kinds[kind].Strike(devices[random.Next(devices.Count)], next[kind]);
        next[kind] = After(next[kind], kinds[kind].Rate);
    }

    private long After(long at, double perDeviceAndHour) =>
        perDeviceAndHour > 0 && devices.Count > 0 ? at + random.Gap(perDeviceAndHour * devices.Count / Hour) : long.MaxValue;
}
