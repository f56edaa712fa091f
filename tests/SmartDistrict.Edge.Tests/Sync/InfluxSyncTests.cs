using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.Extensions.Logging;
using SmartDistrict.Edge.Outbox;
using SmartDistrict.Edge.Sync;
using SmartDistrict.Edge.Tests.Outbox;
using SmartDistrict.Telemetry.LineProtocol;
using SmartDistrict.Telemetry.Windows;
using SmartDistrict.Testing;

namespace SmartDistrict.Edge.Tests.Sync;

/// <summary>The sync against a real InfluxDB 1.x, in real time.</summary>
public sealed class InfluxSyncTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly OutboxFile file = new();
    private readonly SyncSignal signal = new();
    private readonly LineWriter writer = new();
    private readonly List<string> logged = [];
    private readonly string folder = Directory.CreateTempSubdirectory("sync-").FullName;
    private InfluxServer influx = null!;
    private InfluxSink? sink;
    private SyncService? service;

    private SyncStatus Status => service!.Status;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_window_arrives_with_its_newest_numbers(bool gzip)
    {
        influx = await InfluxServer.StartNewAsync();
        Windows(0, 500, revision: 1);
        await SyncAsync(options => options.Gzip = gzip);
        await DrainedAsync();
        Windows(250, 500, revision: 2);
        signal.Set();
        await DrainedAsync();
        Assert.Equal((500, 250, 250 * 3), (await CountAsync(), await NumberAsync("count(entries)", "revision = 2"), await NumberAsync("sum(exits)", "revision = 1")));
        Assert.Equal((750, 0), (Status.Accepted, Status.Rejected));
    }

    [Fact]
    public async Task Of_a_partial_write_only_the_bad_lines_become_dead_letters_each_with_the_servers_reason()
    {
        influx = await InfluxServer.StartNewAsync();
        await influx.QueryAsync($"ALTER RETENTION POLICY autogen ON \"{influx.Database}\" DURATION 7d");
        Assert.Equal(HttpStatusCode.NoContent, (await influx.WriteAsync("typed value=1.5")).Status);
        Windows(0, 300, revision: 1);
        Put("typed value=3i", "typed", Now);
        Put("broken value=abc", "broken", Now - 60);
        Put("old value=1i", "old", Now - 30 * 24 * 3600);
        await SyncAsync();
        await DrainedAsync();
        Assert.Equal((300, 300, 3), (await CountAsync(), Status.Accepted, Status.Rejected));
        var letters = DeadLetters.Newest(file.Fold, 10).ToDictionary(letter => letter.Subject, letter => letter.Reason);
        Assert.Contains("field type conflict", letters["typed"], StringComparison.Ordinal);
        Assert.Contains("unable to parse 'broken value=abc", letters["broken"], StringComparison.Ordinal);
        Assert.Contains("points beyond retention policy", letters["old"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_above_the_servers_limit_is_split()
    {
        influx = await InfluxServer.StartNewAsync(new InfluxOptions { MaxBodyBytes = 8_000 });
        Windows(0, 500, revision: 1);
        var series = "long,tag=" + new string('x', 9_000);
        Put(series + " value=1i", series, Now);
        await SyncAsync();
        await DrainedAsync();
        Assert.Equal((500, 1), (await CountAsync(), Status.Rejected));
        Assert.Contains("413", Assert.Single(DeadLetters.Newest(file.Fold, 10)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_database_is_an_alarm_and_the_points_wait_for_it()
    {
        influx = await InfluxServer.StartNewAsync();
        Windows(0, 50, revision: 1);
        await SyncAsync(options => options.Database = "later");
        await UntilAsync(() => Status.State == SyncState.Held);
        Assert.Equal("404 database not found: \"later\"", Status.Reason);
        Assert.Contains("create database later", Status.Mend, StringComparison.Ordinal);
        Assert.Equal((50, 0), (Status.Backlog, DeadLetters.Total(file.Fold)));
        await influx.CreateDatabaseAsync("later");
        await DrainedAsync();
        Assert.Equal(50, await influx.NumberAsync("SELECT count(entries) FROM footfall_1m", "later"));
    }

    [Fact]
    public async Task A_missing_retention_policy_is_an_alarm_though_the_server_calls_it_its_own_fault()
    {
        influx = await InfluxServer.StartNewAsync();
        Windows(0, 50, revision: 1);
        await SyncAsync(options => options.RetentionPolicy = "quarter");
        await UntilAsync(() => Status.State == SyncState.Held);
        Assert.Contains("retention policy not found", Status.Reason, StringComparison.Ordinal);
        Assert.Contains("create retention policy quarter", Status.Mend, StringComparison.Ordinal);
        await influx.QueryAsync($"CREATE RETENTION POLICY quarter ON \"{influx.Database}\" DURATION 90d REPLICATION 1");
        await DrainedAsync();
        Assert.Equal(50, await influx.NumberAsync($"SELECT count(entries) FROM \"{influx.Database}\".quarter.footfall_1m"));
    }

    [Fact]
    public async Task Wrong_credentials_are_an_alarm_that_ends_with_the_right_ones_and_no_log_shows_a_secret()
    {
        influx = await InfluxServer.StartNewAsync(new InfluxOptions { Authentication = true });
        await influx.QueryAsync("CREATE USER gw WITH PASSWORD 'the right one'");
        var password = Path.Combine(folder, "password");
        File.WriteAllText(password, "a wrong one");
        Windows(0, 50, revision: 1);
        await SyncAsync(options => (options.User, options.PasswordFile) = ("gw", password));

        await UntilAsync(() => Status.State == SyncState.Held);
        Assert.StartsWith("401", Status.Reason, StringComparison.Ordinal);
        Assert.Contains(password, Status.Mend, StringComparison.Ordinal);

        File.WriteAllText(password, "the right one\n");
        await UntilAsync(() => Status.Reason.StartsWith("403", StringComparison.Ordinal));
        Assert.Contains("GRANT WRITE", Status.Mend, StringComparison.Ordinal);

        await influx.QueryAsync($"GRANT WRITE ON \"{influx.Database}\" TO gw");
        await DrainedAsync();
        Assert.Equal(50, await CountAsync());
        lock (logged)
            Assert.DoesNotContain(logged, line => line.Contains(" one", StringComparison.Ordinal));
        Assert.DoesNotContain(" one", Status.Target, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_that_ends_in_the_middle_loses_nothing(bool kill)
    {
        influx = await InfluxServer.StartNewAsync();
        Windows(0, 20_000, revision: 1);
        await SyncAsync(options => options.BatchLines = 500);
        await UntilAsync(() => Status.Accepted > 2_000);
        await (kill ? influx.KillAsync() : influx.StopAsync());
        await UntilAsync(() => Status.State == SyncState.Waiting);
        Windows(20_000, 20_100, revision: 1);
        signal.Set();
        await influx.StartAsync();
        await DrainedAsync();
        Assert.Equal((20_100, 0), (await CountAsync(), Status.Rejected));
    }

    [Fact]
    public async Task A_server_that_is_silent_for_a_while_gets_the_newest_revision_after_its_own_timeout()
    {
        influx = await InfluxServer.StartNewAsync();
        Windows(0, 10, revision: 1);
        influx.Freeze();
        await SyncAsync(options => (options.RequestTimeout, options.ServerTimeout) = (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)));
        await UntilAsync(() => Status.State == SyncState.Waiting);
        Assert.Contains("no answer from", Status.Reason, StringComparison.Ordinal);
        Windows(0, 10, revision: 2);
        signal.Set();
        influx.Thaw();
        await DrainedAsync();
        await UntilAsync(() => file.Gauge.Read().Rows == 0);
        Assert.Equal(10, await NumberAsync("count(entries)", "revision = 2"));
        Assert.True(Status.Accepted >= 20);
    }

    public async ValueTask DisposeAsync()
    {
        if (service is not null)
            await service.StopAsync(CancellationToken.None);
        service?.Dispose();
        sink?.Dispose();
        if (influx is not null)
            await influx.DisposeAsync();
        file.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>The minute in which the test began: the same windows are the same, however long it takes.</summary>
    private long Now { get; } = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 60 * 60;

    private async Task SyncAsync(Action<SyncOptions>? set = null)
    {
        var options = new SyncOptions
        {
            Url = influx.Url.ToString(), Api = SyncApi.V1, Database = influx.Database,
            FirstPause = TimeSpan.FromMilliseconds(20), MaxPause = TimeSpan.FromMilliseconds(200), BatchLines = 1_000,
        };
        set?.Invoke(options);
        Assert.Empty(SyncOptionsCheck.Problems(options));
        sink = new(options, TimeProvider.System);
        service = new(options, sink, file.Connect, signal, TimeProvider.System, new Recorder(logged));
        await service.StartAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Puts windows number from to (exclusive) of the last hours, each with entries = its number and exits = 3.</summary>
    private void Windows(int from, int to, long revision)
    {
        using var transaction = file.Fold.BeginTransaction();
        for (var i = from; i < to; i++)
        {
            writer.Clear();
            var window = new LineWindow($"ln-{i % 100}", Resolution.Minute, Now - 60 - i / 100 * 60,
                new LineCounts { Entries = i, Exits = 3, Received = 1 }, WindowStatus.Complete, new Revision(1, revision));
            FootfallPoint.Write(writer, "harbour", window);
            file.Writer.Put(transaction, writer.Series, window.Start, window.Revision, writer.Line);
        }
        transaction.Commit();
    }

    private void Put(string point, string series, long timestamp)
    {
        using var transaction = file.Fold.BeginTransaction();
        file.Writer.Put(transaction, Encoding.UTF8.GetBytes(series), timestamp, new(1, 1), Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{point} {timestamp}")));
        transaction.Commit();
    }

    private Task<long> CountAsync() => influx.NumberAsync("SELECT count(entries) FROM footfall_1m");

    private Task<long> NumberAsync(string what, string where) => influx.NumberAsync($"SELECT {what} FROM footfall_1m WHERE {where}");

    private Task DrainedAsync() => UntilAsync(() => Status.Backlog == 0);

    private async Task UntilAsync(Func<bool> reached)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!reached())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Patience, $"waited in vain: {Status}");
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    private sealed class Recorder(List<string> lines) : ILogger<SyncService>
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (lines)
                lines.Add(formatter(state, exception));
        }
    }
}
