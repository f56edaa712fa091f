using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SmartDistrict.Edge.Clock;
using SmartDistrict.Edge.Drivers;
using SmartDistrict.Edge.Drivers.Mqtt;
using SmartDistrict.Edge.Journal;
using SmartDistrict.Telemetry.Mqtt;

namespace SmartDistrict.Edge.Tests.Drivers;

public sealed class MqttDriverTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_message_is_acknowledged_only_when_the_disk_has_it()
    {
        using var disk = new Disk();
        using var site = new Site(folder.Path, disk);
        await using var session = new ScriptedSession();
        using var stop = new CancellationTokenSource();
        var driver = new MqttDriver(session, ["sd/v1/#"]);
        var running = driver.RunAsync(site.Intake, stop.Token);

        disk.Hold();
        var batch = session.Deliver("one", "two");
        Assert.True(disk.Reached.Wait(Deadline, TestContext.Current.CancellationToken));
        Assert.Empty(session.Acknowledged);
        Assert.Equal(0, driver.Acknowledged);

        disk.Release();
        Assert.Same(batch, session.NextAcknowledged(Deadline));
        Assert.Equal(["one", "two"], site.Envelopes());
        await stop.CancelAsync();
        await running;
    }

    [Theory]
    [InlineData(true, null, IDriver.Connected)]
    [InlineData(true, "The broker refused the topic filter 'sd/v1/#': 0x87 Not authorized.", "The broker refused the topic filter 'sd/v1/#': 0x87 Not authorized.")]
    [InlineData(false, "connection refused", "connection refused")]
    [InlineData(false, null, "not connected")]
    public async Task Its_state_is_connected_only_while_it_hears_all_that_it_shall(bool connected, string? reason, string state)
    {
        await using var session = new ScriptedSession { State = new(connected, false, reason) };
        Assert.Equal(state, new MqttDriver(session, ["sd/v1/#"]).State);
    }

    [Fact]
    public async Task While_the_disk_refuses_nothing_is_acknowledged_and_nothing_is_lost()
    {
        using var disk = new Disk();
        using var site = new Site(folder.Path, disk);
        await using var session = new ScriptedSession();
        using var stop = new CancellationTokenSource();
        var running = new MqttDriver(session, ["sd/v1/#"]).RunAsync(site.Intake, stop.Token);

        disk.Fault = "No space left on device";
        var first = session.Deliver("one");
        Assert.True(disk.Reached.Wait(Deadline, TestContext.Current.CancellationToken));
        var second = session.Deliver("two");
        Assert.Empty(session.Acknowledged);

        disk.Fault = null;
        Assert.Same(first, session.NextAcknowledged(Deadline));
        Assert.Same(second, session.NextAcknowledged(Deadline));
        Assert.Equal(["one", "two"], site.Envelopes());
        Assert.Null(site.Commit.Fault);
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task What_was_taken_before_the_end_is_committed_and_acknowledged_at_the_end()
    {
        using var disk = new Disk();
        using var site = new Site(folder.Path, disk);
        await using var session = new ScriptedSession();
        using var stop = new CancellationTokenSource();
        var running = new MqttDriver(session, ["sd/v1/#"]).RunAsync(site.Intake, stop.Token);
        for (var i = 0; i < 100; i++)
            session.Deliver($"message {i}");
        session.WaitUntilTaken(Deadline);
        await stop.CancelAsync();
        await running;
        site.Commit.Dispose();
        Assert.Equal(100, session.Acknowledged.Count);
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"message {i}"), site.Envelopes());
    }

    [Fact]
    public async Task What_is_taken_while_a_commit_is_under_way_is_committed_though_the_end_is_asked_for_meanwhile()
    {
        using var disk = new Disk();
        using var site = new Site(folder.Path, disk);
        disk.Hold();
        site.Intake.Take(site.Intake.Now(), "gpio/beam-01"u8, "one"u8);
        site.Intake.Flush();
        Assert.True(disk.Reached.Wait(Deadline, TestContext.Current.CancellationToken));
        site.Intake.Take(site.Intake.Now(), "gpio/beam-01"u8, "two"u8);
        site.Intake.Flush();
        var ending = Task.Run(site.Commit.Dispose, TestContext.Current.CancellationToken);
        disk.Release();
        await ending;
        Assert.Equal(["one", "two"], site.Envelopes());
    }

    /// <summary>A commit may take along what its driver has not noted yet as waiting for it; the driver asks for one all the same.</summary>
    [Fact]
    public void Whoever_asks_for_a_commit_is_told_how_far_it_is_though_an_earlier_one_took_everything_along()
    {
        using var told = new SemaphoreSlim(0);
        using var disk = new Disk();
        using var site = new Site(folder.Path, disk);
        var last = 0L;
        site.Intake.Durable += durable =>
        {
            Volatile.Write(ref last, durable);
            told.Release();
        };
        var taken = site.Intake.Take(site.Intake.Now(), "gpio/beam-01"u8, "one"u8);
        for (var times = 0; times < 2; times++)
        {
            site.Intake.Flush();
            Assert.True(told.Wait(Deadline, TestContext.Current.CancellationToken), "nobody is told");
            Assert.Equal(taken, Volatile.Read(ref last));
        }
    }

    [Fact]
    public void What_comes_after_the_end_is_not_committed_and_harms_nothing()
    {
        using var disk = new Disk();
        using var site = new Site(folder.Path, disk);
        site.Commit.Dispose();
        site.Intake.Take(site.Intake.Now(), "sd/v1/d/beam/b/reading"u8, "late"u8);
        site.Intake.Flush();
        Assert.Empty(site.Envelopes());
    }

    /// <summary>The way from a driver to the disk, with threads as the gateway has them.</summary>
    private sealed class Site : IDisposable
    {
        private readonly Edge.Journal.Journal journal;

        public Site(string folder, Disk disk)
        {
            var clock = new GatewayClock(TimeProvider.System, Guid.NewGuid(), () => ClockState.Synchronised);
            var options = Options.Create(new JournalOptions { CommitDelayMilliseconds = 1 });
            journal = Edge.Journal.Journal.Open(folder, options.Value, clock, 1, 0);
            journal.Commit();
            journal.Flush = _ => disk.Flush();
            Commit = new GroupCommit(journal, options, TimeProvider.System, NullLogger<GroupCommit>.Instance);
            Intake = new Intake(journal, Commit, clock);
            Commit.Start();
        }

        public GroupCommit Commit { get; }

        public Intake Intake { get; }

        public List<string> Envelopes()
        {
            var envelopes = new List<string>();
            using var reader = journal.ReadFrom(1);
            while (reader.TryRead(out var record))
                if (record.Kind == RecordKind.Envelope)
                    envelopes.Add(Encoding.UTF8.GetString(record.Payload));
            return envelopes;
        }

        public void Dispose()
        {
            Commit.Dispose();
            journal.Dispose();
        }
    }

    /// <summary>A disk that can be slow or full.</summary>
    private sealed class Disk : IDisposable
    {
        private readonly ManualResetEventSlim open = new(true);

        public ManualResetEventSlim Reached { get; } = new();

        public string? Fault { get; set; }

        public void Hold() => open.Reset();

        public void Release() => open.Set();

        public void Flush()
        {
            Reached.Set();
            if (!open.Wait(Deadline))
                throw new TimeoutException("nobody released the disk");
            if (Fault is { } fault)
                throw new IOException(fault);
        }

        public void Dispose()
        {
            open.Dispose();
            Reached.Dispose();
        }
    }

    private sealed class Batch(string[] payloads) : MqttDeliveries
    {
        public override int Count => payloads.Length;

        public override MqttDelivery this[int index] => new()
        {
            Topic = "sd/v1/d/beam/b/reading"u8,
            Payload = Encoding.UTF8.GetBytes(payloads[index]),
            Qos = MqttQos.AtLeastOnce,
        };

        public override IReadOnlyList<KeyValuePair<string, string>> UserProperties(int index) => [];
    }

    private sealed class ScriptedSession : IMqttSession
    {
        private readonly BlockingCollection<MqttDeliveries> deliveries = [];
        private readonly BlockingCollection<MqttDeliveries> acknowledged = [];

        public MqttSessionState State { get; set; } = new(true, false, null);

        public ConcurrentQueue<MqttDeliveries> Acknowledged { get; } = new();

        public MqttDeliveries Deliver(params string[] payloads)
        {
            var batch = new Batch(payloads);
            deliveries.Add(batch);
            return batch;
        }

        public MqttDeliveries NextAcknowledged(TimeSpan deadline) =>
            acknowledged.TryTake(out var batch, deadline) ? batch : throw new TimeoutException("nothing was acknowledged");

        public void WaitUntilTaken(TimeSpan deadline)
        {
            if (!SpinWait.SpinUntil(() => deliveries.Count == 0, deadline))
                throw new TimeoutException("the driver takes nothing");
        }

        public void Start()
        {
        }

        public Task SubscribeAsync(IReadOnlyList<MqttSubscription> subscriptions, CancellationToken cancellation) => Task.CompletedTask;

        public ValueTask PublishAsync(MqttMessage message, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<MqttDeliveries> ReceiveAsync(CancellationToken cancellation) => throw new NotSupportedException();

        public bool TryReceive(TimeSpan wait, [NotNullWhen(true)] out MqttDeliveries? next) => deliveries.TryTake(out next, wait);

        public void Acknowledge(params ReadOnlySpan<MqttDeliveries> batches)
        {
            foreach (var batch in batches)
            {
                Acknowledged.Enqueue(batch);
                acknowledged.Add(batch);
            }
        }

        public ValueTask DisposeAsync()
        {
            deliveries.Dispose();
            acknowledged.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
