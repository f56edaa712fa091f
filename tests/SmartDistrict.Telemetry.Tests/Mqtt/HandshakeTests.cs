using SmartDistrict.Telemetry.Mqtt;
using SmartDistrict.Testing;
using static SmartDistrict.Telemetry.Tests.Mqtt.ScriptedPeer;
using static SmartDistrict.Telemetry.Tests.Mqtt.Sessions;

namespace SmartDistrict.Telemetry.Tests.Mqtt;

/// <summary>CONNECT, SUBSCRIBE and the pauses in between, byte by byte against a scripted peer.</summary>
public sealed class HandshakeTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Connect_of_version_3_1_1_is_as_specified()
    {
        using var peer = new ScriptedPeer();
        await using var session = Start(peer.Options(MqttProtocolVersion.V311) with { KeepAlive = TimeSpan.FromSeconds(30) });
        Assert.Equal($"10 10 {Text("MQTT")} 04 02 00 1E {Text("gw-1")}", await peer.AcceptAsync());
    }

    [Fact]
    public async Task Connect_of_version_3_1_1_carries_will_user_and_password()
    {
        using var peer = new ScriptedPeer();
        await using var session = Start(peer.Options(MqttProtocolVersion.V311) with
        {
            CleanStart = false,
            User = "user",
            Password = "pass",
            Will = new MqttWill(Message("will", "gone", MqttQos.ExactlyOnce) with { Retain = true }),
        });
        Assert.Equal($"10 28 {Text("MQTT")} 04 F4 00 1E {Text("gw-1")} {Text("will")} {Text("gone")} {Text("user")} {Text("pass")}", await peer.AcceptAsync());
    }

    [Fact]
    public async Task Connect_of_version_5_carries_its_properties()
    {
        using var peer = new ScriptedPeer();
        await using var session = Start(peer.Options() with
        {
            CleanStart = false,
            SessionExpiry = TimeSpan.MaxValue,
            ReceiveMaximum = 1_000,
            MaximumPacketSize = 65_536,
            Will = new MqttWill(Message("will", "gone") with { Expiry = TimeSpan.FromSeconds(90), UserProperties = [new("k", "v")] }) { Delay = TimeSpan.FromSeconds(5) },
        });
        Assert.Equal(
            $"10 3C {Text("MQTT")} 05 0C 00 1E "
            + "0D 11 FF FF FF FF 21 03 E8 27 00 01 00 00 "
            + $"{Text("gw-1")} 11 18 00 00 00 05 02 00 00 00 5A 26 {Text("k")} {Text("v")} {Text("will")} {Text("gone")}",
            await peer.AcceptAsync());
    }

    [Fact]
    public async Task A_clean_start_of_version_5_is_for_the_first_connection_only()
    {
        using var peer = new ScriptedPeer();
        await using var session = Start(peer.Options());
        Assert.StartsWith($"10 16 {Text("MQTT")} 05 02", await peer.AcceptAsync(), StringComparison.Ordinal);
        await peer.SendAsync("20 03 00 00 00");
        await Until(() => session.State.Connected, "the connection");
        peer.Drop();
        Assert.StartsWith($"10 16 {Text("MQTT")} 05 00", await peer.AcceptAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_id_that_the_broker_assigns_is_kept()
    {
        using var peer = new ScriptedPeer();
        await using var session = Start(peer.Options() with { ClientId = "" });
        await peer.WelcomeAsync(properties: "07 12 00 04 6E 61 6D 65");
        await Until(() => session.State.Connected, "the connection");
        peer.Drop();
        Assert.EndsWith(Text("name"), await peer.AcceptAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Subscriptions_noted_before_the_start_are_asked_for_and_again_after_a_lost_session_only()
    {
        using var peer = new ScriptedPeer();
        await using var session = new MqttSession(peer.Options() with { CleanStart = false, SessionExpiry = TimeSpan.FromHours(1) }, TimeProvider.System);
        await session.SubscribeAsync([new("a/+", MqttQos.AtMostOnce), new("b/#", MqttQos.ExactlyOnce)], Cancellation);
        session.Start();
        await peer.WelcomeAsync();
        await peer.ExpectAsync($"82 0F 00 01 00 {Text("a/+")} 00 {Text("b/#")} 02");
        await peer.SendAsync("90 05 00 01 00 00 02");
        var asking = session.SubscribeAsync([new("c")], Cancellation);
        await peer.ExpectAsync($"82 07 00 02 00 {Text("c")} 01");
        peer.Drop();

        // Not answered yet, so it is asked for although the session was resumed; its caller still waits.
        await peer.WelcomeAsync(sessionPresent: true);
        await peer.ExpectAsync($"82 07 00 03 00 {Text("c")} 01");
        await peer.SendAsync("90 04 00 03 00 01");
        await asking;
        peer.Drop();

        await peer.WelcomeAsync(sessionPresent: false);
        await peer.ExpectAsync($"82 13 00 04 00 {Text("a/+")} 00 {Text("b/#")} 02 {Text("c")} 01");
    }

    [Theory]
    [InlineData(MqttProtocolVersion.V311, "90 05 {id} 01 80 01", 0x80, "0x80 Unspecified error")]
    [InlineData(MqttProtocolVersion.V500, "90 0D {id} 07 1F 00 04 6E 6F 21 21 01 87 00", 0x87, "0x87 Not authorized (no!!)")]
    public async Task A_refused_filter_fails_with_its_reason_and_is_not_asked_for_again(MqttProtocolVersion version, string answer, int code, string reason)
    {
        using var peer = new ScriptedPeer();
        await using var session = Start(peer.Options(version).Recording(out var events));
        await peer.WelcomeAsync(version);
        await Until(() => session.State.Connected, "the connection");
        var asking = session.SubscribeAsync([new("a"), new("b"), new("c")], Cancellation);
        await peer.ReadAsync();

        await peer.SendAsync(answer.Replace("{id}", "00 01", StringComparison.Ordinal));

        var refusal = await Assert.ThrowsAsync<MqttRefusedException>(() => asking);
        Assert.Equal(code, refusal.ReasonCode);
        Assert.Equal($"The broker refused the topic filter 'b': {reason}.", refusal.Message);
        Assert.Equal(refusal.Message, Assert.Single(events, e => e.Kind == MqttSessionEventKind.SubscriptionRefused).Text);
        peer.Drop();
        await peer.WelcomeAsync(version);
        Assert.DoesNotContain($"{Text("b")} 01", await peer.ReadAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_state_says_what_is_not_heard_until_the_broker_has_granted_every_filter()
    {
        using var peer = new ScriptedPeer();
        await using var session = new MqttSession(peer.Options(), TimeProvider.System);
        await session.SubscribeAsync([new("a"), new("b")], Cancellation);
        session.Start();
        await peer.WelcomeAsync();
        await peer.ReadAsync();
        await Until(() => session.State.Connected, "the connection");
        Assert.Equal("connected; the broker has not answered 2 of 2 subscriptions yet", session.State.Reason);

        await peer.SendAsync("90 05 00 01 00 01 87");
        await Until(() => session.State.Reason == "The broker refused the topic filter 'b': 0x87 Not authorized.", "the refusal");
        peer.Drop();

        await peer.WelcomeAsync();
        await peer.ReadAsync();
        await peer.SendAsync("90 05 00 02 00 01 01");
        await Until(() => session.State is { Connected: true, Reason: null }, "the grant");
    }

    [Fact]
    public async Task Suback_must_answer_each_filter()
    {
        using var peer = new ScriptedPeer();
        await using var session = Start(peer.Options());
        await peer.WelcomeAsync();
        await Until(() => session.State.Connected, "the connection");
        _ = session.SubscribeAsync([new("a"), new("b")], Cancellation);
        await peer.ReadAsync();
        await peer.SendAsync("90 04 00 01 00 01");
        await peer.ExpectAsync("E0 01 82", "closed");
    }

    [Fact]
    public async Task Pings_fill_half_the_keep_alive_and_silence_for_one_and_a_half_ends_the_connection()
    {
        var clock = new ManualTimeProvider();
        using var peer = new ScriptedPeer();
        await using var session = new MqttSession((peer.Options() with { KeepAlive = TimeSpan.FromSeconds(40) }).Recording(out var events), clock);
        session.Start();
        await peer.WelcomeAsync();
        await Until(() => !events.IsEmpty, "the connection");
        await Until(() => session.State.Connected, "the connection");

        clock.Advance(TimeSpan.FromSeconds(20));
        await peer.ExpectAsync("C0 00");
        await peer.SendAsync("D0 00 30 04 00 01 61 00");
        await session.ReceiveAsync(1);
        clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Single(events);
        clock.Advance(TimeSpan.FromSeconds(1));

        await Until(() => events.Count == 2, "the end");
        Assert.Contains("nothing came from the broker for 60 s (1.5 times the keep-alive)", events.Last().Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_broker_may_ask_for_another_keep_alive()
    {
        var clock = new ManualTimeProvider();
        using var peer = new ScriptedPeer();
        await using var session = new MqttSession(peer.Options(), clock);
        session.Start();
        await peer.WelcomeAsync(properties: "03 13 00 08");
        await Until(() => session.State.Connected, "the connection");
        clock.Advance(TimeSpan.FromSeconds(4));
        await peer.ExpectAsync("C0 00");
    }

    [Fact]
    public async Task A_peer_that_does_not_answer_connect_is_given_up()
    {
        var clock = new ManualTimeProvider();
        using var peer = new ScriptedPeer();
        await using var session = new MqttSession((peer.Options() with { ConnectTimeout = TimeSpan.FromSeconds(7) }).Recording(out var events), clock);
        session.Start();
        await peer.AcceptAsync();
        clock.Advance(TimeSpan.FromSeconds(7));
        await Until(() => !events.IsEmpty, "the event");
        Assert.Contains("no CONNACK within 7 s", Assert.Single(events).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_peer_that_does_not_speak_tls_is_told_as_such()
    {
        using var peer = new ScriptedPeer();
        await using var session = Start((peer.Options() with { Tls = new MqttTlsOptions() }).Recording(out var events));
        await peer.AcceptAsync();
        await peer.SendAsync("48 54 54 50 2F 31 2E 31 20 34 30 30 20 42 61 64 20 52 65 71 75 65 73 74 0D 0A");
        await Until(() => !events.IsEmpty, "the event");
        Assert.Contains("TLS failed", events.First().Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pauses_double_up_to_the_maximum_each_drawn_between_half_and_whole()
    {
        var clock = new ManualTimeProvider();
        var options = To(MosquittoBroker.FreePort(), MqttProtocolVersion.V500) with { BackoffMinimum = TimeSpan.FromSeconds(1), BackoffMaximum = TimeSpan.FromSeconds(20) };
        await using var session = new MqttSession(options.Recording(out var events), clock);
        session.Start();
        await Until(() => { clock.Advance(TimeSpan.FromMilliseconds(500)); return events.Count >= 9; }, "nine attempts");
        var pauses = events.Select(e => e.RetryIn!.Value.TotalSeconds).ToArray();
        for (var attempt = 0; attempt < 9; attempt++)
        {
            var nominal = Math.Min(20, Math.Pow(2, attempt));
            Assert.InRange(pauses[attempt], nominal / 2, nominal);
        }
        Assert.True(pauses[5..9].Distinct().Count() > 1, "the pauses are drawn");
    }

    [Fact]
    public async Task The_first_pause_comes_again_after_a_connection_that_lasted()
    {
        var clock = new ManualTimeProvider();
        using var peer = new ScriptedPeer();
        var options = peer.Options() with { BackoffMinimum = TimeSpan.FromSeconds(1), BackoffMaximum = TimeSpan.FromSeconds(64), KeepAlive = TimeSpan.FromHours(1), ConnectTimeout = TimeSpan.FromMinutes(10) };
        await using var session = new MqttSession(options.Recording(out var events), clock);
        session.Start();
        for (var attempt = 0; attempt < 6; attempt++)
        {
            await PassingUntilAsync(peer.AcceptAsync());
            peer.Drop();
            await Until(() => events.Count == attempt + 1, "the failure");
        }
        await PassingUntilAsync(peer.WelcomeAsync());
        await Until(() => session.State.Connected, "the connection");
        clock.Advance(TimeSpan.FromSeconds(64));
        peer.Drop();
        await Until(() => events.Last().Kind == MqttSessionEventKind.Disconnected, "the loss");
        Assert.InRange(events.Last().RetryIn!.Value.TotalSeconds, 0.5, 1);
        Assert.DoesNotContain("no answer within", events.Last().Text, StringComparison.Ordinal);

        // a pause is told of before it begins
        async Task PassingUntilAsync(Task reached)
        {
            await Until(() => { clock.Advance(TimeSpan.FromMilliseconds(250)); return reached.IsCompleted; }, "the next connection");
            await reached;
        }
    }
}
