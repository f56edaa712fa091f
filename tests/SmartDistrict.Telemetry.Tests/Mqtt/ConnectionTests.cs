using SmartDistrict.Telemetry.Mqtt;
using SmartDistrict.Testing;
using static SmartDistrict.Telemetry.Tests.Mqtt.Sessions;

namespace SmartDistrict.Telemetry.Tests.Mqtt;

/// <summary>Getting in: TLS, users, refusals, and what the log says about them. Against a real Mosquitto.</summary>
public sealed class ConnectionTests
{
    public static TheoryData<MqttProtocolVersion> Versions => [MqttProtocolVersion.V311, MqttProtocolVersion.V500];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_client_certificate_opens_a_broker_that_asks_for_one(MqttProtocolVersion version)
    {
        await using var broker = await MosquittoBroker.StartNewAsync(new MosquittoOptions { Tls = true, RequireClientCertificate = true });
        var (certificate, key) = broker.Authority.IssueClient("gw-1");
        var tls = new MqttTlsOptions { CaFile = broker.Authority.CaFile, CertificateFile = certificate, KeyFile = key };
        await using var session = Start(To(broker.TlsPort, version) with { Tls = tls });
        await session.SubscribeAsync([new("#")], Cancellation);

        await session.PublishAsync(Message("over/tls", new string('x', 200_000)), Cancellation);

        var received = Assert.Single(await session.ReceiveAsync(1));
        Assert.Equal(200_000, received.Payload.Length);
    }

    [Fact]
    public async Task Without_the_client_certificate_there_is_no_connection_and_the_reason_is_told()
    {
        await using var broker = await MosquittoBroker.StartNewAsync(new MosquittoOptions { Tls = true, RequireClientCertificate = true });
        var options = To(broker.TlsPort, MqttProtocolVersion.V500) with { Tls = new MqttTlsOptions { CaFile = broker.Authority.CaFile } };

        var failure = await FirstFailureAsync(options);

        Assert.Equal(MqttSessionEventKind.ConnectFailed, failure.Kind);
        Assert.StartsWith($"No connection with the MQTT broker at 127.0.0.1:{broker.TlsPort}: ", failure.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broker_of_another_authority_is_not_trusted()
    {
        await using var broker = await MosquittoBroker.StartNewAsync(new MosquittoOptions { Tls = true });
        var folder = Directory.CreateTempSubdirectory("sd-authority-");
        using var stranger = new TestAuthority(folder.FullName, "Another authority");

        var failure = await FirstFailureAsync(To(broker.TlsPort, MqttProtocolVersion.V500) with { Tls = new MqttTlsOptions { CaFile = stranger.CaFile } });

        Assert.Contains("TLS failed", failure.Text, StringComparison.Ordinal);
        Assert.Contains("check CaFile", failure.Text, StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_broker_under_another_name_is_not_trusted()
    {
        await using var broker = await MosquittoBroker.StartNewAsync(new MosquittoOptions { Tls = true });
        var tls = new MqttTlsOptions { CaFile = broker.Authority.CaFile, ServerName = "another.example" };

        var failure = await FirstFailureAsync(To(broker.TlsPort, MqttProtocolVersion.V500) with { Tls = tls });

        Assert.Contains("TLS failed", failure.Text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task User_and_password_open_a_broker_that_asks_for_them(MqttProtocolVersion version)
    {
        await using var broker = await MosquittoBroker.StartNewAsync(WithUser);
        await using var session = Start(To(broker.Port, version) with { User = "gw-1", Password = "geheim für 商圈" });
        await session.SubscribeAsync([new("#")], Cancellation);
        Assert.True(session.State.Connected);
    }

    [Theory]
    [InlineData(MqttProtocolVersion.V311, "the broker refused us: 5 not authorized", 5)]
    [InlineData(MqttProtocolVersion.V500, "the broker refused us: 0x87 Not authorized", 0x87)]
    public async Task A_wrong_password_is_told_with_the_brokers_reason(MqttProtocolVersion version, string reason, int code)
    {
        await using var broker = await MosquittoBroker.StartNewAsync(WithUser);

        var failure = await FirstFailureAsync(To(broker.Port, version) with { User = "gw-1", Password = "wrong" });

        Assert.Equal(MqttSessionEventKind.ConnectFailed, failure.Kind);
        Assert.Contains(reason, failure.Text, StringComparison.Ordinal);
        Assert.Equal((byte)code, failure.ReasonCode);
        Assert.DoesNotContain("wrong", failure.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broker_that_is_not_there_is_told_with_what_to_check()
    {
        var failure = await FirstFailureAsync(To(MosquittoBroker.FreePort(), MqttProtocolVersion.V500));
        Assert.Contains("connection refused: is it running, and does it listen on this port?", failure.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_publish_that_the_access_list_forbids_fails_with_the_reason_code_on_version_5()
    {
        await using var broker = await MosquittoBroker.StartNewAsync(new MosquittoOptions { AccessList = ["topic readwrite public/#"] });
        await using var session = Start(To(broker.Port, MqttProtocolVersion.V500));

        foreach (var qos in new[] { MqttQos.AtLeastOnce, MqttQos.ExactlyOnce })
        {
            var refusal = await Assert.ThrowsAsync<MqttRefusedException>(async () => await session.PublishAsync(Message("private/a", "x", qos), Cancellation));
            Assert.Equal(0x87, refusal.ReasonCode);
            Assert.Contains("'private/a'", refusal.Message, StringComparison.Ordinal);
            Assert.Contains("0x87 Not authorized", refusal.Message, StringComparison.Ordinal);
            await session.PublishAsync(Message("public/a", "x", qos), Cancellation);
        }
    }

    [Fact]
    public async Task A_message_larger_than_the_broker_takes_is_refused_before_it_is_sent()
    {
        await using var broker = await MosquittoBroker.StartNewAsync(new MosquittoOptions { Lines = ["max_packet_size 10000"] });
        await using var session = Start(To(broker.Port, MqttProtocolVersion.V500));
        await session.SubscribeAsync([new("#")], Cancellation);

        var refusal = await Assert.ThrowsAsync<MqttRefusedException>(async () => await session.PublishAsync(Message("a", new string('x', 10_000)), Cancellation));

        Assert.Equal(0x95, refusal.ReasonCode);
        Assert.Contains("it takes at most 10000", refusal.Message, StringComparison.Ordinal);
        await session.PublishAsync(Message("a", "small"), Cancellation);
        Assert.Equal("small", Assert.Single(await session.ReceiveAsync(1)).Payload);
    }

    private static MosquittoOptions WithUser { get; } = new() { Users = new Dictionary<string, string> { ["gw-1"] = "geheim für 商圈" } };

    private static async Task<MqttSessionEvent> FirstFailureAsync(MqttSessionOptions options)
    {
        await using var session = Start(options.Recording(out var events));
        await Until(() => !events.IsEmpty, "an event");
        Assert.False(session.State.Connected);
        Assert.True(events.TryPeek(out var first));
        Assert.NotNull(first.RetryIn);
        return first;
    }
}
