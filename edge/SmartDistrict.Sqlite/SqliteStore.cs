using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace SmartDistrict.Sqlite;

/// <summary>
/// Opens SQLite files the one way this system does: the operating system's own library (so that its security updates
/// apply), write-ahead log, and by default a commit that is on disk when it returns.
/// </summary>
public static class SqliteStore
{
    /// <summary>The library by the name that the provider asks for.</summary>
    internal const string Library = "e_sqlite3";

    static SqliteStore()
    {
        NativeLibrary.SetDllImportResolver(typeof(SQLite3Provider_e_sqlite3).Assembly, Resolve);
        NativeLibrary.SetDllImportResolver(typeof(SqliteStore).Assembly, Resolve);
        raw.SetProvider(new SQLite3Provider_e_sqlite3());
        raw.FreezeProvider();
        // A connection is used by one thread at a time, here and by Microsoft.Data.Sqlite's own rule, so it needs no lock of
        // its own at every call. Refused where the library is in use already: then it goes on locking, which harms nothing.
        _ = raw.sqlite3_config(raw.SQLITE_CONFIG_MULTITHREAD);
    }

    /// <summary>Opens the file, creating it and bringing its tables to the newest form.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="migrations">SQL scripts; script i brings a file of form i (<c>user_version</c>) to form i + 1.</param>
    /// <param name="durable">Whether a commit waits for the disk (<c>synchronous=FULL</c>); otherwise only the newest
    /// commits may be lost at a power cut, never the file (<c>NORMAL</c> in WAL mode).</param>
    /// <exception cref="InvalidDataException">The file was written by a newer version of this program.</exception>
    /// <exception cref="SqliteException">The file cannot be opened or is not a database.</exception>
    public static SqliteConnection Open(string path, IReadOnlyList<string> migrations, bool durable = true)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Pooling = false,
            DefaultTimeout = 30,
        }.ToString());
        try
        {
            connection.Open();
            Execute(connection, $"PRAGMA journal_mode=WAL; PRAGMA synchronous={(durable ? "FULL" : "NORMAL")}; PRAGMA busy_timeout=30000;");
            Migrate(connection, path, migrations);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Opens an existing file to look at it, beside whoever writes it.</summary>
    /// <exception cref="SqliteException">The file does not exist or is not a database.</exception>
    public static SqliteConnection OpenToRead(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, Mode = SqliteOpenMode.ReadOnly }.ToString());
        connection.Open();
        return connection;
    }

    public static void Execute(SqliteConnection connection, string sql, SqliteTransaction? transaction = null)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = transaction;
        command.ExecuteNonQuery();
    }

    /// <summary>
    /// Commits. Where the disk does not take it, SQLite has undone the transaction by itself, which Microsoft.Data.Sqlite
    /// does not notice: its own rollback would fail, and the connection could begin no transaction ever again. So an empty
    /// one takes the place of the one that is gone; disposing of <paramref name="transaction"/> ends it as usual.
    /// </summary>
    /// <exception cref="SqliteException">Nothing of the transaction is stored; the connection can be used again.</exception>
    public static void Commit(SqliteTransaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        var connection = transaction.Connection!;
        try
        {
            transaction.Commit();
        }
        catch (SqliteException) when (raw.sqlite3_get_autocommit(connection.Handle) != 0)
        {
            Execute(connection, "BEGIN", transaction);
            throw;
        }
    }

    private static void Migrate(SqliteConnection connection, string path, IReadOnlyList<string> migrations)
    {
        using var transaction = connection.BeginTransaction();
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "PRAGMA user_version";
        var form = (int)(long)command.ExecuteScalar()!;
        if (form > migrations.Count)
            throw new InvalidDataException(
                $"{path} has form {form}, this program knows up to {migrations.Count}: install the version that wrote it, or a newer one")
            {
                Data = { [nameof(SqliteStore)] = form },
            };
        for (; form < migrations.Count; form++)
            Execute(connection, migrations[form], transaction);
        Execute(connection, $"PRAGMA user_version={form}", transaction);
        Commit(transaction);
    }

    /// <summary>Debian and its kin ship the library under its soname only; the provider asks for its bundled name.</summary>
    private static IntPtr Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name == Library)
            foreach (var candidate in (string[])["libsqlite3.so.0", "libsqlite3.0.dylib", "winsqlite3"])
                if (NativeLibrary.TryLoad(candidate, assembly, path, out var handle))
                    return handle;
        return IntPtr.Zero;
    }
}
