using System.Runtime.InteropServices;

namespace SmartDistrict.Sqlite;

/// <summary>
/// The calls that a row needs, straight to the library: SQLitePCL guards the handle at each of them, which costs more than
/// what they do. Those that only touch memory also leave the garbage collector unasked; a step may wait for the disk.
/// </summary>
internal static class StatementCalls
{
    [DllImport(SqliteStore.Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int sqlite3_step(nint statement);

    [DllImport(SqliteStore.Library), SuppressGCTransition]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int sqlite3_bind_int64(nint statement, int parameter, long value);

    [DllImport(SqliteStore.Library), SuppressGCTransition]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern long sqlite3_column_int64(nint statement, int column);

    /// <returns>Null where the value has no bytes.</returns>
    [DllImport(SqliteStore.Library), SuppressGCTransition]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern nint sqlite3_column_blob(nint statement, int column);

    /// <summary>To be asked after <see cref="sqlite3_column_blob"/>, which may turn the value into bytes.</summary>
    [DllImport(SqliteStore.Library), SuppressGCTransition]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int sqlite3_column_bytes(nint statement, int column);
}
