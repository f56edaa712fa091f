using SmartDistrict.Telemetry.Mqtt;
using SmartDistrict.Telemetry.Mqtt.Connections;
using SmartDistrict.Testing;
using static SmartDistrict.Telemetry.Tests.Mqtt.Sessions;

namespace SmartDistrict.Telemetry.Tests.Mqtt;

/// <summary>Few messages gather before they are read; many are read at once.</summary>
public sealed class TrickleTests
{
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(20);
    private readonly ManualTimeProvider time = new();

    [Theory]
    [InlineData(250, true)] // a message
    [InlineData(40_000, true)] // 2.0 MB/s
    [InlineData(44_000, false)] // 2.2 MB/s
    [InlineData(65_536, false)]
    public void Less_than_two_mebibytes_a_second_are_a_trickle(int bytesInTwentyMilliseconds, bool trickle)
    {
        var judge = new Trickle(Gather, time);
        time.Advance(Gather);

        judge.Received(bytesInTwentyMilliseconds);

        Assert.Equal(trickle, judge.IsDue);
    }

    [Fact]
    public void A_stream_of_single_messages_is_never_held_up()
    {
        var judge = new Trickle(Gather, time);
        for (var message = 0; message < 10_000; message++)
        {
            time.Advance(TimeSpan.FromMicroseconds(50));
            judge.Received(250);
            Assert.False(judge.IsDue);
            judge.Gather(CancellationToken.None);
        }
    }

    [Fact]
    public void A_trickle_that_becomes_a_stream_is_held_up_once_at_most()
    {
        var judge = new Trickle(Gather, time);
        time.Advance(TimeSpan.FromSeconds(10));
        judge.Received(250);
        Assert.True(judge.IsDue);
        judge.Gather(CancellationToken.None);

        var held = 0;
        for (var read = 0; read < 1_000; read++)
        {
            time.Advance(TimeSpan.FromMilliseconds(1));
            judge.Received(16_384);
            held += judge.IsDue ? 1 : 0;
            judge.Gather(CancellationToken.None);
        }

        Assert.InRange(held, 0, 1);
    }

    [Fact]
    public void Without_a_time_to_gather_nothing_waits()
    {
        var judge = new Trickle(TimeSpan.Zero, time);
        time.Advance(TimeSpan.FromSeconds(1));

        judge.Received(1);

        Assert.False(judge.IsDue);
    }

    [Fact]
    public async Task What_gathered_arrives_once_and_in_order()
    {
        await using var broker = await MosquittoBroker.StartNewAsync();
        await using var receiver = Start(To(broker.Port, MqttProtocolVersion.V500, "receiver") with { Gather = TimeSpan.FromMilliseconds(100) });
        await using var sender = Start(To(broker.Port, MqttProtocolVersion.V500, "sender"));
        var cancellation = TestContext.Current.CancellationToken;
        await receiver.SubscribeAsync([new("sd/#", MqttQos.AtLeastOnce)], cancellation);

        for (var i = 0; i < 200; i++)
            await sender.PublishAsync(Message("sd/a", $"{i}"), cancellation);

        var received = await receiver.ReceiveAsync(200);
        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"{i}"), received.Select(message => message.Payload));
    }
}
