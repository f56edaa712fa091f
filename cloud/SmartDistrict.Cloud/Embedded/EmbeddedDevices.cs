using Microsoft.Data.Sqlite;
using SmartDistrict.Cloud.Alarms;
using SmartDistrict.Cloud.Devices;
using SmartDistrict.Configuration;

namespace SmartDistrict.Cloud.Embedded;

/// <summary>The ledgers and the surroundings in the embedded store, each device a stretch of the file by its key.</summary>
internal sealed class EmbeddedDevices(EmbeddedStore store, District district) : IDeviceStore
{
    private const string Of = "FROM health WHERE measurement = $measurement AND tags = $tags AND time >= $from * 1000000000 AND time < $to * 1000000000";

    private static readonly string[] Counts = ["received", "refused", "forwarded", "acknowledged", "rejected", "dropped"];

    private static readonly string Sums =
        $"SELECT $from, count(*), sum(fields ->> 'expected'), {string.Join(", ", Counts.Select(count => $"ifnull(sum(fields ->> '{count}'), 0)"))} {Of}";

    private static readonly string Quarters =
        $"SELECT time / 1000000000, 1, fields ->> 'expected', {string.Join(", ", Counts.Select(count => $"ifnull(fields ->> '{count}', 0)"))} {Of} ORDER BY time";

    private static readonly string Means =
        $"""
        SELECT time / 900000000000 * 900 AS quarter, key, avg(value)
        FROM (SELECT time, fields {Of}), json_each(fields) WHERE json_each.type IN ('integer', 'real') GROUP BY quarter, key ORDER BY quarter, key
        """;

    public Task<IReadOnlyList<LedgerSum>> ReadLedgerSumsAsync(long from, long to, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<LedgerSum>>(
        [.. district.Devices.SelectMany(device => Read(Sums, "completeness_15m", device.Id, from, to, row => Ledger(row, device.Id))).Where(sum => sum.Quarters > 0)]);

    public Task<IReadOnlyList<LedgerSum>> ReadLedgerAsync(string device, long from, long to, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<LedgerSum>>(
        Read(Quarters, "completeness_15m", device, from, to, row => Ledger(row, device)));

    public Task<HealthReport?> ReadNewestEnvironmentAsync(string device, CancellationToken cancellation) => Task.FromResult<HealthReport?>(
        store.ReadNewestHealth("environment", [(device, Tags(device))]) is [var newest] ? newest : null);

    public Task<IReadOnlyList<AmbientMean>> ReadEnvironmentAsync(string device, long from, long to, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<AmbientMean>>(
        Read(Means, "environment", device, from, to, row => new AmbientMean(row.GetInt64(0), row.GetString(1), row.GetDouble(2))));

    private List<T> Read<T>(string sql, string measurement, string device, long from, long to, Func<SqliteDataReader, T> read) =>
        store.ReadHealth(sql, [("$measurement", measurement), ("$tags", Tags(device)), ("$from", from), ("$to", to)], read);

    private string Tags(string device) => $"device={device},district={district.Id}";

    private static LedgerSum Ledger(SqliteDataReader row, string device) => new(
        device, row.GetInt64(0), row.GetInt32(1), row.IsDBNull(2) ? null : row.GetInt64(2),
        row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), row.GetInt64(6), row.GetInt64(7), row.GetInt64(8));
}
