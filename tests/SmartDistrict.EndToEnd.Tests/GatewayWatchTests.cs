using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SmartDistrict.EndToEnd.Tests.Parts;
using SmartDistrict.Telemetry.Mqtt;
using SmartDistrict.Testing;
using SmartDistrict.Testing.Simulation;

namespace SmartDistrict.EndToEnd.Tests;

/// <summary>The gateway watches itself: what it tells a technician, a monitoring system and the service manager is true.</summary>
public sealed class GatewayWatchTests : IAsyncLifetime
{
    private const string Node = "sd/v1/harbour/counter/node-01/reading";

    private readonly TemporaryFolder folder = new();
    private MosquittoBroker broker = null!;
    private MqttSession session = null!;
    private long sequence;

    public async ValueTask InitializeAsync()
    {
        broker = await MosquittoBroker.StartNewAsync();
        session = SimulateCommand.Session("127.0.0.1", broker.Port);
        session.Start();
    }

    public async ValueTask DisposeAsync()
    {
        await session.DisposeAsync();
        await broker.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Metrics_keep_the_rules_of_the_format_and_say_what_was_sent()
    {
        await using var gateway = Gateway();
        await UpAsync(gateway);
        for (var i = 0; i < 5; i++)
            await PublishAsync(Node, Reading());
        sequence += 2; // two messages that nobody will hear
        await PublishAsync(Node, Reading());
        sequence--;
        await PublishAsync(Node, Reading()); // the one before once more
        await PublishAsync(Node, "{}");
        await gateway.SaysAsync("not all was folded", word => word.Number("journaled") == 8 && word.Number("unfolded") == 0);

        // the instruments share a status for a second, which may end while they are read one after the other
        var read = await Waiting.UntilAsync(async () =>
        {
            var (code, type, body) = await gateway.GetAsync("metrics");
            Assert.Equal((200, "text/plain; version=0.0.4; charset=utf-8"), (code, type));
            var read = Exposition.Parse(body);
            return read.Value("smartdistrict_fold_envelopes_total") == 8 && read.Value("smartdistrict_messages_acknowledged_total") == 8
                && read.Value("smartdistrict_device_refused_total", ("device", "node-01")) == 1 ? read : null;
        }, () => "the metrics do not catch up");
        Assert.All(read.Families.Values, family => Assert.True(family.Help is { Length: > 10 } && family.Type is not null, family.Name));
        Assert.All(read.Families.Values, family => Assert.Equal(family.Type == "counter", family.Name.EndsWith("_total", StringComparison.Ordinal)));
        Assert.Equal(8, read.Value("smartdistrict_journal_envelopes_total"));
        Assert.Equal(6, read.Value("smartdistrict_readings_total"));
        Assert.Equal(1, read.Value("smartdistrict_duplicates_total"));
        Assert.Equal(1, read.Value("smartdistrict_refused_total"));
        Assert.Equal(6, read.Value("smartdistrict_device_readings_total", ("device", "node-01")));
        Assert.Equal(1, read.Value("smartdistrict_device_duplicates_total", ("device", "node-01")));
        Assert.Equal(2, read.Value("smartdistrict_device_missing_total", ("device", "node-01")));
        Assert.Equal(1, read.Value("smartdistrict_device_refused_total", ("device", "node-01")));
        Assert.Equal(1, read.Value("smartdistrict_device_state", ("device", "node-01"), ("state", "refused")));
        Assert.Equal(1, read.Value("smartdistrict_device_state", ("device", "node-02"), ("state", "unheard")));
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        Assert.InRange(read.Value("smartdistrict_device_last_seen_seconds", ("device", "node-01")), now - 120, now + 1);
        Assert.Equal(0, read.Value("smartdistrict_losses_total", ("stream", "journal")));
        Assert.True(read.Value("process_memory_usage_bytes") > 1 << 20);
        Assert.True(read.Value("process_cpu_time_seconds_total") > 0);
        Assert.True(read.Value("smartdistrict_disk_free_bytes") > 0);
        Assert.True(read.Value("smartdistrict_journal_size_bytes") > 0);
        Assert.Equal(1, read.Families["smartdistrict_gateway_health"].Samples.Values.Sum());
    }

    [Fact]
    public async Task Health_is_refused_while_the_broker_is_away_and_given_again_when_it_is_back()
    {
        await using var gateway = Gateway();
        await UpAsync(gateway);
        var (code, _, body) = await gateway.GetAsync("healthz");
        Assert.Equal(200, code);
        // devices that were never heard are a reason to look, not a failure
        Assert.Equal("degraded", JsonDocument.Parse(body).RootElement.GetProperty("state").GetString());
        await broker.KillAsync();
        var away = await HealthAsync(gateway, 503);
        var reason = away.GetProperty("reasons")[0];
        Assert.Equal(("failing", "mqtt"), (away.GetProperty("state").GetString(), reason.GetProperty("part").GetString()));
        Assert.NotEmpty(reason.GetProperty("what").GetString()!);
        Assert.NotEmpty(reason.GetProperty("mend").GetString()!);
        await broker.StartAsync();
        await HealthAsync(gateway, 200);
    }

    /// <summary>A disk that takes no more is played by the process's limit of file sizes (setrlimit(2), RLIMIT_FSIZE).</summary>
    [Fact]
    public async Task Health_is_refused_while_the_disk_takes_nothing_and_no_reading_is_lost()
    {
        // the kernel's signal at the limit would end the process; ignored, the write fails
        await using var gateway = Gateway(["bash", "-c", "trap '' XFSZ; exec \"$@\"", "gateway"]);
        await UpAsync(gateway);
        await PublishAsync(Node, Reading());
        await gateway.SaysAsync("the reading is not there", word => word.Number("readings") == 1);
        Limit("1:unlimited");
        await PublishAsync(Node, Reading());
        var journal = await Waiting.UntilAsync(async () => (await HealthAsync(gateway, 503)).GetProperty("reasons").EnumerateArray()
            .Where(reason => reason.GetProperty("part").GetString() == "journal").Select(reason => reason.GetProperty("mend").GetString()).FirstOrDefault(), () => "the journal is not blamed");
        Assert.Contains("unacknowledged", journal, StringComparison.Ordinal);
        await gateway.LogsAsync("The journal cannot be written");
        Limit("unlimited:unlimited");
        await HealthAsync(gateway, 200);
        var word = await gateway.SaysAsync("the second reading is not there", word => word.Number("readings") == 2);
        Assert.Equal((0, 2), (word.Number("lost"), word.Number("acknowledged")));

        void Limit(string bytes)
        {
            using var prlimit = Process.Start("prlimit", ["--pid", gateway.ProcessId.ToString(CultureInfo.InvariantCulture), $"--fsize={bytes}"]);
            prlimit.WaitForExit();
            Assert.Equal(0, prlimit.ExitCode);
        }
    }

    /// <summary>Requests that are none, or of somebody who goes away, in whole and with bytes turned over; the end comes in the midst of them.</summary>
    [Fact]
    public async Task No_request_keeps_the_next_one_from_its_answer_or_the_gateway_from_ending_in_order()
    {
        string[] odd =
        [
            "GET /status HTTP/1.0\r\n\r\n", "GET /status HTTP/1.1\r\n\r\n", "HEAD /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", "OPTIONS * HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
            "GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", "GET http://[ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", "GET /%zz%ff HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
            "GET /status HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -5\r\n\r\n", "POST /status HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
            "POST /status HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n", "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nExpect: 100-continue\r\n\r\n",
            "POST /technician/api/walk/start HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\n{",
        ];
        await using var gateway = Gateway();
        await UpAsync(gateway);
        var url = new Uri((await File.ReadAllTextAsync(gateway.DataFile("status-url"), TestContext.Current.CancellationToken)).Trim());
        var random = new Random(1);
        for (var i = 0; i < 600; i++)
            await AskAsync(i);
        Assert.Equal(200, (await gateway.GetAsync("healthz")).Code);
        Assert.Equal(200, (await gateway.GetAsync("metrics")).Code);
        Assert.Equal("", gateway.Log.Error);

        var asking = Task.Run(async () =>
        {
            for (var i = 0; await AskAsync(i); i++)
            {
            }
        }, TestContext.Current.CancellationToken);
        await gateway.StopAsync();
        await asking;
        Assert.Equal("", gateway.Log.Error);

        async Task<bool> AskAsync(int i)
        {
            var request = Encoding.ASCII.GetBytes(odd[i % odd.Length]);
            for (var turned = i < odd.Length ? 0 : random.Next(4); turned > 0; turned--)
                request[random.Next(request.Length)] = (byte)random.Next(256);
            using var asker = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { LingerState = new(i % 3 == 0, 0), ReceiveTimeout = 20 };
            try
            {
                await asker.ConnectAsync(url.Host, url.Port);
                await asker.SendAsync(request);
                if (i % 3 == 1)
                    asker.Receive(new byte[1024]);
            }
            catch (SocketException e)
            {
                return e.SocketErrorCode != SocketError.ConnectionRefused;
            }
            return true;
        }
    }

    [Fact]
    public async Task The_status_tells_bounds_policies_wear_and_each_device()
    {
        await using var gateway = Gateway();
        await UpAsync(gateway);
        await PublishAsync(Node, Reading());
        var word = await gateway.SaysAsync("the reading is not there", word => word.Number("readings") == 1);
        Assert.NotEmpty(word.Json.GetProperty("runway").GetProperty("lasts").GetString()!);
        Assert.Equal(["journal", "outbox", "dead letters"], word.Json.GetProperty("storage").EnumerateArray().Select(store => store.GetProperty("stream").GetString()));
        Assert.All(word.Json.GetProperty("storage").EnumerateArray(), store =>
        {
            Assert.NotEmpty(store.GetProperty("when_full").GetString()!);
            Assert.True(store.GetProperty("max_bytes").GetInt64() > 0);
            Assert.Equal(0, store.GetProperty("lost").GetInt64());
        });
        Assert.True(word.Json.GetProperty("wear").GetProperty("journal_bytes").GetInt64() > 0);
        var device = Assert.Single(word.Json.GetProperty("devices").EnumerateArray(), device => device.GetProperty("id").GetString() == "node-01");
        Assert.Equal(("ok", 1L), (device.GetProperty("state").GetString(), device.GetProperty("readings").GetInt64()));
        Assert.InRange(device.GetProperty("age_seconds").GetInt64(), 0, 120);
    }

    [Fact]
    public async Task A_collector_gets_the_same_figures_by_OTLP()
    {
        using var collector = new OtlpReceiver();
        await using var gateway = Gateway();
        gateway.Configuration["Otlp"] = new JsonObject { ["Endpoint"] = collector.Url.ToString(), ["IntervalSeconds"] = 1 };
        await UpAsync(gateway);
        await PublishAsync(Node, Reading());
        var export = await Waiting.UntilAsync(
            () => Task.FromResult(collector.Newest is { } newest && newest.Metrics["smartdistrict.readings"].Value() == 1 ? newest : null), () => $"the reading does not arrive: {gateway.Log}");
        Assert.Equal(("smartdistrict-edge", "harbour", "gw-1"), (export.Resource["service.name"], export.Resource["service.namespace"], export.Resource["service.instance.id"]));
        Assert.Equal("SmartDistrict.Edge", export.Scope);
        var readings = export.Metrics["smartdistrict.device.readings"];
        Assert.Equal(1, readings.Value(("device", "node-01")));
        Assert.Equal(("{reading}", true, 2UL), (readings.Unit, readings.Monotonic, readings.Temporality));
        Assert.False(export.Metrics["smartdistrict.outbox.points"].Monotonic);
        Assert.Equal("By", export.Metrics["process.memory.usage"].Unit);
        // one meter, two doors: each has all that the other has
        var text = Exposition.Parse((await gateway.GetAsync("metrics")).Body);
        Assert.All(export.Metrics.Keys, name => Assert.Contains(text.Families.Keys, family => family.StartsWith(name.Replace('.', '_'), StringComparison.Ordinal)));
        Assert.True(export.Metrics.Count >= 30, $"{export.Metrics.Count} metrics");
    }

    [Fact]
    public async Task The_service_manager_is_told_that_it_is_ready_alive_and_stopping()
    {
        using var manager = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = (int)Waiting.Patience.TotalMilliseconds };
        manager.Bind(new UnixDomainSocketEndPoint(folder.File("notify")));
        await using var gateway = Gateway();
        gateway.Environment["NOTIFY_SOCKET"] = folder.File("notify");
        gateway.Environment["WATCHDOG_USEC"] = "200000";
        gateway.Start();
        Assert.StartsWith("READY=1\nSTATUS=", Heard(), StringComparison.Ordinal);
        for (var fed = 0; fed < 3;)
            fed += Heard() == "WATCHDOG=1" ? 1 : 0;
        // a manager reads on: only a few words of its own wait unread
        var stopping = gateway.StopAsync();
        while (!Heard().StartsWith("STOPPING=1\n", StringComparison.Ordinal))
        {
        }
        await stopping;

        string Heard()
        {
            var buffer = new byte[4096];
            return Encoding.UTF8.GetString(buffer, 0, manager.Receive(buffer));
        }
    }

