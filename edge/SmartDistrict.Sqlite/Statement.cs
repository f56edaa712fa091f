using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace SmartDistrict.Sqlite;

/// <summary>
/// A prepared statement for paths where each row counts: parameters (numbered from 1) and columns (from 0) are bound and
/// read without allocating. It takes part in whatever transaction its connection has open. Of one thread at a time.
/// </summary>
public sealed class Statement : IDisposable
{
    private readonly sqlite3 database;
    private readonly sqlite3_stmt statement;
    private nint handle;

    /// <exception cref="SqliteException">The text is not SQL that fits the file's tables.</exception>
    public Statement(SqliteConnection connection, string sql)
    {
        database = connection.Handle ?? throw new InvalidOperationException("the connection is not open");
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(database, sql, out statement), database);
        handle = statement.DangerousGetHandle();
    }

    /// <summary>Rows that the statement run last on this connection changed.</summary>
    public int Changes => raw.sqlite3_changes(database);

    public Statement Bind(int parameter, long value)
    {
        Check(StatementCalls.sqlite3_bind_int64(handle, parameter, value));
        return this;
    }

    /// <summary>Binds a BLOB; the bytes are copied.</summary>
    public Statement Bind(int parameter, ReadOnlySpan<byte> value)
    {
        // An empty span has no address, which SQLite would take for NULL.
        Check(value.IsEmpty
            ? raw.sqlite3_bind_zeroblob(statement, parameter, 0)
            : raw.sqlite3_bind_blob(statement, parameter, value));
        return this;
    }

    public Statement Bind(int parameter, string value)
    {
        Check(raw.sqlite3_bind_text(statement, parameter, value));
        return this;
    }

    /// <summary>Moves to the next row; at the end of the rows the statement is ready to run again.</summary>
    /// <exception cref="SqliteException">The statement failed; it is ready to run again.</exception>
    public bool Step()
    {
        var result = StatementCalls.sqlite3_step(handle);
        if (result == raw.SQLITE_ROW)
            return true;
        raw.sqlite3_reset(statement);
        if (result != raw.SQLITE_DONE)
            SqliteException.ThrowExceptionForRC(result, database);
        return false;
    }

    /// <summary>Runs a statement without rows.</summary>
    /// <returns>How many rows it changed.</returns>
    public int Run()
    {
        while (Step())
        {
        }
        return Changes;
    }

    /// <summary>Leaves the remaining rows unread.</summary>
    public void Reset() => raw.sqlite3_reset(statement);

    public long Number(int column) => StatementCalls.sqlite3_column_int64(handle, column);

    /// <summary>A BLOB or text as it stands in the row; valid until the next step.</summary>
    public unsafe ReadOnlySpan<byte> Bytes(int column) =>
        new((void*)StatementCalls.sqlite3_column_blob(handle, column), StatementCalls.sqlite3_column_bytes(handle, column));

    public string Text(int column) => raw.sqlite3_column_text(statement, column).utf8_to_string();

    public bool IsNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;

    public void Dispose()
    {
        handle = 0; // which SQLite refuses in every call
        statement.Dispose();
    }

    private void Check(int result) => SqliteException.ThrowExceptionForRC(result, database);
}
