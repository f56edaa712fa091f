using SmartDistrict.Benchmarks;

var benchmarks = new Dictionary<string, Func<Task<int>>>(StringComparer.Ordinal)
{
    ["ingest"] = Ingest.RunAsync,
    ["mqtt-receive"] = MqttReceive.RunAsync,
    ["sync"] = SyncThroughput.RunAsync,
};
if (args is [var name, ..] && benchmarks.TryGetValue(name, out var run))
    return await run();
Console.Error.WriteLine($"Give the name of a benchmark: {string.Join(", ", benchmarks.Keys)}.");
return 2;
