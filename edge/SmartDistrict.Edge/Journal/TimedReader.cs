using SmartDistrict.Edge.Clock;

namespace SmartDistrict.Edge.Journal;

/// <summary>
/// Reads committed records in order, each with a time of day that can be believed. A record that was taken before the
/// clock was set is given out only when its boot has been told the time: what comes later in the journal then says when it
/// was. So whoever reads never sees a wrong clock, and what he makes of the records does not depend on when he read them.
/// </summary>
/// <remarks>
/// A boot that ended without a set clock lies between the last time known before it and the first one known after it. Its
/// records get the latest time that can be, and as slack how much earlier it may have been.
/// </remarks>
internal sealed class TimedReader : IDisposable
{
    private readonly IJournalSegments journal;
    private JournalReader reader;
    private JournalReader? ahead;
    private BootClock clock;

    /// <summary>Earliest time at which the record given out last can have been taken, ns since the Unix epoch.</summary>
    private long lastTime;

    /// <summary>First record that waits for its time; 0 where none does.</summary>
    private long held;

    private long lostBefore;

    // what the look ahead has seen
    private Guid boot;
    private long bootBegan;
    private long bootLast;

    /// <summary>How long the boots ran that lie between the one held and the one that told, ns.</summary>
    private long between;
    private long heldFirst;
    private long heldLast;
    private long heldTold;

    /// <param name="from">Number of the first record to be read.</param>
    /// <param name="clock">What was known of the boot at the record before it.</param>
    /// <param name="lastTime">Earliest time of the record before it, ns since the Unix epoch; 0 where there was none.</param>
    public TimedReader(IJournalSegments journal, long from, BootClock clock = default, long lastTime = 0)
    {
        this.journal = journal;
        this.clock = clock;
        this.lastTime = lastTime;
        Last = from - 1;
        reader = new JournalReader(journal, from);
    }

    /// <summary>Called once for each run of missing records: first, last, file.</summary>
    public Action<long, long, string>? OnLost
    {
        get => reader.OnLost;
        set => reader.OnLost = value;
    }

    /// <summary>Called when the time of records that were held has become known: how many, by how much their clock was wrong, and how much of that remains unknown.</summary>
    public Action<long, TimeSpan, TimeSpan>? OnTold { get; set; }

    /// <summary>Number of the record given out last.</summary>
    public long Last { get; private set; }

    /// <summary>Records that should have been there and were not.</summary>
    public long Lost => lostBefore + reader.Lost;

    /// <summary>Committed records that wait until the clock is set.</summary>
    /// <remarks>Any thread may ask.</remarks>
    public long Held => Volatile.Read(ref held) is > 0 and var first ? journal.LastCommitted - first + 1 : 0;

    /// <summary>Reads the next record.</summary>
    /// <returns>False where nothing more is committed, or what is waits for its time.</returns>
    public bool TryRead(out JournalRecord record)
    {
        record = default;
        while (held == 0 || TryTell())
        {
            if (!reader.TryRead(out record))
                return false;
            if (record.Boot != clock.Boot)
                clock = new BootClock(record.Boot);
            if (TryPlace(ref record))
            {
                Last = record.Number;
                return true;
            }
            Hold(record);
        }
        return false;
    }

    /// <summary>As <see cref="JournalReader.PassOverUnreadable"/>.</summary>
    public void PassOverUnreadable()
    {
        reader.PassOverUnreadable();
        ahead?.PassOverUnreadable();
    }

    public void Dispose()
    {
        reader.Dispose();
        ahead?.Dispose();
    }

    private bool TryPlace(ref JournalRecord record)
    {
        var stamp = record.Stamp;
        var told = stamp.WallNanoseconds - stamp.MonotonicNanoseconds;
        if (clock.Believes(stamp))
        {
            // two threads read the clocks a little apart: only what was set is another offset
            if (clock.Offset is not { } known || clock.Slack > 0 || Math.Abs(told - known) > BootClock.Step)
                clock = new BootClock(clock.Boot, told);
            lastTime = stamp.WallNanoseconds;
            record = record with { Clock = clock };
            return true;
        }
        if (clock.Offset is not { } offset)
            return false;
        lastTime = stamp.MonotonicNanoseconds + offset - clock.Slack;
        record = record with
        {
            Stamp = stamp with { WallNanoseconds = stamp.MonotonicNanoseconds + offset },
            Rebased = clock.Slack > 0 || Math.Abs(told - offset) > BootClock.Step,
            Clock = clock,
        };
        return true;
    }

    private void Hold(in JournalRecord record)
    {
        held = record.Number;
        boot = record.Boot;
        between = 0;
        heldFirst = heldLast = bootBegan = bootLast = record.Stamp.MonotonicNanoseconds;
        heldTold = record.Stamp.WallNanoseconds - record.Stamp.MonotonicNanoseconds;
        ahead?.Dispose();
        ahead = new JournalReader(journal, held);
    }

    /// <summary>Looks for the next record that tells the time: of the same boot, or of a later one when that boot has ended.</summary>
    private bool TryTell()
    {
        while (ahead!.TryRead(out var record))
        {
            var stamp = record.Stamp;
            if (record.Boot != boot)
            {
                between += boot == clock.Boot ? 0 : bootLast - bootBegan;
                (boot, bootBegan, bootLast) = (record.Boot, stamp.MonotonicNanoseconds, stamp.MonotonicNanoseconds);
            }
            bootLast = Math.Max(bootLast, stamp.MonotonicNanoseconds);
            if (boot == clock.Boot)
                heldLast = bootLast;
            if (!BootClock.Tells(stamp))
                continue;
            var told = stamp.WallNanoseconds - stamp.MonotonicNanoseconds;
            Tell(boot == clock.Boot ? new BootClock(boot, told) : Bounded(told + bootBegan - between));
            return true;
        }
        return false;
    }

    /// <summary>The clock of a boot that ended without being told the time, from when the next one that was told began.</summary>
    private BootClock Bounded(long nextBegan)
    {
        var offset = nextBegan - heldLast;
        var earliest = Math.Max(lastTime, BootClock.Plausible);
        return new BootClock(clock.Boot, offset, Math.Max(0, offset + heldFirst - earliest));
    }

    private void Tell(BootClock told)
    {
        OnTold?.Invoke(ahead!.Last - held, TimeSpan.FromTicks((told.Offset!.Value - heldTold) / 100), TimeSpan.FromTicks(told.Slack / 100));
        var lost = reader.OnLost;
        lostBefore += reader.Lost;
        reader.Dispose();
        reader = new JournalReader(journal, held);
        reader.OnLost = lost;
        ahead!.Dispose();
        ahead = null;
        held = 0;
        clock = told;
    }
}
