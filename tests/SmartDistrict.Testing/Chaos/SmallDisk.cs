using System.Diagnostics;

namespace SmartDistrict.Testing.Chaos;

/// <summary>
/// A file system so small that it can be filled: ext4 in a file where root may mount one, else a tmpfs. Where neither is
/// allowed, full disks are left out, and said to be.
/// </summary>
internal sealed class SmallDisk : IDisposable
{
    private const int Mebibytes = 96;

    private SmallDisk(string path, string kind)
    {
        Path = path;
        Kind = kind;
    }

    public string Path { get; }

    public string Kind { get; }

    private string Ballast => System.IO.Path.Combine(Path, "ballast");

    /// <param name="folder">Gets the mount point and, for ext4, the file that is mounted.</param>
    public static SmallDisk? TryMount(string folder)
    {
        var path = Directory.CreateDirectory(System.IO.Path.Combine(folder, "small-disk")).FullName;
        var image = path + ".ext4";
        using (var file = File.Create(image))
            file.SetLength(Mebibytes << 20);
        if (Runs("mkfs.ext4", "-q", "-m", "0", image) && Runs("mount", "-o", "loop", image, path))
            return new(path, "ext4");
        File.Delete(image);
        return Runs("mount", "-t", "tmpfs", "-o", $"size={Mebibytes}m", "tmpfs", path) ? new(path, "tmpfs") : null;
    }

    /// <summary>Takes all that is left, or all but a little.</summary>
    public void Fill(int leave)
    {
        using var ballast = new FileStream(Ballast, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var piece = new byte[64 << 10];
        for (var size = piece.Length; size > 0;)
        {
            try
            {
                ballast.Write(piece, 0, size);
            }
            catch (IOException)
            {
                size /= 2;
            }
        }
        ballast.SetLength(Math.Max(0, ballast.Length - leave));
    }

    public void Free() => File.Delete(Ballast);

    public void Dispose() => Runs("umount", "-l", Path);

    private static bool Runs(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
