using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SmartDistrict.Edge.Outbox;

namespace SmartDistrict.Edge.Sync;

/// <summary>
/// Empties the outbox into the time series store: newest windows first, the backlog behind. Accepted points leave the
/// outbox, refused ones become dead letters, all others stay until the store takes them.
/// </summary>
/// <remarks>
/// Requests under way hold disjoint runs of rows, so no revision of a point overtakes another. One batch more is under way
/// than the store works on, so that reading and deleting rows happens while others are posted. After a failure one request
/// alone tries whether the store is back.
/// It is stopped behind the fold, and still sends what the fold's last commit put.
/// </remarks>
public sealed partial class SyncService : BackgroundService
{
    private static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(60);

    private readonly SyncOptions options;
    private readonly ITimeSeriesSink sink;
    private readonly SyncSignal signal;
    private readonly TimeProvider time;
    private readonly ILogger<SyncService> logger;
    private readonly Func<SqliteConnection> open;
    private readonly Pause pause;
    private readonly Stack<OutboxBatch> idle = [];
    private readonly Dictionary<Task<WriteOutcome>, OutboxBatch> underWay = [];

    /// <summary>Held while the connection is in use: by one batch at a time.</summary>
    private readonly Lock gate = new();

    /// <summary>Held by whoever looks at the gauge.</summary>
    private readonly Lock looking = new();

    private SqliteConnection? connection;
    private SqliteConnection? gaugeConnection;
    private DeadLetters? deadLetters;
    private OutboxReader? outbox;
    private OutboxGauge? gauge;

    /// <summary>Changed under <see cref="gate"/>, read without it.</summary>
    private volatile Progress progress = new(default, null, null, 0, 0, 0, 0);

    /// <summary>What became of the points since the start; <see cref="SyncStatus"/> says it all.</summary>
    private sealed record Progress(
        WriteOutcome Trouble, DateTimeOffset? TroubleSince, DateTimeOffset? LastSuccess, long Accepted, long Rejected, long Retried, long Bytes);

    /// <param name="open">Opens a connection of the sender's own to the file with the outbox; need not be durable.</param>
    public SyncService(
        SyncOptions options, ITimeSeriesSink sink, Func<SqliteConnection> open, SyncSignal signal, TimeProvider time,
        ILogger<SyncService> logger, Random? random = null)
    {
        this.options = options;
        this.sink = sink;
        this.open = open;
        this.signal = signal;
        this.time = time;
        this.logger = logger;
        pause = new(options.FirstPause, options.MaxPause, random ?? Random.Shared);
        for (var i = 0; i <= options.Connections; i++)
            idle.Push(new(options.BatchLines, SyncOptions.BatchBytes));
    }

