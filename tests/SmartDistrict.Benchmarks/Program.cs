using System.Runtime.InteropServices;
using SmartDistrict.Benchmarks;
using SmartDistrict.Testing;

var benchmarks = new Dictionary<string, Func<Task<int>>>(StringComparer.Ordinal)
{
    ["counting"] = () => Counting.RunAsync(args[1..]),
    ["footprint"] = () => Footprint.RunAsync(args[1..]),
    ["heatmap"] = Heatmap.RunAsync,
    ["ingest"] = Ingest.RunAsync,
    ["lag"] = Lag.RunAsync,
    ["map"] = MapFrames.RunAsync,
    ["mqtt-receive"] = MqttReceive.RunAsync,
    ["replay"] = Replay.RunAsync,
    ["start"] = Start.RunAsync,
    ["sync"] = SyncThroughput.RunAsync,
    ["viewers"] = Viewers.RunAsync,
    ["year"] = () => Year.RunAsync(args[1..]),
};
// since .NET 10 a signal ends the process at once unless somebody hears it; brokers and stores shall end with it
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => Environment.Exit(143));
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => Environment.Exit(130));
try
{
    if (args is [var name, ..] && benchmarks.TryGetValue(name, out var run))
        return await run();
}
catch (CommandLineException e)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}
Console.Error.WriteLine($"Give the name of a benchmark: {string.Join(", ", benchmarks.Keys)}.");
return 2;
