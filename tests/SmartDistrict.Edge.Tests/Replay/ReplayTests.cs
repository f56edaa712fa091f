using System.Text;
using SmartDistrict.Configuration;
using SmartDistrict.Edge.Clock;
using SmartDistrict.Edge.Footfall;
using SmartDistrict.Edge.Replay;
using SmartDistrict.Telemetry.LineProtocol;
using SmartDistrict.Telemetry.Windows;
using SmartDistrict.Testing.Simulation;
using SmartDistrict.Testing.Simulation.Faults;

namespace SmartDistrict.Edge.Tests.Replay;

public sealed class ReplayTests : IDisposable
{
    private readonly RecordedDay day = new();

    public void Dispose() => day.Dispose();

    [Fact]
    public void The_same_settings_count_what_the_gateway_counted()
    {
        Live(TimeSpan.FromMinutes(5), TimeSpan.FromHours(1));
        var span = ReplaySpan.Find(Path.Combine(day.Data, "journal"), 0, long.MaxValue / 2, 7);
        using var fold = new ThrowAwayFold(ReplaySettings.Present(day.Settings, null), span.First);
        using var reader = span.Read();
        while (reader.TryRead(out var record))
            fold.Apply(record);
        var writer = new LineWriter();
        var replayed = fold.Windows(Resolution.Minute, 0, long.MaxValue / 2).Values.Select(window =>
        {
            writer.Clear();
            FootfallPoint.Write(writer, "harbour", window);
            return Encoding.UTF8.GetString(writer.Line);
        }).ToList();

        Assert.True(replayed.Count > 300, $"only {replayed.Count} windows");
        Assert.Equal(day.Folded(), replayed);
        Assert.Equal(0, day.ReplayDay()["differing"]!.GetValue<int>());
    }

