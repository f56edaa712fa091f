using System.Text;
using SmartDistrict.Edge.Devices;

namespace SmartDistrict.Edge.Footfall;

/// <summary>What a device has told of itself, as it stood at one moment.</summary>
/// <param name="Battery">% or V, by <see cref="DeviceProfile.Battery"/>; null before it told.</param>
/// <param name="BatteryAt">When it told that, ms since the Unix epoch.</param>
/// <param name="Firmware">Null before it told.</param>
/// <param name="FirmwareSince">When it first told this version, ms since the Unix epoch.</param>
public readonly record struct ToldHealth(double? Battery, long BatteryAt, string? Firmware, long FirmwareSince);

/// <summary>
/// The newest that a device told of itself. Newest is by the time of the message, so that a repeated or belated one takes nothing
/// back. Written by the fold's thread, read by any.
/// </summary>
internal sealed class DeviceHealth
{
    private const double Thousandths = 1000;

    private readonly Device device;
    private byte[] version = [];
    private double battery;
    private long batteryAt;
    private string? firmware;
    private long firmwareSince;
    private long firmwareAt;

    public DeviceHealth(Device device, FoldState state)
    {
        this.device = device;
        if (state.Health(device.Id) is not { } stored)
            return;
        // a profile that was changed since may read another unit, or nothing
        if (stored.Unit == (long?)device.Profile.Battery)
            (battery, batteryAt) = (stored.Battery / Thousandths, stored.BatteryAt);
        if (device.Profile.TellsFirmware && stored.Firmware.Length > 0)
            (version, firmware, firmwareSince, firmwareAt) = (Encoding.UTF8.GetBytes(stored.Firmware), stored.Firmware, stored.FirmwareSince, stored.FirmwareAt);
    }

    /// <summary>Told since this was last stored.</summary>
    public bool Dirty { get; set; }

    public ToldHealth Now => Volatile.Read(ref batteryAt) is var at && at == 0
        ? new(null, 0, Volatile.Read(ref firmware), Volatile.Read(ref firmwareSince))
        : new(Volatile.Read(ref battery), at, Volatile.Read(ref firmware), Volatile.Read(ref firmwareSince));

    /// <summary>A message tells of the device.</summary>
    /// <param name="at">Its time, ms since the Unix epoch.</param>
    /// <returns>The version that it ran before, where that was another one; else null.</returns>
    public string? Tell(DecodedPayload told, long at)
    {
        if (told.Battery is { } charge && at >= batteryAt)
        {
            Volatile.Write(ref battery, charge);
            Volatile.Write(ref batteryAt, at);
            Dirty = true;
        }
        if (told.Firmware.Length == 0 || at < firmwareAt)
            return null;
        firmwareAt = at;
        Dirty = true;
        if (told.Firmware.SequenceEqual(version))
            return null;
        var before = firmware;
        version = told.Firmware.ToArray();
        Volatile.Write(ref firmwareSince, at);
        Volatile.Write(ref firmware, Encoding.UTF8.GetString(version));
        return before;
    }

    /// <summary>The gateway's clock was set back: what was told in a time that was wrong must not keep out what comes.</summary>
    public void StepBack(long now)
    {
        Dirty |= batteryAt > now || firmwareAt > now;
        Volatile.Write(ref batteryAt, Math.Min(batteryAt, now));
        Volatile.Write(ref firmwareSince, Math.Min(firmwareSince, now));
        firmwareAt = Math.Min(firmwareAt, now);
    }

    /// <summary>Stores what changed, as part of a checkpoint.</summary>
    public void Save(FoldState state)
    {
        if (Dirty)
            state.SaveHealth(device.Id, new((long?)device.Profile.Battery ?? -1, (long)Math.Round(battery * Thousandths), batteryAt, firmware ?? "", firmwareSince, firmwareAt));
    }
}

/// <summary>A <see cref="DeviceHealth"/> on disk.</summary>
/// <param name="Unit">A <see cref="BatteryUnit"/>; −1 where the profile reads none.</param>
/// <param name="Battery">Thousandths of it.</param>
/// <param name="Firmware">Empty where none was told.</param>
internal readonly record struct StoredHealth(long Unit, long Battery, long BatteryAt, string Firmware, long FirmwareSince, long FirmwareAt);
