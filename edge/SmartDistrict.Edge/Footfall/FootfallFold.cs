using System.Text;
using Microsoft.Data.Sqlite;
using SmartDistrict.Edge.Ambient;
using SmartDistrict.Edge.Clock;
using SmartDistrict.Edge.Devices;
using SmartDistrict.Edge.Drivers.Gpio;
using SmartDistrict.Edge.Journal;
using SmartDistrict.Edge.Ledger;
using SmartDistrict.Edge.Outbox;
using SmartDistrict.Edge.Sensors;
using SmartDistrict.Edge.Status;
using SmartDistrict.Telemetry.Readings;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Edge.Footfall;

/// <summary>
/// Turns journal records into windows. A pure function of the journal: time is what the records say, so that live
/// folding, the replay after a crash and a replay with other settings are one code.
/// </summary>
/// <remarks>Belongs to one thread.</remarks>
internal sealed class FootfallFold
{
    /// <summary>Key of <see cref="Position"/> in the state.</summary>
    public const string PositionKey = "position";

    private const int LettersBetweenCheckpoints = 256;
    private const long PruneEvery = 3_600_000;

    /// <summary>A reading at the horizon revises the hour that holds it, whose first part lies beyond it: that must be known still.</summary>
    private const long KeptBeyondHorizon = 2 * 3_600_000;

    /// <summary>A sequence without a boot id that falls by more than this has begun anew.</summary>
    private const long RestartedBelow = 1000;

    private readonly DeviceCatalog catalog;
    private readonly FoldState state;
    private readonly FoldPoints points;
    private readonly DeadLetters deadLetters;
    private readonly EventTime time;
    private readonly WindowBook windows;
    private bool begun;
    private readonly AmbientFold ambient;
    private readonly long horizon;
    private readonly DeviceFold[] devices;
    private readonly DeviceFold[] beams;
    private readonly LineFold?[] lines;
    private readonly Dictionary<int, LineFold> linesByKey;
    private readonly SensorWatch sensors;
    private readonly CompletenessLedger ledger;
    private readonly List<LineHour> observed = [];
    private readonly DecodedPayload decoded = new();
    private readonly List<DeviceSighting> heard = [];
    private readonly List<RefusedEnvelope> refused = [];
    private readonly List<FinishedMinute> finishedMinutes = [];
    private long now;
    private long prunedAt;
    private long healthMinute;
    private long minute;
    private long newestReading;
    private Vitals? vitals;
    private Refusal? stranger;

    public FootfallFold(DeviceCatalog catalog, FoldState state, FoldPoints points, DeadLetters deadLetters, FoldOptions options)
    {
        this.catalog = catalog;
        this.state = state;
        this.points = points;
        this.deadLetters = deadLetters;
        time = new EventTime(options);
        windows = new WindowBook(state, points, options, Totals) { HoursClosed = Watch, QuarterForwarded = cell => ledger!.Forward(cell) };
        ambient = new AmbientFold(points);
        horizon = options.LateHorizonDays * 86_400_000L;
        Position = Checkpointed = state.Value(PositionKey) ?? 0;
        begun = Position > 0;
        (Clock, LastTime) = state.Clock();
        Totals.Load(state);
        devices = [.. catalog.Devices.Select(device => new DeviceFold(device, state, options))];
        beams = [.. devices.Where(device => device.Beams is not null)];
        var owners = devices.SelectMany(device => device.Device.Lines.Select(line => (line, device))).ToDictionary(pair => pair.line, pair => pair.device);
        // nothing is heard of the lines of a faulted device
        lines = [.. catalog.Lines.Select((line, index) => owners.TryGetValue(index, out var owner) ? new LineFold(windows, state, owner, line.Id) : null)];
        linesByKey = lines.OfType<LineFold>().ToDictionary(line => line.Key);
        sensors = new SensorWatch(state.Sensors, catalog.TimeZone, [.. catalog.Lines.Select(line => state.LineKey(line.Id))],
            Neighbours.Of(catalog.Lines, catalog.Coordinates));
        ledger = new CompletenessLedger(state, points, devices, lines.OfType<LineFold>(), options);
        foreach (var (key, resolution, start) in state.OpenWindows())
            if (linesByKey.TryGetValue(key, out var line))
                line.Restore(resolution, start);
    }

