using SmartDistrict.Telemetry.Mqtt;
using SmartDistrict.Testing;
using static SmartDistrict.Telemetry.Tests.Mqtt.Sessions;

namespace SmartDistrict.Telemetry.Tests.Mqtt;

/// <summary>Messages from one session through a real Mosquitto to another.</summary>
public sealed class DeliveryTests
{
    public static TheoryData<MqttProtocolVersion, MqttQos> VersionsAndQos => new(
        from version in Enum.GetValues<MqttProtocolVersion>() from qos in Enum.GetValues<MqttQos>() select (version, qos));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(VersionsAndQos))]
    public async Task Messages_arrive_once_and_in_order(MqttProtocolVersion version, MqttQos qos)
    {
        await using var broker = await MosquittoBroker.StartNewAsync();
        await using var receiver = Start(To(broker.Port, version, "receiver"));
        await using var sender = Start(To(broker.Port, version, "sender"));
        await receiver.SubscribeAsync([new("sd/#", qos)], Cancellation);
        await sender.SubscribeAsync([new("unused", qos)], Cancellation);

        for (var i = 0; i < 500; i++)
            await sender.PublishAsync(Message("sd/" + i % 7, Number(i), qos), Cancellation);

        var received = await receiver.ReceiveAsync(500);
        Assert.Equal(Enumerable.Range(0, 500).Select(i => new Received("sd/" + i % 7, Number(i), qos)), received, Same);
    }

    [Fact]
    public async Task A_payload_larger_than_a_receive_buffer_arrives_whole()
    {
        await using var broker = await MosquittoBroker.StartNewAsync();
        await using var session = Start(To(broker.Port, MqttProtocolVersion.V500));
        await session.SubscribeAsync([new("#", MqttQos.AtLeastOnce)], Cancellation);
        int[] sizes = [10, 65_000, 65_536, 1_048_576, 0, 300_000, 65_530];
        foreach (var size in sizes)
            await session.PublishAsync(Message("big", new string('x', size)), Cancellation);

        var received = await session.ReceiveAsync(sizes.Length);

        Assert.Equal(sizes, received.Select(r => r.Payload.Length));
    }

    [Fact]
    public async Task User_properties_and_the_rest_of_the_expiry_come_with_the_message()
    {
        await using var broker = await MosquittoBroker.StartNewAsync();
        await using var session = Start(To(broker.Port, MqttProtocolVersion.V500));
        await session.SubscribeAsync([new("#")], Cancellation);
        KeyValuePair<string, string>[] properties = [new("trace", "1"), new("trace", "2"), new("区", "商圈")];

        await session.PublishAsync(Message("a", "x") with { Expiry = TimeSpan.FromSeconds(300), UserProperties = properties }, Cancellation);
        await session.PublishAsync(Message("a", "y"), Cancellation);

        var received = await session.ReceiveAsync(2);
        Assert.Equal(properties, received[0].UserProperties);
        Assert.InRange(received[0].Expiry!.Value.TotalSeconds, 290, 300);
        Assert.Empty(received[1].UserProperties);
        Assert.Null(received[1].Expiry);
    }

    [Fact]
    public async Task An_expired_message_is_not_delivered()
    {
        await using var broker = await MosquittoBroker.StartNewAsync();
        var away = To(broker.Port, MqttProtocolVersion.V500, "away") with { CleanStart = false, SessionExpiry = TimeSpan.FromHours(1) };
        await using (var before = Start(away))
            await before.SubscribeAsync([new("#")], Cancellation);
        await using var sender = Start(To(broker.Port, MqttProtocolVersion.V500, "sender"));
        await sender.PublishAsync(Message("a", "soon stale") with { Expiry = TimeSpan.FromSeconds(1) }, Cancellation);
        await sender.PublishAsync(Message("a", "lasting") with { Expiry = TimeSpan.FromSeconds(300) }, Cancellation);
        var sent = TimeProvider.System.GetTimestamp();
        await Until(() => TimeProvider.System.GetElapsedTime(sent) > TimeSpan.FromSeconds(2.1), "the broker's clock to pass the expiry");

        await using var after = Start(away);

        Assert.Equal("lasting", (await after.ReceiveAsync(1))[0].Payload);
    }

    [Fact]
    public async Task The_broker_sends_no_more_than_our_receive_maximum_before_we_acknowledge()
    {
        await using var broker = await MosquittoBroker.StartNewAsync();
        await using var session = Start(To(broker.Port, MqttProtocolVersion.V500) with { ReceiveMaximum = 5 });
        await using var sender = Start(To(broker.Port, MqttProtocolVersion.V500, "sender"));
        await session.SubscribeAsync([new("#")], Cancellation);
        for (var i = 0; i < 12; i++)
            await sender.PublishAsync(Message("a", Number(i)), Cancellation);
        await sender.PublishAsync(Message("a", "marker", MqttQos.AtMostOnce), Cancellation);

        // QoS 0 knows no window, so the marker overtakes what is held back.
        var batches = new List<MqttDeliveries>();
        while (!batches.SelectMany(Copy).Any(r => r.Payload == "marker"))
            batches.Add(await session.ReceiveAsync(Cancellation));
        Assert.Equal(["0", "1", "2", "3", "4", "marker"], batches.SelectMany(Copy).Select(r => r.Payload));

        session.Acknowledge([.. batches]);
        Assert.Equal(Enumerable.Range(5, 7).Select(Number), (await session.ReceiveAsync(7)).Select(r => r.Payload));
    }

    [Fact]
    public async Task A_retained_message_comes_marked_as_old()
    {
        await using var broker = await MosquittoBroker.StartNewAsync();
        await using var session = Start(To(broker.Port, MqttProtocolVersion.V311));
        await session.PublishAsync(Message("a", "old") with { Retain = true }, Cancellation);
        await session.SubscribeAsync([new("#")], Cancellation);
        await session.PublishAsync(Message("a", "new"), Cancellation);

        Assert.Equal([("old", true), ("new", false)], (await session.ReceiveAsync(2)).Select(r => (r.Payload, r.Retained)));
    }

    [Fact]
    public async Task A_consumer_with_a_thread_of_its_own_waits_only_as_long_as_it_wants()
    {
        await using var broker = await MosquittoBroker.StartNewAsync();
        await using var session = Start(To(broker.Port, MqttProtocolVersion.V500));
        await session.SubscribeAsync([new("#")], Cancellation);
        Assert.False(session.TryReceive(TimeSpan.Zero, out _));
        await session.PublishAsync(Message("a", "x"), Cancellation);

        Assert.True(session.TryReceive(TimeSpan.FromSeconds(20), out var batch));
        Assert.Equal("x", Assert.Single(Copy(batch)).Payload);
        session.Acknowledge(batch);
        Assert.Throws<InvalidOperationException>(() => session.Acknowledge(batch));
    }

    [Fact]
    public async Task A_disposed_session_wakes_whoever_waits_for_it()
    {
        var session = Start(To(MosquittoBroker.FreePort(), MqttProtocolVersion.V500));
        var receiving = session.ReceiveAsync(Cancellation).AsTask();
        var publishing = session.PublishAsync(Message("a", "x"), Cancellation).AsTask();
        var subscribing = session.SubscribeAsync([new("#")], Cancellation);

        await session.DisposeAsync();

        await Assert.ThrowsAsync<MqttDisconnectedException>(() => receiving);
        await Assert.ThrowsAsync<MqttDisconnectedException>(() => publishing);
        await Assert.ThrowsAsync<MqttDisconnectedException>(() => subscribing);
        Assert.False(session.State.Connected);
    }

    private static bool Same(Received expected, Received actual) => (expected with { UserProperties = actual.UserProperties }) == actual;
}
