using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SmartDistrict.Configuration;
using SmartDistrict.Edge.Clock;
using SmartDistrict.Edge.Drivers;
using SmartDistrict.Edge.Drivers.Gpio;
using SmartDistrict.Edge.Journal;

namespace SmartDistrict.Edge.Tests.Drivers.Gpio;

/// <summary>What the driver makes of what the lines say; the lines themselves are tested on a real kernel, in tests/SmartDistrict.Gpio.Guest.</summary>
public sealed class GpioDriverTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Each_acquisition_begins_with_the_levels_and_edges_follow_in_the_order_of_their_times()
    {
        using var site = new Site(folder.Path);
        site.Lines.Levels = [0, 1];
        site.Lines.Came([new(1, 0, site.After(30), 1), new(0, 1, site.After(20), 1)]);
        site.Lines.Came([new(0, 0, site.After(40), 2)]);
        site.RunUntilTaken();
        Assert.Equal(["start 'gateway started' a=0 b=1", "edges a=1#1 b=0#1", "edges a=0#2"], site.Notices());
        Assert.Equal((3, 0), (site.Input.Edges, site.Input.Lost));
        Assert.Null(site.Input.Fault);
    }

    [Fact]
    public void A_loss_is_noted_at_its_place_between_the_edges()
    {
        using var site = new Site(folder.Path);
        site.Lines.Came([new(0, 1, site.After(1), 1), new(0, 0, site.After(2), 4), new(1, 1, site.After(3), 1), new(1, 1, site.After(4), 2)]);
        site.RunUntilTaken();
        Assert.Equal(["start 'gateway started' a=0 b=0", "edges a=1#1", "lost a=2", "edges a=0#4 b=1#1", "lost b=1", "edges b=1#2"], site.Notices());
        Assert.Equal((4, 3), (site.Input.Edges, site.Input.Lost));
    }

    [Fact]
    public void An_edge_that_comes_while_the_first_levels_are_read_is_in_them_and_counts_neither_twice_nor_as_lost()
    {
        using var site = new Site(folder.Path);
        // the second reading is the one that counts: an edge came between the first and the queue's end
        site.Lines.CameDuringStart = [new(0, 1, site.After(-50), 1)];
        site.Lines.Levels = [1, 1];
        // this one was in the levels, too, but reached the queue late
        site.Lines.Came([new(1, 1, site.After(-1_000_000_000), 1), new(0, 0, site.After(10), 2), new(1, 0, site.After(11), 2)]);
        site.RunUntilTaken();
        Assert.Equal(["start 'gateway started' a=1 b=1", "edges a=0#2 b=0#2"], site.Notices());
        Assert.Equal(0, site.Input.Lost);
    }

    [Fact]
    public void A_chip_that_goes_is_noted_once_with_the_mend_and_taken_into_use_again_when_it_is_back()
    {
        using var site = new Site(folder.Path);
        var busy = new GpioException("line 3 is busy", "stop the other program");
        site.Lines.Refuse(busy, busy, busy);
        site.Lines.Came([new(0, 1, site.After(1), 1)]);
        site.Lines.Goes(new GpioException("the chip is gone", "plug it in"));
        site.Lines.Came([new(0, 0, site.After(2), 1), new(0, 1, site.After(3), 2)]);
        site.Lines.LevelsAfterReturn = [1, 0];
        site.RunUntilTaken();
        Assert.Equal(
        [
            "gone line 3 is busy. Mend: stop the other program",
            "start 'usable again' a=0 b=0", "edges a=1#1",
            "gone the chip is gone. Mend: plug it in",
            "start 'usable again' a=1 b=0", "edges a=0#1 a=1#2",
        ], site.Notices());
        Assert.Null(site.Input.Fault);
        Assert.Equal(0, site.Input.Lost);
    }

    [Fact]
    public void While_the_chip_is_away_the_state_says_so()
    {
        using var site = new Site(folder.Path);
        site.Lines.Refuse([.. Enumerable.Repeat(new GpioException("there is no GPIO chip 'x'", "plug it in"), 100_000)]);
        site.Start();
        Assert.True(SpinWait.SpinUntil(() => site.Input.Fault == "there is no GPIO chip 'x'. Mend: plug it in", Deadline));
        site.Stop();
        Assert.Equal(["gone there is no GPIO chip 'x'. Mend: plug it in"], site.Notices());
    }

    /// <summary>One device of two lines before a real journal.</summary>
    private sealed class Site : IDisposable
    {
        private readonly GatewayClock clock = new(TimeProvider.System, Guid.NewGuid(), () => ClockState.Synchronised);
        private readonly Edge.Journal.Journal journal;
        private readonly GroupCommit commit;
        private readonly CancellationTokenSource stop = new();
        private readonly long began;
        private Thread? thread;

        public Site(string folder)
        {
            var options = Options.Create(new JournalOptions { CommitDelayMilliseconds = 1 });
            journal = Edge.Journal.Journal.Open(folder, options.Value, clock, 1, 0);
            commit = new GroupCommit(journal, options, TimeProvider.System, NullLogger<GroupCommit>.Instance);
            commit.Start();
            began = clock.Now().MonotonicNanoseconds;
            var request = new GpioInputRequest("chip", [new(0, null), new(1, null)], "test", false, GpioBias.None, TimeSpan.Zero);
            Input = new GpioInput("beam-01", request, ["a", "b"], Lines, TimeSpan.FromMilliseconds(1), NullLogger.Instance);
        }

        public ScriptedLines Lines { get; } = new();

        public GpioInput Input { get; }

        /// <summary>A kernel time, ns: an hour ahead of the test, so that it lies behind the reading of the first levels.</summary>
        public long After(long nanoseconds) => began + (nanoseconds < 0 ? 0 : 3_600_000_000_000) + nanoseconds;

        public void Start()
        {
            thread = new Thread(() => Input.Run(new Intake(journal, commit, clock), stop.Token));
            thread.Start();
        }

        public void Stop()
        {
            stop.Cancel();
            Assert.True(thread!.Join(Deadline), "the driver does not end");
            commit.Dispose();
        }

        public void RunUntilTaken()
        {
            Start();
            Assert.True(Lines.AllTaken.Wait(Deadline), "the driver does not take what came");
            Stop();
        }

        public List<string> Notices()
        {
            var notices = new List<string>();
            using var reader = journal.ReadFrom(1);
            while (reader.TryRead(out var record))
            {
                if (record.Kind != RecordKind.Envelope)
                    continue;
                Assert.Equal("gpio/beam-01", System.Text.Encoding.UTF8.GetString(record.Topic));
                Assert.True(GpioEnvelope.TryRead(record.Payload, out var notice, out var problem), problem?.What);
                notices.Add(notice switch
                {
                    GpioNotice.Start s => $"start '{s.Cause}' {string.Join(' ', s.Levels.Select(level => $"{level.Key}={level.Value}"))}",
                    GpioNotice.Edges e => "edges " + string.Join(' ', e.List.Select(edge => $"{edge.Line}={edge.Level}#{edge.Sequence}")),
                    GpioNotice.Lost l => $"lost {string.Join(' ', l.Counts.Select(count => $"{count.Key}={count.Value}"))}",
                    GpioNotice.Gone g => $"gone {g.Reason}",
                    _ => "?",
                });
            }
            return notices;
        }

        public void Dispose()
        {
            stop.Cancel();
            thread?.Join(Deadline);
            commit.Dispose();
            journal.Dispose();
            stop.Dispose();
        }
    }

    /// <summary>Lines that say what the test wrote down, then nothing more.</summary>
    private sealed class ScriptedLines : IGpioLines
    {
        private readonly ConcurrentQueue<object> script = new();
        private readonly ConcurrentQueue<GpioException> refusals = new();
        private int acquired;

        public int[] Levels { get; set; } = [0, 0];

        public int[]? LevelsAfterReturn { get; set; }

        public GpioLineEdge[]? CameDuringStart { get; set; }

        public ManualResetEventSlim AllTaken { get; } = new();

        public void Came(GpioLineEdge[] edges) => script.Enqueue(edges);

        public void Goes(GpioException fault) => script.Enqueue(fault);

        public void Refuse(params GpioException[] faults)
        {
            foreach (var fault in faults)
                refusals.Enqueue(fault);
        }

        public IGpioInputs Watch(GpioInputRequest request) =>
            refusals.TryDequeue(out var fault) ? throw fault : new Inputs(this, ++acquired > 1 ? LevelsAfterReturn ?? Levels : Levels);

        public IGpioOutputs Drive(GpioOutputRequest request) => throw new NotSupportedException();

        private sealed class Inputs(ScriptedLines owner, int[] now) : IGpioInputs
        {
            private readonly ManualResetEventSlim interrupted = new();

            public void ReadLevels(Span<int> levels)
            {
                now.CopyTo(levels);
                if (owner.CameDuringStart is not null)
                    levels[0] ^= 1;
            }

            public int Read(Span<GpioLineEdge> into, TimeSpan wait)
            {
                if (wait == TimeSpan.Zero)
                {
                    var early = owner.CameDuringStart ?? [];
                    owner.CameDuringStart = null;
                    early.CopyTo(into);
                    return early.Length;
                }
                if (!owner.script.TryDequeue(out var next))
                {
                    owner.AllTaken.Set();
                    interrupted.Wait(wait);
                    return 0;
                }
                if (next is GpioException fault)
                    throw fault;
                var edges = (GpioLineEdge[])next;
                edges.CopyTo(into);
                return edges.Length;
            }

            public void Interrupt() => interrupted.Set();

            public void Dispose() => interrupted.Dispose();
        }
    }
}
