using System.Text.RegularExpressions;
using SmartDistrict.Telemetry.Mqtt;
using SmartDistrict.Testing;
using static SmartDistrict.Telemetry.Tests.Mqtt.ScriptedPeer;
using static SmartDistrict.Telemetry.Tests.Mqtt.Sessions;

namespace SmartDistrict.Telemetry.Tests.Mqtt;

/// <summary>Outgoing messages and their handshakes, byte by byte against a scripted peer.</summary>
public sealed class PublishingTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Publish_is_as_specified()
    {
        using var peer = new ScriptedPeer();
        await using var session = await ConnectedAsync(peer);
        _ = session.PublishAsync(Message("a/b", "x", MqttQos.AtMostOnce), Cancellation).AsTask();
        _ = session.PublishAsync(Message("a/b", "x") with { Retain = true }, Cancellation).AsTask();
        _ = session.PublishAsync(Message("a/b", "x", MqttQos.ExactlyOnce) with { Expiry = TimeSpan.FromSeconds(2), UserProperties = [new("k", "v")] }, Cancellation).AsTask();
        await peer.ExpectAsync(
            "30 07 00 03 61 2F 62 00 78",
            "33 09 00 03 61 2F 62 00 01 00 78",
            "34 15 00 03 61 2F 62 00 02 0C 02 00 00 00 02 26 00 01 6B 00 01 76 78");
    }

    [Fact]
    public async Task Version_3_1_1_leaves_out_what_it_does_not_know()
    {
        using var peer = new ScriptedPeer();
        await using var session = Start(peer.Options(MqttProtocolVersion.V311));
        await peer.WelcomeAsync(MqttProtocolVersion.V311);
        _ = session.PublishAsync(Message("a", "x") with { Expiry = TimeSpan.FromSeconds(2), UserProperties = [new("k", "v")] }, Cancellation).AsTask();
        await peer.ExpectAsync("32 06 00 01 61 00 01 78");
    }

    [Fact]
    public async Task A_long_property_block_has_its_length_in_two_bytes()
    {
        using var peer = new ScriptedPeer();
        await using var session = await ConnectedAsync(peer);
        await session.PublishAsync(Message("a", "x", MqttQos.AtMostOnce) with { UserProperties = [new("k", new string('v', 130))] }, Cancellation);
        Assert.StartsWith("30 8E 01 00 01 61 88 01 26 00 01 6B 00 82 76", await peer.ReadAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_more_than_the_brokers_receive_maximum_is_under_way()
    {
        using var peer = new ScriptedPeer();
        await using var session = await ConnectedAsync(peer, "03 21 00 02");
        var publishing = Enumerable.Range(0, 4).Select(_ => session.PublishAsync(Message("a", ""), Cancellation).AsTask()).ToArray();
        await session.PublishAsync(Message("m", "", MqttQos.AtMostOnce), Cancellation);
        await peer.ExpectAsync("32 06 00 01 61 00 01 00", "32 06 00 01 61 00 02 00", "30 04 00 01 6D 00");

        await peer.SendAsync("40 02 00 01");
        await peer.ExpectAsync("32 06 00 01 61 00 03 00");
        await peer.SendAsync("40 02 00 02 40 02 00 03");
        await peer.ExpectAsync("32 06 00 01 61 00 04 00");
        await peer.SendAsync("40 02 00 04");
        await Task.WhenAll(publishing);
    }

    [Fact]
    public async Task A_qos_2_handshake_frees_its_place_at_pubcomp()
    {
        using var peer = new ScriptedPeer();
        await using var session = await ConnectedAsync(peer, "03 21 00 01");
        var first = session.PublishAsync(Message("a", "", MqttQos.ExactlyOnce), Cancellation).AsTask();
        _ = session.PublishAsync(Message("b", ""), Cancellation).AsTask();
        await peer.ExpectAsync("34 06 00 01 61 00 01 00");
        await peer.SendAsync("50 02 00 01");
        await peer.ExpectAsync("62 02 00 01");
        Assert.False(first.IsCompleted);
        await peer.SendAsync("70 02 00 01");
        await first;
        await peer.ExpectAsync("32 06 00 01 62 00 02 00");
    }

    [Fact]
    public async Task In_a_resumed_session_what_was_under_way_is_sent_again_as_duplicate_in_order()
    {
        using var peer = new ScriptedPeer();
        await using var session = await ConnectedAsync(peer);
        var publishing = new[] { MqttQos.AtLeastOnce, MqttQos.ExactlyOnce, MqttQos.ExactlyOnce, MqttQos.AtLeastOnce }
            .Select(qos => session.PublishAsync(Message("a", "", qos), Cancellation).AsTask()).ToArray();
        for (var i = 0; i < 4; i++)
            await peer.ReadAsync();
        await peer.SendAsync("50 02 00 02");
        await peer.ExpectAsync("62 02 00 02");
        peer.Drop();

        await peer.WelcomeAsync(sessionPresent: true);
        await peer.ExpectAsync("3A 06 00 01 61 00 01 00", "62 02 00 02", "3C 06 00 01 61 00 03 00", "3A 06 00 01 61 00 04 00");
        await peer.SendAsync("40 02 00 01 70 02 00 02 50 02 00 03 40 02 00 04");
        await peer.ExpectAsync("62 02 00 03");
        await peer.SendAsync("70 02 00 03");
        await Task.WhenAll(publishing);
    }

    [Fact]
    public async Task In_a_new_session_what_was_under_way_is_published_anew_but_not_what_the_broker_has_taken()
    {
        using var peer = new ScriptedPeer();
        await using var session = await ConnectedAsync(peer);
        var taken = session.PublishAsync(Message("a", "", MqttQos.ExactlyOnce), Cancellation).AsTask();
        var open = session.PublishAsync(Message("b", "", MqttQos.ExactlyOnce), Cancellation).AsTask();
        await peer.ReadAsync();
        await peer.ReadAsync();
        await peer.SendAsync("50 02 00 01");
        await peer.ExpectAsync("62 02 00 01");
        peer.Drop();

        await peer.WelcomeAsync(sessionPresent: false);
        await peer.ExpectAsync("34 06 00 01 62 00 02 00");
        await taken;
        Assert.False(open.IsCompleted);
    }

    [Theory]
    [InlineData("1", "40 03 00 01 97", 0x97, "by PUBACK: 0x97 Quota exceeded")]
    [InlineData("1", "40 0B 00 01 87 07 1F 00 04 6E 6F 21 21", 0x87, "by PUBACK: 0x87 Not authorized (no!!)")]
    [InlineData("2", "50 03 00 01 91", 0x91, "by PUBREC: 0x91 Packet Identifier in use")]
    public async Task A_refusal_is_the_publishers_exception(string qos, string answer, int code, string reason)
    {
        using var peer = new ScriptedPeer();
        await using var session = await ConnectedAsync(peer);
        var publishing = session.PublishAsync(Message("a", "", Enum.Parse<MqttQos>(qos)), Cancellation).AsTask();
        await peer.ReadAsync();
        await peer.SendAsync(answer);
        var refusal = await Assert.ThrowsAsync<MqttRefusedException>(() => publishing);
        Assert.Equal(code, refusal.ReasonCode);
        Assert.Equal($"The broker refused a message to 'a' {reason}.", refusal.Message);
    }

    [Theory]
    [InlineData("40 02 00 01")]
    [InlineData("40 03 00 01 10")]
    [InlineData("40 04 00 01 10 00")]
    public async Task Success_has_several_forms(string answer)
    {
        using var peer = new ScriptedPeer();
        await using var session = await ConnectedAsync(peer);
        var publishing = session.PublishAsync(Message("a", ""), Cancellation).AsTask();
        await peer.ReadAsync();
        await peer.SendAsync(answer);
        await publishing;
    }

    [Theory]
    [InlineData(MqttQos.AtLeastOnce, "50 02 00 01", "PUBREC for packet identifier 1, a message of QoS 1")]
    [InlineData(MqttQos.ExactlyOnce, "40 02 00 01", "PUBACK for packet identifier 1, a message of QoS 2")]
    [InlineData(MqttQos.ExactlyOnce, "70 02 00 01", "PUBCOMP for packet identifier 1 before its turn")]
    public async Task An_answer_of_another_handshake_is_a_protocol_error(MqttQos qos, string answer, string reason)
    {
        using var peer = new ScriptedPeer();
        await using var session = await ConnectedAsync(peer, events: out var events);
        _ = session.PublishAsync(Message("a", "", qos), Cancellation).AsTask();
        await peer.ReadAsync();
        await peer.SendAsync(answer);
        await peer.ExpectAsync("E0 01 82", "closed");
        await Until(() => events.Count > 1, "the event");
        Assert.Contains(events, e => e.Text.Contains(reason, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Answers_to_nothing_are_harmless()
    {
        using var peer = new ScriptedPeer();
        await using var session = await ConnectedAsync(peer);
        await peer.SendAsync("40 02 00 63" + "70 02 00 63" + "50 02 00 63");
        await peer.ExpectAsync("62 03 00 63 92");
        Assert.True(session.State.Connected);
    }

    [Theory]
    [InlineData("02 24 00", MqttQos.AtLeastOnce, false, 0x9B, "it takes at most QoS 0")]
    [InlineData("02 24 01", MqttQos.ExactlyOnce, false, 0x9B, "it takes at most QoS 1")]
    [InlineData("02 25 00", MqttQos.AtMostOnce, true, 0x9A, "it keeps no retained messages")]
    public async Task What_the_broker_has_ruled_out_is_not_sent(string properties, MqttQos qos, bool retain, int code, string reason)
    {
        using var peer = new ScriptedPeer();
        await using var session = await ConnectedAsync(peer, properties);
        var refusal = await Assert.ThrowsAsync<MqttRefusedException>(async () => await session.PublishAsync(Message("a", "", qos) with { Retain = retain }, Cancellation));
        Assert.Equal(code, refusal.ReasonCode);
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
        await session.PublishAsync(Message("b", "", MqttQos.AtMostOnce), Cancellation);
        await peer.ExpectAsync("30 04 00 01 62 00");
    }

    [Fact]
    public async Task A_withdrawn_message_is_not_sent_and_a_stale_one_neither()
    {
        var clock = new ManualTimeProvider();
        using var peer = new ScriptedPeer();
        await using var session = new MqttSession(peer.Options(), clock);
        using var withdrawing = new CancellationTokenSource();
        var withdrawn = session.PublishAsync(Message("w", ""), withdrawing.Token).AsTask();
        var stale = session.PublishAsync(Message("s", "") with { Expiry = TimeSpan.FromSeconds(10) }, Cancellation).AsTask();
        _ = session.PublishAsync(Message("k", "") with { Expiry = TimeSpan.FromSeconds(30) }, Cancellation).AsTask();
        await withdrawing.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => withdrawn);
        clock.Advance(TimeSpan.FromSeconds(10));
        session.Start();
        await peer.WelcomeAsync();

        await peer.ExpectAsync("32 0B 00 01 6B 00 01 05 02 00 00 00 14");
        await Assert.ThrowsAsync<TimeoutException>(() => stale);
    }

    [Fact]
    public async Task The_caller_may_use_its_buffer_again_at_once()
    {
        using var peer = new ScriptedPeer();
        await using var session = new MqttSession(peer.Options(), TimeProvider.System);
        byte[] payload = [1];
        _ = session.PublishAsync(new MqttMessage("a", payload), Cancellation).AsTask();
        payload[0] = 2;
        session.Start();
        await peer.WelcomeAsync();
        await peer.ExpectAsync("32 07 00 01 61 00 01 00 01");
    }

    [Theory]
    [InlineData("", "must not be empty")]
    [InlineData("a/#", "must not contain '#'")]
    [InlineData(@"a\u0000", "U+0000")]
    [InlineData(@"a\uD800", "lone surrogate")]
    public async Task A_topic_that_is_none_is_told_at_once(string escaped, string reason)
    {
        await using var session = new MqttSession(To(1, MqttProtocolVersion.V500), TimeProvider.System);
        var problem = await Assert.ThrowsAsync<ArgumentException>(async () => await session.PublishAsync(Message(Regex.Unescape(escaped), ""), Cancellation));
        Assert.Contains(reason, problem.Message, StringComparison.Ordinal);
    }

    private static Task<MqttSession> ConnectedAsync(ScriptedPeer peer, string properties = "00") => ConnectedAsync(peer, out _, properties);

    private static Task<MqttSession> ConnectedAsync(ScriptedPeer peer, out System.Collections.Concurrent.ConcurrentQueue<MqttSessionEvent> events, string properties = "00") =>
        ConnectAsync(peer, Start(peer.Options().Recording(out events)), properties);

    private static async Task<MqttSession> ConnectAsync(ScriptedPeer peer, MqttSession session, string properties)
    {
        await peer.WelcomeAsync(properties: properties);
        await Until(() => session.State.Connected, "the connection");
        return session;
    }
}
