using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using SmartDistrict.Configuration;
using SmartDistrict.Edge;
using SmartDistrict.Edge.Clock;
using SmartDistrict.Edge.Devices;
using SmartDistrict.Edge.Footfall;
using SmartDistrict.Edge.Journal;
using SmartDistrict.Edge.Outbox;
using SmartDistrict.Sqlite;
using SmartDistrict.Telemetry;
using SmartDistrict.Testing;

namespace SmartDistrict.Benchmarks;

/// <summary>Fills a gateway's data folder as weeks of running do, faster: readings of a stream in the journal, and what they fold to in the state.</summary>
internal static class RecordedJournal
{
    private const int ReadingsPerCommit = 1_000;

    /// <summary>Writes readings until the journal's segments hold so many bytes.</summary>
    /// <returns>How many readings.</returns>
    public static long Write(string data, ReadingStream stream, long bytes)
    {
        var clock = new WalkingClock(DateTimeOffset.FromUnixTimeMilliseconds(stream.FirstTimestamp));
        using var journal = Journal.Open(Path.Combine(data, "journal"), new JournalOptions(), new GatewayClock(clock, Guid.NewGuid(), () => ClockState.Synchronised), 1, 0);
        // nobody waits for these: the benchmark begins when all is written
        journal.Flush = _ => { };
        var topics = Enumerable.Range(0, stream.Devices).Select(device => Encoding.UTF8.GetBytes(Topics.Reading(stream.District, "counter", ReadingStream.Device(device)))).ToList();
        var written = 0L;
        for (; journal.BytesWritten < bytes; written++)
        {
            var (round, device) = Math.DivRem(written, stream.Devices);
            var at = stream.FirstTimestamp + (round * stream.RoundMilliseconds);
            clock.Now = DateTimeOffset.FromUnixTimeMilliseconds(at);
            var start = string.Create(CultureInfo.InvariantCulture,
                $"{{\"ts\":{at},\"boot\":\"{stream.Boot}\",\"seq\":{round},\"entries\":{written % 3},\"exits\":{written % 2},\"rssi\":-61,\"firmware\":\"2.4.1\",\"note\":\"");
            journal.Append(RecordKind.Envelope, new ReceiveStamp(at * 1_000_000, at * 1_000_000, ClockState.Synchronised), topics[(int)device],
                Encoding.UTF8.GetBytes(start.PadRight(stream.PayloadBytes - 2, '.') + "\"}"));
            if (written % ReadingsPerCommit == 0)
                journal.Commit();
        }
        journal.Commit();
        return written;
    }

    /// <summary>Folds the journal into the state file, as the gateway that wrote it has done.</summary>
    public static void Fold(string data, string districtFile, string gateway)
    {
        using var connection = SqliteStore.Open(Path.Combine(data, "state.db"), StateFile.Migrations, durable: false);
        using var state = new FoldState(connection);
        using var outbox = new OutboxWriter(connection);
        using var letters = new DeadLetters(connection);
        var district = DistrictFile.Load(districtFile);
        var catalog = DeviceCatalog.Build(district, DeviceProfiles.Load(RepositoryFiles.Path("firmware-config", "profiles")), gateway);
        var fold = new FootfallFold(catalog, state, new FoldPoints(outbox, district.Id, gateway, 1), letters, new FoldOptions());
        using var reader = new JournalFolder(JournalSegment.List(Path.Combine(data, "journal"))).ReadFrom(1);
        for (var records = 1; reader.TryRead(out var record); records++)
        {
            fold.Apply(record);
            if (records % 50_000 == 0)
                fold.Checkpoint();
        }
        fold.Checkpoint();
    }

    private sealed class WalkingClock(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