    /// <summary>How the sync stands now.</summary>
    /// <exception cref="SqliteException">The outbox's file cannot be read.</exception>
    public SyncStatus Status
    {
        get
        {
            var now = time.GetUtcNow();
            var level = Level();
            var (trouble, since, lastSuccess, accepted, rejected, retried, bytes) = progress;
            return new(
                sink.Target,
                since is null ? level.Backlog > 0 ? SyncState.Sending : SyncState.Idle
                    : trouble.Result == WriteResult.Held ? SyncState.Held : SyncState.Waiting,
                level.Backlog, level.Bytes,
                level.Oldest is { } oldest ? now - DateTimeOffset.FromUnixTimeSeconds(oldest) : null,
                lastSuccess, since is null ? "" : trouble.Reason, since is null ? "" : trouble.Mend, since,
                accepted, rejected, retried, bytes, level.Lost);
        }
    }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        connection = open();
        gaugeConnection = open();
        gauge = new(gaugeConnection);
        deadLetters = new(connection);
        outbox = new(connection, deadLetters);
        outbox.Recover(Now() + (long)options.ServerTimeout.TotalMilliseconds);
        var backlog = Level().Backlog;
        Started(sink.Target, backlog);
        return base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        lock (gate)
        {
            outbox?.Dispose();
            deadLetters?.Dispose();
            connection?.Dispose();
            (outbox, connection) = (null, null);
        }
        lock (looking)
        {
            gauge?.Dispose();
            gaugeConnection?.Dispose();
            gauge = null;
        }
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Not disposed: the timer may still fire while it is, and an exception in a timer ends the process.
#pragma warning disable CA2000
        var abandon = new CancellationTokenSource();
#pragma warning restore CA2000
        using var drain = time.CreateTimer(_ => abandon.Cancel(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        using var stopping = stoppingToken.Register(() => drain.Change(options.DrainTimeout, Timeout.InfiniteTimeSpan));
        await Task.Yield();
        while (!abandon.IsCancellationRequested)
        {
            var outcome = await StepAsync(abandon.Token).ConfigureAwait(false);
            if (outcome is { Result: WriteResult.Accepted })
                pause.Reset();
            else if (outcome is { } failure)
            {
                await RestAsync(pause.Next(failure.RetryAfter), stoppingToken).ConfigureAwait(false);
                if (stoppingToken.IsCancellationRequested)
                    break;
            }
            else if (stoppingToken.IsCancellationRequested)
                break;
            else
                await signal.WaitAsync(Sleep(), time, stoppingToken).ConfigureAwait(false);
        }
        await EndUnderWayAsync().ConfigureAwait(false);
        var backlog = Level().Backlog;
        Stopped(backlog);
    }

    private OutboxLevel Level()
    {
        lock (looking)
            return gauge?.Read() ?? default;
    }

    /// <summary>Keeps as many batches under way as may be, and waits for one of them; null where nothing waits.</summary>
    private async Task<WriteOutcome?> StepAsync(CancellationToken abandon)
    {
        try
        {
            Trim();
            // While in trouble one request alone tries the store.
            while (underWay.Count < (progress.TroubleSince is null ? options.Connections + 1 : 1) && Take() is { } batch)
                underWay.Add(SendAsync(batch, abandon), batch);
            if (underWay.Count == 0)
            {
                DeleteDone();
                return null;
            }
            var outcome = await FinishedAsync().ConfigureAwait(false);
            if (outcome.Result != WriteResult.Accepted)
                await EndUnderWayAsync().ConfigureAwait(false);
            return outcome;
        }
        catch (SqliteException e)
        {
            await EndUnderWayAsync().ConfigureAwait(false);
            var outcome = FileTrouble(e);
            lock (gate)
                Failed(outcome);
            return outcome;
        }
    }

    /// <summary>Sends a batch, in halves of halves where the store wants it so, until each row has its outcome or the store is away.</summary>
    private async Task<WriteOutcome> SendAsync(OutboxBatch batch, CancellationToken abandon)
    {
        WriteOutcome? held = null;
        var runs = new Stack<OutboxRun>();
        runs.Push(batch.Whole);
        while (runs.TryPop(out var run))
        {
            var outcome = await sink.WriteAsync(run.Lines, abandon).ConfigureAwait(false);
            if (outcome.Result is WriteResult.TooLarge or WriteResult.Rejected && run.Count > 1)
            {
                var (older, newer) = run.Halves();
                runs.Push(older);
                runs.Push(newer);
                continue;
            }
            if (outcome.Result == WriteResult.Held && run.Count < batch.Whole.Count)
            {
                // of a batch that the store took apart, some lines are not ours to write: they wait, the others go on
                held = outcome;
                continue;
            }
            lock (gate)
                outcome = Record(run, outcome);
            if (outcome.Result is WriteResult.Held or WriteResult.Unavailable)
                return outcome;
        }
        if (held is not { } trouble)
            return new(WriteResult.Accepted);
        lock (gate)
        {
            Retried();
            Failed(trouble);
        }
        return trouble;
    }

    /// <summary>Writes down what became of a run.</summary>
    /// <returns>The outcome, or the trouble that the file made: the rows then stay and are sent again, which changes nothing.</returns>
    private WriteOutcome Record(OutboxRun run, WriteOutcome outcome)
    {
        try
        {
            switch (outcome.Result)
            {
                case WriteResult.Accepted:
                    outbox!.Confirm(run);
                    progress = progress with { Accepted = progress.Accepted + run.Count, Bytes = progress.Bytes + run.Lines.Length };
                    Succeeded();
                    return outcome;
                case WriteResult.TooLarge or WriteResult.Rejected:
                    Refuse(run, outcome);
                    Succeeded();
                    return outcome;
                default:
                    Retried();
                    Failed(outcome);
                    if (outcome.Ambiguous)
                        outbox!.Doubt(run, Now() + (long)options.ServerTimeout.TotalMilliseconds);
                    return outcome;
            }
        }
        catch (SqliteException e)
        {
            outcome = FileTrouble(e);
            Failed(outcome);
            return outcome;
        }
    }

    private static WriteOutcome FileTrouble(SqliteException e) =>
        new(WriteResult.Unavailable, $"the outbox's file: {e.Message}", "see that the data folder is writable and its disk has room");

    private void Refuse(OutboxRun run, WriteOutcome outcome)
    {
        if (!outbox!.Refuse(run, outcome.Reason, outcome.Mend, Now()))
            return;
        progress = progress with { Rejected = progress.Rejected + 1 };
        Rejected(outcome.Reason, outcome.Mend);
    }

    private OutboxBatch? Take()
    {
        lock (gate)
        {
            if (!idle.TryPop(out var batch))
                return null;
            var damaged = outbox!.Damaged;
            var taken = outbox.Take(batch, underWay.Values, Now());
            if (outbox.Damaged != damaged)
                Damaged(outbox.Damaged - damaged);
            if (taken)
                return batch;
            idle.Push(batch);
            return null;
        }
    }

    /// <summary>A batch at a time: whoever asks for <see cref="Status"/> waits for one at the most.</summary>
    private void DeleteDone()
    {
        bool more;
        do
        {
            lock (gate)
                more = outbox!.DeleteDone();
        }
        while (more);
    }

    private async Task<WriteOutcome> FinishedAsync()
    {
        var finished = await Task.WhenAny(underWay.Keys).ConfigureAwait(false);
        underWay.Remove(finished, out var batch);
        lock (gate)
            idle.Push(batch!);
        return await finished.ConfigureAwait(false);
    }

    private async Task EndUnderWayAsync()
    {
        while (underWay.Count > 0)
            await FinishedAsync().ConfigureAwait(false);
    }

    private void Trim()
    {
        lock (gate)
            while (outbox!.Trim(options.MaxRows, options.MaxBytes, Now()) is > 0 and var lost)
                Lost(lost);
    }

    /// <summary>Up to the time when a row is to be written once more.</summary>
    private TimeSpan Sleep()
    {
        try
        {
            lock (gate)
                return outbox!.NextAgain() is { } due
                    ? TimeSpan.FromMilliseconds(Math.Clamp(due - Now(), 0, (long)LongestSleep.TotalMilliseconds))
                    : LongestSleep;
        }
        catch (SqliteException)
        {
            return options.FirstPause; // told by the next step
        }
    }

    /// <summary>A pause that the fold's commits do not shorten, while the outbox stays within its bounds.</summary>
    private async Task RestAsync(TimeSpan length, CancellationToken stopping)
    {
        var start = time.GetTimestamp();
        while (!stopping.IsCancellationRequested && length - time.GetElapsedTime(start) is var left && left > TimeSpan.Zero)
        {
            await signal.WaitAsync(left, time, stopping).ConfigureAwait(false);
            try
            {
                Trim();
            }
            catch (SqliteException)
            {
                return; // told by the next step
            }
        }
    }

    private void Retried() => progress = progress with { Retried = progress.Retried + 1 };

    private void Succeeded()
    {
        var now = time.GetUtcNow();
        if (progress.TroubleSince is { } since)
            Recovered(now - since);
        progress = progress with { LastSuccess = now, TroubleSince = null };
    }

    private void Failed(WriteOutcome outcome)
    {
        if (progress.TroubleSince is null || outcome.Result != progress.Trouble.Result || outcome.Reason != progress.Trouble.Reason)
            if (outcome.Result == WriteResult.Held)
                Holding(outcome.Reason, outcome.Mend);
            else
                Away(outcome.Reason, outcome.Mend);
        progress = progress with { Trouble = outcome, TroubleSince = progress.TroubleSince ?? time.GetUtcNow() };
    }

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();

    [LoggerMessage(Level = LogLevel.Information, Message = "Syncing to {Target}; {Backlog} points wait")]
    private partial void Started(string target, long backlog);

    [LoggerMessage(Level = LogLevel.Information, Message = "Sync ended; {Backlog} points wait for the next start")]
    private partial void Stopped(long backlog);

    [LoggerMessage(Level = LogLevel.Information, Message = "The store takes points again after {Duration}")]
    private partial void Recovered(TimeSpan duration);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The store takes no points now: {Reason}. They wait. {Mend}")]
    private partial void Away(string reason, string mend);

    [LoggerMessage(Level = LogLevel.Error, Message = "The store takes no points until this is mended: {Reason}. {Mend}. They wait")]
    private partial void Holding(string reason, string mend);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The store refused a point; it is in the dead letters: {Reason}. {Mend}")]
    private partial void Rejected(string reason, string mend);

    [LoggerMessage(Level = LogLevel.Error, Message = "The outbox is full: {Points} oldest points were dropped and counted as lost. Raise Sync:MaxRows or Sync:MaxBytes, or see why the store takes none")]
    private partial void Lost(long points);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Points} waiting points had changed on the disk: they are in the dead letters and counted as lost. Check the disk")]
    private partial void Damaged(long points);
}
