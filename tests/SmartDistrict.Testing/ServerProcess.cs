using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace SmartDistrict.Testing;

/// <summary>The process of a real server: it can be stopped, killed and frozen, and does not outlive the one that started it.</summary>
public abstract class ServerProcess : IAsyncDisposable
{
    private const int MostOutput = 1 << 20;

    private readonly string name;
    private readonly TimeSpan patience;
    private readonly StringBuilder output = new();
    private Process? process;

    /// <param name="name">What it is, for messages.</param>
    /// <param name="patience">How long it may take to come up and to end.</param>
    protected ServerProcess(string name, TimeSpan patience)
    {
        this.name = name;
        this.patience = patience;
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
    }

    /// <summary>The id of the running process.</summary>
    public int ProcessId => Running.Id;

    /// <summary>What it has printed so far.</summary>
    protected string Output
    {
        get
        {
            lock (output)
                return output.ToString();
        }
    }

    private Process Running => process ?? throw new InvalidOperationException($"{name} is stopped: call StartAsync.");

    /// <summary>Asks the server to end (SIGTERM): it saves what it keeps.</summary>
    public async Task StopAsync()
    {
        Signal("TERM");
        await EndAsync();
    }

    /// <summary>Ends the server as a power cut does (SIGKILL).</summary>
    public async Task KillAsync()
    {
        Running.Kill();
        await EndAsync();
    }

    /// <summary>Freezes the server (SIGSTOP): its connections stay open and silent.</summary>
    public void Freeze() => Signal("STOP");

    /// <summary>Ends <see cref="Freeze"/>.</summary>
    public void Thaw() => Signal("CONT");

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
        if (process is not null)
            await KillAsync();
    }

    protected void Signal(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", Running.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Starts the process and waits until it is ready.</summary>
    /// <param name="isReady">Asked again and again.</param>
    /// <param name="log">What the server says of its end, where it ends at its start.</param>
    /// <exception cref="InvalidOperationException">It runs already, ended at its start, or does not come up in time.</exception>
    protected async Task LaunchAsync(string executable, string[] arguments, Func<Task<bool>> isReady, Func<string> log)
    {
        if (process is not null)
            throw new InvalidOperationException($"{name} is running already.");
        process = Process.Start(new ProcessStartInfo(executable, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.OutputDataReceived += OnOutput;
        process.ErrorDataReceived += OnOutput;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var clock = TimeProvider.System;
        var start = clock.GetTimestamp();
        while (true)
        {
            if (Running.HasExited)
            {
                await EndAsync();
                throw new InvalidOperationException($"{name} ended at its start:\n{log()}");
            }
            if (await isReady())
                return;
            if (clock.GetElapsedTime(start) > patience)
                throw new InvalidOperationException($"{name} did not come up within {patience.TotalSeconds:0} s:\n{log()}");
            await Task.Delay(TimeSpan.FromMilliseconds(10), clock);
        }
    }

    private void OnOutput(object sender, DataReceivedEventArgs line)
    {
        lock (output)
            if (line.Data is not null && output.Length < MostOutput)
                output.AppendLine(line.Data);
    }

    private async Task EndAsync()
    {
        var ending = Running;
        using var limit = new CancellationTokenSource(patience, TimeProvider.System);
        await ending.WaitForExitAsync(limit.Token);
        ending.Dispose();
        process = null;
    }

    private void OnProcessExit(object? sender, EventArgs e) => process?.Kill();
}
