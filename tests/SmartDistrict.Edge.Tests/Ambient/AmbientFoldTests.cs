using System.Text;
using Microsoft.Data.Sqlite;
using SmartDistrict.Edge.Clock;
using SmartDistrict.Edge.Drivers.Iio;
using SmartDistrict.Edge.Footfall;
using SmartDistrict.Edge.Journal;
using SmartDistrict.Edge.Outbox;
using SmartDistrict.Sqlite;
using SmartDistrict.Testing;

namespace SmartDistrict.Edge.Tests.Ambient;

/// <summary>From the journal to the outbox.</summary>
public sealed class AmbientFoldTests : IDisposable
{
    private const string Meals = """{"chip":"sht3x","read":{"humidity1_input":"61000","temp1_input":"4125"}}""";
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Each_reading_is_a_point_of_its_second_with_quantity_and_unit_in_the_fields_name()
    {
        using var gateway = new Gateway(folder.Path);
        gateway.Hear("cabinet-01", Meals);
        gateway.Hear("light-01", """{"chip":"bh1750","read":{"in_illuminance_raw":"120","in_illuminance_scale":"0.833333"}}""");
        gateway.Pass(TimeSpan.FromSeconds(30));
        gateway.Hear("cabinet-01", """{"chip":"sht3x","read":{"temp1_input":"4250"}}""");
        gateway.Fold();
        Assert.Equal(
        [
            "environment,device=cabinet-01,district=canteen humidity_percent=61,temperature_celsius=4.125 1772438400",
            "environment,device=cabinet-01,district=canteen temperature_celsius=4.25 1772438430",
            "environment,device=light-01,district=canteen illuminance_lux=99.99996 1772438400",
        ], gateway.Points());
        Assert.Equal(3, gateway.Readings);
        Assert.Empty(gateway.Letters());
    }

    [Fact]
    public void A_crash_at_any_moment_changes_no_point()
    {
        using var undisturbed = new Gateway(folder.File("one"));
        using var disturbed = new Gateway(folder.File("other"));
        for (var i = 0; i < 20; i++)
        {
            foreach (var gateway in (Gateway[])[undisturbed, disturbed])
            {
                gateway.Hear("cabinet-01", $$$"""{"chip":"sht3x","read":{"temp1_input":"{{{4000 + i}}}"}}""");
                gateway.Pass(TimeSpan.FromSeconds(30));
            }
            disturbed.Fold(store: i % 3 == 0);
            if (i % 4 == 0)
                disturbed.Crash();
        }
        undisturbed.Fold();
        disturbed.Fold();
        Assert.Equal(20, undisturbed.Points().Count);
        Assert.Equal(undisturbed.Points(), disturbed.Points());
        Assert.Equal(undisturbed.Readings, disturbed.Readings);
    }

    [Theory]
    [InlineData("""{"chip":"sht3x","read":{"temp1_input":"850000"}}""", 0, "'temp1_input' is '850000'")]
    [InlineData("""{"chip":"sht3x","read":{"humidity1_input":"61000","temp1_input":"850000"}}""", 1, "'temp1_input' is '850000'")]
    [InlineData("""{"chip":"fan","read":{}}""", 0, "no attribute says")]
    [InlineData("hello", 0, "no attributes of a sensor chip")]
    public void What_makes_no_sense_goes_to_the_dead_letters_and_stops_nothing(string payload, int points, string reason)
    {
        using var gateway = new Gateway(folder.Path);
        gateway.Hear("cabinet-01", payload);
        gateway.Hear("light-01", """{"chip":"bh1750","read":{"in_illuminance_raw":"1"}}""");
        gateway.Fold();
        Assert.Equal(points + 1, gateway.Points().Count);
        var letter = Assert.Single(gateway.Letters());
        Assert.Contains(reason, letter.Reason, StringComparison.Ordinal);
        Assert.Equal("sensor/cabinet-01", letter.Subject);
    }

    /// <summary>A gateway without threads.</summary>
    private sealed class Gateway : IDisposable
    {
        private readonly string folder;
        private readonly ManualTimeProvider time = new();
        private readonly GatewayClock clock;
        private Edge.Journal.Journal journal = null!;
        private SqliteConnection connection = null!;
        private FoldState state = null!;
        private FootfallFold fold = null!;

        public Gateway(string folder)
        {
            this.folder = folder;
            Directory.CreateDirectory(folder);
            clock = new GatewayClock(time, Guid.NewGuid(), () => ClockState.Synchronised);
            Open();
        }

        public long Readings => fold.Totals.Readings;

        public void Pass(TimeSpan by) => time.Advance(by);

        public void Hear(string device, string payload)
        {
            journal.Append(RecordKind.Envelope, clock.Now(), SensorEnvelope.Topic(device), Encoding.UTF8.GetBytes(payload));
            journal.Commit();
        }

        public void Fold(bool store = true)
        {
            using var reader = journal.ReadFrom(fold.Position + 1);
            while (reader.TryRead(out var record))
                fold.Apply(record);
            if (store)
                fold.Checkpoint();
        }

        public void Crash()
        {
            Dispose();
            Open();
        }

        public List<string> Points()
        {
            using var rows = new Statement(connection, "SELECT series || rest FROM outbox WHERE CAST(series AS TEXT) LIKE 'environment%' ORDER BY series, timestamp");
            var points = new List<string>();
            while (rows.Step())
                points.Add(rows.Text(0).TrimEnd());
            return points;
        }

        public List<DeadLetter> Letters() => DeadLetters.Newest(connection, 10);

        public void Dispose()
        {
            journal.Dispose();
            state.Dispose();
            connection.Dispose();
        }

        private void Open()
        {
            connection = SqliteStore.Open(Path.Combine(folder, "state.db"), StateFile.Migrations, durable: false);
            state = new FoldState(connection);
            journal = Edge.Journal.Journal.Open(Path.Combine(folder, "journal"), new JournalOptions(), clock, 1, 0);
            fold = new FootfallFold(Cabinet.Catalog(), state, new FoldPoints(new OutboxWriter(connection), "canteen", "gw-1", 1), new DeadLetters(connection), new FoldOptions());
        }
    }
}
