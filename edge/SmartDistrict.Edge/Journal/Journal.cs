using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using SmartDistrict.Edge.Clock;

namespace SmartDistrict.Edge.Journal;

/// <summary>
/// The append-only log of everything that the gateway received, and the queue between taking in and folding.
/// </summary>
/// <remarks>
/// Invariants: record numbers are contiguous, in file order; a record is durable once <see cref="LastCommitted"/> has
/// reached its number, and only then may its sender be told so; a start never appends to a file of an earlier one, so a
/// torn tail stays what it is; a commit that failed is written again, whole, to a new segment, and readers drop what they
/// have seen. Any thread may append; one thread commits.
/// </remarks>
public sealed class Journal : IDisposable, IJournalSegments
{
    private const int PendingLimit = 2 << 20;
    private const int IdleBuffer = 256 << 10;

    private readonly Lock gate = new();
    private readonly SemaphoreSlim room = new(0);
    private readonly string folder;
    private readonly JournalOptions options;
    private readonly GatewayClock clock;
    private readonly FileStream exclusive;
    private readonly List<JournalSegment> segments;
    private PendingRecords pending = new();
    private PendingRecords writing = new();
    private int waiting;
    private SafeFileHandle? file;
    private long fileLength;
    private long lastAppended;
    private long lastCommitted;
    private long generation;

    private Journal(string folder, JournalOptions options, GatewayClock clock, FileStream exclusive)
    {
        this.folder = folder;
        this.options = options;
        this.clock = clock;
        this.exclusive = exclusive;
        segments = JournalSegment.List(folder);
    }

    /// <summary>Opens a journal, creating its folder.</summary>
    /// <param name="folder">Where the segments lie.</param>
    /// <param name="options">Sizes and pace.</param>
    /// <param name="clock">Stamps and boot id of new segments.</param>
    /// <param name="generation">The gateway's enrolment, kept in each segment.</param>
    /// <param name="known">The highest record number known to have been committed, from the folded state: numbers are never given twice, even if files are lost.</param>
    /// <exception cref="IOException">The folder cannot be used; the text says why and the mend.</exception>
    public static Journal Open(string folder, JournalOptions options, GatewayClock clock, long generation, long known)
    {
        Directory.CreateDirectory(folder);
        FileStream exclusive;
        try
        {
            exclusive = new FileStream(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new IOException($"{folder} is in use by another gateway process: stop that one, or give this one a data folder of its own", e);
        }
        var journal = new Journal(folder, options, clock, exclusive) { generation = generation };
        journal.lastAppended = journal.lastCommitted = Math.Max(known, new JournalFolder(journal.segments).LastCommitted);
        journal.Append(RecordKind.Boot, clock.Now(), default, clock.Boot.ToByteArray(bigEndian: true));
        return journal;
    }

    /// <summary>How a written segment is forced to the disk; a benchmark puts a slow card here.</summary>
    internal Action<SafeFileHandle> Flush { get; set; } = RandomAccess.FlushToDisk;

    /// <summary>Number of the newest durable record.</summary>
    public long LastCommitted => Volatile.Read(ref lastCommitted);

    /// <summary>Number of the newest record taken, durable or not.</summary>
    public long LastAppended => Volatile.Read(ref lastAppended);

    /// <summary>Bytes written since the start, for the wear estimate.</summary>
    public long BytesWritten { get; private set; }

    /// <summary>Bytes that wait for the next commit.</summary>
    public int PendingBytes
    {
        get
        {
            lock (gate)
                return pending.Length;
        }
    }

    /// <summary>Bytes of all segments on disk.</summary>
    public long BytesOnDisk()
    {
        lock (segments)
            return segments.Sum(segment => File.Exists(segment.Path) ? new FileInfo(segment.Path).Length : 0);
    }

    /// <summary>Takes a record in; it is durable when a later <see cref="Commit"/> has returned. Waits while a slow disk holds 2 MiB up.</summary>
    /// <returns>The record's number.</returns>
    /// <exception cref="ArgumentException">The record is larger than a record may be.</exception>
    public long Append(RecordKind kind, in ReceiveStamp stamp, ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload)
    {
        var length = JournalFormat.Length(topic.Length, payload.Length);
        if (length - JournalFormat.FrameLength > JournalFormat.MaxBody || topic.Length > JournalFormat.MaxTopic)
            throw new ArgumentException($"a record of {length} bytes is over the journal's limit of {JournalFormat.MaxBody}");
        while (true)
        {
            lock (gate)
            {
                if (pending.Length == 0 || pending.Length + length <= PendingLimit)
                {
                    var number = lastAppended + 1;
                    JournalFormat.Write(pending.Reserve(length), number, kind, stamp, topic, payload);
                    Volatile.Write(ref lastAppended, number);
                    return number;
                }
                waiting++;
            }
            room.Wait();
        }
    }

    /// <summary>Makes everything that was appended durable.</summary>
    /// <returns>Whether there was anything to commit.</returns>
    /// <exception cref="IOException">The disk did not take it; nothing is lost, the next call writes it again.</exception>
    public bool Commit()
    {
        lock (gate)
            if (writing.Length == 0)
            {
                (pending, writing) = (writing, pending);
                writing.Last = lastAppended;
                if (waiting > 0)
                    room.Release(waiting);
                waiting = 0;
            }
        if (writing.Length == 0)
            return false;
        try
        {
            if (file is null || fileLength + writing.Length > options.SegmentBytes)
                Roll();
            RandomAccess.Write(file!, writing.Written, fileLength);
            Flush(file!);
        }
        catch
        {
            // after a failed flush the kernel may have dropped the pages: only a new file is sure to hold them
            CloseFile();
            throw;
        }
        fileLength += writing.Length;
        BytesWritten += writing.Length;
        Volatile.Write(ref lastCommitted, writing.Last);
        writing.Clear(IdleBuffer);
        return true;
    }

    /// <summary>A reader of the committed records from a number on.</summary>
    public JournalReader ReadFrom(long number) => new(this, number);

    /// <summary>Deletes the oldest segments beyond the size to be kept, but never one that holds a record above <paramref name="folded"/>.</summary>
    public void Retire(long folded)
    {
        var excess = BytesOnDisk() - options.KeepBytes;
        while (excess > 0)
        {
            string path;
            lock (segments)
            {
                if (segments.Count < 2 || segments[1].First > folded + 1)
                    return;
                path = segments[0].Path;
                segments.RemoveAt(0);
            }
            excess -= new FileInfo(path).Length;
            File.Delete(path);
        }
    }

    public void Dispose()
    {
        CloseFile();
        exclusive.Dispose();
        room.Dispose();
    }

    /// <summary>The segment that holds a number, or the first one after it; null where there is none yet.</summary>
    JournalSegment? IJournalSegments.SegmentFor(long number)
    {
        lock (segments)
            return segments.FindLast(segment => segment.First <= number) ?? segments.FirstOrDefault();
    }

    JournalSegment? IJournalSegments.SegmentAfter(JournalSegment segment)
    {
        lock (segments)
            return segments.Find(candidate => candidate.First > segment.First);
    }

    private void Roll()
    {
        CloseFile();
        var first = lastCommitted + 1;
        var path = JournalSegment.PathOf(folder, first);
        // a file of that name can only be the remainder of a commit that failed: none of its records was acknowledged
        File.Delete(path);
        file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, FileOptions.None,
            preallocationSize: Math.Max(options.SegmentBytes, JournalSegment.HeadLength + writing.Length));
        fileLength = JournalSegment.HeadLength;
        JournalSegment.WriteHead(file, first, generation, clock.Boot, clock.Now());
        SyncFolder();
        lock (segments)
        {
            segments.RemoveAll(segment => segment.First == first);
            segments.Add(new(path, first));
        }
    }

