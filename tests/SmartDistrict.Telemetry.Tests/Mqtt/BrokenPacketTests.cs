using SmartDistrict.Telemetry.Mqtt;
using SmartDistrict.Testing;
using static SmartDistrict.Telemetry.Tests.Mqtt.Sessions;

namespace SmartDistrict.Telemetry.Tests.Mqtt;

/// <summary>
/// Packets that the specification forbids: each ends the connection with a reason in the log (and, with MQTT 5, in a
/// DISCONNECT), and the session comes back.
/// </summary>
public sealed class BrokenPacketTests
{
    // PUBLISH "a" without a payload, to put the fault under test behind something sound.
    private const string SoundPublish5 = "30 04 00 01 61 00";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, string> ForbiddenInVersion5 => new()
    {
        // Fixed header (section 2.1)
        { "00 00", "81", "first byte 0x00 has reserved bits set" },
        { "41 02 00 01", "81", "first byte 0x41 has reserved bits set" },
        { "60 02 00 01", "81", "first byte 0x60 has reserved bits set" },
        { "D1 00", "81", "first byte 0xD1 has reserved bits set" },
        { "30 80 80 80 80", "81", "variable byte integer of more than four bytes" },
        { "30 84 00 00 01 61 00", "81", "variable byte integer that is longer than needed" },
        { "30 FF FF FF 7F", "95", "a Publish packet of 268435460 bytes, and we take at most" },

        // PUBLISH (section 3.3)
        { "36 06 00 01 61 00 01 00", "81", "PUBLISH with QoS 3" },
        { "38 04 00 01 61 00", "81", "PUBLISH with DUP at QoS 0" },
        { "32 06 00 01 61 00 00 00", "81", "packet identifier 0" },
        { "30 03 00 00 00", "82", "PUBLISH without a topic" },
        { "30 04 00 01 2B 00", "81", "topic name with a wildcard" },
        { "30 06 00 03 61 2F 23 00", "81", "topic name with a wildcard" },
        { "30 04 00 01 00 00", "81", "topic name with a wildcard or U+0000" },
        { "30 05 00 02 C3 28 00", "81", "not well-formed UTF-8" },
        { "30 06 00 03 ED A0 80 00", "81", "not well-formed UTF-8" },
        { "30 06 00 03 E0 80 AF 00", "81", "not well-formed UTF-8" },
        { "30 07 00 04 F4 90 80 80 00", "81", "not well-formed UTF-8" },
        { "30 04 00 09 61 00", "81", "it ends 7 bytes too early" },
        { "30 01 00", "81", "it ends 1 bytes too early" },
        { "30 00", "81", "it ends 2 bytes too early" },
        { "30 03 00 01 61", "81", "ends within a variable byte integer" },
        { "30 05 00 01 61 02 01", "81", "it ends 1 bytes too early" },

        // Properties (section 2.2.2)
        { "30 07 00 01 61 03 23 00 01", "94", "topic alias" },
        { "30 06 00 01 61 02 01 02", "82", "property 0x01 has the forbidden value 2" },
        { "30 08 00 01 61 04 01 00 01 00", "82", "property 0x01 twice" },
        { "30 06 00 01 61 02 7F 00", "81", "unknown property 0x7F" },
        { "30 06 00 01 61 02 04 00", "81", "unknown property 0x04" },
        { "30 09 00 01 61 05 11 00 00 00 01", "82", "property 0x11 does not belong in this packet" },
        { "30 06 00 01 61 02 0B 00", "82", "property 0x0B has the forbidden value 0" },
        { "30 08 00 01 61 04 02 00 00 00", "81", "it ends 1 bytes too early" },
        { "30 0B 00 01 61 07 26 00 01 00 00 01 61", "81", "a string with U+0000" },
        { "30 08 00 01 61 04 08 00 01 23", "82", "response topic with a wildcard" },

        // Acknowledgements (sections 3.4 to 3.9)
        { "40 02 00 00", "81", "packet identifier 0" },
        { "40 01 00", "81", "it ends 1 bytes too early" },
        { "40 05 00 01 00 00 00", "81", "an acknowledgement with 1 bytes too many" },
        { "62 02 00 00", "81", "packet identifier 0" },
        { "90 04 00 07 00 00", "82", "SUBACK for packet identifier 7, which no SUBSCRIBE has" },
        { "90 04 00 07 00 03", "81", "SUBACK with reason code 0x03" },

        // Packets that a broker never sends, or not now
        { "20 03 00 00 00", "82", "a second CONNACK" },
        { "10 00", "82", "Connect from a broker" },
        { "82 02 00 01", "82", "Subscribe from a broker" },
        { "A2 02 00 01", "82", "Unsubscribe from a broker" },
        { "B0 02 00 01", "82", "Unsuback from a broker" },
        { "C0 00", "82", "Pingreq from a broker" },
        { "D0 01 00", "82", "Pingresp from a broker, with 1 bytes" },
        { "F0 00", "82", "Auth from a broker" },
    };

