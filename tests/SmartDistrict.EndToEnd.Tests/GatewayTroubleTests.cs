using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using SmartDistrict.EndToEnd.Tests.Parts;
using SmartDistrict.Sqlite;
using SmartDistrict.Telemetry.Mqtt;
using SmartDistrict.Testing;
using SmartDistrict.Testing.Simulation;

namespace SmartDistrict.EndToEnd.Tests;

/// <summary>What is wrong around a running gateway stops neither it nor the data: it says what and how to mend it, and goes on.</summary>
public sealed class GatewayTroubleTests : IAsyncLifetime
{
    private const string Node = "sd/v1/harbour/counter/node-01/reading";
    private const long People = 3;

    private readonly TemporaryFolder folder = new();
    private readonly long now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
    private MosquittoBroker broker = null!;
    private MqttSession session = null!;
    private long sequence;

    public async ValueTask InitializeAsync()
    {
        broker = await MosquittoBroker.StartNewAsync(new() { Lines = ["max_packet_size 2097152"] });
        session = SimulateCommand.Session("127.0.0.1", broker.Port);
        session.Start();
    }

    public async ValueTask DisposeAsync()
    {
        await session.DisposeAsync();
        await broker.DisposeAsync();
        folder.Dispose();
    }

    /// <summary>What a device may send that no profile can read: each is set aside with a reason and a mend, and the next one counts.</summary>
    [Fact]
    public async Task Broken_messages_become_dead_letters_and_the_next_sound_one_counts()
    {
        var broken = new (string Topic, byte[] Payload, string Reason)[]
        {
            (Node, Utf8("""{"ts":1,"""), "JSON"),
            (Node, [], "empty"),
            (Node, Encoding.Unicode.GetBytes(Reading(1)), "not valid JSON"),
            (Node, [0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d], "UTF-8"),
            (Node, Utf8(Reading(1).Replace("\"entries\":1", "\"entries\":987654321987654321", StringComparison.Ordinal)), "987654321987654321"),
            (Node, Utf8(Reading(1).Replace("\"entries\":1", "\"entries\":-3", StringComparison.Ordinal)), "-3"),
            (Node, Utf8(Reading(1).Replace($"\"ts\":{Past}", "\"ts\":86400000", StringComparison.Ordinal)), "1970"),
            (Node, Utf8("[1,2,3]"), "absent"),
            (Node, Utf8($$"""{"ts":{{Past}},"boot":"b","seq":1,"entries":1,"note":"{{new string('x', 1 << 20)}}"}"""), "bytes"),
            (Node, Utf8(Reading(1).Replace("\"seq\"", "\"channel\":\"9\",\"seq\"", StringComparison.Ordinal)), "9"),
            ("sd/v1/harbour/counter/node-99/reading", Utf8(Reading(1)), "'node-99' is not in the district file"),
        };
        await using var influx = await InfluxServer.StartNewAsync();
        await using var gateway = Gateway(V1(influx, influx.Database));
        await UpAsync(gateway);
        foreach (var (topic, payload, _) in broken)
            await PublishAsync(topic, payload);
        await PublishAsync(Node, Utf8(Reading(People)));

        var word = await ArrivesAsync(gateway, influx, influx.Database);
        Assert.Equal(1, word.Number("readings"));
        Assert.Equal(broken.Length, word.Number("dead_letters"));
        using var state = SqliteStore.OpenToRead(gateway.DataFile("state.db"));
        using var rows = new Statement(state, "SELECT subject, reason, mend, size FROM dead_letters ORDER BY id");
        foreach (var (topic, payload, reason) in broken)
        {
            Assert.True(rows.Step());
            Assert.Equal((topic, payload.Length), (rows.Text(0), rows.Number(3)));
            Assert.Contains(reason, rows.Text(1), StringComparison.Ordinal);
            Assert.NotEmpty(rows.Text(2));
        }
    }

