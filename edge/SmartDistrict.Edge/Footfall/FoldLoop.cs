using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using SmartDistrict.Edge.Clock;
using SmartDistrict.Edge.Devices;
using SmartDistrict.Edge.Journal;
using SmartDistrict.Edge.Live;
using SmartDistrict.Edge.Sensors;

namespace SmartDistrict.Edge.Footfall;

/// <summary>
/// Feeds the fold from the journal, a little behind the commits, on a thread of its own; makes its checkpoints and hands
/// what changed to the live path.
/// </summary>
internal sealed partial class FoldLoop : IDisposable
{
    private static readonly TimeSpan LivePace = TimeSpan.FromMilliseconds(250);

    /// <summary>Where nobody passes a gateway still says that it is there, or the cloud would call its zones stale.</summary>
    private static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan PublishPace = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan IdleWait = TimeSpan.FromSeconds(1);
    private const int LookUpEvery = 4096;

    /// <summary>A notice for later readers is not worth waiting for the disk.</summary>
    private const int DeclareBelow = 1 << 20;

    /// <summary>A card may refuse once and give the next time; what it refuses so often is taken for lost.</summary>
    private const int ReadAttempts = 5;

    private readonly FootfallFold fold;
    private readonly Journal.Journal journal;
    private readonly GroupCommit commit;
    private readonly LivePath live;
    private readonly GatewayClock clock;
    private readonly TimeSpan checkpointPace;
    private readonly Action checkpointed;
    private readonly Action? damaged;
    private readonly SegmentLedger segments;
    private readonly ILogger log;
    private readonly TimedReader reader;
    private readonly Thread thread;
    private readonly AutoResetEvent wake = new(false);
    private long lastLive;
    private long turns;
    private long lastCheckpoint;
    private volatile bool stopping;
    private volatile string? storeFault;
    private volatile string? readFault;
    private int failedReads;
    private int failures;

    /// <param name="segments">Where each checkpoint notes which records stand in which segment.</param>
    /// <param name="checkpointed">Called on the fold's thread after each checkpoint.</param>
    /// <param name="damaged">Called where SQLite finds the state's file damaged: only a start can begin a new one.</param>
    public FoldLoop(FootfallFold fold, Journal.Journal journal, SegmentLedger segments, GroupCommit commit, LivePath live, GatewayClock clock,
        FoldOptions options, Action checkpointed, ILogger<FoldLoop> log, Action? damaged = null)
    {
        this.live = live;
        this.checkpointed = checkpointed;
        this.damaged = damaged;
        this.fold = fold;
        this.journal = journal;
        this.commit = commit;
        this.clock = clock;
        this.log = log;
        checkpointPace = TimeSpan.FromSeconds(options.CheckpointSeconds);
        this.segments = segments;
        // a state that knows nothing yet begins with what there is: what went before was folded into another one, and retired
        fold.BeginAt(journal.Oldest);
        reader = new TimedReader(journal, fold.Position + 1, fold.Clock, fold.LastTime)
        {
            OnLost = Declare,
            OnTold = LogTold,
        };
        fold.FirmwareChanged = LogFirmware;
        lastLive = lastCheckpoint = clock.Time.GetTimestamp();
        thread = new Thread(Run) { Name = "fold", IsBackground = true };
        commit.Committed += OnCommitted;
    }

    /// <summary>Why checkpoints cannot be stored, or the journal cannot be read, now; null while they can.</summary>
    public string? Fault => storeFault ?? readFault;

    /// <summary>Records that wait until the clock is set, because nobody knows yet when they were taken.</summary>
    public long Held => reader.Held;

    /// <summary>Whether the state's file was found damaged.</summary>
    public bool StateIsDamaged { get; private set; }

    /// <summary>Reads and checkpoints that the disk refused since the start.</summary>
    public int Failures => Volatile.Read(ref failures);

    /// <summary>Position and totals, read by the status page.</summary>
    public long Position => fold.Position;

    public FoldTotals Totals => fold.Totals;

    /// <summary>The devices and what was heard of them.</summary>
    public IReadOnlyList<DeviceFold> Devices => fold.Devices;

    /// <summary>What its counts betray of a device, and on which line.</summary>
    public (int Line, SensorState State) SensorOf(Device device) => fold.SensorOf(device);

    /// <summary>The last message that came from no device of this gateway, since the process started; null before one came.</summary>
    public Refusal? Stranger => fold.Stranger;

    /// <summary>The lines and how many people were booked on them.</summary>
    public IEnumerable<LineFold> Lines => fold.Lines;

    /// <summary>Rounds of the loop: it is alive while they rise, also where nothing comes in.</summary>
    public long Turns => Volatile.Read(ref turns);

    public void Start() => thread.Start();

    /// <summary>Folds what is committed, publishes the open windows as provisional, and ends.</summary>
    public void Dispose()
    {
        if (stopping)
            return;
        stopping = true;
        wake.Set();
        if (thread.IsAlive)
            thread.Join();
        commit.Committed -= OnCommitted;
        reader.Dispose();
        wake.Dispose();
    }

