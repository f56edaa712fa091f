using System.ComponentModel.DataAnnotations;
using SmartDistrict.Telemetry.Mqtt;

namespace SmartDistrict.Edge.Drivers.Mqtt;

/// <summary>Where a broker is and how to get in.</summary>
public sealed class BrokerOptions
{
    public const string Devices = "Broker";
    public const string Cloud = "Live";

    /// <summary>Host name or address; left empty, this broker is not used.</summary>
    public string Host { get; set; } = "";

    [Range(1, 65535)]
    public int Port { get; set; } = 1883;

    /// <summary>MQTT version, 5 or 3.1.1.</summary>
    [AllowedValues("5", "3.1.1", ErrorMessage = "Version must be \"5\" or \"3.1.1\"")]
    public string Version { get; set; } = "5";

    /// <summary>Session name at the broker; by default smartdistrict-{gateway}.</summary>
    public string? ClientId { get; set; }

    public string? User { get; set; }

    /// <summary>File that holds the password, so that no configuration does.</summary>
    public string? PasswordFile { get; set; }

    /// <summary>TLS with the given authority and, where the broker wants one, our certificate.</summary>
    public TlsOptions? Tls { get; set; }

    public sealed class TlsOptions
    {
        public string? Ca { get; set; }

        public string? Certificate { get; set; }

        public string? Key { get; set; }

        public string? ServerName { get; set; }
    }

    /// <summary>Options of a session that outlives its connections: the broker keeps what comes while we are away.</summary>
    /// <exception cref="ArgumentException">A setting is of no use; the message says which and how to mend it.</exception>
    public MqttSessionOptions ToSession(string clientId, bool keep, Action<MqttSessionEvent> onEvent) => new()
    {
        Host = Host,
        Port = Port,
        ProtocolVersion = Version == "5" ? MqttProtocolVersion.V500 : MqttProtocolVersion.V311,
        ClientId = ClientId ?? clientId,
        User = User,
        Password = PasswordFile is null ? null : ReadSecret(PasswordFile),
        CleanStart = !keep,
        SessionExpiry = keep ? TimeSpan.FromDays(7) : TimeSpan.Zero,
        // the acknowledgement waits for the disk: many messages must be under way meanwhile
        ReceiveMaximum = 4000,
        MaximumPacketSize = 2 << 20,
        Tls = Tls is null ? null : new MqttTlsOptions { CaFile = Tls.Ca, CertificateFile = Tls.Certificate, KeyFile = Tls.Key, ServerName = Tls.ServerName },
        OnEvent = onEvent,
    };

    private static string ReadSecret(string path) =>
        File.Exists(path)
            ? File.ReadAllText(path).Trim()
            : throw new ArgumentException($"the password file {path} does not exist: create it, readable by the gateway's user only");
}
