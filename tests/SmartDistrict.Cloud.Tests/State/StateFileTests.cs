using SmartDistrict.Cloud.Audit;
using SmartDistrict.Cloud.State;
using SmartDistrict.Testing;

namespace SmartDistrict.Cloud.Tests.State;

public sealed class TheStateFile : IDisposable
{
    private static readonly StateTables Notes = new("notes", ["CREATE TABLE note (text TEXT NOT NULL);"]);
    private static readonly StateTables Audit = new("audit", [AuditTrail.Schema]);

    private readonly string folder = Directory.CreateTempSubdirectory("cloud-state-").FullName;

    private string FilePath => Path.Combine(folder, "cloud.db");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Keeps_what_was_written_over_a_restart()
    {
        using (var state = new StateFile(FilePath, [Notes]))
            state.Write(rows => rows.Run("INSERT INTO note VALUES ($1)", "厅门 was moved"));
        using var again = new StateFile(FilePath, [Notes]);
        Assert.Equal(["厅门 was moved"], Read(again));
    }

    [Fact]
    public void Keeps_nothing_of_a_change_that_failed()
    {
        using var state = new StateFile(FilePath, [Notes]);
        Assert.Throws<InvalidOperationException>(() => state.Write(rows =>
        {
            rows.Run("INSERT INTO note VALUES ($1)", "half");
            throw new InvalidOperationException("the other half");
        }));
        Assert.Empty(Read(state));
        state.Write(rows => rows.Run("INSERT INTO note VALUES ($1)", "whole"));
        Assert.Equal(["whole"], Read(state));
    }

    [Fact]
    public void Brings_each_subject_to_its_newest_form_whatever_the_others_are_at()
    {
        using (var first = new StateFile(FilePath, [Notes]))
            first.Write(rows => rows.Run("INSERT INTO note VALUES ($1)", "old"));
        StateTables longer = new("notes", [Notes.Scripts[0], "ALTER TABLE note ADD COLUMN author TEXT;"]);
        using var later = new StateFile(FilePath, [Audit, longer]);
        later.Write(rows => rows.Run("UPDATE note SET author = $1", "li"));
        Assert.Equal(["old"], Read(later));
        Assert.Equal("li", later.Read(rows => rows.Value("SELECT author FROM note")));
    }

    [Fact]
    public void Of_a_newer_version_is_refused()
    {
        new StateFile(FilePath, [new("notes", [Notes.Scripts[0], "", ""])]).Dispose();
        var refusal = Assert.Throws<StartException>(() => new StateFile(FilePath, [Notes]));
        Assert.Contains("notes has form 3, this program knows up to 1", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void That_is_damaged_is_refused_with_the_way_out()
    {
        File.WriteAllText(FilePath, new string('x', 10_000));
        var refusal = Assert.Throws<StartException>(() => new StateFile(FilePath, [Notes]));
        Assert.Contains("put back a backup", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Commits_an_act_and_its_audit_entry_together_or_neither()
    {
        using var state = new StateFile(FilePath, [Notes, Audit]);
        var trail = new AuditTrail(new ManualTimeProvider(DateTimeOffset.UnixEpoch));
        Assert.Throws<InvalidOperationException>(() => state.Write(rows =>
        {
            trail.Note(rows, "li", null, "note.add", "1");
            throw new InvalidOperationException();
        }));
        Assert.Equal(0L, state.Read(rows => rows.Value("SELECT count(*) FROM audit")));
    }

    [Theory]
    [InlineData("UPDATE audit SET who = 'nobody'")]
    [InlineData("DELETE FROM audit")]
    public void Refuses_to_change_the_audit(string sql)
    {
        using var state = new StateFile(FilePath, [Audit]);
        state.Write(rows => new AuditTrail(new ManualTimeProvider(DateTimeOffset.UnixEpoch)).Note(rows, "li", null, "note.add", "1"));
        var refusal = Assert.Throws<Microsoft.Data.Sqlite.SqliteException>(() => state.Write(rows => rows.Run(sql)));
        Assert.Contains("only ever added to", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("li", state.Read(rows => rows.Value("SELECT who FROM audit")));
    }

    private static List<string> Read(StateFile state) => state.Read(rows => rows.List("SELECT text FROM note", row => row.GetString(0)));
}
