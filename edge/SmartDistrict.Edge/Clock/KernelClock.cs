using System.Runtime.InteropServices;

namespace SmartDistrict.Edge.Clock;

/// <summary>
/// Asks this machine whether its wall clock is set. adjtimex(2) answers for every service that disciplines the kernel's
/// clock (systemd-timesyncd, ntpd, chrony with <c>rtcsync</c>, which is Debian's default): TIME_ERROR stands for
/// STA_UNSYNC. The kernel raises STA_UNSYNC again some nine hours after the last correction (its error estimate, growing by
/// 500 ppm, then passes 16 s) and whenever somebody sets the clock by hand; timesyncd's file says whether it was ever set
/// in this boot.
/// </summary>
/// <param name="run">Where services show that they run, <c>/run</c>.</param>
/// <param name="adjust">adjtimex(2) with modes 0: its return value.</param>
internal sealed class KernelClock(string run, Func<int> adjust)
{
    private const int TimeError = 5;

    /// <summary>Folders that time services have while they run.</summary>
    private static readonly string[] Services = ["systemd/timesync", "chrony", "ntpsec", "ntp", "openntpd"];

    public static KernelClock System { get; } = new("/run", Adjust);

    public ClockState State()
    {
        if (!OperatingSystem.IsLinux())
            return ClockState.Unknown;
        var answer = adjust();
        if (answer is >= 0 and not TimeError)
            return ClockState.Synchronised;
        if (File.Exists(Path.Combine(run, "systemd/timesync/synchronized")))
            return ClockState.Holdover;
        return answer == TimeError && Services.Any(service => Directory.Exists(Path.Combine(run, service)))
            ? ClockState.Unsynchronised
            : ClockState.Unknown;
    }

    private static int Adjust()
    {
        // struct timex is at most 208 bytes; with modes = 0 the call only reads
        Span<byte> timex = stackalloc byte[256];
        timex.Clear();
        return adjtimex(ref MemoryMarshal.GetReference(timex));
    }

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int adjtimex(ref byte timex);
}
