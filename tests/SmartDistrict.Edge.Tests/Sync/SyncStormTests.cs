using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using SmartDistrict.Edge.Outbox;
using SmartDistrict.Edge.Sync;
using SmartDistrict.Edge.Tests.Outbox;
using SmartDistrict.Telemetry.Windows;
using SmartDistrict.Testing;

namespace SmartDistrict.Edge.Tests.Sync;

/// <summary>
/// The promise as a whole: whatever a store does, late writes of requests given up among them, in the end it holds of
/// every point the newest revision, and the outbox and the dead letters the rest.
/// </summary>
public sealed class SyncStormTests : IDisposable
{
    private readonly OutboxFile file = new();
    private readonly ManualTimeProvider time = new();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task In_the_end_the_store_has_the_newest_revision_of_every_point(int seed)
    {
        var options = new SyncOptions { Url = "http://x", Api = SyncApi.V1, Database = "d", BatchLines = 7, Connections = 2 };
        var store = new StormyStore(seed, time, lateWithin: options.ServerTimeout);
        var newest = new Dictionary<(long, string), Revision>();
        var random = new Random(seed);
        var service = await StartAsync();
        long counter = 0;
        // how many requests 400 steps make is the scheduler's choice: it storms until enough went wrong
        for (var step = 0; step < 400 || (step < 20_000 && !(store.Late > 5 && store.Refused > 10)); step++)
        {
            if (step % 100 == 99) // the process dies with requests under way: nobody confirms them
            {
                service.Dispose();
                store.Cut();
                file.Reopen();
                service = await StartAsync();
            }
            var points = Enumerable.Range(0, random.Next(1, 12))
                .Select(_ => (Timestamp: random.Next(20) * 60L, Series: random.Next(12) == 0 ? "bad" : "s" + random.Next(4), Revision: new Revision(1, ++counter)))
                .ToArray();
            file.Put(points);
            foreach (var (timestamp, series, revision) in points)
                newest[(timestamp, series)] = revision;
            Signal.Set();
            await PassAsync(TimeSpan.FromMilliseconds(random.Next(3_000)));
        }
        store.Calm = true;
        var deadline = TimeProvider.System.GetTimestamp();
        while (file.Gauge.Read().Rows > 0 && TimeProvider.System.GetElapsedTime(deadline) < TimeSpan.FromSeconds(60))
            await PassAsync(TimeSpan.FromSeconds(1));

        Assert.Equal(0, file.Gauge.Read().Rows);
        time.Advance(options.ServerTimeout);
        store.ApplyDue(); // whatever the server still had in hand
        Assert.Equal(
            newest.Where(point => point.Key.Item2 != "bad").Select(point => OutboxFile.Line(point.Key.Item1, point.Key.Item2, point.Value)).Order(StringComparer.Ordinal),
            store.Lines.Order(StringComparer.Ordinal));
        Assert.All(DeadLetters.Newest(file.Sender, 10_000), letter => Assert.Equal("bad", letter.Subject));
        Assert.True(store.Late > 5 && store.Refused > 10, $"{store.Late} late, {store.Refused} refused");
        service.Dispose();

        async Task<SyncService> StartAsync()
        {
            var started = new SyncService(options, store.Connect(), file.Connect, Signal, time, NullLogger<SyncService>.Instance, new Random(seed));
            await started.StartAsync(TestContext.Current.CancellationToken);
            return started;
        }
    }

    private SyncSignal Signal { get; } = new();

    public void Dispose() => file.Dispose();

    /// <summary>Lets time pass in small steps, with a chance for everybody to act at each.</summary>
    private async Task PassAsync(TimeSpan length)
    {
        for (var passed = TimeSpan.Zero; passed < length; passed += TimeSpan.FromMilliseconds(500))
        {
            for (var i = 0; i < 20; i++)
                await Task.Yield();
            time.Advance(TimeSpan.FromMilliseconds(500));
        }
    }

