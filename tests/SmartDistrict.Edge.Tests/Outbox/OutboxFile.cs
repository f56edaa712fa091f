using System.Text;
using Microsoft.Data.Sqlite;
using SmartDistrict.Edge.Outbox;
using SmartDistrict.Sqlite;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Edge.Tests.Outbox;

/// <summary>An outbox in a file of its own, with the fold's connection and the sender's.</summary>
internal sealed class OutboxFile : IDisposable
{
    public static readonly string[] Migrations = [OutboxWriter.Schema + DeadLetters.Schema + Losses.Schema + OutboxWriter.UndeliveredSchema + OutboxWriter.ChecksumSchema];

    private readonly string folder = Directory.CreateTempSubdirectory("outbox-").FullName;

    private SqliteConnection gaugeConnection = null!;

    public OutboxFile() => Open();

    public SqliteConnection Fold { get; private set; } = null!;

    public SqliteConnection Sender { get; private set; } = null!;

    public OutboxWriter Writer { get; private set; } = null!;

    public OutboxReader Reader { get; private set; } = null!;

    public OutboxGauge Gauge { get; private set; } = null!;

    public SqliteConnection Connect() => SqliteStore.Open(Path.Combine(folder, "state.db"), Migrations, durable: false);

    /// <summary>Puts points <c>series value=revision timestamp</c> in one transaction.</summary>
    public void Put(params (long Timestamp, string Series, Revision Revision)[] points)
    {
        using var transaction = Fold.BeginTransaction();
        foreach (var (timestamp, series, revision) in points)
            Put(transaction, timestamp, series, revision);
        transaction.Commit();
    }

    public void Put(SqliteTransaction transaction, long timestamp, string series, Revision revision) =>
        Writer.Put(transaction, Encoding.UTF8.GetBytes(series), timestamp, revision, Encoding.UTF8.GetBytes(Line(timestamp, series, revision)));

    public static string Line(long timestamp, string series, Revision revision) =>
        $"{series} generation={revision.Generation}i,revision={revision.Counter}i {timestamp}";

    /// <summary>Whatever was not committed is gone, as after a kill.</summary>
    public void Reopen()
    {
        Close();
        Open();
    }

    public void Dispose()
    {
        Close();
        Directory.Delete(folder, recursive: true);
    }

    private void Open()
    {
        Fold = Connect();
        Sender = Connect();
        Writer = new(Fold);
        Reader = new(Sender, new DeadLetters(Sender));
        gaugeConnection = Connect();
        Gauge = new(gaugeConnection);
    }

    private void Close()
    {
        Writer.Dispose();
        Reader.Dispose();
        Gauge.Dispose();
        gaugeConnection.Dispose();
        Fold.Dispose();
        Sender.Dispose();
    }
}
