using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using SmartDistrict.Sqlite;

namespace SmartDistrict.Cloud.State;

/// <summary>
/// What people told this service and decided in it (users, tokens, acts, notes …), in one SQLite file, <c>DATA/cloud.db</c>:
/// one file, so that a change and its audit entry commit together. One writer at a time; readers wait for nobody.
/// Time series stay in the store.
/// </summary>
internal sealed class StateFile : IDisposable
{
    private const string Forms = "CREATE TABLE form (subject TEXT PRIMARY KEY, form INTEGER NOT NULL) WITHOUT ROWID;";

    private readonly string path;
    private readonly Lock writing = new();
    private readonly SqliteConnection writer;
    private readonly ConcurrentBag<SqliteConnection> idleReaders = [];

    public StateFile(IOptions<CloudOptions> options, IEnumerable<StateTables> subjects)
        : this(Path.Combine(options.Value.Data, "cloud.db"), subjects)
    {
    }

    /// <exception cref="StartException">The file is damaged, or of a newer version of this program.</exception>
    public StateFile(string path, IEnumerable<StateTables> subjects)
    {
        this.path = path;
        try
        {
            if (!File.Exists(path))
                CreatePrivate(path);
            writer = SqliteStore.Open(path, [Forms]);
            Check();
            Write(state =>
            {
                foreach (var subject in subjects)
                    Migrate(state, subject);
            });
        }
        catch (SqliteException e)
        {
            writer?.Dispose();
            throw new StartException(
                $"{path} cannot be used ({e.Message}): put back a backup of it, or move it away, and people, rights, the audit and all else that was decided in the console begin anew", e);
        }
        catch
        {
            writer?.Dispose();
            throw;
        }
    }

    /// <summary>Changes the state in one transaction; it is on disk when this returns. What <paramref name="change"/> throws undoes all of it.</summary>
    /// <exception cref="SqliteException">Nothing of the change is stored.</exception>
    public T Write<T>(Func<StateRows, T> change)
    {
        lock (writing)
        {
            using var transaction = writer.BeginTransaction();
            var answer = change(new StateRows(writer, transaction));
            SqliteStore.Commit(transaction);
            return answer;
        }
    }

    /// <inheritdoc cref="Write{T}(Func{StateRows, T})"/>
    public void Write(Action<StateRows> change) => Write(state =>
    {
        change(state);
        return true;
    });

    /// <summary>Reads one consistent picture of the state.</summary>
    public T Read<T>(Func<StateRows, T> read)
    {
        if (!idleReaders.TryTake(out var connection))
            connection = SqliteStore.OpenToRead(path);
        try
        {
            using var transaction = connection.BeginTransaction(deferred: true);
            return read(new StateRows(connection, transaction));
        }
        finally
        {
            idleReaders.Add(connection);
        }
    }

    public void Dispose()
    {
        writer.Dispose();
        while (idleReaders.TryTake(out var reader))
            reader.Dispose();
    }

    /// <summary>An empty file that only this process's user may read: it holds the hashes of passwords. SQLite gives its journal the same rights.</summary>
    private static void CreatePrivate(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new FileStream(path, options);
    }

    private void Check()
    {
        using var command = writer.CreateCommand();
        command.CommandText = "PRAGMA quick_check(1)";
        if (command.ExecuteScalar() is not "ok" and var fault)
            throw new SqliteException(fault?.ToString(), 11);
    }

    private void Migrate(StateRows state, StateTables subject)
    {
        var form = state.List("SELECT form FROM form WHERE subject = $1", row => row.GetInt32(0), subject.Subject).SingleOrDefault();
        if (form > subject.Scripts.Count)
            throw new StartException(
                $"{path}: {subject.Subject} has form {form}, this program knows up to {subject.Scripts.Count}: install the version that wrote it, or a newer one");
        foreach (var script in subject.Scripts.Skip(form))
            state.Run(script);
        state.Run("INSERT OR REPLACE INTO form VALUES ($1, $2)", subject.Subject, subject.Scripts.Count);
    }
}
