using System.Globalization;
using System.Numerics;
using System.Text;
using SmartDistrict.Sqlite;
using SmartDistrict.Telemetry.LineProtocol;

namespace SmartDistrict.Testing.Chaos;

/// <summary>Where the acknowledged readings are.</summary>
/// <param name="Acknowledged">Readings for which the witness saw a PUBACK.</param>
/// <param name="Stored">Of these, those that the store holds.</param>
/// <param name="Pending">Of the rest, those in the outbox, or in the journal behind the folded state.</param>
/// <param name="DeclaredLost">Of the rest, those whose record was destroyed, where the gateway counts exactly as many lost records.</param>
/// <param name="Unexplained">The rest; and what was counted twice, was counted without having been said, or differs between two lengths of window.</param>
/// <param name="Findings">What is unexplained, in words.</param>
public sealed record Account(long Acknowledged, long Stored, long Pending, long DeclaredLost, long Unexplained, IReadOnlyList<string> Findings)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"chaos acknowledged={Acknowledged} stored={Stored} pending={Pending} declared_lost={DeclaredLost} unexplained={Unexplained}");
}

/// <summary>Draws the account while no gateway runs: from the store, and from the files of the gateways.</summary>
internal sealed class Accountant(ChaosSite site)
{
    private const string Minutes = "footfall_1m";
    private static readonly string[] Measurements = [Minutes, "footfall_15m", "footfall_1h"];

    private readonly List<string> findings = [];
    private readonly Dictionary<string, Dictionary<(string Line, long Window), Counts>> store = Measurements.ToDictionary(one => one, _ => new Dictionary<(string, long), Counts>());
    private readonly Dictionary<string, Dictionary<(string Line, long Window), Counts>> outbox = Measurements.ToDictionary(one => one, _ => new Dictionary<(string, long), Counts>());
    private long unexplained;

    /// <param name="declared">Records that each gateway says are lost.</param>
    public async Task<Account> DrawAsync(IReadOnlyDictionary<ChaosGateway, long> declared)
    {
        await ReadStoreAsync();
        foreach (var gateway in site.Gateways)
            ReadOutbox(gateway);
        Judge();
        long acknowledged = 0, stored = 0, pending = 0, lost = 0;
        foreach (var gateway in site.Gateways)
        {
            if (gateway.Witness.Fault is { } fault)
                Find(1, $"{gateway.Id}: {fault}");
            var destroyed = gateway.Destroyed.OfType<NumberedReading>().ToHashSet();
            if (declared[gateway] != gateway.Destroyed.Count)
                Find(Math.Abs(declared[gateway] - gateway.Destroyed.Count), $"{gateway.Id} declares {declared[gateway]} records lost, of which {gateway.Destroyed.Count} were destroyed");
            var behind = JournalFiles.Read(gateway.Journal, gateway.Folded() + 1).Select(entry => gateway.Ledger.Find(entry.Payload.Span)).ToHashSet();
            foreach (var reading in gateway.Ledger.Readings)
            {
                if (!reading.Acknowledged)
                    continue;
                acknowledged++;
                if (Holds(store, reading))
                    stored++;
                else if (Holds(outbox, reading) || behind.Contains(reading))
                    pending++;
                else if (destroyed.Contains(reading))
                    lost++;
                else
                    Find(1, $"{gateway.Id} lost reading {reading.Number}: {reading.Device} sequence {reading.Sequence}, acknowledged in life {reading.Life} of {gateway.Witness.Life}");
            }
            Phantoms(gateway.Ledger);
        }
        return new(acknowledged, stored, pending, lost, unexplained, findings);
    }

    private void Find(long count, string what)
    {
        unexplained += count;
        findings.Add(what);
    }

    private static bool Holds(Dictionary<string, Dictionary<(string, long), Counts>> windows, NumberedReading reading) =>
        (windows[Minutes].GetValueOrDefault((ReadingLedger.Line(reading.Device), reading.Window)).Exits >> reading.Bit & 1) == 1;

