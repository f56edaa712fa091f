using SmartDistrict.Edge.Ambient;
using SmartDistrict.Edge.Devices;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Edge.Footfall;

/// <summary>What one device said in one minute of receive time.</summary>
/// <param name="Minute">Start, s since the Unix epoch.</param>
internal record struct DeviceMinute(long Minute, long Readings, long Duplicates, long Missing, long Refused);

/// <summary>A minute of a device that is over, as it is told in <c>device_health</c>.</summary>
/// <param name="LastSeen">ms since the Unix epoch.</param>
/// <param name="Sensor">What the counts of its lines betray of it: ok, or a fault's name.</param>
/// <param name="Health">What it had told of itself by then.</param>
internal readonly record struct FinishedMinute(Device Device, long LastSeen, DeviceMinute Minute, string Sensor, ToldHealth Health);

/// <summary>What was refused last, and why.</summary>
/// <param name="At">Receive time, ms since the Unix epoch.</param>
internal sealed record Refusal(string Topic, string Reason, string Mend, long At)
{
    /// <summary>A refusal is told for so long, ms: who refuses one message in ten is no new fault each time.</summary>
    private const long Told = 15 * 60_000;

    /// <param name="now">ms since the Unix epoch.</param>
    public bool IsRecent(long now) => now - At < Told;
}

/// <summary>What is known of one device: which of its messages have come, when it was last heard, and how it behaves.</summary>
internal sealed class DeviceFold
{
    private readonly FoldState state;
    private readonly Dictionary<ulong, SequenceTracker> boots;
    private ulong currentBoot;
    private SequenceTracker? current;
    private long lastSeen;
    private long readings;
    private long duplicates;
    private long missing;
    private long refused;
    private Refusal? lastRefusal;
    private long lastMinuteReadings;

    public DeviceFold(Device device, FoldState state, FoldOptions options)
    {
        this.state = state;
        Device = device;
        Beams = device.Beams is { } beams ? new BeamFold(device.Id, beams, device.Lines[0], device.Reversed, state, options) : null;
        Health = new DeviceHealth(device, state);
        boots = state.Sequences(device.Id);
        LastSeen = state.LastSeen(device.Id, out Minute);
    }

    public Device Device { get; }

    /// <summary>Two light beams on the gateway itself, which send edges; null for a device that sends payloads.</summary>
    public BeamFold? Beams { get; }

    /// <summary>What it has told of itself.</summary>
    public DeviceHealth Health { get; }

    /// <summary>Receive time of its newest message, ms since the Unix epoch; 0 before the first.</summary>
    public long LastSeen { get => Volatile.Read(ref lastSeen); set => Volatile.Write(ref lastSeen, value); }

    // Since the process started, for the status page and the metrics: written by the fold's thread, read by any.

    public long Readings => Volatile.Read(ref readings);

    public long Duplicates => Volatile.Read(ref duplicates);

    public long Missing => Volatile.Read(ref missing);

    public long Refused => Volatile.Read(ref refused);

    /// <summary>Readings in the last minute that is over and in which it was heard.</summary>
    public long LastMinuteReadings => Volatile.Read(ref lastMinuteReadings);

    /// <summary>The minute of receive time that is being counted; none (0) while it is not heard.</summary>
    public DeviceMinute Minute;

    /// <summary>What a sensor chip said last, since the process started; empty of all others.</summary>
    public IReadOnlyList<Measured> Measured { get; set; } = [];

    /// <summary>Heard since this was last stored.</summary>
    public bool Dirty { get; set; }

    public bool LiveDirty { get; set; }

    /// <summary>The minute that was being counted is over.</summary>
    public DeviceMinute End()
    {
        var over = Minute;
        Volatile.Write(ref lastMinuteReadings, over.Readings);
        Minute = default;
        Dirty = true;
        return over;
    }

    /// <summary>A reading was booked.</summary>
    public void Book()
    {
        Minute.Readings++;
        Volatile.Write(ref readings, readings + 1);
    }

    /// <summary>A message or a reading had come before.</summary>
    public void Repeat()
    {
        Minute.Duplicates++;
        Volatile.Write(ref duplicates, duplicates + 1);
    }

    /// <summary>A gap in its sequence shows messages to be missing.</summary>
    public void Miss(long messages)
    {
        Minute.Missing += messages;
        Volatile.Write(ref missing, missing + messages);
    }

    /// <summary>Its last message or reading that went to the dead letters since the process started; null before one did.</summary>
    public Refusal? LastRefusal { get => Volatile.Read(ref lastRefusal); private set => Volatile.Write(ref lastRefusal, value); }

    /// <summary>A message or a reading went to the dead letters.</summary>
    public void Refuse(Refusal refusal)
    {
        LastRefusal = refusal;
        Minute.Refused++;
        Volatile.Write(ref refused, refused + 1);
    }

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
        Health.Save(state);
        if (!Dirty)
            return;
        state.SaveDevice(Device.Id, LastSeen, Minute);
        Beams?.Save();
    }

    /// <summary>The checkpoint has been committed.</summary>
    public void Saved()
    {
        foreach (var tracker in boots.Values)
            tracker.Dirty = false;
        Dirty = Health.Dirty = false;
    }
}
