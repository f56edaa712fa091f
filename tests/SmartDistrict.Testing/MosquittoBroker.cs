using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace SmartDistrict.Testing;

/// <summary>
/// A real Mosquitto on free loopback ports, in a temporary folder of its own. It can be stopped, killed, frozen and
/// started again on the same ports; <see cref="DisposeAsync"/> leaves nothing behind.
/// </summary>
public sealed class MosquittoBroker : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly MosquittoOptions options;
    private readonly ConcurrentQueue<string> complaints = new();
    private Process? process;

    private MosquittoBroker(MosquittoOptions options)
    {
        this.options = options;
        Folder = Directory.CreateTempSubdirectory("sd-mosquitto-").FullName;
        Authority = new TestAuthority(Folder);
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
    }

    public string Folder { get; }

    /// <summary>The plain listener's port.</summary>
    public int Port { get; private set; }

    /// <summary>The TLS listener's port; 0 without <see cref="MosquittoOptions.Tls"/>.</summary>
    public int TlsPort { get; private set; }

    /// <summary>Issued the TLS listener's certificate; a client needs its CA file.</summary>
    public TestAuthority Authority { get; }

    /// <summary>The id of the running process.</summary>
    public int ProcessId => Running.Id;

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

    private Process Running => process ?? throw new InvalidOperationException("The broker is stopped: call StartAsync.");

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
    public async Task StartAsync()
    {
        if (process is not null)
            throw new InvalidOperationException("The broker is running already.");
        var start = new ProcessStartInfo(FindExecutable(), ["-c", Path.Combine(Folder, "mosquitto.conf")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        process = Process.Start(start)!;
        process.OutputDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.ErrorDataReceived += (_, line) => complaints.Enqueue(line.Data ?? "");
        process.BeginErrorReadLine();
        await WaitUntilListeningAsync(Port);
        if (TlsPort != 0)
            await WaitUntilListeningAsync(TlsPort);
    }

    /// <summary>Asks the broker to end (SIGTERM): it saves its state if it is persistent.</summary>
    public async Task StopAsync()
    {
        Signal("TERM");
        await EndAsync();
    }

    /// <summary>Ends the broker as a power cut does (SIGKILL).</summary>
    public async Task KillAsync()
    {
        Running.Kill();
        await EndAsync();
    }

    /// <summary>Freezes the broker (SIGSTOP): its connections stay open and silent.</summary>
    public void Freeze() => Signal("STOP");

    /// <summary>Ends <see cref="Freeze"/>.</summary>
    public void Thaw() => Signal("CONT");

    /// <summary>Rewrites the access control list and makes the broker read it (SIGHUP).</summary>
    public void ReloadAccessList(IReadOnlyList<string> lines)
    {
        File.WriteAllLines(Path.Combine(Folder, "acl"), lines);
        Signal("HUP");
    }

    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
        if (process is not null)
            await KillAsync();
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

    private async Task WaitUntilListeningAsync(int port)
    {
        var clock = TimeProvider.System;
        var start = clock.GetTimestamp();
        while (true)
        {
            if (Running.HasExited)
            {
                await EndAsync();
                throw new InvalidOperationException($"mosquitto ended at its start:\n{string.Join('\n', complaints)}\n{Log}");
            }
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, port);
                return;
            }
            catch (SocketException) when (clock.GetElapsedTime(start) < Patience)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(10), clock);
            }
        }
    }

    private void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", Running.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private async Task EndAsync()
    {
        var ending = Running;
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        await ending.WaitForExitAsync(limit.Token);
        ending.Dispose();
        process = null;
    }

    private void OnProcessExit(object? sender, EventArgs e) => process?.Kill();
}
