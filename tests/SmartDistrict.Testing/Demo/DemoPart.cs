using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace SmartDistrict.Testing.Demo;

/// <summary>
/// A program that the demo runs, in a session of its own, so that a Ctrl-C in the terminal reaches the demo alone and
/// the parts end in their order. What it writes goes to a file.
/// </summary>
public sealed class DemoPart : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process process;
    private readonly string name;
    private readonly string log;
    private readonly Task writing;

    private DemoPart(string name, string log, Process process)
    {
        this.name = name;
        this.log = log;
        this.process = process;
        writing = Task.WhenAll(CopyAsync(process.StandardOutput, log + ".out"), CopyAsync(process.StandardError, log + ".err"));
        AppDomain.CurrentDomain.ProcessExit += Kill;
    }

    public bool Ended => process.HasExited;

    /// <summary>The program's own process: <c>setsid</c> becomes it.</summary>
    public int ProcessId => process.Id;

    /// <param name="name">What to call it in messages.</param>
    /// <param name="folder">Where its log files go.</param>
    /// <param name="command">Program and arguments.</param>
    /// <param name="environment">Variables in addition to the demo's own.</param>
    /// <exception cref="DemoException">The program cannot be started.</exception>
    public static DemoPart Start(string name, string folder, IReadOnlyList<string> command, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo("setsid", command) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        // no diagnostic sockets in the temporary folder: a part that is killed would leave them behind
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        foreach (var (key, value) in environment ?? new Dictionary<string, string>())
            start.Environment[key] = value;
        try
        {
            var process = Process.Start(start)!;
            process.StandardInput.Close();
            return new DemoPart(name, Path.Combine(folder, name), process);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new DemoException($"the {name} cannot be started: {e.Message}");
        }
    }

    /// <exception cref="DemoException">It has ended; the message holds the end of its log.</exception>
    public void MustRun()
    {
        if (process.HasExited)
            throw new DemoException($"the {name} ended with code {process.ExitCode}{LastLines()}");
    }

    /// <summary>Waits for a sign that the part is ready.</summary>
    /// <exception cref="DemoException">It ended, or the sign did not come in time.</exception>
    public async Task<T> WaitForAsync<T>(string what, Func<Task<T?>> sign, CancellationToken stop) where T : class
    {
        for (var start = TimeProvider.System.GetTimestamp(); ;)
        {
            stop.ThrowIfCancellationRequested();
            MustRun();
            if (await sign() is { } answer)
                return answer;
            if (TimeProvider.System.GetElapsedTime(start) > Patience)
                throw new DemoException($"the {name} runs, but {what} did not come within {Patience.TotalSeconds} s{LastLines()}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, stop);
        }
    }

    /// <summary>Asks the part to end (SIGTERM) and waits; one that does not is killed.</summary>
    /// <returns>Whether it ended by itself.</returns>
    public async Task<bool> StopAsync(TimeSpan? patience = null)
    {
        var clean = true;
        if (!process.HasExited)
        {
            // the shell's own kill: a minimal system has no other
            using var kill = Process.Start("sh", ["-c", string.Create(CultureInfo.InvariantCulture, $"kill -TERM {process.Id}")]);
            await kill.WaitForExitAsync();
            using var limit = new CancellationTokenSource(patience ?? Patience, TimeProvider.System);
            try
            {
                await process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                clean = false;
                process.Kill();
                await process.WaitForExitAsync(CancellationToken.None);
            }
        }
        await writing;
        return clean;
    }

    /// <summary>Ends the part as a power cut does (SIGKILL).</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        await writing;
    }

    /// <summary>Waits until the part ends by itself.</summary>
    /// <returns>Its exit code.</returns>
    /// <exception cref="DemoException">It did not end in time.</exception>
    public async Task<int> EndAsync(TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience, TimeProvider.System);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            throw new DemoException($"the {name} did not end within {patience.TotalSeconds} s{LastLines()}");
        }
        await writing;
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.FromSeconds(5));
        AppDomain.CurrentDomain.ProcessExit -= Kill;
        process.Dispose();
    }

    /// <summary>The end of what it wrote, each line on a line of its own.</summary>
    public string LastLines() => LastLines(log + ".out", log + ".err");

    /// <summary>The end of each of the files that exist, also while they are written.</summary>
    public static string LastLines(params ReadOnlySpan<string> files)
    {
        var text = new StringBuilder();
        foreach (var file in files)
        {
            if (!File.Exists(file))
                continue;
            using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            foreach (var line in reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(8))
                text.Append("\n  ").Append(line);
        }
        return text.ToString();
    }

    private static async Task CopyAsync(StreamReader from, string file)
    {
        await using var to = new StreamWriter(new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.Read), Encoding.UTF8) { AutoFlush = true };
        while (await from.ReadLineAsync() is { } line)
            await to.WriteLineAsync(line);
    }

    private void Kill(object? sender, EventArgs e)
    {
        if (!process.HasExited)
            process.Kill();
    }
}
