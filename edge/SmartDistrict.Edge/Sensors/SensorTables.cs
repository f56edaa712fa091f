using Microsoft.Data.Sqlite;
using SmartDistrict.Sqlite;

namespace SmartDistrict.Edge.Sensors;

/// <summary>What the sensor watch keeps, in the fold's file and its transactions. The weeks stay on the disk: an hour of each line is read once an hour.</summary>
internal sealed class SensorTables : IDisposable
{
    /// <summary>The tables, one migration script. <c>line</c> is the fold's number of the line.</summary>
    public const string Schema = """
        CREATE TABLE sensor_weeks (
            line INTEGER NOT NULL, slot INTEGER NOT NULL, counts BLOB NOT NULL,
            PRIMARY KEY (line, slot)) WITHOUT ROWID;
        CREATE TABLE sensor_lines (line INTEGER PRIMARY KEY, judge BLOB NOT NULL);
        """;

    private readonly Statement usual;
    private readonly Statement saveUsual;
    private readonly Statement judge;
    private readonly Statement saveJudge;

    /// <param name="writer">The fold's connection; its file has <see cref="Schema"/>.</param>
    public SensorTables(SqliteConnection writer)
    {
        usual = new(writer, "SELECT counts FROM sensor_weeks WHERE line = ?1 AND slot = ?2");
        saveUsual = new(writer, "INSERT OR REPLACE INTO sensor_weeks VALUES (?1, ?2, ?3)");
        judge = new(writer, "SELECT judge FROM sensor_lines WHERE line = ?1");
        saveJudge = new(writer, "INSERT OR REPLACE INTO sensor_lines VALUES (?1, ?2)");
    }

    public UsualHour Usual(int line, int slot) => new(Blob(usual.Bind(1, line).Bind(2, slot)));

    public void SaveUsual(int line, int slot, in UsualHour hour) => saveUsual.Bind(1, line).Bind(2, slot).Bind(3, hour.Packed).Run();

    public LineJudge Judge(int line) => LineJudge.FromBytes(Blob(judge.Bind(1, line)) ?? []);

    public void SaveJudge(int line, LineJudge state) => saveJudge.Bind(1, line).Bind(2, state.ToBytes()).Run();

    public void Dispose()
    {
        usual.Dispose();
        saveUsual.Dispose();
        judge.Dispose();
        saveJudge.Dispose();
    }

    private static byte[]? Blob(Statement row)
    {
        if (!row.Step())
            return null;
        var bytes = row.Bytes(0).ToArray();
        row.Reset();
        return bytes;
    }
}
