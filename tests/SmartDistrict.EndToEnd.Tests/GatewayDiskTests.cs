using System.Text;
using System.Text.Json.Nodes;
using SmartDistrict.EndToEnd.Tests.Parts;
using SmartDistrict.Telemetry.Mqtt;
using SmartDistrict.Testing;
using SmartDistrict.Testing.Simulation;

namespace SmartDistrict.EndToEnd.Tests;

/// <summary>A disk that is full, or goes read-only, under a running gateway: nothing acknowledged is lost, it says so, and it goes on by itself.</summary>
public sealed class GatewayDiskTests : IAsyncLifetime
{
    private const string Node = "sd/v1/harbour/counter/node-01/reading";

    private readonly TemporaryFolder folder = new();
    private readonly long now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
    private MosquittoBroker broker = null!;
    private MqttSession session = null!;
    private MountedDisk disk = null!;
    private int sequence;

    public async ValueTask InitializeAsync()
    {
        disk = new MountedDisk(folder.File("gateway"), folder.File("disk.img"), mebibytes: 48);
        broker = await MosquittoBroker.StartNewAsync(new() { Lines = ["max_inflight_messages 0", "max_queued_messages 0", "max_packet_size 2097152"] });
        session = SimulateCommand.Session("127.0.0.1", broker.Port);
        session.Start();
    }

    public async ValueTask DisposeAsync()
    {
        await session.DisposeAsync();
        await broker.DisposeAsync();
        disk.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task A_full_disk_holds_readings_back_and_loses_none()
    {
        await using var gateway = Gateway();
        gateway.Start();
        await gateway.ListensAsync();
        await PublishAsync(10, padding: 0);
        await gateway.SaysAsync("the first readings do not arrive", word => word.Number("readings") == 10);

        disk.Fill();
        // more than the journal holds in memory: its intake has to wait
        await PublishAsync(80, padding: 50_000);
        var word = await gateway.SaysAsync("the full disk is not told", word => word.Text("state").StartsWith("journal", StringComparison.Ordinal) && word.Number("disk_faults") > 0);
        Assert.Contains("the disk was full", word.Text("state"), StringComparison.Ordinal);
        Assert.True(word.Number("acknowledged") < 90, word.ToString());
        await gateway.LogsAsync("free disk space");

        disk.MakeRoom();
        word = await gateway.SaysAsync("it does not go on when there is room again", word => word.Number("readings") == 90 && !word.Text("state").StartsWith("journal", StringComparison.Ordinal));
        Assert.Equal((0, 90), (word.Number("lost"), word.Number("acknowledged")));
        await gateway.LogsAsync("can be written again");

        // a full disk keeps nobody from stopping, and a start on one says so and is tried again by the service manager
        disk.Fill();
        await PublishAsync(80, padding: 50_000);
        await gateway.SaysAsync("the full disk is not told", word => word.Text("state").StartsWith("journal", StringComparison.Ordinal) && word.Number("disk_faults") > 0);
        await gateway.StopAsync();
        disk.MakeRoom();
        gateway.Start();
        word = await gateway.SaysAsync("what was not acknowledged does not come again", word => word.Number("readings") == 170);
        Assert.Equal(0, word.Number("lost"));
        Assert.DoesNotContain("Unhandled", gateway.Log.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disk_that_goes_read_only_holds_readings_back_and_loses_none()
    {
        await using var gateway = Gateway();
        gateway.Start();
        await gateway.ListensAsync();
        await PublishAsync(10, padding: 0);
        await gateway.SaysAsync("the first readings do not arrive", word => word.Number("readings") == 10);

        disk.TurnReadOnly();
        await PublishAsync(20, padding: 1_000);
        var word = await gateway.SaysAsync("the read-only disk is not told", word => word.Text("state").StartsWith("journal", StringComparison.Ordinal) && word.Number("disk_faults") > 0);
        Assert.True(word.Number("acknowledged") < 30, word.ToString());
        await gateway.StopAsync();

        disk.Repair();
        gateway.Start();
        word = await gateway.SaysAsync("what was not acknowledged does not come again", word => word.Number("readings") == 30);
        Assert.Equal(0, word.Number("lost"));
        Assert.DoesNotContain("Unhandled", gateway.Log.Error, StringComparison.Ordinal);
    }

    private GatewayProcess Gateway() => new(folder, broker.Port, new() { ["Url"] = "http://127.0.0.1:1/", ["Api"] = "v1", ["Database"] = "district" })
    {
        Configuration = { ["Journal"] = new JsonObject { ["SegmentBytes"] = 1 << 16 } },
    };

    private async Task PublishAsync(int readings, int padding)
    {
        var note = new string('x', padding);
        for (var i = 0; i < readings; i++)
            await session.PublishAsync(new MqttMessage(Node, Encoding.UTF8.GetBytes(
                $$"""{"ts":{{now - 7_200_000 + sequence}},"boot":"b","seq":{{sequence++}},"entries":1,"exits":0,"note":"{{note}}"}""")), TestContext.Current.CancellationToken);
    }
}