    /// <summary>Reads of a state all that a fold begins with; damage that SQLite cannot see shows as an exception of any kind.</summary>
    internal static void Probe(SqliteConnection connection, DeviceCatalog catalog, FoldOptions options)
    {
        using var state = new FoldState(connection);
        using var outbox = new OutboxWriter(connection);
        using var letters = new DeadLetters(connection);
        _ = new FootfallFold(catalog, state, new FoldPoints(outbox, "", "", 0), letters, options);
    }

    /// <summary>Number of the record folded last.</summary>
    public long Position { get; private set; }

    /// <summary>Number of the record up to which everything is stored.</summary>
    public long Checkpointed { get; private set; }

    /// <summary>What was known of the boot's clock at <see cref="Position"/>.</summary>
    public BootClock Clock { get; private set; }

    /// <summary>Earliest time of day that can have been at <see cref="Position"/>, ns since the Unix epoch.</summary>
    public long LastTime { get; private set; }

    public FoldTotals Totals { get; } = new();

    /// <summary>The devices of the catalog, in its order.</summary>
    public IReadOnlyList<DeviceFold> Devices => devices;

    /// <summary>The lines that something is heard of.</summary>
    public IEnumerable<LineFold> Lines => lines.OfType<LineFold>();

    /// <summary>The last message that came from no device of this gateway, since the process started; null before one came. Any thread may ask.</summary>
    public Refusal? Stranger { get => Volatile.Read(ref stranger); private set => Volatile.Write(ref stranger, value); }

    /// <summary>Told when a device says another firmware than before: device, before, now. It changes nothing that is computed.</summary>
    public Action<string, string, string>? FirmwareChanged { get; set; }

    /// <summary>Whether changed windows wait to be sent up the live path.</summary>
    public bool LiveDue => windows.LiveDue;

    /// <summary>Whether closed windows or finished minutes wait for a checkpoint to be published.</summary>
    public bool Publishable => windows.Publishable || finishedMinutes.Count > 0 || ambient.Publishable;

    /// <summary>Whether so much waits in memory that the next checkpoint must not be put off.</summary>
    public bool Full => refused.Count >= LettersBetweenCheckpoints;

    /// <summary>
    /// When the next open window is to be closed, or time itself says something of light beams, ms since the Unix epoch; a
    /// record of that time or later does it.
    /// </summary>
    public long NextClose
    {
        get
        {
            var next = windows.NextClose;
            foreach (var from in beams)
                next = Math.Min(next, from.Beams!.Due);
            return next;
        }
    }

    /// <summary>What its lines' counts betray of a device: the first of its lines that is not well, or the first; one without lines is well. Any thread may ask.</summary>
    public (int Line, SensorState State) SensorOf(Device device) => device.Lines.Select(line => (line, State: sensors.StateOf(line)))
        .OrderBy(line => line.State.Fault == SensorFault.None ? 1 : 0).FirstOrDefault();

    /// <summary>Says which record comes first to a state that knows nothing yet: where it is missing, it is lost.</summary>
    public void BeginAt(long first)
    {
        if (begun)
            return;
        Position = Checkpointed = first - 1;
        begun = true;
    }

    /// <summary>Folds the next record, as a <see cref="TimedReader"/> gives it: with a time of day that can be believed.</summary>
    public void Apply(in JournalRecord record)
    {
        if (record.Number != Position + 1 && begun)
            Totals.LostRecords += record.Number - Position - 1;
        Position = record.Number;
        now = record.Stamp.WallMilliseconds;
        windows.Begin(Position, now);
        ledger.Begin(now);
        if (record.Stamp.WallNanoseconds < LastTime - BootClock.Step)
            StepBack();
        (Clock, LastTime) = (record.Clock, record.Stamp.WallNanoseconds - record.Clock.Slack);
        if (Resolution.Minute.WindowStart(now) is var began && began != minute)
            Begin(began);
        foreach (var from in beams)
            Pass(record, from);
        if (record.Kind == RecordKind.Envelope)
            Fold(record);
        else if (record.Topic.SequenceEqual(Vitals.Topic))
            vitals = Vitals.FromBytes(record.Payload);
        else if (record.Kind == RecordKind.Gap && GapNotice.Read(record.Payload) is { Torn: true } torn)
            Acquit(torn);
    }