    private async Task ReadStoreAsync()
    {
        foreach (var measurement in Measurements)
            foreach (var row in await site.Store.RowsAsync($"SELECT entries, exits, unplaced_entries, unplaced_exits FROM {measurement} GROUP BY line"))
                store[measurement][(row["line"].GetString()!, row["time"].GetInt64())] = new(
                    row["entries"].GetInt64() + row["unplaced_entries"].GetInt64(), row["exits"].GetInt64() + row["unplaced_exits"].GetInt64());
    }

    private void ReadOutbox(ChaosGateway gateway)
    {
        using var state = SqliteStore.OpenToRead(Path.Combine(gateway.Body.Data, "state.db"));
        using var rows = new Statement(state, "SELECT series, rest FROM outbox");
        while (rows.Step())
        {
            var reader = new LineReader([.. rows.Bytes(0), .. rows.Bytes(1)]);
            if (!reader.Read() || reader.Problem is not null || !outbox.TryGetValue(reader.Point.Measurement, out var windows))
                continue;
            var point = reader.Point;
            point.TryGetTag("line"u8, out var line);
            windows[(Encoding.UTF8.GetString(line), point.Timestamp!.Value)] = new(
                Field(point, "entries"u8) + Field(point, "unplaced_entries"u8), Field(point, "exits"u8) + Field(point, "unplaced_exits"u8));
        }
    }

    private static long Field(in LinePoint point, ReadOnlySpan<byte> name) => point.TryGetField(name, out var value) ? value.Integer : 0;

    /// <summary>
    /// What the store will hold once the outbox is empty: a minute in which each reading counts once has as many entries as
    /// its exits have bits, and the longer windows of a line hold as much as its minutes.
    /// </summary>
    private void Judge()
    {
        var sums = new Dictionary<string, Dictionary<string, Counts>>();
        foreach (var measurement in Measurements)
        {
            var all = new Dictionary<(string Line, long Window), Counts>(store[measurement]);
            foreach (var (window, counts) in outbox[measurement])
                all[window] = counts;
            sums[measurement] = all.GroupBy(window => window.Key.Line).ToDictionary(
                line => line.Key, line => new Counts(line.Sum(window => window.Value.Entries), line.Sum(window => window.Value.Exits)));
            if (measurement == Minutes)
                foreach (var (window, counts) in all)
                    if (BitOperations.PopCount((ulong)counts.Exits) is var different && different != counts.Entries)
                        Find(Math.Abs(counts.Entries - different), $"window {window.Window} of {window.Line} holds {counts.Entries} readings, but {different} different ones ({counts.Exits:b})");
        }
        foreach (var measurement in Measurements)
            foreach (var line in sums[Minutes].Keys.Union(sums[measurement].Keys))
                if (sums[Minutes].GetValueOrDefault(line) is var minutes && sums[measurement].GetValueOrDefault(line) is var longer && minutes != longer)
                    Find(Math.Max(1, Math.Abs(minutes.Entries - longer.Entries)), $"{measurement} of {line} holds {longer}, {Minutes} {minutes}");
    }

    private void Phantoms(ReadingLedger ledger)
    {
        var said = ledger.Readings.GroupBy(reading => (ReadingLedger.Line(reading.Device), reading.Window))
            .ToDictionary(window => window.Key, window => window.Aggregate(0L, (bits, reading) => bits | 1L << reading.Bit));
        var lines = ledger.Devices.Select(ReadingLedger.Line).ToHashSet();
        foreach (var (window, counts) in store[Minutes].Where(one => lines.Contains(one.Key.Line)))
            if ((counts.Exits & ~said.GetValueOrDefault(window)) is not 0 and var more)
                Find(BitOperations.PopCount((ulong)more), $"window {window.Window} of {window.Line} holds readings that nobody said ({more:b})");
    }

    private readonly record struct Counts(long Entries, long Exits);
}