    [Fact]
    public async Task A_broken_profile_silences_its_own_devices_only_and_says_where()
    {
        var profiles = Directory.CreateDirectory(folder.File("profiles")).FullName;
        foreach (var file in Directory.GetFiles(RepositoryFiles.Path("firmware-config", "profiles")))
            File.Copy(file, Path.Combine(profiles, Path.GetFileName(file)));
        await File.WriteAllTextAsync(Path.Combine(profiles, "xovis-push-v5.yaml"), "topic: [broken\n", TestContext.Current.CancellationToken);
        await using var gateway = Gateway(Nowhere());
        gateway.Configuration["Gateway"]!["Profiles"] = profiles;
        gateway.Start();
        var word = await gateway.ListensAsync();
        var faulted = word.Json.GetProperty("faulted_devices").EnumerateObject().ToDictionary(device => device.Name, device => device.Value.GetString()!);
        Assert.Equal(10, faulted.Count);
        Assert.All(faulted, device =>
        {
            Assert.StartsWith("xovis-", device.Key, StringComparison.Ordinal);
            Assert.Contains("Mend: ", device.Value, StringComparison.Ordinal);
        });
        await gateway.LogsAsync("xovis-01 is not read");
        await PublishAsync(Node, Utf8(Reading(People)));
        await gateway.SaysAsync("the other devices are not heard", word => word.Number("readings") == 1);
    }

    [Fact]
    public async Task A_missing_database_is_told_and_nothing_is_lost_until_it_is_made()
    {
        await using var influx = await InfluxServer.StartNewAsync();
        await using var gateway = Gateway(V1(influx, "elsewhere"));
        await UpAsync(gateway);
        await PublishAsync(Node, Utf8(Reading(People)));
        var word = await gateway.SaysAsync("the trouble is not told", word => word.Text("sync").StartsWith("held", StringComparison.Ordinal));
        Assert.Contains("create database elsewhere in the store, or correct Sync:Database", word.Text("sync"), StringComparison.Ordinal);
        Assert.StartsWith("sync: ", word.Text("state"), StringComparison.Ordinal);
        Assert.True(word.Number("backlog") > 0);
        await influx.CreateDatabaseAsync("elsewhere");
        await ArrivesAsync(gateway, influx, "elsewhere");
    }

    [Fact]
    public async Task A_wrong_password_is_told_and_nothing_is_lost_until_it_is_mended()
    {
        await using var influx = await InfluxServer.StartNewAsync(new() { Authentication = true });
        var secret = folder.File("password");
        await File.WriteAllTextAsync(secret, "a wrong password", TestContext.Current.CancellationToken);
        var sync = V1(influx, influx.Database);
        (sync["User"], sync["PasswordFile"]) = (InfluxServer.AdminUser, secret);
        await using var gateway = Gateway(sync);
        await UpAsync(gateway);
        await PublishAsync(Node, Utf8(Reading(People)));
        var word = await gateway.SaysAsync("the trouble is not told", word => word.Text("sync").StartsWith("held", StringComparison.Ordinal));
        Assert.Contains($"the store does not know user {InfluxServer.AdminUser} with the password in {secret}: correct either", word.Text("sync"), StringComparison.Ordinal);
        Assert.DoesNotContain("a wrong password", $"{word}{gateway.Log}", StringComparison.Ordinal);
        await File.WriteAllTextAsync(secret, InfluxServer.AdminPassword, TestContext.Current.CancellationToken);
        await ArrivesAsync(gateway, influx, influx.Database);
    }

    /// <summary>The district's own cloud service: the token is told apart from the gateway's, changed on the disk, and read again at the next attempt.</summary>
    [Fact]
    public async Task A_wrong_token_is_told_and_a_new_one_needs_no_restart()
    {
        await using var cloud = await CloudProcess.StartAsync(folder, broker.Port, "gw-1", "the right token");
        var secret = folder.File("token");
        await File.WriteAllTextAsync(secret, "a wrong token", TestContext.Current.CancellationToken);
        await using var gateway = Gateway(new()
        {
            ["Url"] = cloud.Url.ToString(), ["Org"] = "district", ["Bucket"] = "footfall", ["TokenFile"] = secret,
            ["FirstPause"] = "00:00:00.200", ["MaxPause"] = "00:00:01",
        });
        await UpAsync(gateway);
        await PublishAsync(Node, Utf8(Reading(People)));
        var word = await gateway.SaysAsync("the trouble is not told", word => word.Text("sync").StartsWith("held", StringComparison.Ordinal));
        Assert.Contains($"the store does not accept the token in {secret}: correct it", word.Text("sync"), StringComparison.Ordinal);
        Assert.DoesNotContain("a wrong token", $"{word}{gateway.Log}", StringComparison.Ordinal);
        await File.WriteAllTextAsync(secret, "the right token", TestContext.Current.CancellationToken);
        using var points = SqliteStore.OpenToRead(folder.File("cloud", "points.db"));
        await Waiting.UntilAsync(
            () => Task.FromResult(Stored() == 3 * People ? "all" : null), () => $"the three windows of the reading are not all stored: {gateway.Log}");
        word = await gateway.SaysAsync("it does not get over the trouble", word => word.Text("state") == "ok" && word.Number("backlog") == 0);
        Assert.Equal((0, 0), (word.Number("lost"), word.Number("dead_letters")));

        long Stored()
        {
            using var sum = new Statement(points, "SELECT ifnull(sum(entries), 0) FROM footfall");
            sum.Step();
            return sum.Number(0);
        }
    }

