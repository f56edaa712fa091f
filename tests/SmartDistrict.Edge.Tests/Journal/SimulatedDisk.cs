using SmartDistrict.Edge.Journal;

namespace SmartDistrict.Edge.Tests.Journal;

/// <summary>The process ended in the middle of a file operation.</summary>
internal sealed class SimulatedCrashException : Exception;

/// <summary>
/// A disk as POSIX promises one and no better: what was not flushed survives a power cut in any combination of sectors,
/// names that were not synchronised may come or go, and after a failed flush the kernel shows what the disk may not have.
/// </summary>
internal sealed class SimulatedDisk : IJournalDisk
{
    private readonly Random random;
    private readonly Dictionary<string, Node> names = [];
    private readonly Dictionary<string, Node> sureNames = [];
    private int untilCrash = int.MaxValue;

    public SimulatedDisk(Random random) => this.random = random;

    /// <summary>How often, in 1000, a write, a flush, a reservation or a synchronisation fails.</summary>
    public int FailuresInThousand { get; set; }

    /// <summary>Flushes that failed so far.</summary>
    public int FailedFlushes { get; private set; }

    /// <summary>Sectors that cannot be read: path and number of the sector of 4096 bytes.</summary>
    public HashSet<(string Path, long Sector)> Unreadable { get; } = [];

    /// <summary>The process ends at the n-th file operation from now.</summary>
    public void CrashAfter(int operations) => untilCrash = operations;

    /// <summary>Power comes back: what was not sure is there in part.</summary>
    public void CutPower()
    {
        var sector = random.Next(2) == 0 ? 512 : 4096;
        foreach (var path in names.Keys.Union(sureNames.Keys).ToList())
        {
            var (now, sure) = (names.GetValueOrDefault(path), sureNames.GetValueOrDefault(path));
            var kept = now == sure || random.Next(2) == 0 ? now : sure;
            if (kept is null)
                names.Remove(path);
            else
                names[path] = kept;
        }
        foreach (var node in names.Values.Distinct())
            node.Tear(random, sector);
        sureNames.Clear();
        foreach (var (path, node) in names)
            sureNames[path] = node;
    }

    /// <summary>The bytes of a file, to be damaged.</summary>
    public byte[] Content(string path) => names[path].Now;

    public void Truncate(string path, int length) => names[path].Now = names[path].Now[..length];

    public IEnumerable<string> List(string folder, string ending) => [.. names.Keys.Where(path => path.EndsWith(ending, StringComparison.Ordinal))];

    public IJournalFile Create(string path, long size)
    {
        MayFail("No space left on device");
        if (names.ContainsKey(path))
            throw new IOException($"The file '{path}' already exists.");
        var node = names[path] = new Node { Now = new byte[size] };
        Step();
        return new Opened(this, path, node);
    }

    public IJournalFile Open(string path) => names.TryGetValue(path, out var node) ? new Opened(this, path, node) : throw new FileNotFoundException(null, path);

    public void GiveBack(string path)
    {
        MayFail("Input/output error");
        Step();
    }

    public void Delete(string path)
    {
        Step();
        names.Remove(path);
    }

    public void Move(string path, string to)
    {
        Step();
        names[to] = names[path];
        names.Remove(path);
    }

    public long Length(string path) => names.TryGetValue(path, out var node) ? node.Now.Length : 0;

    public void SyncFolder(string folder)
    {
        MayFail("Input/output error");
        Step();
        sureNames.Clear();
        foreach (var (path, node) in names)
            sureNames[path] = node;
    }

    private void Step()
    {
        if (--untilCrash > 0)
            return;
        untilCrash = int.MaxValue;
        throw new SimulatedCrashException();
    }

    private void MayFail(string why)
    {
        if (random.Next(1000) < FailuresInThousand)
            throw new IOException(why);
    }

    /// <summary>A file: what a reader sees, what is sure, and what was written since.</summary>
    private sealed class Node
    {
        public byte[] Now = [];
        public byte[] Sure = [];
        public readonly List<(long Offset, int Length)> Unsure = [];
        public readonly List<(long Offset, int Length)> Doubtful = [];

        public void Flush()
        {
            var sure = new byte[Now.Length];
            Now.CopyTo(sure.AsSpan());
            foreach (var (offset, length) in Doubtful)
            {
                sure.AsSpan((int)offset, length).Clear();
                Sure.AsSpan((int)Math.Min(offset, Sure.Length)).Slice(0, (int)Math.Clamp(Sure.Length - offset, 0, length)).CopyTo(sure.AsSpan((int)offset));
            }
            Sure = sure;
            Unsure.Clear();
        }

        public void Tear(Random random, int sector)
        {
            var mode = random.Next(4);
            var after = new byte[random.Next(2) == 0 ? Math.Max(Sure.Length, 64) : Math.Max(Sure.Length, Now.Length)];
            Sure.CopyTo(after.AsSpan());
            foreach (var (offset, length) in Doubtful.Concat(Unsure))
            {
                var cut = random.Next(length + 1);
                for (var at = offset; at < offset + length;)
                {
                    var end = Math.Min(offset + length, (at / sector + 1) * sector);
                    var survives = mode switch { 0 => false, 1 => true, 2 => end <= offset + cut, _ => random.Next(2) == 0 };
                    if (survives)
                    {
                        if (end > after.Length)
                            Array.Resize(ref after, (int)end);
                        Now.AsSpan((int)at, (int)(end - at)).CopyTo(after.AsSpan((int)at));
                    }
                    at = end;
                }
            }
            Now = after;
            Sure = (byte[])after.Clone();
            Unsure.Clear();
            Doubtful.Clear();
        }
    }

    private sealed class Opened(SimulatedDisk disk, string path, Node node) : IJournalFile
    {
        public long Length => node.Now.Length;

        public int Read(Span<byte> into, long offset)
        {
            var length = (int)Math.Clamp(node.Now.Length - offset, 0, into.Length);
            for (var sector = offset / 4096; sector * 4096 < offset + length; sector++)
                if (disk.Unreadable.Contains((path, sector)))
                    throw new IOException("Input/output error");
            node.Now.AsSpan((int)Math.Min(offset, node.Now.Length), length).CopyTo(into);
            return length;
        }

        public void Write(ReadOnlySpan<byte> bytes, long offset)
        {
            var written = bytes.Length;
            var fails = disk.random.Next(1000) < disk.FailuresInThousand;
            var crashes = disk.untilCrash == 1;
            if (fails || crashes)
                written = disk.random.Next(bytes.Length + 1);
            if (offset + written > node.Now.Length)
                Array.Resize(ref node.Now, (int)offset + written);
            bytes[..written].CopyTo(node.Now.AsSpan((int)offset));
            node.Unsure.Add((offset, written));
            disk.Step();
            if (fails)
                throw new IOException("No space left on device");
        }

        public void Flush()
        {
            disk.Step();
            if (disk.random.Next(1000) < disk.FailuresInThousand)
            {
                // as Linux does: the pages count as clean, whether or not the disk took them
                disk.FailedFlushes++;
                node.Doubtful.AddRange(node.Unsure);
                node.Unsure.Clear();
                throw new IOException("Input/output error");
            }
            node.Flush();
        }

        public void Dispose()
        {
        }
    }
}
