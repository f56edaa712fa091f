using System.Text;
using SmartDistrict.Telemetry.Mqtt;
using SmartDistrict.Testing;
using static SmartDistrict.Telemetry.Tests.Mqtt.Sessions;

namespace SmartDistrict.Telemetry.Tests.Mqtt;

/// <summary>What a session keeps when its connection, its broker or its process goes. Against a real Mosquitto.</summary>
public sealed class ReconnectionTests
{
    public static TheoryData<MqttProtocolVersion> Versions => [MqttProtocolVersion.V311, MqttProtocolVersion.V500];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_session_of_an_earlier_process_is_resumed_with_what_was_queued_meanwhile(MqttProtocolVersion version)
    {
        await using var broker = await MosquittoBroker.StartNewAsync();
        await using (var before = Start(Lasting(broker.Port, version)))
            await before.SubscribeAsync([new("sd/#", MqttQos.ExactlyOnce)], Cancellation);
        await using (var sender = Start(To(broker.Port, version, "sender")))
        {
            for (var i = 0; i < 60; i++)
                await sender.PublishAsync(Message("sd/x", Number(i), i % 2 == 0 ? MqttQos.AtLeastOnce : MqttQos.ExactlyOnce), Cancellation);
        }

        await using var after = Start(Lasting(broker.Port, version));
        var received = await after.ReceiveAsync(60);

        Assert.True(after.State.SessionResumed);
        Assert.Equal(Enumerable.Range(0, 60).Select(Number), received.Select(r => r.Payload));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task What_was_not_acknowledged_comes_again_after_a_reconnection(MqttProtocolVersion version)
    {
        await using var broker = await MosquittoBroker.StartNewAsync();
        await using var relay = new TcpRelay(broker.Port);
        await using var session = Start(Lasting(relay.Port, version));
        await using var sender = Start(To(broker.Port, version, "sender"));
        await session.SubscribeAsync([new("sd/#")], Cancellation);
        for (var i = 0; i < 10; i++)
            await sender.PublishAsync(Message("sd/x", Number(i)), Cancellation);
        var first = await TakeAsync(session, 10);

        relay.Cut();
        var again = await TakeAsync(session, 10);

        Assert.Equal(first.SelectMany(Copy).Select(r => r.Payload), again.SelectMany(Copy).Select(r => r.Payload));
        Assert.All(again.SelectMany(Copy), r => Assert.True(r.Duplicate));

        // The first batches belong to the lost connection: acknowledging them gives memory back and nothing else.
        session.Acknowledge([.. first]);
        session.Acknowledge([.. again]);
        // The broker's answer to a later message shows that it has the acknowledgements.
        await session.PublishAsync(Message("elsewhere", ""), Cancellation);
        await sender.PublishAsync(Message("sd/x", "last"), Cancellation);
        relay.Cut();
        var rest = await ReceiveUntilAsync(session, "last");
        Assert.DoesNotContain(rest, payload => payload != "last");
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task After_a_restart_of_a_forgetful_broker_the_session_subscribes_again_and_publishes_what_waits(MqttProtocolVersion version)
    {
        await using var broker = await MosquittoBroker.StartNewAsync();
        await using var session = Start(To(broker.Port, version).Recording(out var events));
        await session.SubscribeAsync([new("sd/#")], Cancellation);
        await broker.KillAsync();
        await Until(() => !session.State.Connected, "the session notices");
        var waiting = session.PublishAsync(Message("sd/x", "kept"), Cancellation).AsTask();
        await Assert.ThrowsAsync<MqttDisconnectedException>(async () => await session.PublishAsync(Message("sd/x", "not kept", MqttQos.AtMostOnce), Cancellation));

        await Until(() => events.Any(e => e.Kind == MqttSessionEventKind.ConnectFailed), "the session tries in vain");
        await broker.StartAsync();

        await waiting;
        Assert.Equal("kept", Assert.Single(await session.ReceiveAsync(1)).Payload);
        Assert.False(session.State.SessionResumed);
        Assert.Contains(events, e => e.Kind == MqttSessionEventKind.Disconnected);
        Assert.Contains(events, e => e.Kind == MqttSessionEventKind.ConnectFailed);
        Assert.Equal(2, events.Count(e => e.Kind == MqttSessionEventKind.Connected));
    }

    [Theory]
    [InlineData(MqttProtocolVersion.V311, 1)]
    [InlineData(MqttProtocolVersion.V500, 2)]
    public async Task Qos_2_arrives_exactly_once_however_often_both_cables_are_pulled(MqttProtocolVersion version, int seed)
    {
        const int Messages = 400;
        var random = new Random(seed);
        await using var broker = await MosquittoBroker.StartNewAsync(new MosquittoOptions { Lines = ["max_queued_messages 0"] });
        await using var near = new TcpRelay(broker.Port);
        await using var far = new TcpRelay(broker.Port);
        await using var sender = Start(Lasting(near.Port, version, "sender"));
        await using var receiver = Start(Lasting(far.Port, version, "receiver"));
        await receiver.SubscribeAsync([new("sd/#", MqttQos.ExactlyOnce)], Cancellation);
        var received = new List<string>();
        var receiving = Task.Run(async () =>
        {
            while (received.Count < Messages)
            {
                var batch = await receiver.ReceiveAsync(Cancellation);
                received.AddRange(Copy(batch).Select(r => r.Payload));
                receiver.Acknowledge(batch);
            }
        }, Cancellation);

        var sending = new List<Task>();
        for (var i = 0; i < Messages; i++)
        {
            sending.Add(sender.PublishAsync(Message("sd/x", Number(i), MqttQos.ExactlyOnce), Cancellation).AsTask());
            if (random.Next(25) == 0)
                (random.Next(2) == 0 ? near : far).Cut();
            if (random.Next(10) == 0)
                await sending[random.Next(sending.Count)];
        }
        await Task.WhenAll(sending);
        await receiving;

        Assert.True(near.Connections + far.Connections > 4, "the cables were pulled");
        Assert.Equal(Enumerable.Range(0, Messages).Select(Number).Order(StringComparer.Ordinal), received.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task The_will_is_published_when_the_cable_is_pulled_and_not_after_a_goodbye(MqttProtocolVersion version)
    {
        await using var broker = await MosquittoBroker.StartNewAsync();
        await using var relay = new TcpRelay(broker.Port);
        await using var watcher = Start(To(broker.Port, version, "watcher"));
        await watcher.SubscribeAsync([new("state/#")], Cancellation);
        MqttSessionOptions WithWill(string id, int port) => To(port, version, id) with { Will = new MqttWill(Message("state/" + id, "gone")) };

        await using (var polite = Start(WithWill("polite", broker.Port)))
            await polite.SubscribeAsync([new("unused")], Cancellation);
        await using var pulled = Start(WithWill("pulled", relay.Port));
        await pulled.SubscribeAsync([new("unused")], Cancellation);
        relay.Lets = false;
        relay.Cut();

        Assert.Equal(new("state/pulled", "gone"), Assert.Single((await watcher.ReceiveAsync(1)).Select(r => (r.Topic, r.Payload))));
    }

    [Fact]
    public async Task A_silent_broker_is_taken_for_dead_after_one_and_a_half_keep_alives()
    {
        await using var broker = await MosquittoBroker.StartNewAsync();
        await using var session = Start((To(broker.Port, MqttProtocolVersion.V500) with { KeepAlive = TimeSpan.FromSeconds(1) }).Recording(out var events));
        await session.SubscribeAsync([new("sd/#")], Cancellation);

        broker.Freeze();
        await Until(() => events.Any(e => e.Kind == MqttSessionEventKind.Disconnected), "the session gives up");
        broker.Thaw();

        Assert.Contains("nothing came from the broker for 1.5 s", events.First(e => e.Kind == MqttSessionEventKind.Disconnected).Text, StringComparison.Ordinal);
        await Until(() => session.State.Connected, "the session is back");
    }

    private static MqttSessionOptions Lasting(int port, MqttProtocolVersion version, string clientId = "gw-1") =>
        To(port, version, clientId) with { CleanStart = false, SessionExpiry = TimeSpan.FromHours(1) };

    private static async Task<List<MqttDeliveries>> TakeAsync(MqttSession session, int messages)
    {
        var batches = new List<MqttDeliveries>();
        while (batches.Sum(b => b.Count) < messages)
            batches.Add(await session.ReceiveAsync(Cancellation));
        return batches;
    }

    private static async Task<List<string>> ReceiveUntilAsync(MqttSession session, string last)
    {
        var payloads = new List<string>();
        while (!payloads.Contains(last))
            payloads.AddRange((await session.ReceiveAsync(1)).Select(r => r.Payload));
        return payloads;
    }
}
