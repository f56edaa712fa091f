using System.Text;
using Microsoft.Data.Sqlite;
using SmartDistrict.Edge.Outbox;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Edge.Tests.Footfall;

public sealed class FootfallFoldTests
{
    [Fact]
    public void A_crossing_is_in_the_minute_the_quarter_and_the_hour_of_its_event_time()
    {
        using var bench = new FoldBench(("b1", "native"));
        bench.Native("b1", FoldBench.At("08:00:10"), 0, entries: 2);
        bench.Native("b1", FoldBench.At("07:59:50"), 1, entries: 0, exits: 1);

        var windows = bench.Windows();

        Assert.Equal(6, windows.Count);
        Assert.Equal((2, 0), Counts(bench.Window("ln-b1", "08:00:00")));
        Assert.Equal((0, 1), Counts(bench.Window("ln-b1", "07:59:00")));
        Assert.Equal((2, 0), Counts(bench.Window("ln-b1", "08:00:00", Resolution.QuarterHour)));
        Assert.Equal((0, 1), Counts(bench.Window("ln-b1", "07:45:00", Resolution.QuarterHour)));
        Assert.Equal((2, 0), Counts(bench.Window("ln-b1", "08:00:00", Resolution.Hour)));
        Assert.Equal((0, 1), Counts(bench.Window("ln-b1", "07:00:00", Resolution.Hour)));
    }

    [Fact]
    public void A_message_delivered_again_is_counted_once_also_across_a_crash()
    {
        using var bench = new FoldBench(("b1", "native"));
        bench.Native("b1", FoldBench.At("08:00:01"), 0, 1);
        bench.Native("b1", FoldBench.At("08:00:01"), 0, 1);
        bench.Drain();
        bench.Crash();
        bench.Native("b1", FoldBench.At("08:00:01"), 0, 1);
        Assert.Equal((1, 0), Counts(bench.Window("ln-b1", "08:00:00")));
        bench.Crash();
        bench.Native("b1", FoldBench.At("08:00:01"), 0, 1);
        Assert.Equal((1, 0), Counts(bench.Window("ln-b1", "08:00:00")));
        Assert.Equal(3, bench.Fold.Totals.Duplicates);
    }

    [Fact]
    public void A_checkpoint_that_the_disk_refused_is_made_later_and_holds_everything()
    {
        using var bench = new FoldBench(("b1", "native"));
        bench.Native("b1", FoldBench.At("08:00:01"), 0, entries: 2);
        bench.Drain();
        bench.RefuseNextCommit();
        Assert.Throws<SqliteException>(() => bench.Fold.Checkpoint(includeOpen: true));
        Assert.Empty(bench.Stored());

        bench.Native("b1", FoldBench.At("08:00:02"), 1, entries: 0, exits: 1);
        Assert.Equal((2, 1), Counts(bench.Window("ln-b1", "08:00:00")));
        bench.Crash();
        Assert.Equal((2, 1), Counts(bench.Window("ln-b1", "08:00:00")));
        Assert.Equal(0, bench.Fold.Totals.Duplicates);
    }

    [Fact]
    public void Two_people_in_the_same_millisecond_are_two()
    {
        using var bench = new FoldBench(("b1", "native"));
        bench.Native("b1", FoldBench.At("08:00:01"), 0, entries: 1);
        bench.Native("b1", FoldBench.At("08:00:01"), 1, entries: 1);
        bench.Native("b1", FoldBench.At("08:00:01"), 2, entries: 0, exits: 1);
        Assert.Equal((2, 1), Counts(bench.Window("ln-b1", "08:00:00")));
        Assert.Equal(0, bench.Fold.Totals.Duplicates);
    }

    [Fact]
    public void The_same_number_after_a_restart_of_the_device_is_another_message()
    {
        using var bench = new FoldBench(("b1", "native"));
        bench.Native("b1", FoldBench.At("08:00:01"), 0, 1, boot: "first");
        bench.Native("b1", FoldBench.At("08:00:02"), 0, 1, boot: "second");
        Assert.Equal((2, 0), Counts(bench.Window("ln-b1", "08:00:00")));
    }

