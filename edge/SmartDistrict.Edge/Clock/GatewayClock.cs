using System.Globalization;

namespace SmartDistrict.Edge.Clock;

/// <summary>Stamps receipts, and knows which boot of the machine this is and whether its wall clock is synchronised.</summary>
public sealed class GatewayClock
{
    private static readonly long StateLifetime = TimeSpan.FromSeconds(5).Ticks;
    private readonly TimeProvider time;
    private readonly Func<ClockState> probe;
    private readonly long started;
    private readonly Lock looking = new();
    private ClockState state;
    private long stateReadAt;
    private long offset;
    private bool set;

    /// <param name="time">Wall and monotonic clock.</param>
    /// <param name="boot">The kernel's boot id, 16 bytes; null reads it from the kernel.</param>
    /// <param name="probe">Tells whether the wall clock is synchronised; null asks the kernel.</param>
    public GatewayClock(TimeProvider time, Guid? boot = null, Func<ClockState>? probe = null)
    {
        this.time = time;
        started = time.GetTimestamp();
        this.probe = probe ?? KernelClock.System.State;
        Boot = boot ?? KernelBoot();
        var (wall, monotonic) = Read();
        (state, stateReadAt, offset) = (this.probe(), monotonic, wall - monotonic);
    }

    /// <summary>Random id of this boot of the machine.</summary>
    public Guid Boot { get; }

    public TimeProvider Time => time;

    /// <summary>Time since this clock was made, which is when the process started.</summary>
    public TimeSpan Uptime => time.GetElapsedTime(started);

    public ReceiveStamp Now()
    {
        var (wall, monotonic) = Read();
        if (monotonic - stateReadAt > StateLifetime || Stepped(wall - monotonic - offset))
            (wall, monotonic) = Look();
        return new(wall * 100, monotonic * 100, state);
    }

    /// <summary>Whether the wall clock was set, or became synchronised, since the last call: that is worth a record in the journal.</summary>
    public bool TakeSet()
    {
        Now();
        lock (looking)
        {
            var taken = set;
            set = false;
            return taken;
        }
    }

    /// <summary>Reads both clocks again (a thread may have been held up between the two), and what the wall clock is worth.</summary>
    private (long Wall, long Monotonic) Look()
    {
        lock (looking)
        {
            var (wall, monotonic) = Read();
            var before = state;
            (state, stateReadAt) = (probe(), monotonic);
            set |= Stepped(wall - monotonic - offset) || (state == ClockState.Synchronised && before != ClockState.Synchronised);
            offset = wall - monotonic;
            return (wall, monotonic);
        }
    }

    private (long Wall, long Monotonic) Read() =>
        ((time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks, time.GetElapsedTime(0).Ticks);

    private static bool Stepped(long ticks) => Math.Abs(ticks) > BootClock.Step / 100;

    private static Guid KernelBoot()
    {
        const string path = "/proc/sys/kernel/random/boot_id";
        return File.Exists(path) ? Guid.Parse(File.ReadAllText(path).Trim(), CultureInfo.InvariantCulture) : Guid.NewGuid();
    }
}
