using System.Text;
using Microsoft.Data.Sqlite;
using SmartDistrict.Edge.Outbox;
using SmartDistrict.Edge.Status;
using SmartDistrict.Sqlite;
using SmartDistrict.Telemetry.Windows;
using SmartDistrict.Testing;
using SQLitePCL;

namespace SmartDistrict.Edge.Tests.Outbox;

public sealed class OutboxTests : IDisposable
{
    private readonly OutboxFile file = new();

    [Fact]
    public void The_newest_rows_go_first_and_stand_in_ascending_order_within_their_batch()
    {
        file.Put((60, "a", new(1, 1)), (120, "a", new(1, 2)), (120, "b", new(1, 3)), (180, "a", new(1, 4)));
        var batch = new OutboxBatch(3, 10_000);
        Assert.True(file.Reader.Take(batch, [], 0));
        Assert.Equal("""
            a generation=1i,revision=2i 120
            b generation=1i,revision=3i 120
            a generation=1i,revision=4i 180

            """.ReplaceLineEndings("\n"), Text(batch.Whole));
        var behind = new OutboxBatch(3, 10_000);
        Assert.True(file.Reader.Take(behind, [batch], 0));
        Assert.Equal("a generation=1i,revision=1i 60\n", Text(behind.Whole));
        Assert.False(file.Reader.Take(new(3, 10_000), [behind, batch], 0));
    }

    [Fact]
    public void Rows_that_come_while_a_batch_is_under_way_are_taken_before_the_backlog()
    {
        file.Put((60, "a", new(1, 1)), (120, "a", new(1, 2)), (180, "a", new(1, 3)));
        var underWay = new OutboxBatch(1, 10_000);
        file.Reader.Take(underWay, [], 0);
        file.Put((240, "a", new(1, 4)));
        var next = new OutboxBatch(5, 10_000);
        Assert.True(file.Reader.Take(next, [underWay], 0));
        Assert.Equal("a generation=1i,revision=4i 240\n", Text(next.Whole));
    }

    [Fact]
    public void An_older_or_equal_revision_never_replaces_the_waiting_one()
    {
        file.Put((60, "a", new(2, 5)));
        file.Put((60, "a", new(1, 900)), (60, "a", new(2, 4)), (60, "a", new(2, 5)));
        Assert.Equal("a generation=2i,revision=5i 60\n", TakeAll());
        file.Put((60, "a", new(3, 1)));
        Assert.Equal("a generation=3i,revision=1i 60\n", TakeAll());
    }

    [Fact]
    public void A_row_put_again_while_it_was_under_way_stays()
    {
        file.Put((60, "a", new(1, 1)), (60, "b", new(1, 1)));
        var batch = new OutboxBatch(10, 10_000);
        file.Reader.Take(batch, [], 0);
        file.Put((60, "a", new(1, 2)));
        Assert.Equal(1, file.Reader.Confirm(batch.Whole));
        Assert.Equal("a generation=1i,revision=2i 60\n", TakeAll());
        Assert.Equal((1L, 60L), (file.Gauge.Read().Rows, file.Gauge.Read().Oldest));
    }

