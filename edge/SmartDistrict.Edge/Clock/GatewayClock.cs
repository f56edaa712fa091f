using System.Globalization;
using System.Runtime.InteropServices;

namespace SmartDistrict.Edge.Clock;

/// <summary>Stamps receipts, and knows which boot of the machine this is and whether its wall clock is synchronised.</summary>
public sealed class GatewayClock
{
    private static readonly long StateLifetime = TimeSpan.FromSeconds(5).Ticks;
    private readonly TimeProvider time;
    private readonly Func<ClockState> probe;
    private readonly long started;
    private ClockState state;
    private long stateReadAt = long.MinValue;

    /// <param name="time">Wall and monotonic clock.</param>
    /// <param name="boot">The kernel's boot id, 16 bytes; null reads it from the kernel.</param>
    /// <param name="probe">Tells whether the wall clock is synchronised; null asks the kernel.</param>
    public GatewayClock(TimeProvider time, Guid? boot = null, Func<ClockState>? probe = null)
    {
        this.time = time;
        started = time.GetTimestamp();
        this.probe = probe ?? KernelState;
        Boot = boot ?? KernelBoot();
    }

    /// <summary>Random id of this boot of the machine.</summary>
    public Guid Boot { get; }

    public TimeProvider Time => time;

    /// <summary>Time since this clock was made, which is when the process started.</summary>
    public TimeSpan Uptime => time.GetElapsedTime(started);

    public ReceiveStamp Now()
    {
        var monotonic = time.GetElapsedTime(0).Ticks;
        if (stateReadAt == long.MinValue || monotonic - stateReadAt > StateLifetime)
        {
            state = probe();
            stateReadAt = monotonic;
        }
        return new((time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100, monotonic * 100, state);
    }

    private static Guid KernelBoot()
    {
        const string path = "/proc/sys/kernel/random/boot_id";
        return File.Exists(path) ? Guid.Parse(File.ReadAllText(path).Trim(), CultureInfo.InvariantCulture) : Guid.NewGuid();
    }

    /// <summary>Asks the kernel as <c>timedatectl</c> does: adjtimex(2) returns TIME_ERROR while no source has set the clock.</summary>
    private static ClockState KernelState()
    {
        if (!OperatingSystem.IsLinux())
            return ClockState.Unknown;
        // struct timex is at most 208 bytes; with modes = 0 the call only reads
        Span<byte> timex = stackalloc byte[256];
        timex.Clear();
        return adjtimex(ref MemoryMarshal.GetReference(timex)) switch
        {
            < 0 => ClockState.Unknown,
            TimeError => ClockState.Unsynchronised,
            _ => ClockState.Synchronised,
        };
    }

    private const int TimeError = 5;

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int adjtimex(ref byte timex);
}