    [Theory]
    [MemberData(nameof(ForbiddenInVersion5))]
    public async Task Version_5_ends_with_the_reason_code_in_a_disconnect(string packet, string code, string reason)
    {
        using var peer = new ScriptedPeer();
        await using var session = Start(peer.Options().Recording(out var events));
        await peer.WelcomeAsync();

        await peer.SendAsync(SoundPublish5 + packet);

        await peer.ExpectAsync($"E0 01 {code}", "closed");
        await Until(() => events.Any(e => e.Kind == MqttSessionEventKind.Disconnected), "the event");
        var end = events.First(e => e.Kind == MqttSessionEventKind.Disconnected);
        Assert.Contains(reason, end.Text, StringComparison.Ordinal);
        Assert.Equal(Convert.ToByte(code, 16), end.ReasonCode);
        Assert.Equal("a", Assert.Single(await session.ReceiveAsync(1)).Topic);

        await peer.WelcomeAsync();
        await peer.SendAsync(SoundPublish5);
        Assert.Equal("a", Assert.Single(await session.ReceiveAsync(1)).Topic);
        peer.Dispose();
    }

    public static TheoryData<string, string> ForbiddenInVersion311 => new()
    {
        { "36 05 00 01 61 00 01", "PUBLISH with QoS 3" },
        { "30 03 00 01 23", "topic name with a wildcard" },
        { "30 04 00 02 ED A0", "not well-formed UTF-8" },
        { "32 05 00 01 61 00 00", "packet identifier 0" },
        { "40 03 00 01 00", "an acknowledgement with 1 bytes too many" },
        { "90 03 00 07 87", "SUBACK with reason code 0x87" },
        { "E0 00", "Disconnect from a broker" },
        { "F0 00", "Auth from a broker" },
    };

    [Theory]
    [MemberData(nameof(ForbiddenInVersion311))]
    public async Task Version_3_1_1_just_closes_so_that_the_will_is_published(string packet, string reason)
    {
        using var peer = new ScriptedPeer();
        await using var session = Start(peer.Options(MqttProtocolVersion.V311).Recording(out var events));
        await peer.WelcomeAsync(MqttProtocolVersion.V311);

        await peer.SendAsync(packet);

        await peer.ExpectAsync("closed");
        await Until(() => events.Any(e => e.Kind == MqttSessionEventKind.Disconnected), "the event");
        Assert.Contains(reason, events.First(e => e.Kind == MqttSessionEventKind.Disconnected).Text, StringComparison.Ordinal);
        peer.Dispose();
    }

    public static TheoryData<string, string> ForbiddenAnswersToConnect => new()
    {
        { "30 04 00 01 61 00", "PUBLISH before CONNACK" },
        { "D0 00", "Pingresp before CONNACK" },
        { "20 03 02 00 00", "CONNACK flags 0x02" },
        { "20 03 01 00 00", "a session is present after a clean start" },
        { "20 03 01 87 00", "a CONNACK that refuses, with a session present" },
        { "20 02 00 00", "ends within a variable byte integer" },
        { "20 04 00 00 00 00", "CONNACK with 1 bytes too many" },
        { "20 06 00 00 03 21 00 00", "property 0x21 has the forbidden value 0" },
        { "20 08 00 00 05 27 00 00 00 00", "property 0x27 has the forbidden value 0" },
        { "20 05 00 00 02 24 02", "property 0x24 has the forbidden value 2" },
        { "20 07 00 00 04 25 01 25 01", "property 0x25 twice" },
        { "20 06 00 00 03 23 00 01", "property 0x23 does not belong in this packet" },
        { "20 03 00 87 00", "the broker refused us: 0x87 Not authorized" },
        { "20 0A 00 8A 07 1F 00 04 6F 75 74 21", "the broker refused us: 0x8A Banned (out!)" },
        { "48 54 54 50 2F 31 2E 31 20 34 30 30", "first byte 0x48 has reserved bits set" },
        { "16 03 03 00 7A", "first byte 0x16 has reserved bits set" },
    };

