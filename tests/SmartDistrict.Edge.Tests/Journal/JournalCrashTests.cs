using System.Globalization;
using System.Text;
using SmartDistrict.Edge.Clock;
using SmartDistrict.Edge.Journal;
using SmartDistrict.Testing;

namespace SmartDistrict.Edge.Tests.Journal;

using Journal = SmartDistrict.Edge.Journal.Journal;

/// <summary>
/// Random lives of a journal, each ended by a kill or a power cut in the middle of some file operation, against a model
/// that knows what was acknowledged. <c>SMARTDISTRICT_SEEDS=20000</c> runs the long form.
/// </summary>
public sealed class JournalCrashTests
{
    private static readonly int Seeds = int.Parse(Environment.GetEnvironmentVariable("SMARTDISTRICT_SEEDS") ?? "400", CultureInfo.InvariantCulture);

    [Fact]
    public void Whatever_operation_the_power_fails_in_what_was_acknowledged_is_there_and_nothing_else()
    {
        for (var seed = 1; seed <= Seeds; seed++)
            new Lives(seed, failuresInThousand: 0).Run();
    }

    [Fact]
    public void Where_writes_and_flushes_fail_too_what_was_acknowledged_is_there_and_nothing_else()
    {
        for (var seed = 1; seed <= Seeds; seed++)
            new Lives(seed, failuresInThousand: 60).Run();
    }

    /// <summary>The model of one disk through several lives of the gateway.</summary>
    private sealed class Lives
    {
        private const string Folder = "journal";
        private readonly Random random;
        private readonly SimulatedDisk disk;
        private readonly string where;
        private readonly GatewayClock clock = new(new ManualTimeProvider(), Guid.NewGuid(), () => ClockState.Synchronised);
        private readonly Dictionary<long, HashSet<string>> appended = [];
        private readonly Dictionary<long, string> acknowledged = [];
        private readonly Dictionary<long, string> folded = [];
        private readonly Dictionary<long, string> living = [];
        private long known;
        private bool killed;
        private bool mayLose;

        public Lives(int seed, int failuresInThousand)
        {
            random = new Random(seed);
            disk = new SimulatedDisk(random) { FailuresInThousand = failuresInThousand };
            where = $"seed {seed}";
        }

        public void Run()
        {
            for (var life = 0; life < 6; life++)
            {
                disk.CrashAfter(random.Next(1, 60));
                try
                {
                    Live();
                }
                catch (SimulatedCrashException)
                {
                    // whatever was being written is written in part
                }
                var failing = disk.FailuresInThousand;
                killed = random.Next(3) == 0;
                if (!killed)
                    disk.CutPower();
                // after a flush that failed the kernel shows what the disk may lack: what was never acknowledged may go later
                mayLose |= disk.FailedFlushes > 0;
                disk.CrashAfter(int.MaxValue);
                disk.FailuresInThousand = 0;
                Check();
                disk.FailuresInThousand = failing;
            }
        }

        private void Live()
        {
            living.Clear();
            Journal journal;
            while (true)
                try
                {
                    journal = Open();
                    break;
                }
                catch (IOException)
                {
                    // started again by the service manager
                }
            using (journal)
            {
                var boot = journal.LastAppended;
                for (var step = random.Next(5, 80); step > 0; step--)
                    Step(journal, boot);
            }
        }

        private void Step(Journal journal, long boot)
        {
            switch (random.Next(10))
            {
                case < 6:
                    var payload = string.Create(CultureInfo.InvariantCulture, $"{random.Next()} {new string('x', random.Next(random.Next(8) == 0 ? 2500 : 120))}");
                    var number = journal.Append(RecordKind.Envelope, clock.Now(), "t"u8, Encoding.UTF8.GetBytes(payload));
                    Assert.True(number > boot, where);
                    living[number] = payload;
                    if (!appended.TryGetValue(number, out var texts))
                        appended[number] = texts = [];
                    texts.Add(payload);
                    break;
                case < 9:
                    try
                    {
                        while (journal.Commit())
                        {
                        }
                    }
                    catch (IOException)
                    {
                        return;
                    }
                    foreach (var (durable, text) in living.Where(record => record.Key <= journal.LastCommitted))
                        acknowledged[durable] = text;
                    break;
                default:
                    Fold(journal);
                    break;
            }
        }

        /// <summary>What is committed is read; now and then a checkpoint notes how far.</summary>
        private void Fold(Journal journal)
        {
            using var reader = journal.ReadFrom(known + 1);
            while (reader.TryRead(out var record))
                Note(record);
            if (random.Next(3) == 0)
                known = journal.LastCommitted;
        }

        private void Note(in JournalRecord record)
        {
            if (record.Kind != RecordKind.Envelope)
                return;
            var (number, text) = (record.Number, Encoding.UTF8.GetString(record.Payload));
            Assert.True(appended.TryGetValue(number, out var texts) && texts.Contains(text), $"{where}: record {number} was never appended so");
            if (acknowledged.TryGetValue(number, out var sure))
                Assert.True(text == sure, $"{where}: record {number} is another than was acknowledged");
            if (folded.TryGetValue(number, out var before) && !mayLose)
                Assert.True(text == before, $"{where}: record {number} was folded with another payload");
            folded[number] = text;
        }

        private void Check()
        {
            using var journal = Open();
            var last = known;
            var lost = new List<(long First, long Last)>();
            using var reader = journal.ReadFrom(known + 1);
            reader.OnLost = (first, end, _) => lost.Add((first, end));
            var read = new HashSet<long>();
            while (reader.TryRead(out var record))
            {
                Assert.True(record.Number > last, where);
                last = record.Number;
                read.Add(last);
                Note(record);
                if (record.Kind == RecordKind.Gap && GapNotice.Read(record.Payload) is { Torn: true } torn)
                    lost.Remove((torn.First, torn.Last));
            }
            var missing = acknowledged.Keys.Where(number => number > known && !read.Contains(number)).Order().ToList();
            Assert.True(missing.Count == 0, $"{where}: acknowledged and gone: {string.Join(", ", missing)}");
            if (!mayLose)
                Assert.True(lost.Count == 0, $"{where}: declared lost, and never acknowledged: {string.Join(", ", lost)}");
            Assert.True(journal.LastAppended > Math.Max(known, acknowledged.Keys.DefaultIfEmpty().Max()), $"{where}: a number was given twice");
        }

        private Journal Open() => Journal.Open(Folder, new JournalOptions { SegmentBytes = 4096 }, clock, 1, known, disk);
    }
}
