using System.ComponentModel.DataAnnotations;
using SmartDistrict.Telemetry.Mqtt;

namespace SmartDistrict.Cloud.Live;

/// <summary>The cloud broker to which gateways send their live windows, section <c>Cloud:Broker</c>.</summary>
public sealed class BrokerOptions
{
    public const string Section = CloudOptions.Section + ":Broker";

    /// <summary>Host name or address; left empty there is no live path, and the map moves as fast as gateways write.</summary>
    public string Host { get; set; } = "";

    [Range(1, 65_535)]
    public int Port { get; set; } = 1883;

    /// <summary>MQTT version: 5 or 3.1.1.</summary>
    [AllowedValues("5", "3.1.1", ErrorMessage = "Cloud:Broker:Version is \"5\" or \"3.1.1\"")]
    public string Version { get; set; } = "5";

    /// <summary>Session name at the broker, by default smartdistrict-cloud-{district}; two services must not share one.</summary>
    public string? ClientId { get; set; }

    public string? User { get; set; }

    /// <summary>File that holds the password, so that no configuration does.</summary>
    public string? PasswordFile { get; set; }

    /// <summary>Null: a plain connection.</summary>
    public TlsOptions? Tls { get; set; }

    /// <summary>PEM files.</summary>
    public sealed class TlsOptions
    {
        /// <summary>The authority that is trusted; that of the operating system where none is given.</summary>
        public string? Ca { get; set; }

        public string? Certificate { get; set; }

        public string? Key { get; set; }
    }

    /// <summary>A session that the broker forgets when we go: a live window that we were not there for is of no use.</summary>
    /// <exception cref="StartException">A setting is of no use.</exception>
    internal MqttSessionOptions ToSession(string district, Action<MqttSessionEvent> onEvent)
    {
        if (PasswordFile is not null && !File.Exists(PasswordFile))
            throw new StartException($"Cloud:Broker:PasswordFile names {PasswordFile}, and there is no such file");
        return new()
        {
            Host = Host,
            Port = Port,
            ProtocolVersion = Version == "5" ? MqttProtocolVersion.V500 : MqttProtocolVersion.V311,
            ClientId = ClientId ?? $"smartdistrict-cloud-{district}",
            User = User,
            Password = PasswordFile is null ? null : File.ReadAllText(PasswordFile).Trim(),
            Tls = Tls is null ? null : new() { CaFile = Tls.Ca, CertificateFile = Tls.Certificate, KeyFile = Tls.Key },
            OnEvent = onEvent,
        };
    }
}
