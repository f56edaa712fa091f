using System.Runtime.InteropServices;

namespace SmartDistrict.Edge.Clock;

/// <summary>
/// Asks this machine whether its wall clock is set. adjtimex(2) answers for every service that disciplines the kernel's
/// clock: TIME_ERROR stands for STA_UNSYNC, and chrony without <c>rtcsync</c> leaves that flag raised, but lowers the bound
/// of the clock's error, which is 16 s in a kernel that nobody has told the time, or whose clock somebody set by hand.
/// The bound grows by 500 ppm, so that the kernel raises STA_UNSYNC again some nine hours after the last correction;
/// timesyncd's file says whether the clock was ever set in this boot.
/// </summary>
/// <param name="run">Where services show that they run, <c>/run</c>.</param>
/// <param name="adjust">adjtimex(2) with modes 0: its return value, and the bound of the clock's error, µs.</param>
internal sealed class KernelClock(string run, Func<(int Answer, long MaxError)> adjust)
{
    private const int TimeError = 5;

    /// <summary>NTP_PHASE_LIMIT of the kernel, µs.</summary>
    private const long Unbounded = 16_000_000;

    /// <summary>Folders that time services have while they run.</summary>
    private static readonly string[] Services = ["systemd/timesync", "chrony", "ntpsec", "ntp", "openntpd"];

    public static KernelClock System { get; } = new("/run", Adjust);

    public ClockState State()
    {
        if (!OperatingSystem.IsLinux())
            return ClockState.Unknown;
        var (answer, maxError) = adjust();
        if (answer is >= 0 and not TimeError)
            return ClockState.Synchronised;
        if (File.Exists(Path.Combine(run, "systemd/timesync/synchronized")))
            return ClockState.Holdover;
        if (answer != TimeError || !Services.Any(service => Directory.Exists(Path.Combine(run, service))))
            return ClockState.Unknown;
        return maxError < Unbounded ? ClockState.Synchronised : ClockState.Unsynchronised;
    }

    private static (int Answer, long MaxError) Adjust()
    {
        // struct timex is at most 208 bytes, of longs but for the first; with modes = 0 the call only reads
        Span<nint> timex = stackalloc nint[32];
        timex.Clear();
        var answer = adjtimex(ref MemoryMarshal.GetReference(timex));
        return (answer, timex[3]);
    }

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int adjtimex(ref nint timex);
}