    /// <summary>Accepts, refuses, is busy, loses, or writes much later what it never answered.</summary>
    private sealed class StormyStore(int seed, TimeProvider time, TimeSpan lateWithin)
    {
        private readonly Random random = new(seed);
        private readonly Lock gate = new();
        private readonly Dictionary<string, string> points = [];
        private readonly List<(DateTimeOffset At, string[] Lines)> late = [];
        private Connection connection = null!;

        public bool Calm { get; set; }

        public int Late { get; private set; }

        public int Refused { get; private set; }

        public IEnumerable<string> Lines => points.Values;

        /// <summary>The sink of one life of the process.</summary>
        public ITimeSeriesSink Connect() => connection = new(this);

        /// <summary>The process is gone: what its requests under way carry is written late, their answers reach nobody, and it sends no more.</summary>
        public void Cut()
        {
            lock (gate)
            {
                connection.IsCut = true;
                foreach (var lines in connection.UnderWay)
                    WriteLate(lines);
            }
        }

        public void ApplyDue()
        {
            lock (gate)
            {
                foreach (var (_, lines) in late.Where(write => write.At <= time.GetUtcNow()).OrderBy(write => write.At))
                    Apply(lines);
                late.RemoveAll(write => write.At <= time.GetUtcNow());
            }
        }

        /// <summary>A request arrives; of a process that is gone none does.</summary>
        private void Receive(string[] lines, Connection asker)
        {
            lock (gate)
                if (!asker.IsCut)
                    asker.UnderWay.Add(lines);
        }

        private void WriteLate(string[] lines)
        {
            Late++;
            late.Add((time.GetUtcNow() + lateWithin * (random.NextDouble() * 0.5), lines));
        }

        private WriteOutcome Answer(string[] lines, Connection asker)
        {
            lock (gate)
            {
                if (asker.IsCut)
                    return new(WriteResult.Unavailable, "the process is gone", Ambiguous: true);
                asker.UnderWay.Remove(lines);
                ApplyDue();
                var chance = Calm ? 99 : random.Next(100);
                if (chance < 10)
                {
                    WriteLate(lines);
                    return new(WriteResult.Unavailable, "no answer", Ambiguous: true);
                }
                if (chance < 20)
                    return new(WriteResult.Unavailable, "busy", RetryAfter: TimeSpan.FromSeconds(random.Next(5)));
                if (chance < 25)
                    return new(WriteResult.Held, "401", "mend");
                if (chance < 30)
                {
                    Apply(lines);
                    return new(WriteResult.Unavailable, "connection lost after writing", Ambiguous: true);
                }
                if (lines.Length > 5)
                    return new(WriteResult.TooLarge, "413");
                Apply(lines);
                if (!lines.Any(IsBad))
                    return new(WriteResult.Accepted);
                Refused++;
                return new(WriteResult.Rejected, "400 bad");
            }
        }

        private void Apply(string[] lines)
        {
            foreach (var line in lines.Where(line => !IsBad(line)))
                points[Key(line)] = line;
        }

        private sealed class Connection(StormyStore store) : ITimeSeriesSink
        {
            private readonly ConcurrentDictionary<string, int> underWay = [];

            /// <summary>Sent and not answered; touched under the store's lock.</summary>
            public List<string[]> UnderWay { get; } = [];

            public bool IsCut { get; set; }

            public string Target => "storm";

            public async ValueTask<WriteOutcome> WriteAsync(ReadOnlyMemory<byte> lines, CancellationToken cancellation)
            {
                var text = Encoding.UTF8.GetString(lines.Span)[..^1].Split('\n');
                foreach (var line in text)
                    Assert.True(underWay.TryAdd(Key(line), 0), $"{Key(line)} is under way twice");
                store.Receive(text, this);
                for (var i = 0; i < 3; i++)
                    await Task.Yield();
                var outcome = store.Answer(text, this);
                foreach (var line in text)
                    underWay.TryRemove(Key(line), out _);
                return outcome;
            }
        }

        private static bool IsBad(string line) => line.StartsWith("bad", StringComparison.Ordinal);

        private static string Key(string line) =>
            string.Create(CultureInfo.InvariantCulture, $"{line[..line.IndexOf(' ', StringComparison.Ordinal)]}@{line[(line.LastIndexOf(' ') + 1)..]}");
    }
}
