using System.ComponentModel.DataAnnotations;
using SmartDistrict.Telemetry.Mqtt;

namespace SmartDistrict.Configuration;

/// <summary>Where a broker is and how to get in: a section of the gateway's or the cloud's settings.</summary>
public sealed class BrokerOptions
{
    /// <summary>Host name or address; left empty, this broker is not used.</summary>
    public string Host { get; set; } = "";

    [Range(1, 65535)]
    public int Port { get; set; } = 1883;

    /// <summary>MQTT version, 5 or 3.1.1.</summary>
    [AllowedValues("5", "3.1.1", ErrorMessage = "Version of a broker must be \"5\" or \"3.1.1\"")]
    public string Version { get; set; } = "5";

    /// <summary>Session name at the broker, where it shall not be the usual one; two sessions must not share one.</summary>
    public string? ClientId { get; set; }

    public string? User { get; set; }

    /// <summary>File that holds the password, so that no configuration does.</summary>
    public string? PasswordFile { get; set; }

    /// <summary>Null: a plain connection.</summary>
    public TlsOptions? Tls { get; set; }

    /// <summary>PEM files.</summary>
    public sealed class TlsOptions
    {
        /// <summary>The authority that is trusted; those of the operating system where none is given.</summary>
        public string? Ca { get; set; }

        public string? Certificate { get; set; }

        public string? Key { get; set; }

        /// <summary>The name in the broker's certificate, where it is not the host's.</summary>
        public string? ServerName { get; set; }
    }

    /// <summary>Options of a session that the broker forgets when it ends.</summary>
    /// <param name="clientId">The usual session name.</param>
    /// <exception cref="ArgumentException">A setting is of no use; the message says which and how to mend it.</exception>
    public MqttSessionOptions ToSession(string clientId, Action<MqttSessionEvent> onEvent) => new()
    {
        Host = Host,
        Port = Port,
        ProtocolVersion = Version == "5" ? MqttProtocolVersion.V500 : MqttProtocolVersion.V311,
        ClientId = ClientId ?? clientId,
        User = User,
        Password = PasswordFile is null ? null : ReadSecret(PasswordFile),
        Tls = Tls is null ? null : new MqttTlsOptions { CaFile = Tls.Ca, CertificateFile = Tls.Certificate, KeyFile = Tls.Key, ServerName = Tls.ServerName },
        OnEvent = onEvent,
    };

    private static string ReadSecret(string path) =>
        File.Exists(path)
            ? File.ReadAllText(path).Trim()
            : throw new ArgumentException($"the password file {path} does not exist: create it, readable by this service's user only");
}
