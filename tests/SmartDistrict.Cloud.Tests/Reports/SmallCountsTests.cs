using SmartDistrict.Cloud.Numbers;
using SmartDistrict.Cloud.Reports;
using SmartDistrict.Cloud.Tests.Hosting;
using SmartDistrict.Cloud.Tests.Numbers;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Cloud.Tests.Reports;

public sealed class SmallCountsInAReport
{
    private const int Below = 5;
    private static readonly DateTimeOffset Later = new(2026, 4, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>12:00 of 2 March in Shanghai.</summary>
    private static readonly long Noon = new DateTimeOffset(2026, 3, 2, 4, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();

    [Fact]
    public async Task Are_kept_back_with_as_many_others_as_it_takes()
    {
        // three go into the hall by its door, many into the plaza: plaza's exits minus the other doors would tell the three
        var report = await ReportAsync(Window("ln-1", 80, 40), Window("ln-2", 30, 10), Window("ln-3", 3, 20));
        Assert.Equal((null, SmallCounts.Cause), (Of(report, "hall").Visits.Value, Of(report, "hall").Visits.Cause));
        Assert.Equal((null, SmallCounts.Cause), (Of(report, "plaza").Visits.Value, Of(report, "plaza").Visits.Cause));
        Assert.Equal(90, Of(report, "district").Visits.Value);
        // some devices send a reading for each person
        Assert.Null(Of(report, "hall").Received);
    }

    [Fact]
    public async Task Of_zero_people_are_no_secret()
    {
        var report = await ReportAsync(Window("ln-1", 80, 40), Window("ln-2", 30, 10), Window("ln-3", 0, 0));
        Assert.Equal((0, 0), (Of(report, "hall").Visits.Value, report.Withheld));
        Assert.Null(Of(report, "district").VisitsCounted);
    }

    [Fact]
    public async Task Of_a_single_hour_take_another_hour_with_them()
    {
        var windows = new[] { Window("ln-1", 60, 60), Window("ln-1", 2, 70, 4), Window("ln-1", 30, 50, 8), Window("ln-1", 40, 20, 12) };
        var steps = (await ReportAsync(windows)).OverTime.Steps.Where(step => step.Figures.Windows > 0).ToArray();
        // of the others the last has the fewest people, in and out
        Assert.Equal([60, null, 30, null], steps.Select(step => step.Figures.Visits.Value));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Cannot_be_worked_out_of_what_is_shown(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 40; round++)
        {
            var counts = Enumerable.Range(1, 4).ToDictionary(line => $"ln-{line}", _ => (In: random.Next(12), Out: random.Next(12)));
            var report = await ReportAsync([.. counts.Select(line => Window(line.Key, line.Value.In, line.Value.Out))]);
            var shown = report.Numbers.Areas.SelectMany(area => Equations(area.Id, area.Figures)).Where(equation => equation.Told is not null).ToList();
            foreach (var (terms, _, _) in report.Numbers.Areas.SelectMany(area => Equations(area.Id, area.Figures)))
            {
                var value = terms.Select((times, i) => times * (i % 2 == 0 ? counts[$"ln-{(i / 2) + 1}"].In : counts[$"ln-{(i / 2) + 1}"].Out)).Sum();
                if (value is > 0 and < Below)
                    Assert.True(Rank([.. shown.Select(equation => equation.Terms), terms]) > Rank([.. shown.Select(equation => equation.Terms)]), $"{value} can be worked out");
            }
        }
    }

    /// <summary>What a row tells, as sums of (ln-1 in, ln-1 out, ln-2 in, …); in March line 4 leads from outside into the hall.</summary>
    private static IEnumerable<(double[] Terms, double? Told, string What)> Equations(string area, AreaFigures row)
    {
        double[][] terms = area switch
        {
            "plaza" => [[1, 0, 0, 1, 0, 1, 0, 0], [0, 1, 1, 0, 1, 0, 0, 0], [0, 0, 0, 0, 1, 1, 0, 0]],
            "hall" => [[0, 0, 0, 0, 1, 0, 1, 0], [0, 0, 0, 0, 0, 1, 0, 1]],
            _ => [[1, 0, 0, 1, 0, 0, 1, 0], [0, 1, 1, 0, 0, 0, 0, 1]],
        };
        yield return (terms[0], row.Visits.Value, "visits");
        yield return (terms[1], row.Exits.Value, "exits");
        if (terms.Length > 2)
            yield return (terms[2], row.PassersBy.Value, "passers-by");
    }

    private static int Rank(double[][] rows)
    {
        rows = [.. rows.Select(row => row.ToArray())];
        var rank = 0;
        for (var column = 0; column < 8; column++)
        {
            var pivot = Enumerable.Range(rank, rows.Length - rank).FirstOrDefault(row => Math.Abs(rows[row][column]) > 1e-9, -1);
            if (pivot < 0)
                continue;
            (rows[rank], rows[pivot]) = (rows[pivot], rows[rank]);
            for (var row = rank + 1; row < rows.Length; row++)
            {
                var factor = rows[row][column] / rows[rank][column];
                for (var i = column; i < 8; i++)
                    rows[row][i] -= factor * rows[rank][i];
            }
            rank++;
        }
        return rank;
    }

    private static AreaFigures Of(Report report, string area) => report.Numbers.Areas.Single(each => each.Id == area).Figures;

    private static async Task<Report> ReportAsync(params LineWindow[] windows)
    {
        var site = new NumbersSite(windows, Later);
        return await new ReportMaker(site.Reader, site.Areas, site.Factors, site.District)
            .MakeAsync(site.Periods.Find("2026-03-02")!, site.Areas.IndexOf("plaza"), TestContext.Current.CancellationToken);
    }

    private static LineWindow Window(string line, long entries, long exits, int quarter = 0) =>
        Lines.Window(line, Resolution.QuarterHour, Noon + (quarter * 900), entries, exits);
}
