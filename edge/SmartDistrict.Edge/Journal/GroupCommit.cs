using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SmartDistrict.Edge.Journal;

/// <summary>
/// Commits what was appended: at once when the disk has rested for the commit delay, together with what comes in
/// meanwhile otherwise, so that a trickle is quick and a stream costs few writes.
/// </summary>
public sealed partial class GroupCommit : IDisposable
{
    private const int Burst = 32 << 10;
    private static readonly TimeSpan RetryAfterFailure = TimeSpan.FromSeconds(1);

    private readonly Journal journal;
    private readonly TimeProvider time;
    private readonly TimeSpan delay;
    private readonly ILogger log;
    private readonly Thread thread;
    private readonly AutoResetEvent appended = new(false);
    private readonly AutoResetEvent burst = new(false);
    private readonly Lock gate = new();
    private volatile bool stopping;
    private bool ended;
    private int failures;

    public GroupCommit(Journal journal, IOptions<JournalOptions> options, TimeProvider time, ILogger<GroupCommit> log)
    {
        this.journal = journal;
        this.time = time;
        this.log = log;
        delay = TimeSpan.FromMilliseconds(options.Value.CommitDelayMilliseconds);
        thread = new Thread(Run) { Name = "journal commit", IsBackground = true };
    }

    /// <summary>Raised on the committing thread, with the number of the newest durable record.</summary>
    public event Action<long>? Committed;

    /// <summary>Why the disk does not take records now; null while it does.</summary>
    public string? Fault { get; private set; }

    /// <summary>Commits that the disk refused since the start.</summary>
    public int Failures => Volatile.Read(ref failures);

    public void Start() => thread.Start();

    /// <summary>Tells that a record was appended. After the end it does nothing: the fold, which ends later, may still note that time passes.</summary>
    public void Notify()
    {
        lock (gate)
        {
            if (ended)
                return;
            appended.Set();
            if (journal.PendingBytes >= Burst)
                burst.Set();
        }
    }

    /// <summary>Commits the rest and ends.</summary>
    public void Dispose()
    {
        if (stopping)
            return;
        stopping = true;
        appended.Set();
        burst.Set();
        if (thread.IsAlive)
            thread.Join();
        lock (gate)
        {
            ended = true;
            appended.Dispose();
            burst.Dispose();
        }
    }

    private void Run()
    {
        var last = time.GetTimestamp() - (long)(delay.TotalSeconds * time.TimestampFrequency);
        while (true)
        {
            appended.WaitOne();
            // read before the commit: what is appended while the last but one is under way is not left behind
            var ending = stopping;
            var rest = delay - time.GetElapsedTime(last);
            if (rest > TimeSpan.Zero && !stopping && journal.PendingBytes < Burst)
                burst.WaitOne(rest);
            last = time.GetTimestamp();
            while (!TryCommit() && !stopping)
                burst.WaitOne(RetryAfterFailure);
            if (!ending)
                continue;
            // a commit that failed before went first
            while (journal.PendingBytes > 0 && TryCommit())
            {
            }
            return;
        }
    }

    private bool TryCommit()
    {
        try
        {
            if (journal.Commit() && Fault is not null)
            {
                LogRecovered();
                Fault = null;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (Fault != e.Message)
                LogFault(e.Message);
            Fault = e.Message;
            Volatile.Write(ref failures, failures + 1);
            return false;
        }
        // also where there was nothing to write: an earlier commit may have taken along what its driver had not noted as waiting
        Committed?.Invoke(journal.LastCommitted);
        return true;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The journal cannot be written: {Reason}. Readings stay with the broker, unacknowledged, until it can: free disk space, or mend the file system")]
    private partial void LogFault(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The journal can be written again")]
    private partial void LogRecovered();
}
