using Microsoft.Extensions.Logging.Abstractions;
using SmartDistrict.Edge.Outbox;
using SmartDistrict.Edge.Sync;
using SmartDistrict.Edge.Tests.Outbox;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Edge.Tests.Sync;

public sealed class SyncServiceTests : IAsyncDisposable
{
    private static readonly WriteOutcome Away = new(WriteResult.Unavailable, "503 busy");

    private readonly OutboxFile file = new();
    private readonly WatchedTime time = new();
    private readonly ScriptedSink sink = new();
    private readonly SyncSignal signal = new();
    private readonly SyncOptions options = new() { Url = "http://x", Api = SyncApi.V1, Database = "d", BatchLines = 10, Connections = 1 };
    private SyncService? service;

    [Fact]
    public async Task The_newest_windows_go_first_and_the_backlog_behind()
    {
        Put(25);
        await StartAsync();
        var first = await sink.NextAsync();
        Assert.Equal(Lines(15, 25), first.Lines);
        var second = await sink.NextAsync(); // read and posted while the first is under way
        Assert.Equal(Lines(5, 15), second.Lines);
        file.Put((60 * 60, "s", new(1, 60)));
        first.Accept();
        var live = await sink.NextAsync();
        Assert.Equal([OutboxFile.Line(60 * 60, "s", new(1, 60))], live.Lines);
        live.Accept();
        second.Accept();
        var last = await sink.NextAsync();
        Assert.Equal(Lines(0, 5), last.Lines);
        last.Accept();
        await IdleAsync();
        Assert.Equal((26, 0, 0), (service!.Status.Accepted, service.Status.Rejected, service.Status.Backlog));
    }

    [Fact]
    public async Task A_commit_of_the_fold_wakes_the_sender()
    {
        await StartAsync();
        await time.TimerAsync(); // asleep
        Put(1);
        signal.Set();
        (await sink.NextAsync()).Accept();
        await IdleAsync();
        Assert.Equal((SyncState.Idle, 1), (service!.Status.State, service.Status.Accepted));
        Assert.Equal(time.GetUtcNow(), service.Status.LastSuccess);
    }

    [Fact]
    public async Task A_newer_revision_waits_until_the_older_one_has_its_answer()
    {
        Put(1);
        await StartAsync();
        var older = await sink.NextAsync();
        file.Put((0, "s", new(1, 100)), (60, "other", new(1, 101)));
        signal.Set();
        older.Accept();
        var sent = new List<string>();
        while (sent.Count < 2) // in one request or two
        {
            var write = await sink.NextAsync();
            sent.AddRange(write.Lines);
            write.Accept();
        }
        Assert.Equal([OutboxFile.Line(60, "other", new(1, 101)), OutboxFile.Line(0, "s", new(1, 100))], sent.Order(StringComparer.Ordinal));
        await IdleAsync();
        Assert.Equal((0, 3), (service!.Status.Backlog, service.Status.Accepted));
    }

    [Fact]
    public async Task Bad_lines_are_found_by_bisection_and_all_others_reach_the_store()
    {
        Put(10);
        var bad = Lines(3, 4).Concat(Lines(7, 8)).ToArray();
        var stored = new HashSet<string>();
        sink.Rule = lines =>
        {
            stored.UnionWith(lines.Except(bad)); // as InfluxDB 1.x: the good lines of a partial write are stored
            return lines.Intersect(bad).Any() ? new(WriteResult.Rejected, "400 partial write: field type conflict dropped=2", "mend it") : new(WriteResult.Accepted);
        };
        await StartAsync();
        await IdleAsync();
        Assert.Equal(Lines(0, 10).Except(bad).Order(), stored.Order());
        Assert.Equal((8, 2, 0), (service!.Status.Accepted, service.Status.Rejected, service.Status.Backlog));
        Assert.All(DeadLetters.Newest(file.Fold, 10), letter =>
            Assert.Equal(("sync", "s", "400 partial write: field type conflict dropped=2", "mend it"), (letter.Source, letter.Subject, letter.Reason, letter.Mend)));
        Assert.Equal(bad.Order(), DeadLetters.Newest(file.Fold, 10).Select(letter => System.Text.Encoding.UTF8.GetString(letter.Content)).Order());
    }

