using System.Diagnostics.Metrics;

namespace SmartDistrict.Edge.Status;

/// <summary>
/// All figures of the gateway as instruments, named and with units as OpenTelemetry has it (semantic conventions, "Metrics"; units
/// in UCUM). The one source of <c>GET /metrics</c> and of the OTLP export.
/// </summary>
/// <remarks>Counters of messages are since enrolment or since the process started; either way they only rise while the process lives.</remarks>
internal sealed class GatewayMeter : IDisposable
{
    public const string Name = "SmartDistrict.Edge";

    /// <summary>One reading of the instruments asks each of them in turn: all see one status.</summary>
    private static readonly TimeSpan StatusLifetime = TimeSpan.FromSeconds(1);

    private readonly Func<GatewayStatus> status;
    private readonly TimeProvider time;
    private readonly Lazy<Meter> meter;
    private readonly Lock gate = new();
    private GatewayStatus? known;
    private long knownAt;

    public GatewayMeter(Func<GatewayStatus> status, TimeProvider time)
    {
        this.status = status;
        this.time = time;
        meter = new Lazy<Meter>(Build);
    }

    /// <summary>The meter; it is made when it is first asked for, since most gateways are never asked.</summary>
    public Meter Meter => meter.Value;

    public void Dispose()
    {
        if (meter.IsValueCreated)
            meter.Value.Dispose();
    }

    private Meter Build()
    {
        var made = new Meter(Name, Vitals.Software);
        Flow(made);
        Outbox(made);
        Disk(made);
        Devices(made);
        Machine(made);
        return made;
    }

    private void Flow(Meter on)
    {
        Gauge(on, "smartdistrict.gateway.health", "{health}", "1 for the state that the gateway is in: ok, degraded or failing",
            s => States(s.Health.State, Health.Ok, Health.Degraded, Health.Failing));
        Gauge(on, "smartdistrict.gateway.uptime", "s", "Time since the process started", s => s.UptimeSeconds);
        Gauge(on, "smartdistrict.clock.state", "{state}", "1 for the state of the gateway's clock",
            s => States(s.Clock, "synchronised", "holdover", "unsynchronised", "unknown"));
        Gauge(on, "smartdistrict.driver.connected", "{connected}", "1 while a driver hears its source",
            s => s.Drivers.Select(driver => Of(driver.Value == Drivers.IDriver.Connected ? 1 : 0, ("driver", driver.Key))));
        Counter(on, "smartdistrict.journal.envelopes", "{envelope}", "Envelopes made durable", s => s.Journaled);
        Counter(on, "smartdistrict.messages.acknowledged", "{message}", "Messages acknowledged to the broker since the start", s => s.Acknowledged);
        Counter(on, "smartdistrict.fold.envelopes", "{envelope}", "Envelopes folded from the journal", s => s.Folded);
        Gauge(on, "smartdistrict.fold.behind", "{record}", "Durable records that are not folded yet", s => s.Unfolded);
        Counter(on, "smartdistrict.readings", "{reading}", "Readings booked into windows", s => s.Readings);
        Counter(on, "smartdistrict.duplicates", "{reading}", "Messages or readings that had come before", s => s.Duplicates);
        Counter(on, "smartdistrict.repaired", "{reading}", "Readings whose time had to be repaired", s => s.Repaired);
        Counter(on, "smartdistrict.refused", "{reading}", "Messages or readings that a profile refused; they are dead letters", s => s.Refused);
        Counter(on, "smartdistrict.dead_letters", "{letter}", "What was refused, by a profile or by the store", s => s.DeadLetters);
        Counter(on, "smartdistrict.windows", "{window}", "Windows published for the first time", s => s.Windows);
        Counter(on, "smartdistrict.losses", "{record}", "What was given up or could not be read back, by stream: journal records, outbox points",
            s => s.Losses.Select(loss => Of(loss.Value, ("stream", loss.Key))));
        Counter(on, "smartdistrict.torn", "{record}", "Journal records that a power cut tore before they were acknowledged: no loss", s => s.Torn);
        Counter(on, "smartdistrict.disk.faults", "{fault}", "Commits, checkpoints and reads that the disk refused since the start; each is tried again", s => s.DiskFaults);
    }

    private void Outbox(Meter on)
    {
        Gauge(on, "smartdistrict.outbox.points", "{point}", "Points that wait for the store", s => s.Backlog);
        Gauge(on, "smartdistrict.outbox.size", "By", "Bytes of the lines that wait for the store", s => s.BacklogBytes);
        Gauge(on, "smartdistrict.outbox.oldest.age", "s", "Age of the window of the oldest waiting point; 0 where none waits", s => s.OldestSeconds ?? 0);
        Gauge(on, "smartdistrict.outbox.runway", "s", "Time until something must be dropped while the store is away, at the rate of the last hour; absent where nothing comes in",
            s => s.Runway.Seconds is { } seconds ? [Of(seconds)] : []);
        Counter(on, "smartdistrict.sync.accepted", "{point}", "Points that the store took since the start", s => s.Synced);
        Counter(on, "smartdistrict.sync.sent", "By", "Bytes of the lines that the store took since the start", s => s.SyncedBytes);
        Counter(on, "smartdistrict.sync.rejected", "{point}", "Points that the store refused since the start; they are dead letters", s => s.Rejected);
        Counter(on, "smartdistrict.sync.retried", "{request}", "Requests to the store that failed and are sent again, since the start", s => s.Retried);
    }