    private void CloseFile()
    {
        if (file is { IsInvalid: false, IsClosed: false })
            file.Dispose();
        file = null;
    }

    /// <summary>Makes the new file's name durable: POSIX wants the folder itself synchronised.</summary>
    private void SyncFolder()
    {
        if (OperatingSystem.IsWindows())
            return;
        var descriptor = open(folder, 0);
        if (descriptor < 0)
            throw new IOException($"cannot open {folder} to synchronise it (errno {Marshal.GetLastPInvokeError()})");
        var outcome = fsync(descriptor);
        _ = close(descriptor);
        if (outcome != 0)
            throw new IOException($"cannot synchronise {folder} (errno {Marshal.GetLastPInvokeError()})");
    }

    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int open(string path, int flags);

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int fsync(int descriptor);

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int close(int descriptor);

    /// <summary>Records that wait for a commit, back to back.</summary>
    private sealed class PendingRecords
    {
        private byte[] bytes = new byte[IdleBuffer];

        public int Length { get; private set; }

        public long Last { get; set; }

        public ReadOnlySpan<byte> Written => bytes.AsSpan(0, Length);

        public Span<byte> Reserve(int length)
        {
            if (Length + length > bytes.Length)
                Array.Resize(ref bytes, Math.Max(Length + length, bytes.Length * 2));
            var reserved = bytes.AsSpan(Length, length);
            Length += length;
            return reserved;
        }

        /// <summary>A single large record does not keep its memory for good.</summary>
        public void Clear(int keep)
        {
            Length = 0;
            if (bytes.Length > PendingLimit)
                bytes = new byte[keep];
        }
    }
}