    [Fact]
    public void Messages_that_arrive_before_their_predecessors_are_all_counted()
    {
        using var bench = new FoldBench(("b1", "native"));
        foreach (var seq in (int[])[5, 2, 0, 4, 1, 3])
            bench.Native("b1", FoldBench.At("08:00:10") + seq, seq, 1);
        var window = bench.Window("ln-b1", "08:00:00");
        Assert.Equal((6, 0), Counts(window));
        Assert.Equal((6, 6), (window.Counts.Expected, window.Counts.Received));
    }

    [Fact]
    public void A_gap_in_the_sequence_makes_the_window_partial_until_it_is_filled()
    {
        using var bench = new FoldBench(("b1", "native"));
        bench.Be("08:00:10");
        bench.Native("b1", FoldBench.At("08:00:10"), 10, 1);
        bench.Native("b1", FoldBench.At("08:00:20"), 13, 1);
        bench.Be("08:01:06");
        bench.Tick();
        var partial = bench.Window("ln-b1", "08:00:00");
        Assert.Equal((WindowStatus.Partial, 4, 2), (partial.Status, partial.Counts.Expected, partial.Counts.Received));

        bench.Crash();
        bench.Native("b1", FoldBench.At("08:00:12"), 11, 1);
        bench.Native("b1", FoldBench.At("08:00:15"), 12, 1);
        var whole = bench.Window("ln-b1", "08:00:00");
        Assert.Equal((WindowStatus.Complete, 4, 4), (whole.Status, whole.Counts.Expected, whole.Counts.Received));
        Assert.True(whole.Revision > partial.Revision);
    }

    [Fact]
    public void A_window_is_published_when_its_time_has_passed_even_if_nobody_speaks()
    {
        using var bench = new FoldBench(("b1", "native"));
        bench.Be("08:00:10");
        bench.Native("b1", FoldBench.At("08:00:10"), 0, 1);
        bench.Drain();
        bench.Fold.Checkpoint();
        Assert.Empty(bench.Stored());
        Assert.Equal(FoldBench.At("08:01:05"), bench.Fold.NextClose);

        bench.Be("08:01:05");
        bench.Tick();
        bench.Drain();
        Assert.True(bench.Fold.Publishable);
        bench.Fold.Checkpoint();
        var window = Assert.Single(bench.Stored()).Value;
        Assert.Equal((Resolution.Minute, WindowStatus.Complete), (window.Resolution, window.Status));
        Assert.Equal(7, window.Revision.Generation);
    }

    [Fact]
    public void A_late_reading_revises_a_window_that_was_published_long_ago()
    {
        using var bench = new FoldBench(("b1", "native"));
        bench.Native("b1", FoldBench.At("08:00:10"), 0, 1);
        bench.Be("14:00:00");
        bench.Tick();
        var first = bench.Window("ln-b1", "08:00:00");
        bench.Native("b1", FoldBench.At("08:00:30"), 1, 4);
        var revised = bench.Window("ln-b1", "08:00:00");
        Assert.Equal((5, 0), Counts(revised));
        Assert.True(revised.Revision > first.Revision);
    }

    [Fact]
    public void A_difference_of_totals_within_a_minute_is_on_the_minute_map_and_a_longer_one_only_in_the_totals()
    {
        using var bench = new FoldBench(("v1", "milesight-vs350"));
        bench.Vs350("v1", FoldBench.At("07:50:10"), 100, 50);
        bench.Vs350("v1", FoldBench.At("07:50:40"), 103, 50);
        bench.Vs350("v1", FoldBench.At("07:52:40"), 110, 55);

        var within = bench.Window("ln-v1", "07:50:00");
        Assert.Equal((3, 0), Counts(within));
        var spanned = bench.Window("ln-v1", "07:52:00");
        Assert.Equal((0, 0), Counts(spanned));
        Assert.Equal((7, 5), Unplaced(spanned));
        var quarter = bench.Window("ln-v1", "07:45:00", Resolution.QuarterHour);
        Assert.Equal((10, 5), Counts(quarter));
        Assert.Equal((0, 0), Unplaced(quarter));
    }