    [Fact]
    public async Task A_line_that_this_gateway_may_not_write_waits_with_an_alarm_and_holds_up_no_other()
    {
        Put(10);
        var foreign = Lines(3, 4);
        sink.Rule = lines => lines.SequenceEqual(foreign) ? new(WriteResult.Held, "403 line of another gateway", "mend the district file")
            : lines.Contains(foreign[0]) ? new(WriteResult.Rejected, "400 partial write")
            : new(WriteResult.Accepted);
        await StartAsync();
        await time.TimerAsync();
        Assert.Equal((9, 0, 1), (service!.Status.Accepted, service.Status.Rejected, service.Status.Backlog));
        Assert.Equal((SyncState.Held, "403 line of another gateway", "mend the district file"), (service.Status.State, service.Status.Reason, service.Status.Mend));
    }

    [Fact]
    public async Task A_body_too_large_is_split_and_a_line_too_large_is_a_dead_letter()
    {
        Put(8);
        var series = new string('x', 400);
        file.Put((8 * 60, series, new(1, 8)));
        sink.Rule = lines => lines.Sum(line => line.Length + 1) > 100 ? new(WriteResult.TooLarge, "413 too large") : new(WriteResult.Accepted);
        await StartAsync();
        await IdleAsync();
        Assert.Equal((8, 1, 0), (service!.Status.Accepted, service.Status.Rejected, service.Status.Backlog));
        Assert.Equal("413 too large", Assert.Single(DeadLetters.Newest(file.Fold, 10)).Reason);
    }

    [Fact]
    public async Task A_setting_to_mend_is_an_alarm_and_nothing_is_lost_until_it_is_mended()
    {
        Put(3);
        await StartAsync();
        (await sink.NextAsync()).Answer.SetResult(new(WriteResult.Held, "404 database not found", "create it"));
        var pause = await time.TimerAsync();
        var status = service!.Status;
        Assert.Equal((SyncState.Held, "404 database not found", "create it", 3), (status.State, status.Reason, status.Mend, status.Backlog));
        time.Manual.Advance(pause);
        (await sink.NextAsync()).Accept();
        await IdleAsync();
        Assert.Equal((SyncState.Idle, "", 0, 1), (service.Status.State, service.Status.Reason, service.Status.Backlog, service.Status.Retried));
    }

    [Fact]
    public async Task While_the_store_is_away_one_request_at_a_time_tries_it_after_growing_pauses()
    {
        Put(30);
        await StartAsync();
        (await sink.NextAsync()).Answer.SetResult(Away);
        (await sink.NextAsync()).Answer.SetResult(Away);
        var pauses = new List<double>();
        for (var i = 0; i < 5; i++)
        {
            pauses.Add((await time.FireAsync()).TotalSeconds);
            var attempt = await sink.NextAsync();
            Assert.Equal(Lines(20, 30), attempt.Lines);
            Assert.Equal(0, sink.Pending);
            attempt.Answer.SetResult(Away);
        }
        var last = await time.TimerAsync();
        Assert.All(pauses.Zip((double[])[1, 2, 4, 8, 16]), pair => Assert.InRange(pair.First, pair.Second / 2, pair.Second));
        Assert.Equal((SyncState.Waiting, "503 busy", 30, 7), (service!.Status.State, service.Status.Reason, service.Status.Backlog, service.Status.Retried));
        sink.Rule = _ => new(WriteResult.Accepted);
        time.Manual.Advance(last);
        await IdleAsync();
        Assert.Equal((SyncState.Idle, 30), (service.Status.State, service.Status.Accepted));
    }

