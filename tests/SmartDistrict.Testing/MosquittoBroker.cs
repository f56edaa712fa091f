using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace SmartDistrict.Testing;

/// <summary>
/// A real Mosquitto on free loopback ports, in a temporary folder of its own. It can be stopped, killed, frozen and
/// started again on the same ports; <see cref="DisposeAsync"/> leaves nothing behind.
/// </summary>
public sealed class MosquittoBroker : ServerProcess
{
    private readonly MosquittoOptions options;

    private MosquittoBroker(MosquittoOptions options) : base("mosquitto", TimeSpan.FromSeconds(20))
    {
        this.options = options;
        Folder = Directory.CreateTempSubdirectory("sd-mosquitto-").FullName;
        Authority = new TestAuthority(Folder);
    }

    public string Folder { get; }

    /// <summary>The plain listener's port.</summary>
    public int Port { get; private set; }

    /// <summary>The TLS listener's port; 0 without <see cref="MosquittoOptions.Tls"/>.</summary>
    public int TlsPort { get; private set; }

    /// <summary>Issued the TLS listener's certificate; a client needs its CA file.</summary>
    public TestAuthority Authority { get; }

    /// <summary>What the broker has logged so far.</summary>
    public string Log
    {
        get
        {
            var path = Path.Combine(Folder, "mosquitto.log");
            if (!File.Exists(path))
                return "";
            using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            return reader.ReadToEnd();
        }
    }

    /// <exception cref="InvalidOperationException">mosquitto is not installed, or refused its configuration (its log is in the message).</exception>
    public static async Task<MosquittoBroker> StartNewAsync(MosquittoOptions? options = null)
    {
        var broker = new MosquittoBroker(options ?? new MosquittoOptions());
        try
        {
            // Between finding a free port and the broker's bind another process may take it.
            for (var attempt = 1; ; attempt++)
            {
                broker.Port = FreePort();
                broker.TlsPort = broker.options.Tls ? FreePort() : 0;
                broker.Configure();
                try
                {
                    await broker.StartAsync();
                    return broker;
                }
                catch (InvalidOperationException) when (attempt < 5 && broker.Log.Contains("Address already in use", StringComparison.Ordinal))
                {
                }
            }
        }
        catch
        {
            await broker.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts again on the same ports after <see cref="StopAsync"/> or <see cref="KillAsync"/>.</summary>
    public Task StartAsync() => LaunchAsync(
        FindExecutable(), ["-c", Path.Combine(Folder, "mosquitto.conf")],
        async () => await IsListeningAsync(Port) && (TlsPort == 0 || await IsListeningAsync(TlsPort)), () => $"{Output}\n{Log}");

    /// <summary>Rewrites the access control list and makes the broker read it (SIGHUP).</summary>
    public void ReloadAccessList(IReadOnlyList<string> lines)
    {
        File.WriteAllLines(Path.Combine(Folder, "acl"), lines);
        Signal("HUP");
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Authority.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>A loopback TCP port that was free a moment ago.</summary>
    public static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static string FindExecutable() =>
        new[] { "/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto", "/usr/bin/mosquitto" }.FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException("mosquitto is not installed: apt-get install mosquitto mosquitto-clients");

    private void Configure()
    {
        var text = new StringBuilder();
        text.AppendLine("user root").AppendLine("per_listener_settings false");
        text.AppendLine($"log_dest file {Path.Combine(Folder, "mosquitto.log")}");
        text.AppendLine(options.Users.Count == 0 ? "allow_anonymous true" : "allow_anonymous false");
        if (options.Users.Count > 0)
        {
            File.WriteAllLines(Path.Combine(Folder, "passwords"), options.Users.Select(user => PasswordLine(user.Key, user.Value)));
            text.AppendLine($"password_file {Path.Combine(Folder, "passwords")}");
        }
        if (options.AccessList.Count > 0)
        {
            File.WriteAllLines(Path.Combine(Folder, "acl"), options.AccessList);
            text.AppendLine($"acl_file {Path.Combine(Folder, "acl")}");
        }
        if (options.Persistence)
            text.AppendLine($"persistence true\npersistence_location {Folder}/\nautosave_on_changes true\nautosave_interval 1");
        foreach (var line in options.Lines)
            text.AppendLine(line);
        text.AppendLine($"listener {Port} 127.0.0.1");
        if (options.Tls)
        {
            var (certificate, key) = Authority.IssueServer();
            text.AppendLine($"listener {TlsPort} 127.0.0.1\ncafile {Authority.CaFile}\ncertfile {certificate}\nkeyfile {key}");
            if (options.RequireClientCertificate)
                text.AppendLine("require_certificate true");
        }
        File.WriteAllText(Path.Combine(Folder, "mosquitto.conf"), text.ToString());
    }

    /// <summary>mosquitto_passwd's format: $7$ = PBKDF2 with SHA-512, 101 rounds, a salt of 12 bytes.</summary>
    private static string PasswordLine(string user, string password)
    {
        var salt = RandomNumberGenerator.GetBytes(12);
        var hash = Rfc2898DeriveBytes.Pbkdf2(password, salt, 101, HashAlgorithmName.SHA512, 64);
        return $"{user}:$7$101${Convert.ToBase64String(salt)}${Convert.ToBase64String(hash)}";
    }

    private static async Task<bool> IsListeningAsync(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
