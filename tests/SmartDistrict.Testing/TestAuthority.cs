using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SmartDistrict.Testing;

/// <summary>A certificate authority for one test run; writes PEM files into a folder.</summary>
public sealed class TestAuthority : IDisposable
{
    private readonly string folder;
    private readonly X509Certificate2 root;

    public TestAuthority(string folder, string name = "Test authority")
    {
        this.folder = folder;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var now = TimeProvider.System.GetUtcNow();
        root = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(2));
        CaFile = Write("ca.crt", root.ExportCertificatePem());
    }

    public string CaFile { get; }

    /// <summary>A certificate for a server that is reached as <c>localhost</c> or 127.0.0.1.</summary>
    public (string CertificateFile, string KeyFile) IssueServer(string fileName = "server") => Issue(fileName, "localhost", "1.3.6.1.5.5.7.3.1");

    /// <summary>A certificate by which a client proves its name.</summary>
    public (string CertificateFile, string KeyFile) IssueClient(string name) => Issue(name, name, "1.3.6.1.5.5.7.3.2");

    public void Dispose() => root.Dispose();

    private (string, string) Issue(string fileName, string name, string usage)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(root, root.NotBefore, root.NotAfter, RandomNumberGenerator.GetBytes(8));
        return (Write($"{fileName}.crt", certificate.ExportCertificatePem()), Write($"{fileName}.key", key.ExportPkcs8PrivateKeyPem()));
    }

    private string Write(string name, string pem)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, pem + "\n");
        return path;
    }
}
