using SmartDistrict.Edge.Devices;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Edge.Footfall;

/// <summary>What one device said in one minute of receive time.</summary>
/// <param name="Minute">Start, s since the Unix epoch.</param>
internal record struct DeviceMinute(long Minute, long Readings, long Duplicates, long Missing, long Refused);

/// <summary>What is known of one device: which of its messages have come, when it was last heard, and how it behaves.</summary>
internal sealed class DeviceFold
{
    private readonly FoldState state;
    private readonly Dictionary<ulong, SequenceTracker> boots;
    private ulong currentBoot;
    private SequenceTracker? current;

    public DeviceFold(Device device, FoldState state)
    {
        this.state = state;
        Device = device;
        boots = state.Sequences(device.Id);
        LastSeen = state.LastSeen(device.Id, out Minute);
    }

    public Device Device { get; }

    /// <summary>Receive time of its newest message, ms since the Unix epoch; 0 before the first.</summary>
    public long LastSeen { get; set; }

    /// <summary>The minute of receive time that is being counted.</summary>
    public DeviceMinute Minute;

    /// <summary>Heard since this was last stored.</summary>
    public bool Dirty { get; set; }

    public bool LiveDirty { get; set; }

    public SequenceTracker Tracker(ulong boot)
    {
        if (current is not null && currentBoot == boot)
            return current;
        if (!boots.TryGetValue(boot, out var tracker))
            boots.Add(boot, tracker = new SequenceTracker());
        (currentBoot, current) = (boot, tracker);
        return tracker;
    }

    /// <summary>A device that numbers its messages without naming its boot has started again: a new count begins.</summary>
    public SequenceTracker Restart(ulong boot)
    {
        boots[boot] = current = new SequenceTracker();
        currentBoot = boot;
        return current;
    }

    /// <summary>
    /// Readings that a window should hold: what came and what the sequence shows to be missing, and no fewer than the
    /// device's period makes; null where the device has neither.
    /// </summary>
    public long? ExpectedReadings(Resolution resolution, long received, long missing)
    {
        var byPeriod = Device.Period is { } period ? (long)(resolution.Seconds() / period.TotalSeconds) : 0;
        return Device.SequenceUse != SequenceUse.None ? Math.Max(received + missing, byPeriod)
            : byPeriod > 0 ? Math.Max(received, byPeriod)
            : null;
    }

    /// <summary>Stores what changed, as part of a checkpoint.</summary>
    public void Save()
    {
        foreach (var (boot, tracker) in boots)
            if (tracker.Dirty)
                state.SaveSequence(Device.Id, boot, tracker);
        if (Dirty)
            state.SaveDevice(Device.Id, LastSeen, Minute);
    }

    /// <summary>The checkpoint has been committed.</summary>
    public void Saved()
    {
        foreach (var tracker in boots.Values)
            tracker.Dirty = false;
        Dirty = false;
    }
}