    /// <summary>What was missing before this record had never been acknowledged. It may be told more than once.</summary>
    private void Acquit(GapNotice torn)
    {
        if (torn.First <= Totals.TornUpTo || Totals.LostRecords < torn.Records)
            return;
        Totals.TornUpTo = torn.Last;
        Totals.TornRecords += torn.Records;
        Totals.LostRecords -= torn.Records;
    }

    /// <summary>Stores everything up to <see cref="Position"/> and hands the windows that are due to the outbox, in one transaction.</summary>
    /// <param name="includeOpen">Also publish windows that are still open, as provisional: the gateway is about to stop.</param>
    /// <param name="alongside">What others store in the same transaction.</param>
    public void Checkpoint(bool includeOpen = false, Action? alongside = null)
    {
        var transaction = state.Begin();
        try
        {
            windows.Save(transaction, includeOpen);
            ambient.Save(transaction);
            foreach (var minute in finishedMinutes)
                points.Put(transaction, minute, Position);
            if (Resolution.Minute.WindowStart(now) is var passed && passed > healthMinute)
                points.Put(transaction, passed, Totals, vitals, Position);
            foreach (var line in lines)
                line?.Save();
            foreach (var device in devices)
                device.Save();
            sensors.Save();
            foreach (var (refusal, content, size) in refused)
                deadLetters.Add(transaction, "device", refusal.Topic, refusal.Reason, refusal.Mend, content, size, refusal.At);
            ledger.Save(transaction, now);
            if (now - prunedAt >= PruneEvery)
            {
                var before = Math.Min(prunedAt, now) - horizon - KeptBeyondHorizon;
                // by the time of the last pruning: a clock that jumps ahead for less than an hour makes nothing forgotten
                state.Prune(before, Position - 50_000_000);
                ledger.Prune(before / 1000);
            }
            Totals.Save(state);
            state.SetValue(PositionKey, Position);
            state.SetClock(Clock, LastTime);
            alongside?.Invoke();
            state.Commit();
        }
        catch
        {
            state.Rollback();
            throw;
        }
        Settle();
    }

    /// <summary>Takes the windows that changed since the last call, and the devices that were heard. The lists are valid until the next call.</summary>
    public (long NewestReading, List<LineWindow> Windows, List<DeviceSighting> Devices) TakeLive()
    {
        heard.Clear();
        foreach (var device in devices)
            if (device.LiveDirty)
            {
                device.LiveDirty = false;
                heard.Add(new(device.Device.Id, device.LastSeen));
            }
        return (newestReading, windows.TakeLive(), heard);
    }

    /// <summary>A clock that was believed was set back: nothing may wait for a time that was wrong.</summary>
    private void StepBack()
    {
        windows.StepBack();
        foreach (var line in lines)
            line?.StepBack(now);
        foreach (var device in devices)
            device.Health.StepBack(now);
    }

    private void Fold(in JournalRecord record)
    {
        Totals.Envelopes++;
        var device = catalog.Resolve(record.Topic, out var unknown);
        if (device is null)
        {
            Refuse(record, unknown ?? new("unknown topic", "see the subscription of the gateway"), null);
            return;
        }
        var from = devices[device.Index];
        Hear(from);
        if (from.Beams is not null)
        {
            FoldEdges(record, from);
            return;
        }
        if (device.Sensor is not null)
        {
            Measure(record, from);
            return;
        }
        decoded.Clear();
        if (!device.Decode(record.Topic, record.Payload, now, decoded))
        {
            Refuse(record, decoded.Problem ?? new("unreadable payload", "see the device's profile"), from);
            return;
        }
        if (decoded.Problem is { } leftOut)
            Refuse(record, leftOut, from);
        Judge(record, from);
    }

