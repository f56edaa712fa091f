using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using SmartDistrict.Configuration;
using SmartDistrict.Edge.Clock;
using SmartDistrict.Edge.Devices;
using SmartDistrict.Edge.Footfall;
using SmartDistrict.Edge.Journal;
using SmartDistrict.Edge.Outbox;
using SmartDistrict.Edge.Replay;
using SmartDistrict.Sqlite;
using SmartDistrict.Testing;

namespace SmartDistrict.Edge.Tests.Replay;

/// <summary>The data folder of a gateway of the harbour that is running: its journal is open and can be written on.</summary>
internal sealed class RecordedDay : IDisposable
{
    public static readonly string Harbour = RepositoryFiles.Path("firmware-config", "districts", "harbour.yaml");
    public static readonly string Profiles = RepositoryFiles.Path("firmware-config", "profiles");

    private readonly TemporaryFolder folder = new();
    private readonly GatewayClock clock;
    private readonly Edge.Journal.Journal journal;

    /// <param name="segmentBytes">Small ones make many segments.</param>
    public RecordedDay(int segmentBytes = 1 << 16)
    {
        clock = new GatewayClock(Time, Guid.NewGuid(), () => State);
        journal = Edge.Journal.Journal.Open(Path.Combine(Data, "journal"), new JournalOptions { SegmentBytes = segmentBytes }, clock, 1, 0);
        File.WriteAllText(Settings, new JsonObject
        {
            ["Gateway"] = new JsonObject { ["Id"] = "gw-1", ["District"] = Harbour, ["Profiles"] = Profiles, [nameof(GatewayOptions.Data)] = Data },
            ["Broker"] = new JsonObject { ["Host"] = "localhost" },
        }.ToJsonString());
    }

    /// <summary>Stands at 2026-03-02 08:00:00 UTC, 16:00 in the harbour.</summary>
    public ManualTimeProvider Time { get; } = new();

    /// <summary>What the gateway's clock is worth.</summary>
    public ClockState State { get; set; } = ClockState.Synchronised;

    public string Data => folder.File("data");

    public string Settings => folder.File("gateway.json");

    /// <summary>A file of the test's own beside the settings.</summary>
    public string Write(string name, string text)
    {
        File.WriteAllText(folder.File(name), text);
        return folder.File(name);
    }

    public static long At(string utc) => DateTimeOffset.Parse(utc, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();

    /// <summary>A message is received and made durable.</summary>
    public void Hear(string topic, ReadOnlySpan<byte> payload)
    {
        journal.Append(RecordKind.Envelope, clock.Now(), Encoding.UTF8.GetBytes(topic), payload);
        journal.Commit();
    }

    /// <summary>Device node-08, on line ln-01, saw people.</summary>
    public void Node(int seq, long ts, int entries, int exits = 0) => Hear("sd/v1/harbour/counter/node-08/reading",
        Encoding.UTF8.GetBytes($$"""{"ts":{{ts}},"boot":"b","seq":{{seq}},"entries":{{entries}},"exits":{{exits}}}"""));

    /// <summary>What the gateway itself made of the same records, folded into a state file as it does.</summary>
    public List<string> Folded()
    {
        using var own = new TemporaryFolder();
        using var connection = SqliteStore.Open(own.File("state.db"), StateFile.Migrations, durable: false);
        using var state = new FoldState(connection);
        using var outbox = new OutboxWriter(connection);
        using var letters = new DeadLetters(connection);
        var district = DistrictFile.Load(Harbour);
        var fold = new FootfallFold(DeviceCatalog.Build(district, DeviceProfiles.Load(Profiles), "gw-1"), state,
            new FoldPoints(outbox, district.Id, "gw-1", 1), letters, new FoldOptions());
        using var reader = new TimedReader(journal, 1);
        while (reader.TryRead(out var record))
            fold.Apply(record);
        fold.Checkpoint(includeOpen: true);
        return Footfall(connection);
    }

    /// <summary>Calls the command on this gateway's settings.</summary>
    public (int Code, string Output, string Error) Replay(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = ReplayCommand.Run(["--config", Settings, .. arguments], output, error);
        return (code, output.ToString(), error.ToString().TrimEnd());
    }

    /// <summary>Calls it for the harbour's whole 2 March 2026, for JSON.</summary>
    public JsonNode ReplayDay(params string[] arguments)
    {
        var (code, output, error) = Replay(["--from", "2026-03-02", "--to", "2026-03-03", "--windows", "1m", "--json", .. arguments]);
        Assert.True(code == 0, error);
        return JsonNode.Parse(output)!;
    }

    /// <summary>Every file of the data folder with its size, time and content.</summary>
    public SortedDictionary<string, string> Fingerprint() => new(Directory.EnumerateFileSystemEntries(Data, "*", SearchOption.AllDirectories).ToDictionary(
        path => path, path => $"{File.GetLastWriteTimeUtc(path):O} {(Directory.Exists(path) || path.EndsWith("lock", StringComparison.Ordinal) ? "" : Hash(path))}"));

    public void Dispose()
    {
        journal.Dispose();
        folder.Dispose();
    }

    private static string Hash(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(file));
    }

    private static List<string> Footfall(SqliteConnection connection)
    {
        using var rows = new Statement(connection, "SELECT series || rest FROM outbox WHERE CAST(series AS TEXT) LIKE 'footfall_1m%' ORDER BY series, timestamp");
        var points = new List<string>();
        while (rows.Step())
            points.Add(rows.Text(0));
        return points;
    }
}