    [Fact]
    public async Task The_unit_file_holds_before_systemd()
    {
        // verified as it stands, but for the program: it is installed elsewhere
        var unit = folder.File("smartdistrict-edge.service");
        var text = await File.ReadAllTextAsync(RepositoryFiles.Path("deploy", "edge", "smartdistrict-edge.service"), TestContext.Current.CancellationToken);
        Assert.Contains("\nExecStart=/opt/smartdistrict/smartdistrict-edge run", text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(unit, text.Replace("/opt/smartdistrict/smartdistrict-edge", "/bin/true", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        using var verify = Process.Start(new ProcessStartInfo("systemd-analyze", ["verify", "--man=no", unit]) { RedirectStandardError = true })!;
        var said = await verify.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await verify.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal((0, ""), (verify.ExitCode, string.Join('\n', said.Split('\n').Where(line => line.Contains("smartdistrict", StringComparison.Ordinal)))));
        // the file is on what it says: a hung flow is noticed, and restarted, before the watchdog's time is over
        Assert.Contains("Type=notify\n", text, StringComparison.Ordinal);
        Assert.Contains("WatchdogSec=90\n", text, StringComparison.Ordinal);
    }

    private static Task<JsonElement> HealthAsync(GatewayProcess gateway, int expected) => HealthAsync(gateway, expected, "");

    private static async Task<JsonElement> HealthAsync(GatewayProcess gateway, int expected, string said)
    {
        var body = await Waiting.UntilAsync(async () =>
        {
            (var code, _, said) = await gateway.GetAsync("healthz");
            return code == expected ? said : null;
        }, () => $"/healthz does not answer {expected} but {said}");
        return JsonDocument.Parse(body).RootElement;
    }

    /// <summary>The store is nowhere: nothing here needs it.</summary>
    private GatewayProcess Gateway(string[]? wrapper = null) =>
        new(folder, broker.Port, new JsonObject { ["Url"] = "http://127.0.0.1:1/", ["Api"] = "v1", ["Database"] = "district" }) { Wrapper = wrapper ?? [] };

    private static async Task UpAsync(GatewayProcess gateway)
    {
        gateway.Start();
        await gateway.ListensAsync();
    }

    private string Reading() =>
        $$"""{"ts":{{TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()}},"boot":"b","seq":{{++sequence}},"entries":1,"exits":0}""";

    private Task PublishAsync(string topic, string payload) =>
        session.PublishAsync(new MqttMessage(topic, Encoding.UTF8.GetBytes(payload)), TestContext.Current.CancellationToken).AsTask();
}
