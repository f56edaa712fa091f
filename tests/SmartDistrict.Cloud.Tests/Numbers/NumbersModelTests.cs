using SmartDistrict.Cloud.Numbers;
using SmartDistrict.Cloud.Tests.Hosting;
using SmartDistrict.Configuration;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Cloud.Tests.Numbers;

/// <summary>Every number beside a plain count of the same people, one by one, on random days with gaps, drift and clock changes.</summary>
public sealed class NumbersBesideAPlainCount
{
    private const int Quarter = 900;

    [Theory]
    [InlineData(1, "Asia/Shanghai", "04:00", "2026-02-27", 5)]
    [InlineData(2, "Europe/Berlin", "04:00", "2026-03-27", 4)]
    [InlineData(3, "Europe/Berlin", "02:30", "2026-10-23", 4)]
    [InlineData(4, "Asia/Kolkata", "04:15", "2026-02-26", 6)]
    public async Task Are_the_same(int seed, string zone, string reset, string first, int days)
    {
        var district = TestDistrict.Load((TestDistrict.Yaml + "\n" + NumbersSite.Rules)
            .Replace("Asia/Shanghai", zone, StringComparison.Ordinal).Replace("\"04:00\"", $"\"{reset}\"", StringComparison.Ordinal));
        var random = new Random(seed);
        var from = DateTimeOffset.Parse(first + "T00:00:00Z", null).ToUnixTimeSeconds();
        var windows = new List<LineWindow>();
        for (var start = from; start < from + (days * 86_400); start += Quarter)
            foreach (var line in district.Lines)
                if (random.Next(25) != 0)
                    windows.Add(Lines.Window(line.Id, Resolution.QuarterHour, start, random.Next(12), random.Next(12),
                        unplacedEntries: random.Next(40) == 0 ? 3 : 0, expected: 15, received: random.Next(1, 16)));
        var site = new NumbersSite(windows, DateTimeOffset.FromUnixTimeSeconds(from + (60 * 86_400)), district);

        var date = DateOnly.Parse(first, null);
        string[] periods = [date.ToString("yyyy-MM", null), .. Enumerable.Range(0, days).Select(i => date.AddDays(i).ToString("yyyy-MM-dd", null)),
            site.Periods.At(PeriodKind.Week, from + 86_400).Name, site.Periods.At(PeriodKind.Hour, from + 90_000).Name];
        foreach (var period in periods)
            foreach (var area in (string[])["district", "both", "plaza", "hall"])
            {
                var told = await site.OfAsync(area, period);
                var plain = Count(site, windows, area, site.Periods.Find(period)!);
                Assert.Equal(plain.Windows == 0 ? null : plain.Visits, told.Visits.Value);
                Assert.Equal(plain.Windows == 0 ? null : plain.Exits, told.Exits.Value);
                Assert.Equal(plain.Windows, told.Windows);
                Assert.Equal(plain.Received, told.Received);
                if (plain.MeanOccupancy is { } mean)
                    Assert.Equal(mean, told.MeanOccupancy.Value!.Value, 0.11);
                Assert.Equal(plain.PeakHourVisits, told.PeakHourVisits);
                var overTime = await site.OverTimeAsync(area, period);
                Assert.Equal(told.Visits, overTime.Area.Figures.Visits);
                if (overTime.Steps.Count > 0 && told.Visits.Value is { } visits)
                    Assert.Equal(visits, overTime.Steps.Sum(step => step.Figures.Visits.Value ?? 0));
            }
    }

    private static Plain Count(NumbersSite site, List<LineWindow> windows, string area, Period period)
    {
        var zones = area switch { "plaza" => ["plaza"], "hall" => ["hall"], _ => new HashSet<string> { "plaza", "hall" } };
        var (visits, exits, received, seen) = (0L, 0L, 0L, 0);
        double personSeconds = 0, known = 0;
        var hours = new Dictionary<string, long>();
        foreach (var (start, end) in site.Periods.Days(period))
        {
            var rows = new SortedDictionary<long, (long In, long Out, bool Any)>();
            foreach (var window in windows.Where(window => window.Start >= start && window.Start < end))
            {
                var join = site.District.Lines.Single(line => line.Id == window.Line).JoinAt(DateTimeOffset.FromUnixTimeSeconds(window.Start))!;
                var (comes, goes) = (zones.Contains(join.To), zones.Contains(join.From));
                if (comes == goes)
                    continue;
                var (forth, back) = (window.Counts.Entries + window.Counts.UnplacedEntries, window.Counts.Exits + window.Counts.UnplacedExits);
                var row = rows.GetValueOrDefault(window.Start);
                rows[window.Start] = (row.In + (comes ? forth : back), row.Out + (comes ? back : forth), true);
                if (window.Start < period.From || window.Start >= period.To)
                    continue;
                visits += comes ? forth : back;
                exits += comes ? back : forth;
                received += window.Counts.Received;
                seen++;
                var hour = TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeSeconds(window.Start), site.District.TimeZone).ToString("yyyy-MM-dd HH zzz", null)
                    + (start <= window.Start ? $"{start}" : "");
                hours[hour] = hours.GetValueOrDefault(hour) + (comes ? window.Counts.Entries : window.Counts.Exits);
            }
            double left = rows.Values.Sum(row => row.In - row.Out), all = rows.Values.Sum(row => row.In + row.Out), people = 0;
            foreach (var (at, row) in rows)
            {
                people += row.In - row.Out - (all > 0 ? left * (row.In + row.Out) / all : 0);
                if (at < period.From || at >= period.To)
                    continue;
                personSeconds += Math.Max(0, people) * Quarter;
                known += Quarter;
            }
        }
        return new(visits, exits, received, seen, known > 0 ? personSeconds / known : null, hours.Count > 0 && hours.Values.Max() > 0 ? hours.Values.Max() : null);
    }

    private sealed record Plain(double Visits, double Exits, long Received, int Windows, double? MeanOccupancy, double? PeakHourVisits);
}