    private void FoldEdges(in JournalRecord record, DeviceFold from)
    {
        if (!GpioEnvelope.TryRead(record.Payload, out var notice, out var problem))
        {
            Refuse(record, problem.Value, from);
            return;
        }
        if (from.Beams!.Take(notice, record.Stamp) is var lost and > 0)
            from.Miss(lost);
        BookBeams(record, from);
    }

    /// <summary>Time has passed for light beams: a quiet minute is a sign of life, as the gateway itself holds their lines.</summary>
    private void Pass(in JournalRecord record, DeviceFold from)
    {
        if (from.Beams!.Pass(record.Stamp))
            Hear(from);
        from.Dirty = true;
        BookBeams(record, from);
    }

    private void BookBeams(in JournalRecord record, DeviceFold from)
    {
        decoded.Clear();
        decoded.Readings.AddRange(from.Beams!.Readings);
        Judge(record, from);
        foreach (var at in from.Beams.Incomplete)
            if (time.TryBound(new Reading(0, ReadingKind.Heartbeat, at, at, 0, 0), record, byGateway: true, out var timely, out _))
                lines[from.Device.Lines[0]]!.MarkIncomplete(timely.At);
    }

    private void Measure(in JournalRecord record, DeviceFold from)
    {
        var values = ambient.Take(from.Device.Id, record.Payload, now, Position, out var problem);
        if (values.Count > 0)
        {
            Totals.Readings++;
            from.Book();
            from.Measured = values;
        }
        if (problem is { } unsound)
            Refuse(record, unsound, from);
    }

    /// <summary>A minute of receive time begins: what devices said in the one before is told, and which of them owe a report.</summary>
    private void Begin(long began)
    {
        foreach (var from in devices)
            if (from.Minute.Minute != 0)
            {
                if (from.Minute.Minute != began)
                    finishedMinutes.Add(new(from.Device, from.LastSeen, from.End(), from.Beams?.Trouble?.Name ?? SensorOf(from.Device).State.Name, from.Health.Now));
            }
            else if (from.LastSeen > 0 && from.Device.IsSilent(TimeSpan.FromMilliseconds(now - from.LastSeen)))
                finishedMinutes.Add(new(from.Device, from.LastSeen, new DeviceMinute { Minute = began - 60 }, DeviceStatus.Silent, from.Health.Now));
        minute = began;
    }

    private void Hear(DeviceFold from)
    {
        from.Minute.Minute = minute;
        from.LastSeen = newestReading = now;
        from.LiveDirty = from.Dirty = true;
    }

    /// <summary>Tells new from seen, timely from absurd, and books what is left.</summary>
    private void Judge(in JournalRecord record, DeviceFold from)
    {
        var use = from.Device.SequenceUse;
        var tracker = use == SequenceUse.None || decoded.Sequence < 0 ? null : from.Tracker(decoded.Boot);
        if (tracker is not null && tracker.Contains(decoded.Sequence))
        {
            if (use == SequenceUse.Deduplicate)
            {
                Repeated(from);
                return;
            }
            if (decoded.Sequence < tracker.Highest - RestartedBelow)
                tracker = from.Restart(decoded.Boot);
        }
        var first = true;
        var newest = decoded.Readings.Count == 0 ? now : 0;
        foreach (var reading in decoded.Readings)
        {
            if (!time.TryBound(reading, record, from.Beams is not null, out var timely, out var repaired))
            {
                Refuse(record, time.TooOld(reading, from.Device.Id), from);
                continue;
            }
            Totals.Repaired += repaired ? 1 : 0;
            var line = lines[timely.Line]!;
            if (first && tracker is not null)
                Enter(tracker, from, line, timely.At);
            first = false;
            newest = Math.Max(newest, Math.Min(timely.At, now));
            Book(from, line, timely, repaired);
        }
        // a message none of whose readings is timely says nothing of how the device stands
        if (decoded.TellsHealth && newest > 0 && from.Health.Tell(decoded, newest) is { } before)
            FirmwareChanged?.Invoke(from.Device.Id, before, from.Health.Now.Firmware!);
        if (first && tracker is not null && !tracker.Contains(decoded.Sequence))
            Enter(tracker, from, lines[from.Device.Lines[0]]!, now);
    }

