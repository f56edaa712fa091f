using System.Diagnostics;
using System.Globalization;

namespace SmartDistrict.Benchmarks;

/// <summary>The peer: <c>mosquitto_sub</c> at QoS 1, which only counts and ends after so many messages; its output goes to /dev/null.</summary>
internal static class MosquittoSubRun
{
    /// <summary>Lets it receive from the sender; how fast is the sender's measure.</summary>
    /// <exception cref="InvalidOperationException">mosquitto_sub is missing or ended with an error.</exception>
    public static async Task<SenderRun> MeasureAsync(SaturatingSender sender, long messages, bool version5 = false)
    {
        var run = sender.RunAsync(messages);
        using var process = Start(sender.Port, "sd/v1/#", messages, version5);
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"mosquitto_sub ended with {process.ExitCode}: is mosquitto-clients installed?");
        return await run;
    }

    public static Process Start(int port, string filter, long messages, bool version5 = false)
    {
        var command = string.Create(CultureInfo.InvariantCulture,
            $"exec mosquitto_sub -h 127.0.0.1 -p {port} -V {(version5 ? "5" : "311")} -i baseline -q 1 -N -t '{filter}' -C {messages} > /dev/null");
        return Process.Start("/bin/sh", ["-c", command]);
    }
}
