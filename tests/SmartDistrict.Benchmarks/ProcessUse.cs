using System.Globalization;

namespace SmartDistrict.Benchmarks;

/// <summary>What a process uses, as the kernel counts it in <c>/proc</c> (proc_pid_status(5), proc_pid_stat(5)).</summary>
/// <param name="ResidentMiB">VmRSS.</param>
/// <param name="PeakMiB">VmHWM.</param>
/// <param name="CpuSeconds">User and system time of all its threads since its start.</param>
internal readonly record struct ProcessUse(double ResidentMiB, double PeakMiB, double CpuSeconds)
{
    /// <summary>USER_HZ: 100 on every Linux that .NET runs on.</summary>
    private const double TicksPerSecond = 100;

    private const int UserTime = 14;

    public static ProcessUse Of(int process)
    {
        var folder = string.Create(CultureInfo.InvariantCulture, $"/proc/{process}");
        var status = File.ReadAllLines(Path.Combine(folder, "status"));
        var stat = File.ReadAllText(Path.Combine(folder, "stat"));
        // the second field is the command's name in parentheses and may hold anything
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        var cpu = fields.Skip(UserTime - 3).Take(2).Sum(ticks => long.Parse(ticks, CultureInfo.InvariantCulture));
        return new(MiB("VmRSS:"), MiB("VmHWM:"), cpu / TicksPerSecond);

        double MiB(string key) =>
            double.Parse(status.First(line => line.StartsWith(key, StringComparison.Ordinal))[key.Length..^2], CultureInfo.InvariantCulture) / 1024;
    }
}