    [Theory]
    [MemberData(nameof(ForbiddenAnswersToConnect))]
    public async Task A_wrong_answer_to_connect_is_no_connection(string packet, string reason)
    {
        using var peer = new ScriptedPeer();
        await using var session = Start(peer.Options().Recording(out var events));
        await peer.AcceptAsync();

        await peer.SendAsync(packet);

        await Until(() => !events.IsEmpty, "the event");
        Assert.True(events.TryPeek(out var failure));
        Assert.Equal(MqttSessionEventKind.ConnectFailed, failure.Kind);
        Assert.Contains(reason, failure.Text, StringComparison.Ordinal);
        Assert.False(session.State.Connected);
        peer.Dispose();
    }

    [Fact]
    public async Task A_packet_larger_than_the_limit_ends_the_connection_before_it_is_taken()
    {
        using var peer = new ScriptedPeer();
        await using var session = Start((peer.Options() with { MaximumPacketSize = 100_000 }).Recording(out var events));
        Assert.Contains("27 00 01 86 A0", await peer.AcceptAsync(), StringComparison.Ordinal);
        await peer.SendAsync("20 03 00 00 00");

        await peer.SendAsync("30 9E 8D 06");

        await peer.ExpectAsync("E0 01 95", "closed");
        await Until(() => events.Any(e => e.Kind == MqttSessionEventKind.Disconnected), "the event");
        Assert.Contains("a Publish packet of 100002 bytes, and we take at most 100000 (option MaximumPacketSize)", events.First(e => e.Kind == MqttSessionEventKind.Disconnected).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0x8B, "", "0x8B Server shutting down")]
    [InlineData(0x8E, "00", "0x8E Session taken over")]
    [InlineData(0x98, "0B 1F 00 08 6D 69 64 6E 69 67 68 74", "0x98 Administrative action (midnight)")]
    [InlineData(0xC0, "", "0xC0 unknown reason code")]
    public async Task The_brokers_own_reason_for_the_end_is_told(int code, string properties, string reason)
    {
        using var peer = new ScriptedPeer();
        await using var session = Start(peer.Options().Recording(out var events));
        await peer.WelcomeAsync();

        await peer.SendAsync($"E0 {1 + ScriptedPeer.Bytes(properties).Length:X2} {code:X2} {properties}");

        await Until(() => events.Any(e => e.Kind == MqttSessionEventKind.Disconnected), "the event");
        var end = events.First(e => e.Kind == MqttSessionEventKind.Disconnected);
        Assert.Equal((byte)code, end.ReasonCode);
        Assert.Contains($"the broker ended the connection: {reason}", end.Text, StringComparison.Ordinal);
        await peer.AcceptAsync();
    }

    [Theory]
    [InlineData(127 - 4)]
    [InlineData(128 - 4)]
    [InlineData(16_383 - 4)]
    [InlineData(16_384 - 4)]
    [InlineData(65_536 - 8)]
    [InlineData(2_097_151 - 4)]
    [InlineData(2_097_152 - 4)]
    public async Task A_packet_at_each_bound_of_the_remaining_length_arrives_whole(int payload)
    {
        using var peer = new ScriptedPeer();
        await using var session = Start(peer.Options() with { MaximumPacketSize = 4_000_000 });
        await peer.WelcomeAsync();
        var body = new byte[4 + payload];
        body[1] = 1;
        body[2] = (byte)'a';

        await peer.SendAsync([0x30, .. Length(body.Length), .. body, .. ScriptedPeer.Bytes(SoundPublish5)]);

        var received = await session.ReceiveAsync(2);
        Assert.Equal([payload, 0], received.Select(r => r.Payload.Length));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task However_the_stream_is_cut_into_pieces_the_messages_are_the_same(int seed)
    {
        var random = new Random(seed);
        using var peer = new ScriptedPeer();
        await using var session = Start(peer.Options());
        await peer.WelcomeAsync();
        var sizes = Enumerable.Range(0, 300).Select(_ => random.Next(20) == 0 ? random.Next(200_000) : random.Next(300)).ToArray();
        byte[] all = [.. sizes.SelectMany(size => (byte[])[0x30, .. Length(size + 4), 0, 1, (byte)'a', 0, .. Enumerable.Repeat((byte)('a' + size % 26), size)])];

        var sending = Task.Run(async () =>
        {
            for (var sent = 0; sent < all.Length;)
            {
                var piece = Math.Min(all.Length - sent, random.Next(4) == 0 ? random.Next(1, 8) : random.Next(1, 150_000));
                await peer.SendAsync(all[sent..(sent + piece)]);
                sent += piece;
            }
        }, Cancellation);

        var received = await session.ReceiveAsync(sizes.Length);
        await sending;
        Assert.Equal(sizes.Select(size => new string((char)('a' + size % 26), size)), received.Select(r => r.Payload));
    }

    private static byte[] Length(int value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7)
            bytes.Add((byte)(value | 0x80));
        return [.. bytes, (byte)value];
    }
}
