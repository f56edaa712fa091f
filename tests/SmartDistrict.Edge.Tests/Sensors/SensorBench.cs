using Microsoft.Data.Sqlite;
using SmartDistrict.Edge.Sensors;
using SmartDistrict.Sqlite;

namespace SmartDistrict.Edge.Tests.Sensors;

/// <summary>A sensor watch on a file of its own; hours come one after the other.</summary>
internal sealed class SensorBench : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly TimeZoneInfo zone;
    private readonly int[][] neighbours;
    private SqliteConnection connection = null!;
    private SensorTables tables = null!;

    /// <param name="neighbours">Of each line the others, the nearest first; null: each line all others in order.</param>
    public SensorBench(int lines, TimeZoneInfo? zone = null, int[][]? neighbours = null)
    {
        this.zone = zone ?? TimeZoneInfo.Utc;
        this.neighbours = neighbours ?? [.. Enumerable.Range(0, lines).Select(line => Enumerable.Range(0, lines).Where(other => other != line).ToArray())];
        Open();
    }

    public SensorWatch Watch { get; private set; } = null!;

    public void Save()
    {
        using var transaction = connection.BeginTransaction();
        Watch.Save();
        transaction.Commit();
        Watch.Saved();
    }

    /// <summary>The process dies: what was not saved is gone.</summary>
    public void Crash()
    {
        Close();
        Open();
    }

    public void Dispose()
    {
        Close();
        folder.Dispose();
    }

    private void Open()
    {
        connection = SqliteStore.Open(folder.File("state.db"), [SensorTables.Schema], durable: false);
        tables = new SensorTables(connection);
        Watch = new SensorWatch(tables, zone, [.. neighbours.Select((_, line) => line + 1)], neighbours);
    }

    private void Close()
    {
        tables.Dispose();
        connection.Dispose();
    }
}
