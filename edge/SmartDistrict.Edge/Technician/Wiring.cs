using SmartDistrict.Configuration;
using SmartDistrict.Edge.Devices;

namespace SmartDistrict.Edge.Technician;

/// <summary>What is wired where, by the district's file: it does not change while the gateway runs.</summary>
public sealed record Wiring(string Gateway, LocalName GatewayName, string District, LocalName DistrictName, IReadOnlyList<WiredLine> Lines, IReadOnlyList<WiredDevice> Devices)
{
    internal static Wiring Of(District district, DeviceCatalog catalog, string gateway)
    {
        var known = catalog.Devices.ToDictionary(device => device.Id);
        var faulted = catalog.Faulted.ToDictionary(device => device.Id);
        var entries = district.Devices.Where(entry => entry.Gateway == gateway).ToList();
        return new(gateway, district.Gateways.First(entry => entry.Id == gateway).Name, district.Id, district.Name,
            [.. catalog.Lines.Select(line => new WiredLine(line.Id, line.Name,
                [.. entries.Where(entry => entry.Lines.Values.Contains(line.Id) || entry.ExitLines.Values.Contains(line.Id)).Select(entry => entry.Id)]))],
            [.. entries.Select(entry => WiredDevice.Of(entry, known.GetValueOrDefault(entry.Id), faulted.GetValueOrDefault(entry.Id), district.Id))]);
    }
}

/// <param name="Devices">Ids of those that count it.</param>
public sealed record WiredLine(string Id, LocalName Name, IReadOnlyList<string> Devices);

/// <param name="Topic">Where it publishes, with its address in place; empty for a device that is wired to the gateway.</param>
/// <param name="Channels">Channel of the device and the line it counts.</param>
/// <param name="PeriodSeconds">Time between two reports; null where it reports only what happens.</param>
/// <param name="Gpio">Null for a device that publishes.</param>
/// <param name="Fault">Why it cannot be read; null where it can.</param>
public sealed record WiredDevice(
    string Id, string Profile, string Title, string Address, string Topic, IReadOnlyList<WiredChannel> Channels, bool Reversed, long? PeriodSeconds, WiredGpio? Gpio, string? Fault)
{
    internal static WiredDevice Of(DeviceEntry entry, Device? device, FaultedDevice? faulted, string district) => new(
        entry.Id, entry.Profile, device?.Profile.Title ?? "", entry.Address,
        device is null || entry.Beams is not null ? "" : device.Profile.Topic
            .Replace("{district}", district, StringComparison.Ordinal).Replace("{device}", entry.Id, StringComparison.Ordinal).Replace("{address}", entry.Address, StringComparison.Ordinal),
        [.. entry.Lines.Select(bound => new WiredChannel(bound.Key, bound.Value, false)), .. entry.ExitLines.Select(bound => new WiredChannel(bound.Key, bound.Value, true))],
        entry.Reversed, (long?)device?.Period?.TotalSeconds, entry.Beams is { } beams ? WiredGpio.Of(beams.Gpio) : null,
        faulted is null ? null : $"{faulted.Problem.What}. Mend: {faulted.Problem.Mend}");
}

/// <param name="ExitsOnly">The channel counts only who goes out.</param>
public sealed record WiredChannel(string Channel, string Line, bool ExitsOnly);

/// <param name="Lines">Role (a, b) and the chip's line: its name or offset.</param>
/// <param name="Bias">none, pull-up or pull-down.</param>
public sealed record WiredGpio(string Chip, IReadOnlyList<WiredGpioLine> Lines, bool ActiveLow, string Bias, double DebounceMilliseconds)
{
    internal static WiredGpio Of(GpioWiring wiring) => new(wiring.Chip, [new("a", wiring.A.ToString()), new("b", wiring.B.ToString())], wiring.ActiveLow,
        wiring.Bias switch { GpioBias.PullUp => "pull-up", GpioBias.PullDown => "pull-down", _ => "none" }, wiring.Debounce.TotalMilliseconds);
}

public sealed record WiredGpioLine(string Role, string Line);