    [Fact]
    public void Late_totals_split_the_difference_that_spanned_them()
    {
        using var bench = new FoldBench(("v1", "milesight-vs350"));
        bench.Vs350("v1", FoldBench.At("07:00:00"), 100, 0);
        bench.Vs350("v1", FoldBench.At("07:30:00"), 130, 0);
        Assert.Equal((30, 0), Unplaced(bench.Window("ln-v1", "07:15:00", Resolution.QuarterHour)));
        bench.Crash();
        bench.Vs350("v1", FoldBench.At("07:15:00"), 112, 0);

        Assert.Equal((12, 0), Counts(bench.Window("ln-v1", "07:00:00", Resolution.QuarterHour)));
        var second = bench.Window("ln-v1", "07:15:00", Resolution.QuarterHour);
        Assert.Equal((18, 0), Counts(second));
        Assert.Equal((0, 0), Unplaced(second));
        Assert.Equal(30, Total(bench, Resolution.Minute));
    }

    [Fact]
    public void Totals_of_sixteen_bits_wrap_without_a_loss()
    {
        using var bench = new FoldBench(("v1", "milesight-vs350"));
        bench.Vs350("v1", FoldBench.At("07:50:10"), 65530, 9);
        bench.Vs350("v1", FoldBench.At("07:50:40"), 4, 9);
        var window = bench.Window("ln-v1", "07:50:00");
        Assert.Equal((10, 0), Counts(window));
    }

    [Fact]
    public void A_reset_of_totals_keeps_what_is_known_and_marks_the_window_partial()
    {
        using var bench = new FoldBench(("v1", "milesight-vs350"));
        bench.Vs350("v1", FoldBench.At("07:50:10"), 500, 9);
        bench.Vs350("v1", FoldBench.At("07:50:40"), 3, 11);
        var window = bench.Window("ln-v1", "07:50:00");
        Assert.Equal((3, 11), Counts(window));
        Assert.Equal(WindowStatus.Partial, window.Status);
    }

    [Theory]
    [InlineData(112, 12, "a history that agrees with the totals")]
    [InlineData(110, 12, "a history that knows more than the totals, as after a reset that they do not show")]
    [InlineData(120, 20, "a history with a hole: the totals know more")]
    [InlineData(4, 12, "a reset in the middle: the history knows what was before it")]
    [InlineData(15, 15, "a reset early on: the total since then is the most that is known")]
    public void Periods_told_later_place_what_the_totals_prove_and_are_never_added(int total, int people, string why)
    {
        using var bench = new FoldBench(("v1", "milesight-vs350"));
        bench.Vs350("v1", FoldBench.At("07:48:00"), 100, 0);
        bench.Hear("milesight/v1/up",
            $$"""{"timestamp":{{FoldBench.At("07:51:00") / 1000}},"total_in":{{total}},"total_out":0,"history":[{"period_in":5,"period_out":0,"timestamp":{{FoldBench.At("07:49:00") / 1000}}},{"period_in":7,"period_out":0,"timestamp":{{FoldBench.At("07:50:00") / 1000}}}]}""");
        Assert.Equal((5, 0), Counts(bench.Window("ln-v1", "07:48:00")));
        Assert.Equal((7, 0), Counts(bench.Window("ln-v1", "07:49:00")));
        Assert.True(people == Total(bench, Resolution.Minute), why);
        Assert.Equal((people, 0), Counts(bench.Window("ln-v1", "07:45:00", Resolution.QuarterHour)));
    }

    [Fact]
    public void A_device_clock_in_the_future_is_bounded_by_the_receipt_and_said()
    {
        using var bench = new FoldBench(("b1", "native"));
        bench.Be("08:00:10");
        bench.Native("b1", FoldBench.At("08:00:10") + (2 * 86_400_000L), 0, 1);
        bench.Be("08:02:00");
        bench.Tick();
        var window = bench.Window("ln-b1", "08:00:00");
        Assert.Equal((1, 0), Counts(window));
        Assert.Equal(WindowStatus.Repaired, window.Status);
        Assert.Equal(1, bench.Fold.Totals.Repaired);
    }