    [Fact]
    public async Task The_store_is_left_alone_for_as_long_as_it_asks_whatever_the_fold_puts()
    {
        Put(1);
        await StartAsync();
        (await sink.NextAsync()).Answer.SetResult(Away with { RetryAfter = TimeSpan.FromSeconds(90) });
        Assert.Equal(TimeSpan.FromSeconds(90), await time.TimerAsync());
        file.Put((60, "s", new(1, 1)));
        signal.Set();
        var rest = await time.TimerAsync(); // woken, it rests on
        Assert.Equal(TimeSpan.FromSeconds(90), rest);
        time.Manual.Advance(TimeSpan.FromSeconds(89));
        Assert.Equal(0, sink.Pending);
        time.Manual.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, (await sink.NextAsync()).Lines.Length);
    }

    [Fact]
    public async Task After_an_ambiguous_timeout_the_newest_revision_is_written_once_more_when_the_servers_own_timeout_is_over()
    {
        Put(1);
        await StartAsync();
        (await sink.NextAsync()).Answer.SetResult(new(WriteResult.Unavailable, "no answer", Ambiguous: true));
        await time.FireAsync();
        var retry = await sink.NextAsync();
        file.Put((0, "s", new(1, 7)));
        retry.Accept();
        (await sink.NextAsync()).Accept(); // the newer revision, at once
        await time.FireAsync(); // asleep until the server's time-out is over
        var again = await sink.NextAsync();
        Assert.Equal([OutboxFile.Line(0, "s", new(1, 7))], again.Lines);
        again.Accept();
        await IdleAsync();
        Assert.Equal(0, service!.Status.Backlog);
        Assert.Equal(0, file.Gauge.Read().Rows);
    }

    [Fact]
    public async Task A_full_outbox_drops_the_oldest_counts_them_and_says_so()
    {
        options.MaxRows = 20;
        Put(50);
        await StartAsync();
        Assert.Equal(Lines(40, 50), (await sink.NextAsync()).Lines);
        Assert.Equal((30, 20), (service!.Status.Lost, service.Status.Backlog));
        Assert.Equal([("outbox", "outbox full", 30L)], Losses.All(file.Fold).Select(loss => (loss.Stream, loss.Reason, loss.Records)));
    }

    [Fact]
    public async Task The_end_of_the_process_waits_for_the_outbox_to_empty()
    {
        Put(25);
        await StartAsync();
        var first = await sink.NextAsync();
        var stop = service!.StopAsync(TestContext.Current.CancellationToken);
        sink.Rule = _ => new(WriteResult.Accepted);
        first.Accept();
        (await sink.NextAsync()).Answer.TrySetResult(new(WriteResult.Accepted));
        await stop;
        Assert.Equal((25, 0), (service.Status.Accepted, service.Status.Backlog));
    }

    [Fact]
    public async Task The_end_of_the_process_does_not_wait_for_a_silent_store_beyond_its_bound()
    {
        Put(1);
        await StartAsync();
        await sink.NextAsync();
        var stop = service!.StopAsync(TestContext.Current.CancellationToken);
        time.Manual.Advance(options.DrainTimeout - TimeSpan.FromSeconds(1));
        Assert.False(stop.IsCompleted);
        time.Manual.Advance(TimeSpan.FromSeconds(1));
        await stop;
        Assert.Equal(1, service.Status.Backlog);
    }

    [Fact]
    public async Task The_end_of_the_process_does_not_wait_for_a_store_that_is_away()
    {
        Put(1);
        await StartAsync();
        (await sink.NextAsync()).Answer.SetResult(Away);
        await time.TimerAsync();
        await service!.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, service.Status.Backlog);
    }

    public async ValueTask DisposeAsync()
    {
        if (service is not null)
        {
            sink.Rule = _ => Away;
            var stop = service.StopAsync(CancellationToken.None);
            while (!stop.IsCompleted)
            {
                time.Manual.Advance(options.DrainTimeout);
                await Task.Yield();
            }
            service.Dispose();
        }
        file.Dispose();
    }

    private async Task StartAsync()
    {
        service = new(options, sink, file.Connect, signal, time, NullLogger<SyncService>.Instance, new Random(1));
        await service.StartAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Waits until the sender sleeps for want of work.</summary>
    private async Task IdleAsync()
    {
        while (await time.TimerAsync() < TimeSpan.FromSeconds(50))
        {
        }
    }

    private void Put(int points) => file.Put([.. Enumerable.Range(0, points).Select(i => (i * 60L, "s", new Revision(1, i)))]);

    private static string[] Lines(int from, int to) => [.. Enumerable.Range(from, to - from).Select(i => OutboxFile.Line(i * 60L, "s", new(1, i)))];
}
