using System.Text;
using SmartDistrict.Edge.Clock;
using SmartDistrict.Edge.Journal;
using SmartDistrict.Testing;

namespace SmartDistrict.Edge.Tests.Journal;

using Journal = SmartDistrict.Edge.Journal.Journal;

public sealed class JournalTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("sd-journal-").FullName;
    private readonly GatewayClock clock = new(new ManualTimeProvider(), Guid.NewGuid(), () => ClockState.Synchronised);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void What_is_committed_is_read_back_in_order_with_its_times()
    {
        using var journal = Open();
        var stamp = new ReceiveStamp(1_772_438_400_000_000_000, 42_000_000_000, ClockState.Unsynchronised);
        var number = journal.Append(RecordKind.Envelope, stamp, "sd/v1/d/beam/b1/reading"u8, "{\"ts\":1}"u8);
        journal.Commit();

        using var reader = journal.ReadFrom(number);
        Assert.True(reader.TryRead(out var record));
        Assert.Equal(number, record.Number);
        Assert.Equal(RecordKind.Envelope, record.Kind);
        Assert.Equal(stamp, record.Stamp);
        Assert.Equal("sd/v1/d/beam/b1/reading", Encoding.UTF8.GetString(record.Topic));
        Assert.Equal("{\"ts\":1}", Encoding.UTF8.GetString(record.Payload));
        Assert.False(reader.TryRead(out _));
    }

    [Fact]
    public void A_reader_never_sees_what_is_not_committed()
    {
        using var journal = Open();
        journal.Commit();
        using var reader = journal.ReadFrom(1);
        Assert.True(reader.TryRead(out var boot));
        Assert.Equal(RecordKind.Boot, boot.Kind);

        journal.Append(RecordKind.Tick, clock.Now(), default, default);
        Assert.False(reader.TryRead(out _));
        journal.Commit();
        Assert.True(reader.TryRead(out _));
    }

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5), InlineData(6), InlineData(7), InlineData(8)]
    public void Any_sequence_of_appends_commits_crashes_and_reads_gives_back_what_was_committed(int seed)
    {
        var random = new Random(seed);
        var committed = new List<(long Number, string Payload)>();
        var uncommitted = new List<(long Number, string Payload)>();
        var journal = Open(segmentBytes: 1 << 16);
        JournalReader reader = journal.ReadFrom(1);
        var read = new List<(long, string)>();
        for (var step = 0; step < 3000; step++)
        {
            switch (random.Next(100))
            {
                case < 70:
                    var payload = new string((char)('a' + random.Next(26)), random.Next(random.Next(10) == 0 ? 5000 : 200));
                    uncommitted.Add((journal.Append(RecordKind.Envelope, clock.Now(), "t"u8, Encoding.UTF8.GetBytes(payload)), payload));
                    break;
                case < 85:
                    journal.Commit();
                    committed.AddRange(uncommitted);
                    uncommitted.Clear();
                    break;
                case < 98:
                    Read(reader, read, random.Next(50));
                    break;
                default:
                    // a crash: what was not committed never happened
                    reader.Dispose();
                    journal.Dispose();
                    uncommitted.Clear();
                    journal = Open(segmentBytes: 1 << 16);
                    reader = journal.ReadFrom(read.Count == 0 ? 1 : read[^1].Item1 + 1);
                    break;
            }
        }
        journal.Commit();
        committed.AddRange(uncommitted);
        Read(reader, read, int.MaxValue);
        Assert.Equal(committed, read);
        Assert.Equal(0, reader.Lost);
        reader.Dispose();
        journal.Dispose();
    }

    [Fact]
    public void A_file_torn_at_any_byte_costs_only_what_lies_behind_the_tear()
    {
        var ends = new List<long>();
        string path;
        using (var journal = Open())
        {
            journal.Commit();
            path = Directory.GetFiles(folder, "*.journal").Single();
            for (var i = 0; i < 5; i++)
            {
                ends.Add(new FileInfo(path).Length);
                journal.Append(RecordKind.Envelope, clock.Now(), "topic"u8, Encoding.UTF8.GetBytes($"payload {i}"));
                journal.Commit();
            }
        }
        var whole = File.ReadAllBytes(path);
        for (var length = (int)ends[0]; length <= whole.Length; length++)
        {
            foreach (var file in Directory.GetFiles(folder))
                File.Delete(file);
            File.WriteAllBytes(path, whole[..length]);
            using var journal = Open();
            var survivors = ends.Count(end => end < length && length >= NextEnd(ends, end, whole.Length));
            journal.Append(RecordKind.Envelope, clock.Now(), "topic"u8, "after"u8);
            journal.Commit();
            using var reader = journal.ReadFrom(1);
            var read = new List<(long Number, string Payload)>();
            Read(reader, read, int.MaxValue);
            Assert.Equal([.. Enumerable.Range(0, survivors).Select(i => $"payload {i}"), "after"], read.Select(r => r.Payload));
            Assert.Equal(0, reader.Lost);
        }
    }

    [Fact]
    public void A_flipped_bit_anywhere_costs_one_record_and_is_counted()
    {
        string path;
        using (var journal = Open())
        {
            for (var i = 0; i < 20; i++)
                journal.Append(RecordKind.Envelope, clock.Now(), "topic"u8, Encoding.UTF8.GetBytes($"payload {i:D2}"));
            journal.Commit();
            path = Directory.GetFiles(folder, "*.journal").Single();
        }
        var whole = File.ReadAllBytes(path);
        for (var at = JournalSegment.HeadLength; at < whole.Length; at++)
        {
            foreach (var file in Directory.GetFiles(folder))
                File.Delete(file);
            var damaged = whole.ToArray();
            damaged[at] ^= (byte)(1 << (at % 8));
            File.WriteAllBytes(path, damaged);
            using var journal = Open(known: 21);
            journal.Commit();
            var lost = new List<(long First, long Last)>();
            using var reader = journal.ReadFrom(1);
            reader.OnLost = (first, last, _) => lost.Add((first, last));
            var read = new List<(long Number, string Payload)>();
            var kinds = ReadAll(reader);
            Assert.Equal(21, kinds);
            Assert.Equal(1, reader.Lost);
            Assert.Single(lost);
        }
    }

    [Fact]
    public void A_commit_that_the_disk_refused_is_made_good_by_the_next_one()
    {
        using var journal = Open();
        journal.Commit();
        var broken = true;
        journal.Flush = flush =>
        {
            if (broken)
                throw new IOException("Input/output error");
            flush();
        };
        var first = journal.Append(RecordKind.Envelope, clock.Now(), "t"u8, "one"u8);
        Assert.Throws<IOException>(() => journal.Commit());
        Assert.True(journal.LastCommitted < first);
        journal.Append(RecordKind.Envelope, clock.Now(), "t"u8, "two"u8);
        Assert.Throws<IOException>(() => journal.Commit());

        broken = false;
        while (journal.Commit())
        {
        }
        using var reader = journal.ReadFrom(first);
        var read = new List<(long Number, string Payload)>();
        Read(reader, read, int.MaxValue);
        Assert.Equal(["one", "two"], read.Select(r => r.Payload));
        Assert.Equal(0, reader.Lost);
    }

    [Fact]
    public void Only_folded_segments_beyond_the_kept_size_are_deleted()
    {
        using var journal = Open(segmentBytes: 1 << 16, keepBytes: 1 << 20);
        for (var i = 0; i < 600; i++)
        {
            journal.Append(RecordKind.Envelope, clock.Now(), "t"u8, new byte[4000]);
            journal.Commit();
        }
        var before = Directory.GetFiles(folder, "*.journal").Length;
        journal.Retire(folded: 0);
        Assert.Equal(before, Directory.GetFiles(folder, "*.journal").Length);

        journal.Retire(folded: 100);
        using var reader = journal.ReadFrom(101);
        Assert.True(reader.TryRead(out var record));
        Assert.Equal(101, record.Number);
        journal.Retire(journal.LastCommitted);
        Assert.InRange(journal.BytesOnDisk(), 1, 1 << 20);
    }

    [Fact]
    public void A_second_gateway_on_the_same_folder_is_told_so()
    {
        using var journal = Open();
        var refusal = Assert.Throws<IOException>(() => Open());
        Assert.Contains("in use by another gateway process", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("data folder of its own", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_are_never_given_twice_even_when_the_files_are_gone()
    {
        using var journal = Open(known: 5000);
        Assert.Equal(5002, journal.Append(RecordKind.Tick, clock.Now(), default, default));
    }

    private static long NextEnd(List<long> ends, long end, long whole) => ends.Where(e => e > end).DefaultIfEmpty(whole).Min();

    private static void Read(JournalReader reader, List<(long, string)> into, int most)
    {
        for (var i = 0; i < most && reader.TryRead(out var record); i++)
            if (record.Kind == RecordKind.Envelope)
                into.Add((record.Number, Encoding.UTF8.GetString(record.Payload)));
    }

    private static int ReadAll(JournalReader reader)
    {
        var count = 0;
        while (reader.TryRead(out _))
            count++;
        return count;
    }

    private Journal Open(int segmentBytes = 8 << 20, long keepBytes = 1 << 30, long known = 0) =>
        Journal.Open(folder, new JournalOptions { SegmentBytes = segmentBytes, KeepBytes = keepBytes }, clock, generation: 1, known);
}