    [Fact]
    public void What_is_older_than_the_horizon_is_refused_with_its_reason()
    {
        using var bench = new FoldBench(("b1", "native"));
        bench.Native("b1", FoldBench.At("08:00:00") - (8 * 86_400_000L), 0, 1);
        Assert.Empty(bench.Windows());
        var letter = Assert.Single(bench.Letters());
        Assert.Contains("2026-02-22 08:00:00Z", letter.Reason, StringComparison.Ordinal);
        Assert.Contains("set the clock of device b1", letter.Mend, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(long.MinValue + 1), InlineData(-1), InlineData(0), InlineData(long.MaxValue), InlineData(1_772_438_400_000_000)]
    public void A_time_that_no_clock_shows_is_refused_and_stops_nothing(long at)
    {
        using var bench = new FoldBench(("b1", "native"));
        bench.Native("b1", at, 0, 1);
        bench.Native("b1", FoldBench.At("08:00:00"), 1, 1);
        Assert.Equal((1, 0), Counts(bench.Window("ln-b1", "08:00:00")));
        Assert.Single(bench.Letters());
    }

    [Fact]
    public void A_channel_that_no_line_is_bound_to_is_said_and_the_others_count()
    {
        using var bench = new FoldBench(("x1", "xovis-push-v5"));
        const string Logic = """{"name":"NAME","records":[{"from":"2026-03-02T07:58:00Z","to":"2026-03-02T07:59:00Z","counts":[{"name":"fw","value":4},{"name":"bw","value":1}]}]}""";
        bench.Hear("xovis/x1/logics",
            """{"logics_data":{"package_info":{"version":"5.0","id":1,"agent_id":1},"logics":["""
            + Logic.Replace("NAME", "1", StringComparison.Ordinal) + "," + Logic.Replace("NAME", "Backdoor", StringComparison.Ordinal) + "]}}");
        Assert.Equal((4, 1), Counts(bench.Window("ln-x1", "07:58:00")));
        Assert.Contains("Backdoor", Assert.Single(bench.Letters()).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sd/v1/test/beam/stranger/reading", "{}", "not in the district file")]
    [InlineData("sd/v1/test/beam/b1/reading", "{\"ts\":", "JSON")]
    [InlineData("elsewhere/b1", "{}", "no profile reads the topic")]
    public void What_cannot_be_understood_goes_to_the_dead_letters_and_stops_nothing(string topic, string payload, string reason)
    {
        using var bench = new FoldBench(("b1", "native"));
        bench.Hear(topic, payload);
        bench.Hear(topic, Encoding.Latin1.GetBytes("{\"ts\":1,\"boot\":\"\xE9\"}"));
        bench.Native("b1", FoldBench.At("08:00:00"), 0, 1);
        Assert.Equal((1, 0), Counts(bench.Window("ln-b1", "08:00:00")));
        Assert.Equal(2, bench.Letters().Count);
        Assert.Contains(reason, bench.Letters()[1].Reason, StringComparison.OrdinalIgnoreCase);
        Assert.All(bench.Letters(), letter => Assert.NotEmpty(letter.Mend));
    }

    [Fact]
    public void Of_a_huge_payload_the_dead_letter_keeps_the_beginning_and_the_size()
    {
        using var bench = new FoldBench(("b1", "native"));
        bench.Hear("sd/v1/test/beam/b1/reading", Encoding.UTF8.GetBytes("[" + new string('1', 1 << 20)));
        bench.Windows();
        var letter = Assert.Single(bench.Letters());
        Assert.Equal((DeadLetters.MaxContent, (1 << 20) + 1), (letter.Content.Length, letter.Size));
    }

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5), InlineData(6), InlineData(7), InlineData(8), InlineData(9), InlineData(10)]
    public void Whatever_the_order_the_repetitions_and_the_crashes_the_windows_are_those_of_the_people(int seed)
    {
        var random = new Random(seed);
        using var bench = new FoldBench(("b1", "native"), ("b2", "native"), ("v1", "milesight-vs350"));
        var expected = new SortedDictionary<(string, long), (long In, long Out)>();
        var say = new List<Action>();
        var start = FoldBench.At("08:00:00");
        foreach (var device in (string[])["b1", "b2"])
            for (var seq = 0; seq < 120; seq++)
            {
                var at = start + random.Next(20 * 60_000);
                var (entries, exits, number) = (random.Next(3), random.Next(3), seq);
                say.Add(() => bench.Native(device, at, number, entries, exits));
                var key = ("ln-" + device, Resolution.Minute.WindowStart(at));
                expected[key] = (expected.GetValueOrDefault(key).In + entries, expected.GetValueOrDefault(key).Out + exits);
            }
        // totals: one sample somewhere in each minute, with a wrap on the way
        long lastIn = 65_500, lastOut = 10;
        var samples = Enumerable.Range(0, 20).Select(minute =>
        {
            lastIn += random.Next(10);
            lastOut += random.Next(10);
            return (At: start + (minute * 60_000) + (random.Next(60) * 1000), In: lastIn, Out: lastOut);
        }).ToList();
        foreach (var sample in samples)
            say.Add(() => bench.Vs350("v1", sample.At, (int)(sample.In % 65_536), (int)sample.Out));

        say.AddRange([.. say.Where(_ => random.Next(5) == 0)]);
        var order = say.ToArray();
        random.Shuffle(order);
        bench.Be("08:25:00");
        foreach (var speak in order)
        {
            speak();
            switch (random.Next(40))
            {
                case 0: bench.Drain(); break;
                case 1: bench.Drain(); bench.Fold.Checkpoint(); break;
                case 2: bench.Drain(); bench.Crash(); break;
                case 3: bench.Drain(); bench.Fold.Checkpoint(includeOpen: true); bench.Crash(); break;
                case 4: bench.Time.Advance(TimeSpan.FromSeconds(random.Next(30))); bench.Tick(); break;
                default: break;
            }
        }
        var windows = bench.Windows();

        Assert.Empty(bench.Letters());
        Assert.Equal((0, order.Length, order.Length - 260), (bench.Fold.Totals.LostRecords, bench.Fold.Totals.Envelopes, bench.Fold.Totals.Duplicates));

        foreach (var ((line, minute), (entries, exits)) in expected)
            Assert.Equal((entries, exits), Counts(windows[(line, Resolution.Minute, minute)]));
        foreach (var resolution in Resolutions.All)
        {
            var counted = windows.Values.Where(window => window.Line == "ln-v1" && window.Resolution == resolution).ToList();
            Assert.Equal(samples[^1].In - samples[0].In, counted.Sum(window => window.Counts.Entries + window.Counts.UnplacedEntries));
            Assert.Equal(samples[^1].Out - samples[0].Out, counted.Sum(window => window.Counts.Exits + window.Counts.UnplacedExits));
            Assert.Equal(samples.Count, counted.Sum(window => window.Counts.Received));
        }
    }

    private static (long, long) Counts(LineWindow window) => (window.Counts.Entries, window.Counts.Exits);

    private static (long, long) Unplaced(LineWindow window) => (window.Counts.UnplacedEntries, window.Counts.UnplacedExits);

    private static long Total(FoldBench bench, Resolution resolution) =>
        bench.Windows().Values.Where(window => window.Resolution == resolution).Sum(window => window.Counts.Entries + window.Counts.UnplacedEntries);

    [Theory]
    [InlineData(false), InlineData(true)]
    public void The_very_first_record_is_counted_as_lost_too_where_the_disk_destroys_it(bool stored)
    {
        using var bench = new FoldBench(("b1", "native"));
        for (var sequence = 1; sequence <= 2; sequence++)
        {
            bench.Native("b1", bench.Time.GetUtcNow().ToUnixTimeMilliseconds(), sequence, entries: 1);
            bench.Drain();
        }
        if (stored)
            bench.Checkpoint();
        bench.Crash(folder =>
        {
            const int InTheFirstBody = 64 + 8 + 4;
            var oldest = Directory.GetFiles(Path.Combine(folder, "journal"), "*.journal").Order(StringComparer.Ordinal).First();
            var bytes = File.ReadAllBytes(oldest);
            bytes[InTheFirstBody] ^= 1;
            File.WriteAllBytes(oldest, bytes);
        });
        Assert.Equal((stored ? 0 : 1, 2), (bench.Fold.Totals.LostRecords, bench.Fold.Totals.Readings));
    }
}
