using System.Globalization;
using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Cloud.Numbers;

namespace SmartDistrict.Cloud.Tests.Numbers;

public sealed class APeriod
{
    [Theory]
    [InlineData("Asia/Shanghai", "2026-03-02", "2026-03-01T20:00:00Z", "2026-03-02T20:00:00Z")]
    [InlineData("Asia/Shanghai", "2026-03-02T14", "2026-03-02T06:00:00Z", "2026-03-02T07:00:00Z")]
    [InlineData("Asia/Kolkata", "2026-03-02T14", "2026-03-02T08:30:00Z", "2026-03-02T09:30:00Z")]
    [InlineData("Asia/Shanghai", "2026-W10", "2026-03-01T20:00:00Z", "2026-03-08T20:00:00Z")]
    [InlineData("Asia/Shanghai", "2026-W53", "2026-12-27T20:00:00Z", "2027-01-03T20:00:00Z")]
    [InlineData("Asia/Shanghai", "2025-W01", "2024-12-29T20:00:00Z", "2025-01-05T20:00:00Z")]
    [InlineData("Asia/Shanghai", "2026-02", "2026-01-31T20:00:00Z", "2026-02-28T20:00:00Z")]
    [InlineData("Asia/Shanghai", "2026", "2025-12-31T20:00:00Z", "2026-12-31T20:00:00Z")]
    [InlineData("Europe/Berlin", "2026-03-28", "2026-03-28T03:00:00Z", "2026-03-29T02:00:00Z")]
    [InlineData("Europe/Berlin", "2026-10-25T02", "2026-10-25T00:00:00Z", "2026-10-25T01:00:00Z")]
    [InlineData("Europe/Berlin", "2026-10-25T02+01:00", "2026-10-25T01:00:00Z", "2026-10-25T02:00:00Z")]
    [InlineData("Australia/Lord_Howe", "2026-04-05T01+10:30", "2026-04-04T15:00:00Z", "2026-04-04T15:30:00Z")]
    public void Is_as_long_as_the_districts_clocks_say(string zone, string name, string from, string to)
    {
        var period = Of(zone).Find(name)!;
        Assert.Equal((Seconds(from), Seconds(to)), (period.From, period.To));
    }

    [Theory]
    [InlineData("2026-W54")]
    [InlineData("2025-W53")]
    [InlineData("2026-W00")]
    [InlineData("2026-02-29")]
    [InlineData("2026-13")]
    [InlineData("2026-03-02T24")]
    [InlineData("2026-03-29T02")]
    [InlineData("2026-03-02T14+02:00")]
    [InlineData("0001")]
    [InlineData("9999")]
    [InlineData("1")]
    [InlineData("2026-3")]
    [InlineData("'; DROP")]
    public void That_does_not_exist_is_not_found(string name) => Assert.Null(Of("Europe/Berlin").Find(name));

    [Theory]
    [InlineData("Europe/Berlin", "2026-03-28", 23)]
    [InlineData("Europe/Berlin", "2026-10-24", 25)]
    [InlineData("Asia/Shanghai", "2026-03-02", 24)]
    [InlineData("Asia/Shanghai", "2026-W10", 7)]
    [InlineData("Asia/Shanghai", "2028-02", 29)]
    [InlineData("Asia/Shanghai", "2026", 12)]
    [InlineData("Asia/Shanghai", "2026-03-02T14", 0)]
    public void Is_made_of_its_steps_without_gap_or_overlap(string zone, string name, int steps)
    {
        var periods = Of(zone);
        var period = periods.Find(name)!;
        var parts = periods.Steps(period).ToList();
        Assert.Equal(steps, parts.Count);
        var at = period.From;
        foreach (var part in parts)
        {
            Assert.Equal(at, part.From);
            Assert.Equal(part, periods.Find(part.Name));
            at = part.To;
        }
        Assert.Equal(steps == 0 ? period.From : period.To, at);
    }

    [Theory]
    [InlineData("Europe/Berlin")]
    [InlineData("America/New_York")]
    [InlineData("Asia/Shanghai")]
    [InlineData("Australia/Lord_Howe")]
    public void Is_found_again_by_the_name_that_it_has(string zone)
    {
        var periods = Of(zone);
        var random = new Random(7);
        for (var i = 0; i < 2000; i++)
        {
            var instant = Seconds("2025-12-20T00:00:00Z") + random.Next(400 * 86_400);
            foreach (var kind in Enum.GetValues<PeriodKind>())
            {
                var period = periods.At(kind, instant);
                Assert.InRange(instant, period.From, period.To - 1);
                Assert.Equal(period, periods.Find(period.Name));
            }
        }
    }

    private static Periods Of(string zone)
    {
        var time = TimeZoneInfo.FindSystemTimeZoneById(zone);
        return new(new BusinessDay(time, new TimeOnly(4, 0)), time);
    }

    private static long Seconds(string iso) => DateTimeOffset.Parse(iso, CultureInfo.InvariantCulture).ToUnixTimeSeconds();
}
