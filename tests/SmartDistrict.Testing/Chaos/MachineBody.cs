using System.Diagnostics;
using System.Globalization;
using SmartDistrict.Testing.Demo;

namespace SmartDistrict.Testing.Chaos;

/// <summary>
/// A gateway in a machine of its own (QEMU, <c>tests/gpio</c>), with an ext4 file system on a disk that outlives it; its
/// death is the power switch: what the guest had not yet given to the disk is gone.
/// </summary>
internal sealed class MachineBody : IGatewayBody
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string name;
    private readonly string folder;
    private readonly IReadOnlyList<string> program;
    private readonly string share;
    private DemoPart? part;

    /// <param name="name">For its logs.</param>
    /// <param name="folder">Gets its logs, its disk, and the folder that it shares with this machine.</param>
    /// <param name="program">Program and first arguments, as on this machine: the guest sees the same files.</param>
    public MachineBody(string name, string folder, IReadOnlyList<string> program)
    {
        (this.name, this.folder, this.program) = (name, folder, program);
        share = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
        File.WriteAllText(Path.Combine(share, "life"), """
            "$@" &
            gateway=$!
            until [[ -e /share/stop ]] || ! kill -0 $gateway 2>/dev/null; do sleep 0.1; done
            kill -TERM $gateway 2>/dev/null
            wait $gateway
            code=$?
            rm -rf /share/data
            cp -r /disk/data /share/data
            exit $code

            """);
        AppDomain.CurrentDomain.ProcessExit += PowerOff;
    }

    /// <summary>Makes the machine, where this has not been done before (half a minute).</summary>
    /// <exception cref="DemoException">It cannot be made; the message says why.</exception>
    public static async Task PrepareAsync()
    {
        using var build = Process.Start(new ProcessStartInfo("bash", [RepositoryFiles.Path("tests", "gpio", "build.sh")]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = await Task.WhenAll(build.StandardOutput.ReadToEndAsync(), build.StandardError.ReadToEndAsync());
        await build.WaitForExitAsync();
        if (build.ExitCode != 0)
            throw new DemoException($"the machine whose power is to be cut cannot be made (without it: --power-cuts 0): {string.Join('\n', said)}");
    }

    public TimeSpan StartTime => TimeSpan.FromSeconds(15);

    /// <summary>A copy, made when the gateway ends in order: while the machine runs the disk is the guest's.</summary>
    public string Data => Path.Combine(share, "data");

    /// <summary>QEMU's user networking: the guest's name for the host's loopback interface.</summary>
    public string Host => "10.0.2.2";

    public bool Ended => part?.Ended ?? true;

    public string LastWords => part?.LastLines() + DemoPart.LastLines(Path.Combine(share, "console"), Path.Combine(share, "output"));

    private string ProcessFile => Path.Combine(share, "qemu.pid");

    public void Start(string settings, params ReadOnlySpan<string> overrides)
    {
        File.Delete(Path.Combine(share, "stop"));
        File.Delete(ProcessFile);
        part = DemoPart.Start(name, folder,
            ["bash", RepositoryFiles.Path("tests", "gpio", "boot.sh"), "--disk", Path.Combine(folder, name + ".disk"), "--timeout", "1800", share,
                "bash", "/share/life", .. program, "run", "--config", settings, "--Gateway:Data=/disk/data", .. overrides]);
    }

    public async Task KillAsync()
    {
        for (var start = TimeProvider.System.GetTimestamp(); !File.Exists(ProcessFile) && !Ended && TimeProvider.System.GetElapsedTime(start) < Patience;)
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        PowerOff(null, EventArgs.Empty);
        await part!.EndAsync(Patience);
        await DisposeAsync();
    }

    public async Task<bool> StopAsync(TimeSpan patience)
    {
        await File.WriteAllTextAsync(Path.Combine(share, "stop"), "");
        var code = await part!.EndAsync(patience);
        await DisposeAsync();
        return code == 0;
    }

    public async ValueTask DisposeAsync()
    {
        if (part is null)
            return;
        PowerOff(null, EventArgs.Empty);
        await part.DisposeAsync();
        part = null;
    }

    private void PowerOff(object? sender, EventArgs e)
    {
        if (Ended || !File.Exists(ProcessFile) || !int.TryParse(File.ReadAllText(ProcessFile), CultureInfo.InvariantCulture, out var id))
            return;
        try
        {
            using var machine = Process.GetProcessById(id);
            machine.Kill();
        }
        catch (ArgumentException)
        {
            // it is off already
        }
    }
}