    private void OnCommitted(long number) => wake.Set();

    private void Run()
    {
        while (true)
        {
            var last = stopping;
            Volatile.Write(ref turns, turns + 1);
            Drain();
            if (last)
            {
                if (TryCheckpoint(includeOpen: true))
                    return;
                LogGivenUp(fold.Position - fold.Checkpointed);
                return;
            }
            LetTimePass();
            wake.WaitOne(fold.LiveDue && live.Ready ? LivePace : IdleWait);
        }
    }

    private void Drain()
    {
        var sinceLook = 0;
        while (TryRead(out var record))
        {
            fold.Apply(record);
            if (++sinceLook < LookUpEvery && !fold.Full)
                continue;
            sinceLook = 0;
            Look();
        }
        Look();
    }

    private bool TryRead(out JournalRecord record)
    {
        try
        {
            var read = reader.TryRead(out record);
            if (readFault is not null)
                LogReadable();
            (readFault, failedReads) = (null, 0);
            return read;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (readFault is null)
                LogUnreadable(e.Message);
            readFault = e.Message;
            failures++;
            if (++failedReads >= ReadAttempts)
                reader.PassOverUnreadable();
            record = default;
            return false;
        }
    }

    /// <summary>The journal itself keeps what was found missing, for whoever reads it after its segments are gone.</summary>
    private void Declare(long first, long last, string file)
    {
        LogLost(first, last, file);
        if (journal.PendingBytes < DeclareBelow)
            journal.Append(RecordKind.Gap, clock.Now(), default, GapNotice.Write(new GapNotice(first, last, Torn: false)));
    }

    /// <summary>Does what is due by the gateway's own time; none of it changes what the fold computes.</summary>
    private void Look()
    {
        var now = clock.Time.GetTimestamp();
        if (live.Ready && clock.Time.GetElapsedTime(lastLive, now) >= (fold.LiveDue ? LivePace : SignOfLife))
        {
            lastLive = now;
            var (newest, windows, devices) = fold.TakeLive();
            live.Send(clock.Now().WallMilliseconds, newest, windows, devices);
        }
        if (fold.Position == fold.Checkpointed)
            return;
        var since = clock.Time.GetElapsedTime(lastCheckpoint, now);
        if (fold.Full || (fold.Publishable && since >= PublishPace) || since >= checkpointPace)
            while (!TryCheckpoint(includeOpen: false) && !stopping)
                wake.WaitOne(IdleWait);
    }

    /// <summary>The journal is told that the clock was set, and, where a window is due and no device speaks, that time has passed.</summary>
    private void LetTimePass()
    {
        if (clock.TakeSet())
        {
            journal.Append(RecordKind.ClockSet, clock.Now(), default, default);
            commit.Notify();
        }
        var now = clock.Now();
        if (now.WallMilliseconds < fold.NextClose || journal.LastAppended > fold.Position)
            return;
        journal.Append(RecordKind.Tick, now, default, default);
        commit.Notify();
    }

    private bool TryCheckpoint(bool includeOpen)
    {
        lastCheckpoint = clock.Time.GetTimestamp();
        try
        {
            var present = journal.Ranges();
            fold.Checkpoint(includeOpen, () => segments.Save(present));
            segments.Saved(present);
        }
        catch (SqliteException e)
        {
            if (storeFault != e.Message)
                LogFault(e.Message);
            storeFault = e.Message;
            failures++;
            if (StateFile.IsDamage(e) && !StateIsDamaged)
            {
                StateIsDamaged = true;
                damaged?.Invoke();
            }
            return false;
        }
        if (storeFault is not null)
            LogStored();
        storeFault = null;
        journal.Retire(fold.Checkpointed);
        checkpointed();
        return true;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The gateway's state cannot be stored: {Reason}. Readings are kept in the journal until it can: free disk space, or mend the file system")]
    private partial void LogFault(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The gateway's state can be stored again")]
    private partial void LogStored();

    [LoggerMessage(Level = LogLevel.Error, Message = "The journal cannot be read: {Reason}. It is tried again; what the disk does not give back then is counted as lost. Check the disk")]
    private partial void LogUnreadable(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Device {Device} runs firmware {Now}, no longer {Before}")]
    private partial void LogFirmware(string device, string before, string now);

    [LoggerMessage(Level = LogLevel.Information, Message = "The journal can be read again")]
    private partial void LogReadable();

    [LoggerMessage(Level = LogLevel.Warning, Message = "Stopping with {Records} records folded but not stored; the next start folds them again from the journal")]
    private partial void LogGivenUp(long records);

    [LoggerMessage(Level = LogLevel.Information, Message = "The time of {Records} records that waited for it is known: their clock was wrong by {Shift}, and {Slack} of that remains unknown")]
    private partial void LogTold(long records, TimeSpan shift, TimeSpan slack);

    [LoggerMessage(Level = LogLevel.Error, Message = "Journal records {First} to {Last} are lost: {File} is damaged. The loss is counted, folding goes on behind it")]
    private partial void LogLost(long first, long last, string file);
}
