using System.Diagnostics;
using System.Globalization;
using SmartDistrict.Edge.Clock;
using SmartDistrict.Edge.Journal;
using SmartDistrict.Edge.Outbox;
using SmartDistrict.Sqlite;
using SmartDistrict.Testing;

namespace SmartDistrict.Edge.Tests.Journal;

/// <summary>
/// The kernel is really asked to make things sure: what <see cref="JournalCrashTests"/> shows on a simulated disk stands on
/// that. The files of /proc are of a file system that cannot, and says so to whoever asks.
/// </summary>
public sealed class JournalDiskTests
{
    private const string CannotFlush = "errno 22";

    [Fact]
    public void A_flush_asks_the_kernel_and_tells_its_refusal()
    {
        using var file = JournalDisk.Instance.Open("/proc/self/status");
        Assert.Contains(CannotFlush, Assert.Throws<IOException>(file.Flush).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Making_names_sure_asks_the_kernel_and_tells_its_refusal() =>
        Assert.Contains(CannotFlush, Assert.Throws<IOException>(() => JournalDisk.Instance.SyncFolder("/proc")).Message, StringComparison.Ordinal);

    [Fact]
    public void Both_are_taken_where_files_are_kept()
    {
        using var folder = new TemporaryFolder();
        using var file = JournalDisk.Instance.Create(folder.File("a"), 4096);
        file.Write("x"u8, 0);
        file.Flush();
        JournalDisk.Instance.SyncFolder(folder.Path);
    }

    /// <summary>Whatever ends a process, of the space that it had reserved only the segment that is written now may keep any.</summary>
    [Theory]
    [InlineData("killed")]
    [InlineData("stopped")]
    [InlineData("rolled")]
    public void A_segment_that_is_ended_keeps_no_reserved_space(string end)
    {
        const int reserved = 1 << 20;
        using var folder = new TemporaryFolder();
        var records = folder.File("journal");
        Directory.CreateDirectory(records);
        var clock = new GatewayClock(new ManualTimeProvider(), Guid.NewGuid(), () => ClockState.Synchronised);
        SmartDistrict.Edge.Journal.Journal Open() =>
            SmartDistrict.Edge.Journal.Journal.Open(records, new JournalOptions { SegmentBytes = reserved }, clock, generation: 1, known: 0, JournalDisk.Instance);

        var first = Open();
        first.Commit();
        var segment = Assert.Single(Directory.GetFiles(records));
        Assert.True(Allocated(segment) >= reserved, $"{Allocated(segment)} bytes were reserved");
        if (end == "stopped")
            first.Dispose();
        else if (end == "rolled")
        {
            first.Append(RecordKind.Envelope, clock.Now(), "t"u8, new byte[reserved - (64 << 10)]);
            first.Commit();
            first.Append(RecordKind.Envelope, clock.Now(), "t"u8, new byte[128 << 10]);
            first.Commit();
        }
        else
            Open().Dispose();

        const int block = 4096;
        Assert.True(Allocated(segment) <= new FileInfo(segment).Length + block, $"{Allocated(segment)} bytes are taken by a file of {new FileInfo(segment).Length}");
        first.Dispose();
    }

    /// <summary>Bytes that a file takes up on the disk.</summary>
    private static long Allocated(string path)
    {
        const int unit = 512;
        using var stat = Process.Start(new ProcessStartInfo("stat", ["--format=%b", path]) { RedirectStandardOutput = true })!;
        return unit * long.Parse(stat.StandardOutput.ReadToEnd(), CultureInfo.InvariantCulture);
    }

    /// <summary>FULL (2) flushes the write-ahead log at each commit; NORMAL (1) at its checkpoints only.</summary>
    [Theory]
    [InlineData(true, 2)]
    [InlineData(false, 1)]
    public void A_durable_commit_is_flushed_and_only_the_senders_need_not_be(bool durable, long synchronous)
    {
        using var folder = new TemporaryFolder();
        using var connection = SqliteStore.Open(folder.File("state.db"), [OutboxWriter.Schema], durable);
        using var asked = new Statement(connection, "PRAGMA synchronous");
        Assert.True(asked.Step());
        Assert.Equal(synchronous, asked.Number(0));
    }
}
