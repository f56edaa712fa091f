using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using SmartDistrict.EndToEnd.Tests.Parts;
using SmartDistrict.Telemetry.Mqtt;
using SmartDistrict.Testing;
using SmartDistrict.Testing.Simulation;

namespace SmartDistrict.EndToEnd.Tests;

/// <summary>A what-if replay on the folder of a gateway that is running and taking in.</summary>
public sealed class ReplayTests : IDisposable
{
    private const string Node = "sd/v1/harbour/counter/node-08/reading";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_replay_beside_a_running_gateway_counts_what_it_counted_and_disturbs_nothing()
    {
        await using var broker = await MosquittoBroker.StartNewAsync();
        await using var session = SimulateCommand.Session("127.0.0.1", broker.Port);
        session.Start();
        await using var gateway = new GatewayProcess(folder, broker.Port, new JsonObject { ["Url"] = "http://127.0.0.1:1/", ["Api"] = "v1", ["Database"] = "district" });
        gateway.Start();
        await gateway.ListensAsync();
        await SayAsync(session, seq: 0, ahead: 0, entries: 3);
        await SayAsync(session, seq: 1, ahead: 100, entries: 2);
        await gateway.SaysAsync("the readings are not folded", word => word.Number("readings") == 2);
        var files = Directory.GetFiles(folder.File("gateway"), "*", SearchOption.AllDirectories).Order().ToList();

        var today = TimeProvider.System.GetUtcNow();
        var outcome = await ReplayAsync(gateway, "--from", $"{today.AddDays(-1):O}", "--to", $"{today.AddDays(1):O}", "--windows", "1m", "--json", "--with", "Fold:ClockAheadSeconds=120");

        Assert.Equal((5, 5), Sums(outcome, "totals", "entries"));
        Assert.Equal((2, 2), Sums(outcome, "folded", "readings_booked"));
        Assert.Equal((1, 0), Sums(outcome, "folded", "times_repaired"));
        Assert.True(outcome.GetProperty("differing").GetInt32() >= 1, outcome.GetRawText());
        Assert.Equal(files, Directory.GetFiles(folder.File("gateway"), "*", SearchOption.AllDirectories).Order());
        await SayAsync(session, seq: 2, ahead: 0, entries: 1);
        var word = await gateway.SaysAsync("the gateway does not go on", word => word.Number("readings") == 3);
        Assert.Equal((0, 0), (word.Number("lost"), word.Number("duplicates")));
        await gateway.StopAsync();
    }

    private static ValueTask SayAsync(MqttSession session, int seq, int ahead, int entries)
    {
        var at = TimeProvider.System.GetUtcNow().AddSeconds(ahead).ToUnixTimeMilliseconds();
        return session.PublishAsync(new MqttMessage(Node, System.Text.Encoding.UTF8.GetBytes($$"""{"ts":{{at}},"boot":"b","seq":{{seq}},"entries":{{entries}},"exits":0}""")), CancellationToken.None);
    }

    private static async Task<JsonElement> ReplayAsync(GatewayProcess gateway, params string[] arguments)
    {
        using var replay = Process.Start(new ProcessStartInfo("dotnet",
            [RepositoryFiles.Program("edge/SmartDistrict.Edge", "smartdistrict-edge.dll"), "replay", "--config", gateway.ConfigurationFile, .. arguments])
        { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = replay.StandardError.ReadToEndAsync();
        var output = await replay.StandardOutput.ReadToEndAsync();
        await replay.WaitForExitAsync();
        Assert.True(replay.ExitCode == 0, output + await error);
        return JsonDocument.Parse(output).RootElement;
    }

    private static (int Present, int Changed) Sums(JsonElement outcome, string of, string name)
    {
        var sum = outcome.GetProperty(of).GetProperty(name);
        return (sum.GetProperty("present").GetInt32(), sum.GetProperty("changed").GetInt32());
    }
}
