using SmartDistrict.Edge.Journal;
using SmartDistrict.Edge.Outbox;
using SmartDistrict.Sqlite;

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
