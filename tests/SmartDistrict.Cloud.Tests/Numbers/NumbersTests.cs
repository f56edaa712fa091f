using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Cloud.Numbers;
using SmartDistrict.Cloud.Sales;
using SmartDistrict.Cloud.Tests.Footfall;
using SmartDistrict.Cloud.Tests.Hosting;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Cloud.Tests.Numbers;

/// <summary>
/// The plaza is entered by lines 1 and 4 (until March) and left by lines 2 and 3, each also the other way; the hall lies
/// behind line 3 and, from March, line 4. Days begin at 04:00 in Shanghai, 20:00 UTC.
/// </summary>
public sealed class TheNumbersOfADay
{
    private static readonly DateTimeOffset Later = new(2026, 4, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>04:00 of 2 March in Shanghai.</summary>
    private static readonly long Morning = new DateTimeOffset(2026, 3, 1, 20, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();

    [Fact]
    public async Task Count_who_comes_in_from_outside_once_however_far_they_walk()
    {
        var site = new NumbersSite([.. Day(Quarter("ln-1", 0, 100, 0), Quarter("ln-3", 1, 40, 0), Quarter("ln-4", 2, 7, 0))], Later);
        Assert.Equal(107, (await site.OfAsync("district", "2026-03-02")).Visits.Value);
        Assert.Equal(107, (await site.OfAsync("both", "2026-03-02")).Visits.Value);
        Assert.Equal(100, (await site.OfAsync("plaza", "2026-03-02")).Visits.Value);
        Assert.Equal(47, (await site.OfAsync("hall", "2026-03-02")).Visits.Value);
    }

    [Theory]
    [InlineData("entries-per-passer-by", 80.0 / 120)]
    [InlineData("entries-per-presence", 80.0 / 200)]
    public async Task Capture_by_the_definition_that_the_district_chose(string definition, double rate)
    {
        var yaml = TestDistrict.Yaml + "\n" + NumbersSite.Rules.Replace("entries-per-presence", definition, StringComparison.Ordinal);
        var site = new NumbersSite([.. Day(Quarter("ln-1", 0, 60, 0), Quarter("ln-3", 1, 100, 20))], Later, TestDistrict.Load(yaml));
        var plaza = await site.OfAsync("plaza", "2026-03-02");
        // who comes back through line 3 comes in, too
        Assert.Equal((80, 120), (plaza.Visits.Value, plaza.PassersBy.Value));
        Assert.Equal(rate, plaza.CaptureRate.Value);
        Assert.Equal(definition, (await site.Reader.DistrictAsync(site.Periods.Find("2026-03-02")!, TestContext.Current.CancellationToken)).CaptureRateDefinition);
    }

    [Fact]
    public async Task Tell_no_rate_of_those_who_passed_by_where_more_came_in()
    {
        var yaml = TestDistrict.Yaml + "\n" + NumbersSite.Rules.Replace("entries-per-presence", "entries-per-passer-by", StringComparison.Ordinal);
        var site = new NumbersSite([.. Day(Quarter("ln-1", 0, 60, 0), Quarter("ln-3", 1, 30, 20))], Later, TestDistrict.Load(yaml));
        var plaza = await site.OfAsync("plaza", "2026-03-02");
        Assert.Equal((80, 50, null, "more-came-than-passed"), (plaza.Visits.Value, plaza.PassersBy.Value, plaza.CaptureRate.Value, plaza.CaptureRate.Cause));
    }

    [Fact]
    public async Task Tell_the_conversion_of_a_zone_on_the_days_that_its_tills_told_of()
    {
        var quarters = Day(Quarter("ln-1", 8, 100, 50), Quarter("ln-4", 9, 20, 0)).ToArray();
        var next = quarters.Select(window => window with { Start = window.Start + 86_400 });
        var sales = new SaleCounts([("plaza", Morning + (8 * 900), 21), ("plaza", Morning + (40 * 900), 4), ("hall", Morning + (9 * 900), 30)]);
        var site = new NumbersSite([.. quarters, .. next], Later, sales: sales);

        var (day, hour, week) = (await site.OfAsync("plaza", "2026-03-02"), await site.OfAsync("plaza", "2026-03-02T06"), await site.OfAsync("plaza", "2026-W10"));
        Assert.Equal((25, 0.25, Trust.Complete), (day.Transactions.Value, day.Conversion.Value, day.Conversion.Status));
        Assert.Equal((21, 0.21), (hour.Transactions.Value, hour.Conversion.Value));
        // on 3 March people came, and no till told of it
        Assert.Equal((25, 0.25, Trust.Partial), (week.Transactions.Value, week.Conversion.Value, week.Conversion.Status));
        Assert.Equal((null, "no-sales"), ((await site.OfAsync("plaza", "2026-03-03")).Transactions.Value, (await site.OfAsync("plaza", "2026-03-03")).Conversion.Cause));

        var (district, hall) = (await site.OfAsync("district", "2026-03-02"), await site.OfAsync("hall", "2026-03-02"));
        Assert.Equal((55, "several-shops"), (district.Transactions.Value, district.Conversion.Cause));
        Assert.Equal((30, "more-sold-than-came"), (hall.Transactions.Value, hall.Conversion.Cause));
    }

    [Fact]
    public async Task Follow_Little_whose_people_stay_for_an_hour()
    {
        // ten come each quarter hour for eight hours and leave an hour later
        var windows = Enumerable.Range(0, 96).Select(i => Quarter("ln-1", i, i is >= 16 and < 48 ? 10 : 0, i is >= 20 and < 52 ? 10 : 0));
        var plaza = await new NumbersSite([.. Day([.. windows])], Later).OfAsync("plaza", "2026-03-02");
        Assert.Equal((320, 320), (plaza.Visits.Value, plaza.Exits.Value));
        Assert.Equal(3600, plaza.DwellSeconds.Value);
        Assert.Equal(40, plaza.PeakOccupancy.Value);
        Assert.Equal(320 * 3600 / 86_400.0, plaza.MeanOccupancy.Value);
        Assert.Equal(0, plaza.Drift);
    }

    [Fact]
    public async Task Take_the_days_drift_out_of_the_occupancy_when_the_day_is_over_and_say_how_much_it_was()
    {
        // the door misses every tenth who leaves
        var windows = Enumerable.Range(0, 96).Select(i => Quarter("ln-1", i, i is >= 16 and < 48 ? 100 : 0, i is >= 20 and < 52 ? 90 : 0)).ToArray();
        var over = await new NumbersSite([.. Day(windows)], Later).OfAsync("plaza", "2026-03-02");
        Assert.Equal(320, over.Drift);
        Assert.Equal(320 / 6080.0, over.Uncertainty);
        Assert.InRange(over.DwellSeconds.Value!.Value, 3400, 3800);
        // 400 are inside at the peak; uncorrected it would be 720
        Assert.InRange(over.PeakOccupancy.Value!.Value, 370, 400);

        // ten hours in, nobody knows yet
        var open = await new NumbersSite([.. Day(windows)], DateTimeOffset.FromUnixTimeSeconds(Morning + 35_999)).OfAsync("plaza", "2026-03-02");
        Assert.Null(open.Drift);
        Assert.Null(open.Uncertainty);
        Assert.Equal(Trust.Provisional, open.Visits.Status);
        Assert.Equal(400 + (10 * 20), open.PeakOccupancy.Value);
    }

    [Fact]
    public async Task Leave_the_past_as_it_was_when_a_line_moves()
    {
        // line 4 moves from the plaza to the hall at 00:00 of 1 March, inside the business day of 28 February
        var site = new NumbersSite(
            [Lines.Window("ln-4", Resolution.QuarterHour, At("2026-02-28T23:45"), 5), Lines.Window("ln-4", Resolution.QuarterHour, At("2026-03-01T00:00"), 7)], Later);
        Assert.Equal((5, 7), ((await site.OfAsync("plaza", "2026-02-28T23")).Visits.Value, (await site.OfAsync("hall", "2026-03-01T00")).Visits.Value));
        Assert.Null((await site.OfAsync("plaza", "2026-03-01T00")).Visits.Value);
        Assert.Equal(7, (await site.OfAsync("hall", "2026-02-28")).Visits.Value);
    }

    [Fact]
    public async Task Apply_a_calibration_factor_from_its_date_on_and_keep_what_was_counted()
    {
        const string noon = "2026-03-02T12:00:00+08:00", later = "2026-03-03T04:00:00+08:00";
        Assert.Equal((210, 200, 95, 100), await CalibratedAsync($"{{since: \"{noon}\", entries: 1.1, exits: 0.9}}"));
        // a later one changes nothing of what was before
        Assert.Equal((210, 200, 95, 100), await CalibratedAsync($"{{since: \"{noon}\", entries: 1.1, exits: 0.9}}, {{since: \"{later}\", entries: 1.4}}"));

        static async Task<(double?, long?, double?, long?)> CalibratedAsync(string factors)
        {
            var district = TestDistrict.Load((TestDistrict.Yaml + "\n" + NumbersSite.Rules).Replace("id: ln-1,", $"id: ln-1, calibration: [{factors}],", StringComparison.Ordinal));
            var site = new NumbersSite([.. Day(Quarter("ln-1", 8, 100, 50), Quarter("ln-1", 60, 100, 50))], Later, district);
            var plaza = await site.OfAsync("plaza", "2026-03-02");
            return (plaza.Visits.Value, plaza.VisitsCounted, plaza.Exits.Value, plaza.ExitsCounted);
        }
    }

    [Fact]
    public async Task Are_read_once_for_two_questions_at_once()
    {
        var store = new EmptyStore();
        var site = new NumbersSite([], Later, store: store);
        var month = site.Periods.Find("2026-02")!;
        await Task.WhenAll(site.Reader.DistrictAsync(month, TestContext.Current.CancellationToken), site.Reader.OverTimeAsync(month, 0, TestContext.Current.CancellationToken));
        Assert.Equal(1, store.Reads);
    }

    [Fact]
    public async Task Tell_the_hour_with_the_most_visits_in_the_districts_own_time()
    {
        var site = new NumbersSite([.. Day(Quarter("ln-1", 33, 30, 0), Quarter("ln-1", 35, 30, 0), Quarter("ln-1", 36, 40, 0))], Later);
        var plaza = await site.OfAsync("plaza", "2026-03-02");
        Assert.Equal((At("2026-03-02T12:00"), 60), (plaza.PeakHour.Value, plaza.PeakHourVisits));
    }

    [Fact]
    public async Task Say_why_there_is_no_number()
    {
        var site = new NumbersSite([.. Day(Quarter("ln-1", 0, 10, 0))], Later);
        var (plaza, hall) = (await site.OfAsync("plaza", "2026-03-02"), await site.OfAsync("hall", "2026-03-02"));
        Assert.Equal("beams-cannot-know", plaza.UniqueVisitors.Cause);
        Assert.Equal("no-sales", plaza.Conversion.Cause);
        Assert.Equal("not-a-queue", plaza.QueueSeconds.Cause);
        Assert.Equal("no-passing-lines", hall.CaptureRate.Cause);
        Assert.Equal("nobody-came", hall.DwellSeconds.Cause);
        Assert.Equal("nobody-left", hall.QueueSeconds.Cause);
        var before = await site.OfAsync("plaza", "2026-02-20");
        Assert.Equal((null, Trust.None, "no-data"), (before.Visits.Value, before.Visits.Status, before.Visits.Cause));
    }

    [Fact]
    public async Task Are_worth_what_their_worst_window_is()
    {
        var complete = new NumbersSite([.. Day()], Later);
        Assert.Equal(Trust.Complete, (await complete.OfAsync("plaza", "2026-03-02")).Visits.Status);
        var repaired = new NumbersSite([.. Day(Quarter("ln-1", 5, 1, 0, WindowStatus.Repaired))], Later);
        Assert.Equal(Trust.Repaired, (await repaired.OfAsync("plaza", "2026-03-02")).Visits.Status);
        var stale = new NumbersSite([.. Day(Quarter("ln-1", 5, 1, 0, WindowStatus.Provisional))], Later);
        Assert.Equal(Trust.Stale, (await stale.OfAsync("plaza", "2026-03-02")).Visits.Status);
        var partial = new NumbersSite([.. Day().Skip(1)], Later);
        var plaza = await partial.OfAsync("plaza", "2026-03-02");
        Assert.Equal((Trust.Partial, (288 - 1, 288)), (plaza.Visits.Status, (plaza.Windows, plaza.WindowsDue)));
    }

    [Fact]
    public async Task Are_provisional_until_the_late_horizon_has_passed()
    {
        var end = Morning + 86_400;
        var site = new NumbersSite([.. Day()], DateTimeOffset.FromUnixTimeSeconds(end + 3600));
        Assert.Equal(end + (7 * 86_400), (await site.OverTimeAsync("plaza", "2026-03-02")).Period.ProvisionalUntil);
        var later = new NumbersSite([.. Day()], DateTimeOffset.FromUnixTimeSeconds(end + (7 * 86_400)));
        Assert.Null((await later.OverTimeAsync("plaza", "2026-03-02")).Period.ProvisionalUntil);
    }

    private static long At(string local) => DateTimeOffset.Parse(local + "+08:00", null).ToUnixTimeSeconds();

    private static LineWindow Quarter(string line, int quarter, long entries, long exits, WindowStatus status = WindowStatus.Complete) =>
        Lines.Window(line, Resolution.QuarterHour, Morning + (quarter * 900), entries, exits, status);

    /// <summary>A whole day of every line: empty where nothing else is given.</summary>
    private static IEnumerable<LineWindow> Day(params LineWindow[] windows)
    {
        var given = windows.ToDictionary(window => (window.Line, window.Start));
        foreach (var line in (string[])["ln-1", "ln-2", "ln-3", "ln-4"])
            for (var quarter = 0; quarter < 96; quarter++)
                yield return given.GetValueOrDefault((line, Morning + (quarter * 900)), Quarter(line, quarter, 0, 0));
    }
}