    /// <summary>A device clock 90 s ahead: by default its readings are booked at their receipt, with 120 s allowed at their own time.</summary>
    [Fact]
    public void Another_threshold_moves_the_people_whom_it_concerns_and_nobody_else()
    {
        day.Node(0, RecordedDay.At("2026-03-02T08:00:00Z"), 3);
        day.Node(1, RecordedDay.At("2026-03-02T08:01:30Z"), 2);
        var (code, output, _) = day.Replay("--from", "2026-03-02", "--to", "2026-03-03", "--windows", "1m", "--with", "Fold:ClockAheadSeconds=120");

        Assert.Equal(0, code);
        var lines = output.ReplaceLineEndings("\n").Split('\n');
        Assert.Equal("line   1m from           entries  received  expected           status", lines[0]);
        Assert.Equal("ln-01  2026-03-02 16:00    5 → 3     2 → 1     2 → 1      provisional", lines[1]);
        Assert.Equal("ln-01  2026-03-02 16:01    – → 2     – → 1     – → 1  – → provisional", lines[2]);
        Assert.Contains(lines, line => line.StartsWith("entries ", StringComparison.Ordinal) && line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, "5", "5", "0"]);
        Assert.Contains(lines, line => line.StartsWith("times repaired *", StringComparison.Ordinal) && line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, _, _, "1", "0", "-1"]);
        Assert.Contains("2 of 2 windows differ, of 2026-03-02 00:00 to 2026-03-03 00:00 (Asia/Shanghai)", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reading_older_than_the_horizon_counts_with_a_longer_one()
    {
        day.Node(0, RecordedDay.At("2026-03-02T08:00:00Z"), 1);
        day.Time.Advance(TimeSpan.FromDays(9));
        day.Node(1, RecordedDay.At("2026-03-02T08:00:10Z"), 4);
        var outcome = day.ReplayDay("--with", "Fold:LateHorizonDays=10");
        var entries = outcome["totals"]!["entries"]!;
        Assert.Equal((1, 5), (entries["present"]!.GetValue<int>(), entries["changed"]!.GetValue<int>()));
        var refused = outcome["folded"]!["refused"]!;
        Assert.Equal((1, 0), (refused["present"]!.GetValue<int>(), refused["changed"]!.GetValue<int>()));
    }

    [Fact]
    public void A_draft_of_a_profile_stands_for_the_profile_of_its_name()
    {
        day.Node(0, RecordedDay.At("2026-03-02T08:00:00Z"), 7, exits: 2);
        var draft = File.ReadAllText(Path.Combine(RecordedDay.Profiles, "native.yaml"))
            .Replace("entries: /entries\n    exits: /exits", "entries: /exits\n    exits: /entries", StringComparison.Ordinal);
        var outcome = day.ReplayDay("--with", day.Write("native-draft.yaml", draft));
        Assert.Equal(1, outcome["differing"]!.GetValue<int>());
        var difference = outcome["differences"]![0]!;
        Assert.Equal(("ln-01", "2026-03-02T08:00:00+00:00"), (difference["line"]!.GetValue<string>(), difference["start"]!.GetValue<string>()));
        Assert.Equal((7, 2), Sides(difference["present"]!));
        Assert.Equal((2, 7), Sides(difference["changed"]!));

        static (int, int) Sides(System.Text.Json.Nodes.JsonNode side) => (side["entries"]!.GetValue<int>(), side["exits"]!.GetValue<int>());
    }

    [Fact]
    public void Another_district_file_and_another_folder_of_profiles_can_be_tried()
    {
        day.Node(0, RecordedDay.At("2026-03-02T08:00:00Z"), 7);
        var district = File.ReadAllText(RecordedDay.Harbour).Replace("{id: node-08, gateway: gw-1, profile: native, line: ln-01}",
            "{id: node-08, gateway: gw-1, profile: native, line: ln-01, reversed: true}", StringComparison.Ordinal);
        var file = day.Write("reversed.yaml", district);
        foreach (var change in (string[])[file, $"Gateway:District={file}", day.Write("other.json", $$$"""{"Gateway":{"District":"{{{file}}}"},"Sync":{"Url":"http://x"}}""")])
        {
            var totals = day.ReplayDay("--with", change)["totals"]!;
            Assert.Equal((7, 0), (totals["entries"]!["present"]!.GetValue<int>(), totals["entries"]!["changed"]!.GetValue<int>()));
            Assert.Equal((0, 7), (totals["exits"]!["present"]!.GetValue<int>(), totals["exits"]!["changed"]!.GetValue<int>()));
        }
        Assert.Equal(0, day.ReplayDay("--with", RecordedDay.Profiles)["differing"]!.GetValue<int>());
    }

    /// <summary>The difference of the first total in the range is taken from one before the range.</summary>
    [Fact]
    public void What_came_before_the_range_is_stood_on()
    {
        Total(1000, 500);
        day.Time.Advance(TimeSpan.FromMinutes(70));
        Total(1040, 510);
        var (_, output, _) = day.Replay("--from", "2026-03-02T16:30", "--to", "2026-03-02T17:30:00", "--json", "--windows=1h");
        var totals = System.Text.Json.Nodes.JsonNode.Parse(output)!["totals"]!;
        Assert.Equal((40, 10), (totals["unplaced_entries"]!["present"]!.GetValue<int>(), totals["unplaced_exits"]!["present"]!.GetValue<int>()));

        void Total(int entries, int exits) => day.Hear("milesight/24E124716C127001/up", Encoding.UTF8.GetBytes(
            $$"""{"time":{{day.Time.GetUtcNow().ToUnixTimeMilliseconds()}},"line_1_total_in":{{entries}},"line_1_total_out":{{exits}}}"""));
    }

    /// <summary>A boot in 1970 that was told the time a minute later: a device clock 90 s ahead is judged by the receipt's true time.</summary>
    [Fact]
    public void What_was_heard_before_the_clock_was_set_is_replayed_at_its_true_time()
    {
        day.State = ClockState.Unsynchronised;
        day.Time.JumpTo(DateTimeOffset.UnixEpoch);
        day.Time.Advance(TimeSpan.FromSeconds(10));
        day.Node(0, RecordedDay.At("2026-03-02T08:01:30Z"), 3);
        day.Time.Advance(TimeSpan.FromMinutes(1));
        day.Time.JumpTo(new DateTimeOffset(2026, 3, 2, 8, 1, 0, TimeSpan.Zero));
        day.State = ClockState.Synchronised;
        day.Node(1, RecordedDay.At("2026-03-02T08:02:10Z"), 2);
        var differences = day.ReplayDay("--with", "Fold:ClockAheadSeconds=120")["differences"]!.AsArray();
        var first = differences.Single(difference => difference!["start"]!.GetValue<string>() == "2026-03-02T08:00:00+00:00")!;
        Assert.Equal(3, first["present"]!["entries"]!.GetValue<int>());
        Assert.Null(first["changed"]);
    }

    [Fact]
    public void A_running_gateway_keeps_its_journal_and_its_folder_as_they_are()
    {
        Live(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(30));
        File.WriteAllText(Path.Combine(day.Data, "state.db"), "not to be touched");
        var before = day.Fingerprint();
        Assert.True(before.Count > 3, "one segment only");
        day.ReplayDay("--with", "Fold:GraceSeconds=60");
        Assert.Equal(before, day.Fingerprint());
        // the journal's lock is still this process's, and it goes on
        day.Node(0, RecordedDay.At("2026-03-02T08:10:00Z"), 1);
        Assert.Equal(0, day.ReplayDay()["lost"]!.GetValue<int>());
    }

    [Fact]
    public void A_damaged_record_is_counted_and_the_rest_is_compared()
    {
        for (var seq = 0; seq < 50; seq++)
            day.Node(seq, RecordedDay.At("2026-03-02T08:00:00Z"), 1);
        var segment = Directory.GetFiles(Path.Combine(day.Data, "journal"), "*.journal").Order().First();
        using (var file = new FileStream(segment, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            file.Position = 2000;
            file.WriteByte((byte)~file.ReadByte());
        }
        var outcome = day.ReplayDay();
        Assert.Equal(1, outcome["lost"]!.GetValue<int>());
        Assert.Equal(49, outcome["totals"]!["entries"]!["present"]!.GetValue<int>());
    }

    [Theory]
    [InlineData(64, "--from is missing", "--to", "2026-03-03")]
    [InlineData(64, "--to is missing", "--from", "2026-03-02")]
    [InlineData(64, "the range is reversed", "--from", "2026-03-03", "--to", "2026-03-02")]
    [InlineData(64, "the range is empty", "--from", "2026-03-02T16:00", "--to", "2026-03-02T08:00:00Z")]
    [InlineData(64, "--from is 'yesterday', which is no time. Mend: write 2026-03-02", "--from", "yesterday", "--to", "2026-03-02")]
    [InlineData(1, "the journal holds nothing of that time: its messages were received from 2026-03-02 16:00 to 2026-03-02 16:00", "--from", "2025-01-01", "--to", "2025-01-02")]
    [InlineData(1, "the journal holds nothing of that time", "--from", "2027-01-01", "--to", "2027-01-02")]
    [InlineData(64, "'Fold:GraceSecond' is no setting that changes what is counted. Mend: write 'Fold:GraceSeconds'", "--with", "Fold:GraceSecond=9")]
    [InlineData(64, "'Sync:Url' is no setting that changes what is counted", "--with", "Sync:Url=http://elsewhere")]
    [InlineData(78, "GraceSeconds must be between 0 and 600", "--with", "Fold:GraceSeconds=601")]
    [InlineData(78, "Fold:GraceSeconds", "--with", "Fold:GraceSeconds=soon")]
    [InlineData(78, "/nowhere/native.yaml: there is no such file", "--with", "/nowhere/native.yaml")]
    [InlineData(78, "/nowhere/other.json", "--with", "/nowhere/other.json")]
    [InlineData(64, "neither a setting nor a file", "--with", "slower")]
    [InlineData(1, "there is no journal in /nowhere/journal. Mend: name the gateway's data folder with --data", "--data", "/nowhere")]
    [InlineData(64, "'--wiht' is no option of replay. Mend: write '--with'", "--wiht", "x")]
    [InlineData(64, "--windows is '5m'. Mend: write 1m, 15m or 1h", "--windows", "5m")]
    [InlineData(64, "--data lacks its value", "--data")]
    [InlineData(64, "--to is given twice", "--to", "2026-03-03", "--to", "2026-03-04")]
    public void A_wrong_call_says_what_and_how_to_mend_it(int code, string words, params string[] arguments)
    {
        day.Node(0, RecordedDay.At("2026-03-02T08:00:00Z"), 1);
        string[] range = arguments.Any(argument => argument is "--from" or "--to") ? [] : ["--from", "2026-03-02", "--to", "2026-03-03"];
        var outcome = day.Replay([.. range, .. arguments]);
        Assert.Equal((code, ""), (outcome.Code, outcome.Output));
        Assert.Contains(words, outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_broken_draft_says_where_it_is_broken()
    {
        day.Node(0, RecordedDay.At("2026-03-02T08:00:00Z"), 1);
        var draft = day.Write("draft.yaml", "profile: native\ntitle: T\ntopic: a/{device}\ntime: unix-m\nreadings:\n  - {at: /ts, entries: /in}\n");
        var (code, _, error) = day.Replay("--from", "2026-03-02", "--to", "2026-03-03", "--with", draft);
        Assert.Equal(78, code);
        Assert.Contains($"{draft}:4:7: 'time' is 'unix-m'. Mend: write 'unix-ms'", error, StringComparison.Ordinal);
    }

    /// <summary>The harbour lives for a while, with everything that goes wrong in it, and the gateway hears it.</summary>
    private void Live(TimeSpan length, TimeSpan history)
    {
        var start = day.Time.GetUtcNow();
        var district = SimulatedDistrict.Walked(DistrictFile.Load(RecordedDay.Harbour), new SimulationOptions
        {
            Seed = 11, Start = start, History = history, PeakPerMinute = 120,
            Faults = FaultRates.None with { Duplicates = 0.02, Garbage = 0.01, Resets = 0.5, Reboots = 0.5, Outages = 1 },
        });
        foreach (var publication in district.Advance(start + length).Concat(district.Flush()))
        {
            var due = DateTimeOffset.FromUnixTimeMilliseconds(publication.Due);
            if (due > day.Time.GetUtcNow())
                day.Time.Advance(due - day.Time.GetUtcNow());
            day.Hear(publication.Topic, publication.Payload.Span);
        }
    }
}
