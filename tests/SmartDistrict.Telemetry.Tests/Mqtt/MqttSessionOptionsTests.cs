using SmartDistrict.Telemetry.Mqtt;
using SmartDistrict.Testing;
using static SmartDistrict.Telemetry.Tests.Mqtt.Sessions;

namespace SmartDistrict.Telemetry.Tests.Mqtt;

/// <summary>A wrong option is told when the session is made, with what to do about it.</summary>
public sealed class MqttSessionOptionsTests
{
    private static readonly MqttSessionOptions Sound = To(1883, MqttProtocolVersion.V500);

    private static readonly Dictionary<string, (MqttSessionOptions Options, string Message)> Cases = new()
    {
        ["host"] = (Sound with { Host = " " }, "MQTT option Host is empty: give the broker's host name or address."),
        ["port 0"] = (Sound with { Port = 0 }, "MQTT option Port is 0: give 1 to 65535."),
        ["port 65536"] = (Sound with { Port = 65_536 }, "MQTT option Port is 65536: give 1 to 65535."),
        ["version"] = (Sound with { ProtocolVersion = (MqttProtocolVersion)3 }, "MQTT option ProtocolVersion is 3: give V311 or V500."),
        ["client id"] = (Sound with { ClientId = "", CleanStart = false }, "MQTT option ClientId is empty: a session that outlives its connection needs a fixed client id, or set CleanStart."),
        ["client id with NUL"] = (Sound with { ClientId = "a\0" }, "MQTT option ClientId has a U+0000: remove it."),
        ["surrogate"] = (Sound with { User = "\uDC00" }, "MQTT option User is not well-formed Unicode: remove the lone surrogate."),
        ["long password"] = (Sound with { User = "u", Password = new string('x', 65_536) }, "MQTT option Password is longer than 65535 bytes: shorten it."),
        ["password alone"] = (Sound with { ProtocolVersion = MqttProtocolVersion.V311, Password = "x" }, "MQTT option Password is given without User, which MQTT 3.1.1 forbids: give User too."),
        ["keep-alive 0"] = (Sound with { KeepAlive = TimeSpan.Zero }, "MQTT option KeepAlive is 00:00:00: give whole seconds, 1 to 65535."),
        ["keep-alive fraction"] = (Sound with { KeepAlive = TimeSpan.FromSeconds(1.5) }, "MQTT option KeepAlive is 00:00:01.5000000: give whole seconds, 1 to 65535."),
        ["expiry"] = (Sound with { SessionExpiry = TimeSpan.FromSeconds(-1) }, "MQTT option SessionExpiry is -00:00:01: give 0 or more."),
        ["receive maximum"] = (Sound with { ReceiveMaximum = 0 }, "MQTT option ReceiveMaximum is 0: give 1 to 65535."),
        ["in flight"] = (Sound with { MaximumInFlight = 60_001 }, "MQTT option MaximumInFlight is 60001: give 1 to 60000."),
        ["packet size"] = (Sound with { MaximumPacketSize = 1_023 }, "MQTT option MaximumPacketSize is 1023: give 1024 to 268435456 bytes."),
        ["gather"] = (Sound with { Gather = TimeSpan.FromSeconds(1) }, "MQTT option Gather is 00:00:01: give 00:00:00 to 00:00:00.1000000."),
        ["connect timeout"] = (Sound with { ConnectTimeout = TimeSpan.Zero }, "MQTT option ConnectTimeout is 00:00:00: give 00:00:00.1000000 to 00:10:00."),
        ["back-off"] = (Sound with { BackoffMinimum = TimeSpan.FromSeconds(2), BackoffMaximum = TimeSpan.FromSeconds(1) }, "MQTT option BackoffMinimum is 00:00:02: give 00:00:00.0100000 to 00:00:01."),
        ["will topic"] = (Sound with { Will = new MqttWill(Message("a/#", "")) }, "'a/#' is no MQTT topic to publish to: it must not be empty and must not contain '#', '+' or U+0000."),
        ["will payload"] = (Sound with { Will = new MqttWill(Message("a", new string('x', 65_536))) }, "MQTT option Will has a payload of 65536 bytes: give at most 65535."),
        ["key alone"] = (Sound with { Tls = new MqttTlsOptions { KeyFile = "/no/key" } }, "MQTT TLS has a KeyFile without a CertificateFile: give both or none."),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Says_what_is_wrong_and_how_to_mend_it(string name)
    {
        var (options, message) = Cases[name];
        var problem = Assert.Throws<ArgumentException>(() => new MqttSession(options, TimeProvider.System));
        Assert.StartsWith(message, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Says_which_tls_file_is_missing_or_of_no_use()
    {
        var folder = Directory.CreateTempSubdirectory("sd-tls-");
        using var authority = new TestAuthority(folder.FullName);
        var (certificate, key) = authority.IssueClient("gw-1");
        var (otherCertificate, _) = authority.IssueClient("gw-2");
        var prose = Path.Combine(folder.FullName, "prose.pem");
        File.WriteAllText(prose, "not a certificate");
        string Problem(MqttTlsOptions tls) => Assert.ThrowsAny<Exception>(() => new MqttSession(Sound with { Tls = tls }, TimeProvider.System)).Message;

        Assert.StartsWith("MQTT TLS CaFile '/no/ca.crt' does not exist: give the path of a PEM file that this process may read.", Problem(new() { CaFile = "/no/ca.crt" }), StringComparison.Ordinal);
        Assert.Equal($"MQTT TLS CaFile '{prose}' holds no certificate: give a PEM file with a BEGIN CERTIFICATE block.", Problem(new() { CaFile = prose }));
        Assert.StartsWith($"MQTT TLS KeyFile '{key}x' does not exist", Problem(new() { CertificateFile = certificate, KeyFile = key + "x" }), StringComparison.Ordinal);
        Assert.StartsWith($"MQTT TLS KeyFile '{prose}' is of no use: ", Problem(new() { CertificateFile = certificate, KeyFile = prose }), StringComparison.Ordinal);
        Assert.StartsWith($"MQTT TLS KeyFile '{key}' is of no use: ", Problem(new() { CertificateFile = otherCertificate, KeyFile = key }), StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }

    [Fact]
    public void Their_text_has_no_password() =>
        Assert.Equal("MQTT V500 at 127.0.0.1:1883 as 'gw-1'", (Sound with { User = "u", Password = "secret" }).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("a/#/b")]
    [InlineData("a#")]
    [InlineData("a+/b")]
    public async Task A_topic_filter_that_is_none_is_told_at_once(string filter)
    {
        await using var session = new MqttSession(Sound, TimeProvider.System);
        var problem = await Assert.ThrowsAsync<ArgumentException>(() => session.SubscribeAsync([new(filter)], TestContext.Current.CancellationToken));
        Assert.StartsWith($"'{filter}' is no MQTT topic filter", problem.Message, StringComparison.Ordinal);
    }
}