    private void Enter(SequenceTracker tracker, DeviceFold from, LineFold line, long at)
    {
        tracker.LastRecord = Position;
        if (tracker.Contains(decoded.Sequence))
            return;
        tracker.Add(decoded.Sequence, line.Key, at, out var opened, out var filled);
        if (opened is { } gap)
        {
            from.Miss(gap.Count);
            line.Miss(at, gap.Count);
        }
        if (filled is { } hole && linesByKey.TryGetValue(hole.Line, out var booked))
            booked.Miss(hole.At, -1);
    }

    private void Book(DeviceFold from, LineFold line, in Reading reading, bool repaired)
    {
        // edges come from the journal itself, each once: two people in one millisecond are two
        var known = from.Device.SequenceUse == SequenceUse.Deduplicate || from.Beams is not null;
        var counted = reading.Kind switch
        {
            ReadingKind.Counter => line.Add(new CounterSample(reading.At, reading.Entries, reading.Exits)),
            ReadingKind.Heartbeat => line.Add(new IntervalSample(reading.Since, reading.At, 0, 0), known),
            _ => line.Add(new IntervalSample(reading.Since, reading.At, reading.Entries, reading.Exits), known),
        };
        if (!counted)
        {
            Repeated(from);
            return;
        }
        Totals.Readings++;
        from.Book();
        line.Receive(reading.Since, reading.At, reading.Ambiguous, repaired);
    }

    private void Repeated(DeviceFold from)
    {
        Totals.Duplicates++;
        from.Repeat();
    }

    /// <param name="from">Whose message it is; null where no device is known.</param>
    private void Refuse(in JournalRecord record, in PayloadProblem problem, DeviceFold? from)
    {
        Totals.Refused++;
        var refusal = new Refusal(Encoding.UTF8.GetString(record.Topic), problem.What, problem.Mend, now);
        refused.Add(new(refusal, record.Payload[..Math.Min(record.Payload.Length, DeadLetters.MaxContent)].ToArray(), record.Payload.Length));
        if (from is null)
            Stranger = refusal;
        else
        {
            from.Refuse(refusal);
            ledger.Refuse(from.Device.Index, now);
        }
    }

    /// <summary>Shows the sensor watch the hours that close. A device that only speaks when somebody passes has counted nobody where it has no window.</summary>
    private void Watch(IReadOnlyList<WindowCell> closed)
    {
        foreach (var hour in closed.GroupBy(cell => cell.Start))
        {
            observed.Clear();
            for (var line = 0; line < lines.Length; line++)
                if (lines[line] is { } known)
                    if (hour.FirstOrDefault(cell => cell.Line == known) is { } cell)
                        observed.Add(new(line, cell.Entries + cell.UnplacedEntries, cell.Exits + cell.UnplacedExits, cell.IsNearlyWhole));
                    else if (known.Device is { LastSeen: > 0, Device.Period: null })
                        observed.Add(new(line, 0, 0, Whole: true));
            sensors.Observe(hour.Key, observed);
        }
    }

    /// <summary>The checkpoint holds: what was waiting for it is settled, and closed windows leave the memory.</summary>
    private void Settle()
    {
        windows.Saved();
        ambient.Saved();
        finishedMinutes.Clear();
        refused.Clear();
        foreach (var line in lines)
            line?.Saved();
        foreach (var device in devices)
            device.Saved();
        sensors.Saved();
        ledger.Saved();
        Checkpointed = Position;
        healthMinute = Resolution.Minute.WindowStart(now);
        if (now - prunedAt >= PruneEvery)
            prunedAt = now;
    }

    private readonly record struct RefusedEnvelope(Refusal Refusal, byte[] Content, long Size);
}
