using System.Globalization;
using System.Text;
using SmartDistrict.Edge.Clock;
using SmartDistrict.Edge.Journal;
using SmartDistrict.Testing;

namespace SmartDistrict.Edge.Tests.Journal;

using Journal = SmartDistrict.Edge.Journal.Journal;

/// <summary>Segments that are damaged anywhere, in any way: the journal opens, gives back what is whole, and knows the rest to the unit.</summary>
public sealed class JournalDamageTests
{
    private const string Folder = "journal";
    private readonly GatewayClock clock = new(new ManualTimeProvider(), Guid.NewGuid(), () => ClockState.Synchronised);

    private enum Harm
    {
        Bit,
        Sector,
        Noise,
        Head,
        Cut,
        Emptied,
        Gone,
    }

    [Fact]
    public void Whatever_befalls_the_segments_each_record_is_read_or_known_to_be_lost()
    {
        for (var seed = 1; seed <= 500; seed++)
        {
            var random = new Random(seed);
            var disk = new SimulatedDisk(random);
            var written = Fill(disk, random, out var known);
            var paths = disk.List(Folder, JournalSegment.Extension).Order(StringComparer.Ordinal).ToList();
            var what = new List<string>();
            for (var harms = random.Next(1, 4); harms > 0; harms--)
            {
                var path = paths[random.Next(paths.Count)];
                var harm = (Harm)random.Next(7);
                Do(random, disk, path, harm);
                what.Add($"{harm} of {path}");
            }
            Check(disk, written, known, $"seed {seed}: {string.Join(", ", what)}");
        }
    }

    [Fact]
    public void The_newest_segment_lost_whole_is_known_to_the_unit_from_the_ranges_in_the_state()
    {
        var disk = new SimulatedDisk(new Random(1));
        var written = Fill(disk, new Random(1), out var known);
        var newest = disk.List(Folder, JournalSegment.Extension).Max(StringComparer.Ordinal)!;
        disk.Delete(newest);
        var first = long.Parse(Path.GetFileNameWithoutExtension(newest), CultureInfo.InvariantCulture);
        Assert.Equal(known - first + 1, Check(disk, written, known, "the newest is gone"));
    }

    [Fact]
    public void A_sector_that_the_disk_does_not_give_back_costs_its_records_and_no_more()
    {
        var random = new Random(5);
        var disk = new SimulatedDisk(random);
        var written = Fill(disk, random, out var known, segmentBytes: 1 << 16);
        var path = disk.List(Folder, JournalSegment.Extension).First();
        disk.Unreadable.Add((path, 2));
        using var journal = Open(disk, known);
        journal.Commit();
        using var reader = journal.ReadFrom(1);
        var read = 0L;
        Assert.Throws<IOException>(() =>
        {
            while (reader.TryRead(out _))
                read++;
        });
        // it may be given back the next time, and a damaged card is asked again
        Assert.Throws<IOException>(() => reader.TryRead(out _));
        reader.PassOverUnreadable();
        while (reader.TryRead(out _))
            read++;
        Assert.Equal(journal.LastCommitted, read + reader.Lost);
        Assert.InRange(reader.Lost, 1, 4096 / JournalFormat.Length(1, 0) + 1);
        Assert.True(written.Count > 20);
    }

    [Fact]
    public void A_segment_without_a_whole_record_is_set_aside_and_never_written_over()
    {
        var disk = new SimulatedDisk(new Random(3));
        Fill(disk, new Random(3), out var known);
        var newest = disk.List(Folder, JournalSegment.Extension).Max(StringComparer.Ordinal)!;
        disk.Content(newest).AsSpan(JournalSegment.HeadLength).Fill(0xA5);
        using var journal = Open(disk, 0);
        Assert.Contains("set aside", Assert.Single(journal.Findings), StringComparison.Ordinal);
        Assert.Equal(0xA5, disk.Content(newest + ".damaged-1")[100]);
        Assert.True(journal.LastAppended <= known + 1);
    }

    private long Check(SimulatedDisk disk, Dictionary<long, string> written, long known, string what)
    {
        using var journal = Open(disk, known);
        Assert.Equal(known + 1, journal.LastAppended);
        var number = journal.Append(RecordKind.Envelope, clock.Now(), "t"u8, "after"u8);
        while (journal.Commit())
        {
        }
        using var reader = journal.ReadFrom(1);
        var read = new HashSet<long>();
        var lost = new HashSet<long>();
        reader.OnLost = (first, last, _) =>
        {
            for (var i = first; i <= last; i++)
                Assert.True(lost.Add(i), what);
        };
        while (reader.TryRead(out var record))
        {
            Assert.True(read.Add(record.Number), what);
            if (record.Kind == RecordKind.Envelope && record.Number != number)
                Assert.Equal(written[record.Number], Encoding.UTF8.GetString(record.Payload));
        }
        Assert.True(read.Contains(number), what);
        Assert.Equal(lost.Count, reader.Lost);
        Assert.True(Enumerable.Range(1, (int)number).All(i => read.Contains(i) != lost.Contains(i)), what);
        return reader.Lost;
    }

    private Dictionary<long, string> Fill(SimulatedDisk disk, Random random, out long known, int segmentBytes = 4096)
    {
        var written = new Dictionary<long, string>();
        using var journal = Open(disk, 0, segmentBytes);
        for (var i = 0; i < 120; i++)
        {
            var text = string.Create(CultureInfo.InvariantCulture, $"{i} {new string('x', random.Next(random.Next(10) == 0 ? 3000 : 150))}");
            written[journal.Append(RecordKind.Envelope, clock.Now(), "t"u8, Encoding.UTF8.GetBytes(text))] = text;
            if (random.Next(4) == 0)
                journal.Commit();
        }
        while (journal.Commit())
        {
        }
        // the ranges that the state keeps end with the newest record that was committed at a checkpoint
        known = journal.Ranges()[^1].Last;
        return written;
    }

    private static void Do(Random random, SimulatedDisk disk, string path, Harm harm)
    {
        if (disk.Length(path) == 0)
            return;
        var bytes = disk.Content(path);
        var at = random.Next(bytes.Length);
        switch (harm)
        {
            case Harm.Bit:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case Harm.Sector:
                bytes.AsSpan(at / 512 * 512, Math.Min(512, bytes.Length - (at / 512 * 512))).Clear();
                break;
            case Harm.Noise:
                random.NextBytes(bytes.AsSpan(at, Math.Min(random.Next(1, 1000), bytes.Length - at)));
                break;
            case Harm.Head:
                random.NextBytes(bytes.AsSpan(0, Math.Min(bytes.Length, random.Next(1, JournalSegment.HeadLength + 40))));
                break;
            case Harm.Cut:
                disk.Truncate(path, at);
                break;
            case Harm.Emptied:
                disk.Truncate(path, 0);
                break;
            default:
                disk.Delete(path);
                break;
        }
    }

    private Journal Open(SimulatedDisk disk, long known, int segmentBytes = 4096) =>
        Journal.Open(Folder, new JournalOptions { SegmentBytes = segmentBytes }, clock, 1, known, disk);
}
