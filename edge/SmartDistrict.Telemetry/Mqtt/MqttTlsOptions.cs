using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SmartDistrict.Telemetry.Mqtt;

/// <summary>TLS 1.2 or 1.3. The files are PEM and are read anew for each connection, so that a renewed one comes into use.</summary>
public sealed record MqttTlsOptions
{
    /// <summary>The only authorities that are trusted. Null: those of the operating system.</summary>
    public string? CaFile { get; init; }

    /// <summary>Our own certificate, with intermediates behind it if there are any; needs <see cref="KeyFile"/>.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>The certificate's private key, not encrypted.</summary>
    public string? KeyFile { get; init; }

    /// <summary>The name that the broker's certificate must bear. Null: the host that is connected to.</summary>
    public string? ServerName { get; init; }

    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="ArgumentException">A file does not hold what it should; the message says how to mend it.</exception>
    public void Check() => Authentication("localhost");

    internal SslClientAuthenticationOptions Authentication(string host)
    {
        if (CertificateFile is null != KeyFile is null)
            throw new ArgumentException($"MQTT TLS has {(KeyFile is null ? "a CertificateFile without a KeyFile" : "a KeyFile without a CertificateFile")}: give both or none.");
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = ServerName ?? host,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        };
        if (CaFile is not null)
            options.CertificateChainPolicy = TrustOnly(CaFile);
        if (CertificateFile is not null)
            options.ClientCertificateContext = OwnCertificate(CertificateFile, KeyFile!);
        return options;
    }

    private static X509ChainPolicy TrustOnly(string caFile)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        ReadPem(caFile, "CaFile", pem => policy.CustomTrustStore.ImportFromPem(pem));
        if (policy.CustomTrustStore.Count == 0)
            throw new ArgumentException($"MQTT TLS CaFile '{caFile}' holds no certificate: give a PEM file with a BEGIN CERTIFICATE block.");
        return policy;
    }

    private static SslStreamCertificateContext OwnCertificate(string certificateFile, string keyFile)
    {
        X509Certificate2? own = null;
        var chain = new X509Certificate2Collection();
        ReadPem(certificateFile, "CertificateFile", pem => chain.ImportFromPem(pem));
        ReadPem(keyFile, "KeyFile", _ => own = X509Certificate2.CreateFromPemFile(certificateFile, keyFile));
        return SslStreamCertificateContext.Create(own!, chain, offline: true);
    }

    private static void ReadPem(string file, string option, Action<string> use)
    {
        if (!File.Exists(file))
            throw new FileNotFoundException($"MQTT TLS {option} '{file}' does not exist: give the path of a PEM file that this process may read.", file);
        try
        {
            use(File.ReadAllText(file));
        }
        catch (UnauthorizedAccessException)
        {
            throw new ArgumentException($"MQTT TLS {option} '{file}' may not be read by this process: change its owner or mode.");
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new ArgumentException($"MQTT TLS {option} '{file}' is of no use: {e.Message} Give PEM, and for a key an unencrypted one that belongs to the certificate.", e);
        }
    }
}
