using System.Text;
using SmartDistrict.Configuration;
using SmartDistrict.Edge.Devices;
using SmartDistrict.Edge.Technician;
using SmartDistrict.Telemetry.Mqtt;
using SmartDistrict.Testing;

namespace SmartDistrict.Edge.Tests.Technician;

/// <summary>The sniffer at a real Mosquitto, with the harbour's devices as the known ones.</summary>
public sealed class TopicSnifferTests : IAsyncLifetime
{
    private static readonly DeviceProfiles Profiles = DeviceProfiles.Load(RepositoryFiles.Path("firmware-config", "profiles"));
    private static readonly District Harbour = DistrictFile.Load(RepositoryFiles.Path("firmware-config", "districts", "harbour.yaml"));

    private readonly ManualTimeProvider time = new();
    private MosquittoBroker broker = null!;
    private MqttSession publisher = null!;
    private TopicSniffer sniffer = null!;

    public async ValueTask InitializeAsync()
    {
        broker = await MosquittoBroker.StartNewAsync();
        publisher = Session("publisher");
        publisher.Start();
        sniffer = new TopicSniffer(() => Session("sniffer"), () => DeviceCatalog.Build(Harbour, Profiles, "gw-1"), time);
    }

    public async ValueTask DisposeAsync()
    {
        await sniffer.DisposeAsync();
        await publisher.DisposeAsync();
        await broker.DisposeAsync();
    }

    [Fact]
    public async Task Topics_of_nobody_are_told_with_the_reason_and_known_devices_are_only_counted()
    {
        await ListenAsync();
        await SayAsync("acme/3F-77/people", """{"in":3}""");
        await SayAsync("acme/3F-77/people", """{"in":4}""");
        await SayAsync("sd/v1/harbour/counter/node-01/reading", "{}");
        await SayAsync("sd/v1/harbour/counter/node-99/reading", "{}");
        await SayAsync("sd/v1/harbour/gateway/gw-1/live", "{}");
        await SayAsync("bytes", [0x00, 0xff, 0x10]);
        var state = await HeardAsync("bytes");

        var acme = state.Topics.Single(topic => topic.Topic == "acme/3F-77/people");
        Assert.Equal((2L, """{"in":4}""", 8, false), (acme.Messages, acme.Preview, acme.Bytes, acme.Retained));
        Assert.Contains("no profile reads the topic", acme.What, StringComparison.Ordinal);
        Assert.Contains("add a device with 'id: node-99'", state.Topics.Single(topic => topic.Topic.Contains("node-99", StringComparison.Ordinal)).Mend, StringComparison.Ordinal);
        Assert.Equal("00ff10", state.Topics.Single(topic => topic.Topic == "bytes").Preview);
        Assert.Equal(["acme/3F-77/people", "bytes", "sd/v1/harbour/counter/node-99/reading", "sniffer/ready"], state.Topics.Select(topic => topic.Topic).Order(StringComparer.Ordinal));
        Assert.Equal(1, state.Known);
    }

    [Fact]
    public async Task It_keeps_no_more_topics_and_no_longer_payloads_than_it_says()
    {
        await ListenAsync();
        for (var i = 0; i < TopicSniffer.MostTopics + 20; i++)
            await SayAsync($"flood/{i}", "x");
        await SayAsync("flood/0", new string('y', 100_000));
        var state = await Until(() => sniffer.State, state => state.Topics.Any(topic => topic.Bytes == 100_000));
        Assert.Equal(TopicSniffer.MostTopics, state.Topics.Count);
        Assert.Equal(21, state.Untold);
        Assert.Equal(TopicSniffer.LongestPreview + 1, state.Topics.Single(topic => topic.Bytes == 100_000).Preview.Length);
    }

    [Fact]
    public async Task It_ends_by_itself_and_what_it_heard_stays()
    {
        await ListenAsync();
        await SayAsync("acme/1/x", "1");
        Assert.Equal(120, (await HeardAsync("acme/1/x")).RemainingSeconds);
        time.Advance(TimeSpan.FromMinutes(2));
        var state = sniffer.State;
        Assert.False(state.Running);
        Assert.Contains(state.Topics, topic => topic.Topic == "acme/1/x");
        Assert.Null(await sniffer.StartAsync(TimeSpan.FromHours(5)));
        Assert.Empty(sniffer.State.Topics);
        Assert.Equal(600, sniffer.State.RemainingSeconds);
        await sniffer.StopAsync();
        Assert.False(sniffer.State.Running);
    }

    [Fact]
    public async Task Without_a_broker_it_says_so()
    {
        await using var none = new TopicSniffer(() => null, () => DeviceCatalog.Build(Harbour, Profiles, "gw-1"), time);
        Assert.Contains("Broker:Host", await none.StartAsync(TimeSpan.FromMinutes(1)), StringComparison.Ordinal);
        await using var away = new TopicSniffer(() => new MqttSession(new() { Host = "127.0.0.1", Port = 1, OnEvent = _ => { } }, TimeProvider.System),
            () => DeviceCatalog.Build(Harbour, Profiles, "gw-1"), time);
        Assert.Null(await away.StartAsync(TimeSpan.FromMinutes(1)));
        Assert.NotEmpty((await Until(() => away.State, state => state.Trouble.Length > 0 && state.Trouble != "not started")).Trouble);
    }

    [Theory]
    [InlineData("e4bda0e5a5bd", "你好")]
    [InlineData("e4bda0e5a5", "e4bda0e5a5")]
    [InlineData("7b7d0a", "{}\n")]
    [InlineData("07", "07")]
    [InlineData("", "")]
    public void A_payload_is_shown_as_text_where_it_is_one(string hexadecimal, string shown) => Assert.Equal(shown, TopicSniffer.Preview(Convert.FromHexString(hexadecimal)));

    /// <summary>The subscription stands when a message comes through it.</summary>
    private async Task ListenAsync()
    {
        Assert.Null(await sniffer.StartAsync(TimeSpan.FromMinutes(2)));
        await Until(() => sniffer.State, state => state.Topics.Count > 0, () => SayAsync("sniffer/ready", "?"));
    }

    private Task<SniffState> HeardAsync(string topic) => Until(() => sniffer.State, state => state.Topics.Any(heard => heard.Topic == topic));

    private static async Task<SniffState> Until(Func<SniffState> state, Func<SniffState, bool> holds, Func<Task>? again = null)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!holds(state()))
        {
            if (again is not null)
                await again();
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
        }
        return state();
    }

    private Task SayAsync(string topic, string payload) => SayAsync(topic, Encoding.UTF8.GetBytes(payload));

    private async Task SayAsync(string topic, byte[] payload) => await publisher.PublishAsync(new MqttMessage(topic, payload), CancellationToken.None);

    private MqttSession Session(string id) => new(new MqttSessionOptions { Host = "127.0.0.1", Port = broker.Port, ClientId = id, OnEvent = _ => { } }, TimeProvider.System);
}
