namespace SmartDistrict.Testing;

/// <summary>A clock that stands still until a test moves it; timers fire, in order, while it moves.</summary>
public sealed class ManualTimeProvider(DateTimeOffset start) : TimeProvider
{
    private readonly Lock gate = new();
    private readonly List<ManualTimer> timers = [];
    private DateTimeOffset now = start;
    private long elapsed;

    public ManualTimeProvider() : this(new DateTimeOffset(2026, 3, 2, 8, 0, 0, TimeSpan.Zero))
    {
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
            return now;
    }

    public override long GetTimestamp()
    {
        lock (gate)
            return elapsed;
    }

    /// <summary>Lets time pass: wall and monotonic clock.</summary>
    public void Advance(TimeSpan by)
    {
        long target;
        lock (gate)
            target = elapsed + by.Ticks;
        while (NextDue(target) is { } due)
            due.Fire();
    }

    /// <summary>Sets the wall clock alone, as NTP or a technician does; no timer fires.</summary>
    public void JumpTo(DateTimeOffset wall)
    {
        lock (gate)
            now = wall;
    }

    /// <summary>The machine is off for a while: the monotonic clock begins at zero, the wall clock goes on.</summary>
    public void Reboot(TimeSpan off)
    {
        lock (gate)
        {
            now += off;
            elapsed = 0;
            timers.Clear();
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private ManualTimer? NextDue(long target)
    {
        lock (gate)
        {
            var next = timers.Where(t => t.Due <= target).MinBy(t => t.Due);
            var to = next?.Due ?? target;
            now += TimeSpan.FromTicks(Math.Max(0, to - elapsed));
            elapsed = Math.Max(elapsed, to);
            next?.Rearm();
            return next;
        }
    }

    private sealed class ManualTimer(ManualTimeProvider clock, TimerCallback callback, object? state) : ITimer
    {
        private long period = Timeout.Infinite;

        public long Due { get; private set; } = long.MaxValue;

        public bool Change(TimeSpan dueTime, TimeSpan every)
        {
            lock (clock.gate)
            {
                clock.timers.Remove(this);
                period = every > TimeSpan.Zero ? every.Ticks : Timeout.Infinite;
                if (dueTime < TimeSpan.Zero)
                    return true;
                Due = clock.elapsed + dueTime.Ticks;
                clock.timers.Add(this);
                return true;
            }
        }

        public void Rearm()
        {
            if (period == Timeout.Infinite)
                clock.timers.Remove(this);
            else
                Due += period;
        }

        public void Fire() => callback(state);

        public void Dispose()
        {
            lock (clock.gate)
                clock.timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
