using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using SmartDistrict.EndToEnd.Tests.Parts;
using SmartDistrict.Testing;

namespace SmartDistrict.EndToEnd.Tests;

/// <summary>The demo as a newcomer runs it, without the build: real broker, cloud and gateway.</summary>
public sealed class DemoTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task It_ends_at_SIGTERM_with_everything_stored_and_nothing_left_behind()
    {
        using var temporary = new TemporaryFolder();
        var summary = Path.Combine(temporary.Path, "summary.json");
        var files = Directory.CreateDirectory(Path.Combine(temporary.Path, "tmp")).FullName;
        using var demo = Start(files, "--port", MosquittoBroker.FreePort().ToString(CultureInfo.InvariantCulture), "--summary", summary);

        var lines = new List<string>();
        while (await ReadAsync(demo) is { } line)
        {
            lines.Add(line);
            // the third status line: the district has lived for ten seconds
            if (lines.Count(l => l.Contains("zones moving", StringComparison.Ordinal)) == 3)
                break;
        }
        Signal(demo, "TERM");
        lines.AddRange((await demo.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).Split('\n'));
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        await demo.WaitForExitAsync(limit.Token);
        var said = string.Join('\n', lines) + await demo.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);

        Assert.True(demo.ExitCode == 0, said);
        Assert.Matches("sign in  as demo with the password harbour-[0-9]{6}", said);
        var figures = JsonDocument.Parse(await File.ReadAllTextAsync(summary, TestContext.Current.CancellationToken)).RootElement;
        long Figure(string name) => figures.GetProperty(name).GetInt64();
        Assert.True(Figure("truth_in") > 100_000, said);
        Assert.Equal(Figure("truth_in"), Figure("stored_in"));
        Assert.Equal(Figure("published"), Figure("acknowledged"));
        Assert.Equal(Figure("acknowledged"), Figure("journaled"));
        Assert.Equal(0, Figure("dead_letters"));
        Assert.Equal(0, Figure("backlog"));
        Assert.True(Figure("duplicates") > 0, said);
        Assert.True(Figure("windows") > 10_000, said);
        Assert.True(Figure("synced") >= Figure("windows"), said);
        Assert.InRange(figures.GetProperty("lag_ms_p50").GetDouble(), 0.1, 30_000);
        Assert.Empty(Directory.GetFileSystemEntries(files));
        Assert.Empty(ProcessesNaming(files));
    }

    [Fact]
    public async Task A_port_in_use_is_refused_with_the_mend()
    {
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        var port = ((System.Net.IPEndPoint)taken.LocalEndpoint).Port;
        using var temporary = new TemporaryFolder();
        using var demo = Start(temporary.Path, "--port", port.ToString(CultureInfo.InvariantCulture));
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        await demo.WaitForExitAsync(limit.Token);
        Assert.Equal(1, demo.ExitCode);
        Assert.Contains($"port {port} is in use", await demo.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(temporary.Path));
    }

    private static Process Start(string temporary, params string[] arguments)
    {
        var program = RepositoryFiles.Program("tests/SmartDistrict.Testing", "SmartDistrict.Testing.dll");
        return Process.Start(new ProcessStartInfo("dotnet", [program, "demo", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["TMPDIR"] = temporary },
        })!;
    }

    private static async Task<string?> ReadAsync(Process demo)
    {
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        return await demo.StandardOutput.ReadLineAsync(limit.Token);
    }

    private static void Signal(Process process, string name)
    {
        using var kill = Process.Start("sh", ["-c", string.Create(CultureInfo.InvariantCulture, $"kill -{name} {process.Id}")]);
        kill.WaitForExit();
    }

    private static List<string> ProcessesNaming(string folder) =>
        [.. Directory.GetDirectories("/proc").Where(p => int.TryParse(Path.GetFileName(p), out _)).Select(CommandOf).Where(c => c.Contains(folder, StringComparison.Ordinal))];

    private static string CommandOf(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline")).Replace('\0', ' ');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
