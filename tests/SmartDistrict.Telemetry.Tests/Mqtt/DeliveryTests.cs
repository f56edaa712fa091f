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

    private static bool Same(Received expected, Received actual) => (expected with { UserProperties = actual.UserProperties }) == actual;
}
