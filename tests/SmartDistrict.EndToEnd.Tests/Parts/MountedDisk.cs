using System.Diagnostics;

namespace SmartDistrict.EndToEnd.Tests.Parts;

/// <summary>
/// A small disk of its own, mounted at a folder: ext4 in a file, which turns read-only at an error, as that of a Raspberry Pi
/// does. Needs root and a loop device.
/// </summary>
internal sealed class MountedDisk : IDisposable
{
    private readonly string image;
    private readonly string folder;

    public MountedDisk(string folder, string image, int mebibytes)
    {
        this.image = image;
        this.folder = folder;
        Directory.CreateDirectory(folder);
        using (var file = File.Create(image))
            file.SetLength((long)mebibytes << 20);
        Run("mkfs.ext4", "-q", "-F", "-m", "0", image);
        Mount();
    }

    private string Ballast => Path.Combine(folder, "ballast");

    /// <summary>Takes all the room that is left.</summary>
    public void Fill()
    {
        using var file = new FileStream(Ballast, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        for (var piece = 1 << 20; piece >= 512; piece /= 2)
            try
            {
                while (true)
                {
                    file.Write(new byte[piece]);
                    file.Flush(flushToDisk: true);
                }
            }
            catch (IOException)
            {
                // no room for a piece of this size
            }
    }

    public void MakeRoom() => File.Delete(Ballast);

    /// <summary>The file system meets an error and goes read-only at once, with whatever is open.</summary>
    public void TurnReadOnly()
    {
        var device = Path.GetFileName(Run("losetup", "-j", image).Split(':')[0]);
        File.WriteAllText($"/sys/fs/ext4/{device}/trigger_fs_error", "a test");
    }

    /// <summary>What a technician does then, with the gateway stopped.</summary>
    public void Repair()
    {
        Run("umount", folder);
        // 1: errors were corrected
        Run("e2fsck", [0, 1], "-f", "-y", image);
        Mount();
    }

    public void Dispose()
    {
        Run("umount", folder);
        File.Delete(image);
    }

    private void Mount() => Run("mount", "-o", "loop,errors=remount-ro", image, folder);

    private static string Run(string program, params string[] arguments) => Run(program, [0], arguments);

    private static string Run(string program, int[] codes, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment["PATH"] += ":/usr/sbin:/sbin";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(codes.Contains(process.ExitCode), $"{program} {string.Join(' ', arguments)}: {error} This test needs root and a loop device.");
        return output;
    }
}
