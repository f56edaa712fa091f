using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace SmartDistrict.Edge.Journal;

/// <summary>The operating system's files.</summary>
internal sealed class JournalDisk : IJournalDisk
{
    private const int Interrupted = 4;

    public static JournalDisk Instance { get; } = new();

    public IEnumerable<string> List(string folder, string ending) => Directory.EnumerateFiles(folder, "*" + ending);

    public IJournalFile Create(string path, long size) => new Opened(File.OpenHandle(
        path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, FileOptions.None, preallocationSize: size));

    public IJournalFile Open(string path) => new Opened(File.OpenHandle(
        path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));

    /// <remarks>Linux frees the blocks behind the end also where a file is cut to the length that it has (ext4, xfs, f2fs, tmpfs).</remarks>
    public void GiveBack(string path)
    {
        if (!File.Exists(path))
            return;
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        RandomAccess.SetLength(file, RandomAccess.GetLength(file));
    }

    public void Delete(string path) => File.Delete(path);

    public void Move(string path, string to) => File.Move(path, to);

    public long Length(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;

    /// <summary>POSIX wants the folder itself synchronised.</summary>
    public void SyncFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;
        var descriptor = open(folder, 0);
        if (descriptor < 0)
            throw new IOException($"cannot open {folder} to synchronise it (errno {Marshal.GetLastPInvokeError()})");
        var outcome = fsync(descriptor);
        var error = Marshal.GetLastPInvokeError();
        _ = close(descriptor);
        if (outcome != 0)
            throw new IOException($"cannot synchronise {folder} (errno {error})");
    }

    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int open(string path, int flags);

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int fsync(int descriptor);

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int fsync(SafeFileHandle file);

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int close(int descriptor);

    private sealed class Opened(SafeFileHandle handle) : IJournalFile
    {
        public long Length => RandomAccess.GetLength(handle);

        public int Read(Span<byte> into, long offset) => RandomAccess.Read(handle, into, offset);

        /// <remarks>EFBIG (a limit of the process or of the file system) comes as an exception of arguments from .NET.</remarks>
        public void Write(ReadOnlySpan<byte> bytes, long offset)
        {
            try
            {
                RandomAccess.Write(handle, bytes, offset);
            }
            catch (ArgumentOutOfRangeException e)
            {
                throw new IOException($"a file may not be so large here: {offset + bytes.Length} bytes", e);
            }
        }

        /// <remarks>
        /// .NET's own takes a refusal (EINVAL, ENOTSUP, EROFS) for success. EROFS is what ext4 answers for a file with unwritten
        /// pages after an error made it read-only: what waits is not on the disk.
        /// </remarks>
        public void Flush()
        {
            if (!OperatingSystem.IsLinux())
            {
                RandomAccess.FlushToDisk(handle);
                return;
            }
            while (fsync(handle) != 0)
                if (Marshal.GetLastPInvokeError() is var error && error != Interrupted)
                    throw new IOException($"the file cannot be flushed to the disk: {Marshal.GetPInvokeErrorMessage(error)} (errno {error})");
        }

        public void Dispose() => handle.Dispose();
    }
}