    [Fact]
    public async Task A_wrong_address_is_told_and_nothing_is_lost_until_it_is_mended_at_a_restart()
    {
        await using var influx = await InfluxServer.StartNewAsync();
        await using var gateway = Gateway(Nowhere());
        await UpAsync(gateway);
        await PublishAsync(Node, Utf8(Reading(People)));
        var word = await gateway.SaysAsync("the trouble is not told", word => word.Text("sync").StartsWith("waiting", StringComparison.Ordinal));
        Assert.Contains("check that the store runs, that Sync:Url is right", word.Text("sync"), StringComparison.Ordinal);
        await gateway.StopAsync();
        gateway.Configuration["Sync"] = V1(influx, influx.Database);
        gateway.Start();
        await ArrivesAsync(gateway, influx, influx.Database);
    }

    [Fact]
    public async Task A_broker_that_is_away_is_tried_again_and_again_and_told_of_once()
    {
        const int tries = 4;
        using var hangsUp = new TcpListener(IPAddress.Loopback, 0);
        hangsUp.Start();
        await using var gateway = new GatewayProcess(folder, ((IPEndPoint)hangsUp.LocalEndpoint).Port, Nowhere());
        gateway.Configuration.Remove("Live");
        gateway.Start();
        for (var i = 0; i < tries; i++)
            (await hangsUp.AcceptTcpClientAsync(TestContext.Current.CancellationToken)).Dispose();
        // what the attempt before the last ended with is told by now
        Assert.Single(gateway.Log.Output.Split('\n'), line => line.Contains("No connection with the MQTT broker", StringComparison.Ordinal));
    }

    /// <summary>So long ago that the windows of every length are closed.</summary>
    private long Past => now - 7_200_000;

    private GatewayProcess Gateway(JsonObject sync) => new(folder, broker.Port, sync);

    private static JsonObject V1(InfluxServer influx, string database) => new()
    {
        ["Url"] = influx.Url.ToString(), ["Api"] = "v1", ["Database"] = database, ["FirstPause"] = "00:00:00.200", ["MaxPause"] = "00:00:01",
    };

    /// <summary>Port 1 of this machine: nothing listens there.</summary>
    private static JsonObject Nowhere() => new() { ["Url"] = "http://127.0.0.1:1/", ["Api"] = "v1", ["Database"] = "district" };

    private static async Task UpAsync(GatewayProcess gateway)
    {
        gateway.Start();
        await gateway.ListensAsync();
    }

    /// <summary>Waits until the people of the one reading are in the store, whatever the length of the window.</summary>
    private static async Task<GatewayWord> ArrivesAsync(GatewayProcess gateway, InfluxServer influx, string database)
    {
        foreach (var measurement in (string[])["footfall_1m", "footfall_15m", "footfall_1h"])
            await Waiting.UntilAsync(
                async () => await influx.NumberAsync($"SELECT sum(entries) FROM {measurement}", database) == People ? measurement : null,
                () => $"{measurement} does not hold the reading: {gateway.Log}");
        var word = await gateway.SaysAsync("it does not get over the trouble", word => word.Text("state") == "ok" && word.Number("backlog") == 0);
        Assert.Equal(0, word.Number("lost"));
        return word;
    }

    private string Reading(long entries) => $$"""{"ts":{{Past}},"boot":"b","seq":{{++sequence}},"entries":{{entries}},"exits":0}""";

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private Task PublishAsync(string topic, byte[] payload) => session.PublishAsync(new MqttMessage(topic, payload), TestContext.Current.CancellationToken).AsTask();
}
