using SmartDistrict.Edge.Clock;

namespace SmartDistrict.Edge.Journal;

/// <summary>
/// The append-only log of everything that the gateway received, and the queue between taking in and folding.
/// </summary>
/// <remarks>
/// Invariants: record numbers are contiguous, in file order; a record is durable once <see cref="LastCommitted"/> has
/// reached its number, and only then may its sender be told so; a start never appends to a file of an earlier one, so a
/// torn tail stays what it is; a commit that failed is written again, whole, to a new segment, and of numbers that stand in
/// two segments those of the later one hold. What a start finds of the last commit before it is flushed once more, since
/// after a kill it may be in memory only; what is missing in the middle of that commit was never acknowledged.
/// Any thread may append; one thread commits.
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
    private readonly IJournalDisk disk;
    private readonly FileStream? exclusive;
    private readonly List<JournalSegment> segments;
    private readonly List<string> findings = [];
    private readonly List<(long First, long Last)> torn = [];
    private PendingRecords pending = new();
    private PendingRecords writing = new();
    private int waiting;
    private IJournalFile? file;
    private string? written;
    private long fileLength;
    private long lastAppended;
    private long lastCommitted;
    private int version;
    private bool closing;

    private Journal(string folder, JournalOptions options, GatewayClock clock, long generation, IJournalDisk disk, FileStream? exclusive)
    {
        this.folder = folder;
        this.options = options;
        this.clock = clock;
        this.disk = disk;
        this.exclusive = exclusive;
        Generation = generation;
        segments = JournalSegment.List(folder, disk);
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
        var exclusive = TakeFolder(folder);
        try
        {
            return Open(folder, options, clock, generation, known, JournalDisk.Instance, exclusive);
        }
        catch
        {
            exclusive.Dispose();
            throw;
        }
    }

    /// <summary>As <see cref="Open(string, JournalOptions, GatewayClock, long, long)"/>, on any disk.</summary>
    internal static Journal Open(
        string folder, JournalOptions options, GatewayClock clock, long generation, long known, IJournalDisk disk, FileStream? exclusive = null)
    {
        var journal = new Journal(folder, options, clock, generation, disk, exclusive);
        journal.Recover(known);
        var now = clock.Now();
        journal.Append(RecordKind.Boot, now, default, clock.Boot.ToByteArray(bigEndian: true));
        foreach (var (first, last) in journal.torn.OrderBy(range => range.First))
            journal.Append(RecordKind.Gap, now, default, GapNotice.Write(new GapNotice(first, last, Torn: true)));
        return journal;
    }

    /// <summary>Forces a written segment to the disk by calling what it is given; a benchmark puts a slow card here.</summary>
    internal Action<Action> Flush { get; set; } = flush => flush();

    /// <summary>What the start found to be wrong and did about it, for the log.</summary>
    public IReadOnlyList<string> Findings => findings;

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
            return segments.Sum(segment => disk.Length(segment.Path));
    }

    /// <summary>Number of the oldest record that may still be there.</summary>
    public long Oldest
    {
        get
        {
            lock (segments)
                return segments.Count > 0 ? segments[0].First : LastCommitted + 1;
        }
    }

    /// <summary>The enrolment that new segments name.</summary>
    internal long Generation { get; }

    /// <summary>The segments and the committed records that each holds, oldest first: what the state keeps, so that even of a lost one the count is known.</summary>
    internal List<SegmentRange> Ranges()
    {
        lock (segments)
        {
            var last = LastCommitted;
            return [.. segments.Select((segment, i) => new SegmentRange(segment.First, i + 1 < segments.Count ? segments[i + 1].First - 1 : last))
                .Where(range => range.Last >= range.First)];
        }
    }

    /// <summary>Takes a record in; it is durable when a later <see cref="Commit"/> has returned. Waits while a slow disk holds 2 MiB up.</summary>
    /// <returns>The record's number.</returns>
    /// <exception cref="ArgumentException">The record is larger than a record may be.</exception>
    /// <exception cref="OperationCanceledException">The gateway stops while the disk takes nothing: see <see cref="WaitNoMore"/>.</exception>
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
                    if (pending.Length == 0)
                        pending.First = number;
                    JournalFormat.Write(pending.Reserve(length), number, (int)(number - pending.First), kind, stamp, topic, payload);
                    Volatile.Write(ref lastAppended, number);
                    return number;
                }
                if (closing)
                    throw new OperationCanceledException("the journal has no room and the gateway stops: what was not taken in stays with its sender");
                waiting++;
            }
            room.Wait();
        }
    }

    /// <summary>From now on nobody waits for room: a full disk must not keep the gateway from stopping.</summary>
    public void WaitNoMore()
    {
        lock (gate)
        {
            closing = true;
            room.Release(waiting + 1);
            waiting = 0;
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
            file!.Write(writing.Written, fileLength);
            Flush(file.Flush);
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

    /// <summary>
    /// Deletes the oldest segments beyond the size to be kept, but never one that holds a record above <paramref name="folded"/>.
    /// One that the disk does not let go of is tried again at the next call.
    /// </summary>
    public void Retire(long folded)
    {
        var excess = BytesOnDisk() - options.KeepBytes;
        while (excess > 0)
        {
            JournalSegment oldest;
            lock (segments)
            {
                if (segments.Count < 2 || segments[1].First > folded + 1)
                    return;
                oldest = segments[0];
            }
            excess -= disk.Length(oldest.Path);
            try
            {
                disk.Delete(oldest.Path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return;
            }
            lock (segments)
            {
                segments.Remove(oldest);
                version++;
            }
        }
    }

    public void Dispose()
    {
        CloseFile();
        exclusive?.Dispose();
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

    int IJournalSegments.Version => Volatile.Read(ref version);

    IJournalDisk IJournalSegments.Disk => disk;

    bool IJournalSegments.Torn(long first, long last) => torn.Contains((first, last));

    private static FileStream TakeFolder(string folder)
    {
        const int wouldBlock = 11;
        var isNew = !Directory.Exists(folder);
        Directory.CreateDirectory(folder);
        if (isNew && Path.GetDirectoryName(Path.GetFullPath(folder)) is { } parent)
            JournalDisk.Instance.SyncFolder(parent);
        var path = Path.Combine(folder, "lock");
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (!OperatingSystem.IsLinux() || e.HResult == wouldBlock)
        {
            throw new IOException($"{folder} is in use by another gateway process: stop that one, or give this one a data folder of its own", e);
        }
    }

    /// <summary>
    /// Finds the last number given. Of the newest segments, one without a record is deleted where it is blank (the power
    /// failed before its first commit) and set aside otherwise, so that none is ever written over.
    /// </summary>
    private void Recover(long known)
    {
        long last = 0;
        while (segments.Count > 0)
        {
            var newest = segments[^1];
            GiveBack(newest.Path);
            var scan = SegmentScan.Of(newest, disk);
            last = Math.Max(last, scan.Last ?? newest.First - 1);
            if (scan.Last is not null)
            {
                MakeSure(newest);
                NoteTorn(scan, known);
                break;
            }
            segments.RemoveAt(segments.Count - 1);
            if (scan.Blank)
                disk.Delete(newest.Path);
            else
                SetAside(newest.Path, "holds no record that can be read");
        }
        lastAppended = lastCommitted = Math.Max(known, last);
    }

    /// <summary>
    /// What is missing in the last commit before the start was never acknowledged. Where that commit was the first of its
    /// start, with it the notice of the tear before may be gone.
    /// </summary>
    private void NoteTorn(SegmentScan newest, long known)
    {
        var scan = newest;
        for (var i = segments.Count - 1; ; scan = SegmentScan.Of(segments[--i], disk))
        {
            foreach (var (first, end) in scan.HolesInLastCommit)
                if (end > known)
                {
                    torn.Insert(0, (Math.Max(first, known + 1), end));
                    findings.Add($"the last commit before this start was torn: records {torn[0].First} to {end} were never acknowledged, their senders keep them");
                }
            if (!scan.OneCommit || scan.HolesInLastCommit.Count == 0 || i == 0)
                return;
        }
    }

    /// <summary>
    /// A segment that is ended keeps no reserved space: a gateway that is started again and again would fill its disk with it.
    /// </summary>
    private void GiveBack(string path)
    {
        try
        {
            disk.GiveBack(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // the disk is in trouble, and whoever writes to it says so; at the latest the space comes back when the segment is retired
        }
    }

    /// <summary>After a kill the last commit may be in the kernel's memory only, and is about to be folded.</summary>
    private void MakeSure(JournalSegment newest)
    {
        try
        {
            using var opened = disk.Open(newest.Path);
            opened.Flush();
            disk.SyncFolder(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            findings.Add($"{newest.Path} could not be flushed again ({e.Message}): should the power fail now, what the last start left unacknowledged may go");
        }
    }

    private void SetAside(string path, string why)
    {
        var aside = Enumerable.Range(1, int.MaxValue).Select(i => $"{path}.damaged-{i}").First(candidate => disk.Length(candidate) == 0);
        disk.Move(path, aside);
        findings.Add($"{path} {why}; it was set aside as {aside}");
    }

    private void Roll()
    {
        CloseFile();
        var first = lastCommitted + 1;
        var path = JournalSegment.PathOf(folder, first);
        // a file of that name that we wrote is the remainder of a commit that failed: none of its records was acknowledged
        if (written == path || disk.Length(path) == 0)
            disk.Delete(path);
        else
            SetAside(path, "stood where a new segment belongs");
        file = disk.Create(path, Math.Max(options.SegmentBytes, JournalSegment.HeadLength + writing.Length));
        written = path;
        fileLength = JournalSegment.HeadLength;
        JournalSegment.WriteHead(file, first, Generation, clock.Boot, clock.Now());
        disk.SyncFolder(folder);
        lock (segments)
        {
            segments.RemoveAll(segment => segment.First == first);
            segments.Add(new(path, first));
            version++;
        }
    }

    private void CloseFile()
    {
        if (file is null)
            return;
        file.Dispose();
        file = null;
        GiveBack(written!);
    }

    /// <summary>Records that wait for a commit, back to back.</summary>
    private sealed class PendingRecords
    {
        private byte[] bytes = new byte[IdleBuffer];

        public int Length { get; private set; }

        public long First { get; set; }

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