    private void Disk(Meter on)
    {
        Gauge(on, "smartdistrict.journal.size", "By", "Bytes of the journal's segments on the disk", s => s.JournalBytes);
        Counter(on, "smartdistrict.journal.written", "By", "Bytes that the journal wrote since the start", s => s.Wear.JournalBytes);
        Counter(on, "smartdistrict.disk.written", "By", "Bytes that the process caused to be written to disks since its start", s => s.Wear.Bytes is { } bytes ? [Of(bytes)] : []);
        Gauge(on, "smartdistrict.disk.written.rate", "By/d", "Bytes written to disks per day, at the rate of the last day", s => s.Wear.BytesPerDay is { } bytes ? [Of(bytes)] : []);
        Gauge(on, "smartdistrict.disk.free", "By", "Free space of the data folder's disk", s => s.Machine.DiskFreeBytes is { } bytes ? [Of(bytes)] : []);
        Gauge(on, "smartdistrict.disk.total", "By", "Size of the data folder's disk", s => s.Machine.DiskBytes is { } bytes ? [Of(bytes)] : []);
    }

    private void Devices(Meter on)
    {
        Gauge(on, "smartdistrict.device.state", "{state}", "1, with the device's state: ok, or what is wrong", s => s.Devices.Select(device => Of(1, ("device", device.Id), ("state", device.State))));
        Counter(on, "smartdistrict.device.faults", "{fault}", "Faults of devices that began since the start, by state", s => s.DeviceFaults.Select(fault => Of(fault.Value, ("state", fault.Key))));
        Gauge(on, "smartdistrict.device.last_seen", "s", "When the device was last heard, since the Unix epoch; absent before its first message",
            s => s.Devices.Where(device => device.LastSeen is not null).Select(device => Of(device.LastSeen!.Value / 1000.0, ("device", device.Id))));
        Counter(on, "smartdistrict.device.readings", "{reading}", "Readings of the device that were booked, since the start", s => s.Devices.Select(device => Of(device.Readings, ("device", device.Id))));
        Counter(on, "smartdistrict.device.duplicates", "{reading}", "Messages or readings of the device that had come before, since the start", s => s.Devices.Select(device => Of(device.Duplicates, ("device", device.Id))));
        Counter(on, "smartdistrict.device.missing", "{message}", "Messages of the device that gaps in its sequence show to be missing, since the start", s => s.Devices.Select(device => Of(device.Missing, ("device", device.Id))));
        Counter(on, "smartdistrict.device.refused", "{reading}", "Messages or readings of the device that were refused, since the start", s => s.Devices.Select(device => Of(device.Refused, ("device", device.Id))));
        Gauge(on, "smartdistrict.device.battery", "%", "Charge of the device's battery, as it told last; absent before it told",
            s => s.Devices.Where(device => device.BatteryPercent is not null).Select(device => Of(device.BatteryPercent!.Value, ("device", device.Id))));
        Gauge(on, "smartdistrict.device.rate", "{reading}/min", "Readings of the device in its last full minute", s => s.Devices.Select(device => Of(device.ReadingsPerMinute, ("device", device.Id))));
    }

    private void Machine(Meter on)
    {
        Counter(on, "process.cpu.time", "s", "Processor time of the process, user and kernel", s => [Of(s.Machine.CpuSeconds)]);
        Gauge(on, "process.memory.usage", "By", "Resident set of the process", s => s.Machine.ResidentBytes);
        Gauge(on, "smartdistrict.machine.temperature", "Cel", "Hottest thermal zone of the machine; absent where it has none", s => s.Machine.TemperatureCelsius is { } degrees ? [Of(degrees)] : []);
        Gauge(on, "smartdistrict.machine.throttled", "{throttled}", "1 while the processor is slowed down or its supply is low; absent where the machine does not tell",
            s => s.Machine.Throttling is { } why ? [Of(why.Length > 0 ? 1 : 0)] : []);
    }

    private void Counter(Meter on, string name, string unit, string description, Func<GatewayStatus, long> value) =>
        on.CreateObservableCounter(name, () => (double)value(Now()), unit, description);

    private void Counter(Meter on, string name, string unit, string description, Func<GatewayStatus, IEnumerable<Measurement<double>>> values) =>
        on.CreateObservableCounter(name, () => values(Now()), unit, description);

    private void Gauge(Meter on, string name, string unit, string description, Func<GatewayStatus, long> value) =>
        on.CreateObservableGauge(name, () => (double)value(Now()), unit, description);

    private void Gauge(Meter on, string name, string unit, string description, Func<GatewayStatus, IEnumerable<Measurement<double>>> values) =>
        on.CreateObservableGauge(name, () => values(Now()), unit, description);

    private static IEnumerable<Measurement<double>> States(string now, params string[] all) => all.Select(state => Of(state == now ? 1 : 0, ("state", state)));

    private static Measurement<double> Of(double value, params ReadOnlySpan<(string Key, string Value)> tags)
    {
        var pairs = new KeyValuePair<string, object?>[tags.Length];
        for (var i = 0; i < tags.Length; i++)
            pairs[i] = new(tags[i].Key, tags[i].Value);
        return new(value, pairs);
    }

    private GatewayStatus Now()
    {
        lock (gate)
        {
            if (known is null || time.GetElapsedTime(knownAt) >= StatusLifetime)
            {
                known = status();
                knownAt = time.GetTimestamp();
            }
            return known;
        }
    }
}
