using SmartDistrict.Telemetry.Mqtt;
using SmartDistrict.Testing;
using static SmartDistrict.Telemetry.Tests.Mqtt.ScriptedPeer;
using static SmartDistrict.Telemetry.Tests.Mqtt.Sessions;

namespace SmartDistrict.Telemetry.Tests.Mqtt;

/// <summary>Incoming messages and their acknowledgement by hand, byte by byte against a scripted peer.</summary>
public sealed class AcknowledgementTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_is_acknowledged_before_the_consumer_says_so_and_then_all_in_order()
    {
        using var peer = new ScriptedPeer();
        await using var session = Start(peer.Options());
        await peer.WelcomeAsync();
        await peer.SendAsync("32 06 00 01 61 00 05 00" + "34 06 00 01 61 00 03 00" + "30 04 00 01 61 00" + "32 06 00 01 61 FF FF 00");
        var first = await session.ReceiveAsync(Cancellation);
        Assert.Equal([MqttQos.AtLeastOnce, MqttQos.ExactlyOnce, MqttQos.AtMostOnce, MqttQos.AtLeastOnce], Copy(first).Select(r => r.Qos));
        await peer.SendAsync("32 06 00 01 61 00 06 00");
        var second = await session.ReceiveAsync(Cancellation);

        // The first thing that the peer hears is our own message: no acknowledgement went out by itself.
        await session.PublishAsync(Message("b", "", MqttQos.AtMostOnce), Cancellation);
        await peer.ExpectAsync("30 04 00 01 62 00");

        session.Acknowledge(first, second);
        await peer.ExpectAsync("40 02 00 05", "50 02 00 03", "40 02 FF FF", "40 02 00 06");
    }

    [Fact]
    public async Task Batches_are_acknowledged_in_order_and_once()
    {
        using var peer = new ScriptedPeer();
        await using var session = Start(peer.Options());
        await peer.WelcomeAsync();
        await peer.SendAsync("32 06 00 01 61 00 01 00");
        var first = await session.ReceiveAsync(Cancellation);
        await peer.SendAsync("32 06 00 01 61 00 02 00");
        var second = await session.ReceiveAsync(Cancellation);

        Assert.Throws<InvalidOperationException>(() => session.Acknowledge(second));
        session.Acknowledge(first);
        Assert.Throws<InvalidOperationException>(() => session.Acknowledge(first));
        session.Acknowledge(second);
        await peer.ExpectAsync("40 02 00 01", "40 02 00 02");
    }

    [Fact]
    public async Task A_batch_of_a_lost_connection_is_not_acknowledged_on_the_next_one()
    {
        using var peer = new ScriptedPeer();
        await using var session = Start(peer.Options());
        await peer.WelcomeAsync();
        await peer.SendAsync("32 06 00 01 61 00 01 00");
        var old = await session.ReceiveAsync(Cancellation);
        peer.Drop();
        await peer.WelcomeAsync(sessionPresent: true);
        await peer.SendAsync("3A 06 00 01 61 00 01 00 32 06 00 01 61 00 02 00");
        var again = await session.ReceiveAsync(Cancellation);
        Assert.Equal([true, false], Copy(again).Select(r => r.Duplicate));

        session.Acknowledge(old, again);
        await peer.ExpectAsync("40 02 00 01", "40 02 00 02");
    }

    [Fact]
    public async Task A_qos_2_message_is_delivered_once_until_the_broker_releases_it()
    {
        using var peer = new ScriptedPeer();
        await using var session = Start(peer.Options() with { CleanStart = false, SessionExpiry = TimeSpan.FromHours(1) });
        await peer.WelcomeAsync();
        await peer.SendAsync("34 06 00 01 61 00 07 00");
        var batch = await session.ReceiveAsync(Cancellation);
        peer.Drop();

        // Before we could acknowledge: the broker sends it again, and only its acknowledgement is due.
        await peer.WelcomeAsync(sessionPresent: true);
        await peer.SendAsync("3C 06 00 01 61 00 07 00");
        var again = await session.ReceiveAsync(Cancellation);
        Assert.Equal(0, again.Count);
        session.Acknowledge(batch, again);
        await peer.ExpectAsync("50 02 00 07");
        peer.Drop();

        // After that: the same, for the PUBREC may have been lost.
        await peer.WelcomeAsync(sessionPresent: true);
        await peer.SendAsync("3C 06 00 01 61 00 07 00");
        session.Acknowledge(await session.ReceiveAsync(Cancellation));
        await peer.ExpectAsync("50 02 00 07");
        await peer.SendAsync("62 02 00 07");
        await peer.ExpectAsync("70 02 00 07");

        // Released: the same identifier is a new message.
        await peer.SendAsync("34 06 00 01 62 00 07 00");
        Assert.Equal("b", Assert.Single(await session.ReceiveAsync(1)).Topic);
    }

    [Fact]
    public async Task A_session_that_the_broker_has_lost_knows_no_identifiers()
    {
        using var peer = new ScriptedPeer();
        await using var session = Start(peer.Options() with { CleanStart = false, SessionExpiry = TimeSpan.FromHours(1) });
        await peer.WelcomeAsync();
        await peer.SendAsync("34 06 00 01 61 00 07 00");
        await session.ReceiveAsync(1);
        peer.Drop();
        await peer.WelcomeAsync(sessionPresent: false);
        await peer.SendAsync("34 06 00 01 62 00 07 00");
        Assert.Equal("b", Assert.Single(await session.ReceiveAsync(1)).Topic);
    }

    [Theory]
    [InlineData(MqttProtocolVersion.V311, "70 02 00 09")]
    [InlineData(MqttProtocolVersion.V500, "70 03 00 09 92")]
    public async Task Pubrel_of_an_unknown_identifier_is_answered(MqttProtocolVersion version, string answer)
    {
        using var peer = new ScriptedPeer();
        await using var session = Start(peer.Options(version));
        await peer.WelcomeAsync(version);
        await peer.SendAsync("62 02 00 09");
        await peer.ExpectAsync(answer);
    }

    [Fact]
    public async Task A_consumer_that_does_not_come_holds_the_broker_back_and_loses_neither_messages_nor_the_connection()
    {
        const int Messages = 200_000;
        var clock = new ManualTimeProvider();
        using var peer = new ScriptedPeer();
        await using var session = new MqttSession((peer.Options() with { KeepAlive = TimeSpan.FromSeconds(40) }).Recording(out var events), clock);
        session.Start();
        await peer.WelcomeAsync();
        byte[] block = [.. Enumerable.Range(0, 100).SelectMany(_ => (byte[])[0x30, 0xCC, 0x01, 0, 1, (byte)'a', 0, .. new byte[200]])];
        var sent = 0;
        var sending = Task.Run(async () =>
        {
            for (; sent < Messages; Volatile.Write(ref sent, sent + 100))
                await peer.SendAsync(block);
        }, Cancellation);

        // All 16 batches are taken and none is given back.
        var held = new List<MqttDeliveries>();
        while (held.Count < 16)
            held.Add(await session.ReceiveAsync(Cancellation));
        await UntilStill(() => Volatile.Read(ref sent));
        Assert.False(session.TryReceive(TimeSpan.Zero, out _));
        clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(MqttSessionEventKind.Connected, Assert.Single(events).Kind);

        var count = held.Sum(b => b.Count);
        session.Acknowledge([.. held]);
        Assert.Equal(Messages - count, (await session.ReceiveAsync(Messages - count)).Count);
        await sending;
    }

    /// <summary>Until a number has not changed for a fifth of a second.</summary>
    private static async Task UntilStill(Func<int> number)
    {
        var (last, since) = (number(), TimeProvider.System.GetTimestamp());
        await Until(() =>
        {
            if (number() != last)
                (last, since) = (number(), TimeProvider.System.GetTimestamp());
            return TimeProvider.System.GetElapsedTime(since) > TimeSpan.FromMilliseconds(200);
        }, "the sender to stand still");
    }
}