    [Fact]
    public void A_row_put_while_a_batch_is_read_is_sent_once()
    {
        file.Put((60, "a", new(1, 1)));
        var come = false;
        raw.sqlite3_trace(file.Sender.Handle, (_, sql) =>
        {
            if (come || !sql.Contains("FROM outbox\n", StringComparison.Ordinal))
                return;
            come = true;
            file.Put((120, "a", new(1, 2)));
        }, null);
        var sent = new List<string>();
        for (var batch = new OutboxBatch(10, 10_000); file.Reader.Take(batch, [], 0); file.Reader.Confirm(batch.Whole))
            sent.AddRange(Text(batch.Whole).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(["a generation=1i,revision=1i 60", "a generation=1i,revision=2i 120"], sent.Order(StringComparer.Ordinal));
        Assert.True(come);
    }

    [Fact]
    public void A_point_put_again_is_not_hidden_by_its_predecessor_that_is_done_but_not_deleted()
    {
        file.Put((60, "a", new(1, 1)), (60, "b", new(1, 2)), (120, "a", new(1, 3)), (120, "b", new(1, 4)));
        var batch = new OutboxBatch(2, 10_000);
        file.Reader.Take(batch, [], 0);
        Assert.Equal(2, file.Reader.Confirm(batch.Whole)); // a full batch, written down as done
        file.Put((120, "a", new(1, 5)));
        Assert.Equal((3, 60L), (file.Gauge.Read().Rows, file.Gauge.Read().Oldest));
        file.Reopen();
        Assert.Equal("""
            a generation=1i,revision=1i 60
            b generation=1i,revision=2i 60
            a generation=1i,revision=5i 120

            """.ReplaceLineEndings("\n"), TakeAll());
    }

    [Fact]
    public void A_refused_row_becomes_a_dead_letter_with_the_stores_words()
    {
        file.Put((60, "a", new(1, 1)), (60, "b", new(1, 1)));
        var batch = new OutboxBatch(10, 10_000);
        file.Reader.Take(batch, [], 0);
        Assert.True(file.Reader.Refuse(batch.Whole with { Count = 1 }, "field type conflict", "change it", 5_000));
        var letter = Assert.Single(DeadLetters.Newest(file.Sender, 10));
        Assert.Equal((5_000, "sync", "a", "field type conflict", "change it", "a generation=1i,revision=1i 60"),
            (letter.At, letter.Source, letter.Subject, letter.Reason, letter.Mend, Encoding.UTF8.GetString(letter.Content)));
        Assert.Equal("b generation=1i,revision=1i 60\n", TakeAll());
    }

    [Theory]
    [InlineData("rest = replace(CAST(rest AS TEXT), 'revision=2i', 'revision=6i')", "footfall_15m,line=x generation=1i,revision=6i 900", 900)]
    [InlineData("series = CAST('footfall_15m,line=y' AS BLOB)", "footfall_15m,line=y generation=1i,revision=2i 900", 900)]
    [InlineData("timestamp = 964", "footfall_15m,line=x generation=1i,revision=2i 900", 964)]
    [InlineData("counter = 66", "footfall_15m,line=x generation=1i,revision=2i 900", 900)]
    [InlineData("generation = 65", "footfall_15m,line=x generation=1i,revision=2i 900", 900)]
    public void A_row_that_changed_on_the_disk_is_never_sent_but_counted_as_lost_and_its_neighbours_go(string change, string letterbox, long at)
    {
        file.Put((60, "a", new(1, 1)), (900, "footfall_15m,line=x", new(1, 2)), (1800, "a", new(1, 3)), (1800, "b", new(1, 4)));
        SqliteStore.Execute(file.Fold, $"UPDATE outbox SET {change} WHERE timestamp = 900");
        Assert.Equal("""
            a generation=1i,revision=1i 60
            a generation=1i,revision=3i 1800
            b generation=1i,revision=4i 1800

            """.ReplaceLineEndings("\n"), TakeAll());
        Assert.Equal((1, 1, 3), (file.Reader.Damaged, file.Gauge.Read().Lost, file.Gauge.Read().Rows));
        var loss = Assert.Single(Losses.All(file.Sender));
        Assert.Equal(("outbox", "damaged on the disk", 1, at), (loss.Stream, loss.Reason, loss.Records, loss.First));
        var letter = Assert.Single(DeadLetters.Newest(file.Sender, 10));
        Assert.Equal(("outbox", letterbox[..letterbox.IndexOf(' ', StringComparison.Ordinal)], letterbox), (letter.Source, letter.Subject, Encoding.UTF8.GetString(letter.Content)));
        using var undelivered = new Statement(file.Sender, "SELECT timestamp, dropped FROM outbox_undelivered");
        Assert.True(undelivered.Step());
        Assert.Equal((at, 1), (undelivered.Number(0), undelivered.Number(1)));
    }

    [Fact]
    public void Rows_of_a_version_without_checksums_are_sent_but_one_that_lost_its_own_is_not()
    {
        file.Put((60, "a", new(1, 1)), (120, "a", new(1, 2)));
        SqliteStore.Execute(file.Fold, "UPDATE outbox SET checksum = NULL; UPDATE outbox_level SET unchecked = 1");
        file.Reopen();
        Assert.Equal("a generation=1i,revision=1i 60\n", TakeAll());
        Assert.Equal(1, file.Reader.Damaged);
    }

    /// <summary>Every 397th bit; what SQLite itself finds malformed ends the reading, as it does in the gateway.</summary>
    [Fact]
    public void Whichever_bit_of_the_file_turns_over_no_line_is_sent_that_was_not_put()
    {
        var points = Enumerable.Range(0, 60).Select(i => (900L * (i / 3), $"footfall_15m,line={"xyz"[i % 3]}", new Revision(1, i))).ToArray();
        file.Put(points);
        var put = points.Select(point => OutboxFile.Line(point.Item1, point.Item2, point.Item3)).ToHashSet();
        using var folder = new TemporaryFolder();
        SqliteStore.Execute(file.Fold, $"VACUUM INTO '{folder.File("whole.db")}'");
        var whole = File.ReadAllBytes(folder.File("whole.db"));
        var (told, refused) = (0, 0);
        for (var bit = 0; bit < whole.Length * 8; bit += 397)
        {
            var turned = whole.ToArray();
            turned[bit / 8] ^= (byte)(1 << (bit % 8));
            var path = folder.File($"{bit}.db");
            File.WriteAllBytes(path, turned);
            try
            {
                using var connection = SqliteStore.Open(path, OutboxFile.Migrations, durable: false);
                using var letters = new DeadLetters(connection);
                using var reader = new OutboxReader(connection, letters);
                var batch = new OutboxBatch(1000, 1_000_000);
                reader.Take(batch, [], 0);
                Assert.All(Text(batch.Whole).Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.True(put.Contains(line), $"bit {bit}: {line} was never put"));
                told += reader.Damaged > 0 ? 1 : 0;
            }
            catch (SqliteException)
            {
                refused++;
            }
        }
        Assert.True(told > 20 && refused > 5, $"{told} told, {refused} refused of {whole.Length * 8 / 397}");
    }

    [Fact]
    public void A_refused_row_that_was_put_again_gets_its_own_trial()
    {
        file.Put((60, "a", new(1, 1)));
        var batch = new OutboxBatch(10, 10_000);
        file.Reader.Take(batch, [], 0);
        file.Put((60, "a", new(1, 2)));
        Assert.False(file.Reader.Refuse(batch.Whole, "bad", "mend", 0));
        Assert.Equal(0, DeadLetters.Total(file.Sender));
        Assert.Equal("a generation=1i,revision=2i 60\n", TakeAll());
    }

    [Fact]
    public void A_doubtful_row_is_written_now_and_once_more_when_the_doubt_is_over()
    {
        file.Put((60, "a", new(1, 1)));
        var batch = new OutboxBatch(10, 10_000);
        file.Reader.Take(batch, [], nowMs: 1_000);
        file.Reader.Doubt(batch.Whole, againAtMs: 31_000);
        file.Put((60, "a", new(1, 2)));

        Assert.True(file.Reader.Take(batch, [], 2_000));
        Assert.Equal("a generation=1i,revision=2i 60\n", Text(batch.Whole));
        Assert.Equal(0, file.Reader.Confirm(batch.Whole));
        Assert.False(file.Reader.Take(batch, [], 30_999));
        Assert.Equal(31_000, file.Reader.NextAgain());

        Assert.True(file.Reader.Take(batch, [], 31_000));
        Assert.Equal("a generation=1i,revision=2i 60\n", Text(batch.Whole));
        Assert.Equal(1, file.Reader.Confirm(batch.Whole));
        Assert.Equal(0, file.Gauge.Read().Rows);
        Assert.Null(file.Reader.NextAgain());
    }

    [Fact]
    public void What_was_under_way_when_the_process_was_killed_is_doubtful()
    {
        file.Put((60, "a", new(1, 1)), (120, "a", new(1, 2)));
        file.Reader.Take(new(1, 10_000), [], nowMs: 1_000);
        file.Reopen();
        file.Reader.Recover(againAtMs: 61_000);
        var batch = new OutboxBatch(10, 10_000);
        Assert.True(file.Reader.Take(batch, [], 2_000));
        Assert.Equal(1, file.Reader.Confirm(batch.Whole));
        Assert.Equal((1, 0), (file.Gauge.Read().Rows, file.Gauge.Read().Backlog));
        Assert.True(file.Reader.Take(batch, [], 61_000));
        Assert.Equal("a generation=1i,revision=2i 120\n", Text(batch.Whole));
    }

    [Fact]
    public void A_full_outbox_drops_the_oldest_and_counts_them()
    {
        file.Put([.. Enumerable.Range(0, 100).Select(i => (i * 60L, "a", new Revision(1, i)))]);
        Assert.Equal(0, file.Reader.Trim(100, long.MaxValue, 0));
        Assert.Equal(30, file.Reader.Trim(70, long.MaxValue, nowMs: 7_200_000));
        Assert.Equal((70, 1800L), (file.Gauge.Read().Rows, file.Gauge.Read().Oldest!.Value));
        var bytes = file.Gauge.Read().Bytes;
        Assert.Equal(1, file.Reader.Trim(long.MaxValue, bytes - 1, nowMs: 7_300_000));
        Assert.Equal([new Loss("outbox", "outbox full", 7200, 31, 0, 30 * 60)], Losses.All(file.Sender));
        Assert.Equal(31, Losses.Total(file.Fold));
    }

    [Fact]
    public void A_batch_ends_at_its_bytes_but_always_takes_one_line()
    {
        var big = new string('x', 500);
        file.Put((60, "a", new(1, 1)), (120, big, new(1, 2)), (180, big, new(1, 3)));
        var batch = new OutboxBatch(10, 600);
        file.Reader.Take(batch, [], 0);
        Assert.Equal(1, batch.Count);
        var tiny = new OutboxBatch(10, 64);
        file.Reader.Take(tiny, [], 0);
        Assert.Equal((1, OutboxFile.Line(180, big, new(1, 3)).Length + 1), (tiny.Count, tiny.Bytes));
    }

    [Fact]
    public void A_line_that_does_not_begin_with_its_series_is_refused()
    {
        using var transaction = file.Fold.BeginTransaction();
        Assert.Throws<ArgumentException>(() => file.Writer.Put(transaction, "m,a=x"u8, 1, default, "m,a=y f=1 1"u8));
        Assert.Throws<ArgumentException>(() => file.Writer.Put(transaction, "m,a=x"u8, 1, default, "m,a=xy f=1 1"u8));
    }

    [Fact]
    public void Putting_allocates_nothing()
    {
        using var transaction = file.Fold.BeginTransaction();
        void Put()
        {
            for (var i = 0; i < 100; i++)
                file.Writer.Put(transaction, "m,a=x"u8, i, new(1, i), "m,a=x f=1 1"u8);
        }
        Assert.Equal(0, Allocations.InSteadyState(Put));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Random_sequences_of_puts_sends_and_crashes_agree_with_the_model(int seed)
    {
        var random = new Random(seed);
        var model = new OutboxModel();
        var underWay = new List<(OutboxBatch Batch, List<OutboxModel.Sent> Rows)>();
        List<List<OutboxModel.Sent>> listed = [];
        long now = 1_000, counter = 0;
        for (var step = 0; step < 3_000; step++)
        {
            now += random.Next(5);
            switch (random.Next(12))
            {
                case < 4: // one transaction of the fold, rolled back now and then
                    var committed = random.Next(5) > 0;
                    var puts = Enumerable.Range(0, random.Next(1, 6)).Select(_ =>
                    {
                        // The fold never goes back behind what has left: an older revision only meets a newer one that waits.
                        var (timestamp, series) = (random.Next(12) * 60L, "s" + random.Next(4));
                        return (Timestamp: timestamp, Series: series, Revision: model.Waits(timestamp, series) && random.Next(3) == 0
                            ? new Revision(random.Next(1, 3), random.NextInt64(counter + 1))
                            : new Revision(2, ++counter));
                    }).ToArray();
                    using (var transaction = file.Fold.BeginTransaction())
                    {
                        foreach (var (timestamp, series, revision) in puts)
                            file.Put(transaction, timestamp, series, revision);
                        if (committed)
                            transaction.Commit();
                    }
                    if (committed)
                        foreach (var put in puts)
                            model.Put(put.Timestamp, put.Series, put.Revision);
                    break;
                case < 7: // take, up to three under way
                    if (underWay.Count == 3)
                        break;
                    var batch = new OutboxBatch(random.Next(1, 9), 10_000);
                    var taken = file.Reader.Take(batch, [.. underWay.Select(b => b.Batch)], now);
                    // A batch may end early, at rows that are done and not yet deleted; it never leaves one out.
                    var rows = model.Take(taken ? batch.Count : 1, [.. underWay.Select(b => b.Rows)], now);
                    Assert.Equal(rows.Count > 0, taken);
                    Assert.Equal(string.Concat(rows.Select(row => row.Line + "\n")), Text(batch.Whole));
                    if (rows.Count > 0)
                    {
                        underWay.Add((batch, rows));
                        listed = [.. underWay.Select(b => b.Rows)];
                    }
                    break;
                case 7 when underWay.Count > 0: // some of a batch becomes a dead letter, the rest is confirmed in two runs
                    var refused = Pick();
                    var at = random.Next(refused.Rows.Count);
                    file.Reader.Refuse(new(refused.Batch, at, 1), "bad", "mend", now);
                    model.Refuse(refused.Rows[at]);
                    if (at > 0)
                        file.Reader.Confirm(new(refused.Batch, 0, at));
                    if (at + 1 < refused.Rows.Count)
                        file.Reader.Confirm(new(refused.Batch, at + 1, refused.Rows.Count - at - 1));
                    foreach (var row in refused.Rows.Where((_, i) => i != at))
                        model.Confirm(row);
                    break;
                case 8 when underWay.Count > 0:
                    var doubtful = Pick();
                    var again = now + random.Next(1, 30);
                    file.Reader.Doubt(doubtful.Batch.Whole, again);
                    model.Doubt(doubtful.Rows, again);
                    break;
                case 9 when underWay.Count > 0: // kept: unavailable, nothing changes
                    Pick();
                    break;
                case 10 when random.Next(6) == 0: // kill
                    file.Reopen();
                    file.Reader.Recover(now + 20);
                    model.Kill(listed, now + 20);
                    underWay.Clear();
                    listed = [];
                    break;
                case 11 when random.Next(3) == 0: // nothing to do
                    file.Reader.DeleteDone();
                    break;
                case 10 when random.Next(6) == 0:
                    var limit = random.Next(5, 20);
                    Assert.Equal(model.Trim(limit), file.Reader.Trim(limit, long.MaxValue, now));
                    break;
                default:
                    if (underWay.Count == 0)
                        break;
                    var sent = Pick();
                    file.Reader.Confirm(sent.Batch.Whole);
                    foreach (var row in sent.Rows)
                        model.Confirm(row);
                    break;
            }
            Assert.Equal(model.Level, file.Gauge.Read());
            Assert.Equal(model.NextAgain, file.Reader.NextAgain());
            Assert.Equal((model.DeadLetters, model.Lost), (DeadLetters.Total(file.Sender), Losses.Total(file.Sender)));
        }
        Assert.True(model.DeadLetters > 10 && model.Lost > 0 && model.Confirmed > 100);

        (OutboxBatch Batch, List<OutboxModel.Sent> Rows) Pick()
        {
            var picked = underWay[random.Next(underWay.Count)];
            underWay.Remove(picked);
            return picked;
        }
    }

    public void Dispose() => file.Dispose();

    /// <summary>What 80 lines and 64 devices put in four hours, while no store takes it.</summary>
    [Fact]
    public void The_runway_reckons_with_the_space_that_the_file_takes()
    {
        var empty = Size();
        for (var minute = 0; minute < 240; minute++)
        {
            using var transaction = file.Fold.BeginTransaction();
            for (var line = 0; line < 80; line++)
                foreach (var (name, seconds) in (ReadOnlySpan<(string, int)>)[("footfall_1m", 60), ("footfall_15m", 900), ("footfall_1h", 3600)])
                    if ((minute + 1) * 60 % seconds == 0)
                        Put($"{name},district=harbour,line=ln-{line:00}",
                            $"entries={(line * 7) + minute}i,exits={minute}i,ambiguous=0i,unplaced_entries=0i,unplaced_exits=0i,expected=10i,received=10i,generation=1772438400123i,revision={minute * 640}i,status=\"complete\"",
                            ((minute + 1) * 60) - seconds);
            for (var device = 0; device < 64; device++)
                Put($"device_health,device=node-{device:00},district=harbour,gateway=gw-1",
                    $"last_seen={1772438400123 + (minute * 60_000)}i,readings=10i,duplicates=0i,missing=0i,refused=0i,sensor=\"ok\"", minute * 60);
            transaction.Commit();

            void Put(string series, string fields, long at) => file.Writer.Put(transaction, Encoding.UTF8.GetBytes(series), 1_772_438_400 + at, new(1_772_438_400_123, minute * 640),
                Encoding.UTF8.GetBytes($"{series} {fields} {1_772_438_400 + at}"));
        }
        var perByte = (double)(Size() - empty) / file.Gauge.Read().Bytes;
        Assert.InRange(Runway.FileBytesPerByte, perByte, perByte * 1.15);

        long Size()
        {
            using var pages = new Statement(file.Fold, "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size");
            pages.Step();
            return pages.Number(0);
        }
    }

    private string TakeAll()
    {
        var batch = new OutboxBatch(1000, 1_000_000);
        file.Reader.Take(batch, [], 0);
        return Text(batch.Whole);
    }

    private static string Text(OutboxRun run) => run.Count == 0 ? "" : Encoding.UTF8.GetString(run.Lines.Span);
}
