using System.Globalization;
using SmartDistrict.Cloud.Footfall;

namespace SmartDistrict.Cloud.Tests.Footfall;

public sealed class ABusinessDay
{
    [Theory]
    [InlineData("Asia/Shanghai", "04:00", "2026-03-02T08:00:00Z", "2026-03-01T20:00:00Z")]
    [InlineData("Asia/Shanghai", "04:00", "2026-03-01T20:00:00Z", "2026-03-01T20:00:00Z")]
    [InlineData("Asia/Shanghai", "04:00", "2026-03-01T19:59:59Z", "2026-02-28T20:00:00Z")]
    [InlineData("Asia/Kolkata", "04:15", "2026-03-02T08:00:00Z", "2026-03-01T22:45:00Z")]
    [InlineData("America/New_York", "00:00", "2026-07-01T03:00:00Z", "2026-06-30T04:00:00Z")]
    [InlineData("Pacific/Kiritimati", "04:00", "2026-03-02T08:00:00Z", "2026-03-01T14:00:00Z")]
    // Berlin, 29 March 2026: 02:00 to 03:00 does not exist, so a reset at 02:30 falls on 03:00 summer time
    [InlineData("Europe/Berlin", "02:30", "2026-03-29T12:00:00Z", "2026-03-29T01:00:00Z")]
    [InlineData("Europe/Berlin", "02:30", "2026-03-29T00:59:59Z", "2026-03-28T01:30:00Z")]
    // Berlin, 25 October 2026: 02:00 to 03:00 comes twice, the first one counts
    [InlineData("Europe/Berlin", "02:30", "2026-10-25T12:00:00Z", "2026-10-25T00:30:00Z")]
    [InlineData("Europe/Berlin", "02:30", "2026-10-25T01:45:00Z", "2026-10-25T00:30:00Z")]
    public void Begins_at_the_newest_reset_in_the_districts_own_time(string zone, string reset, string instant, string anchor)
    {
        var day = new BusinessDay(TimeZoneInfo.FindSystemTimeZoneById(zone), TimeOnly.Parse(reset, CultureInfo.InvariantCulture));
        Assert.Equal(Seconds(anchor), day.AnchorAt(Seconds(instant)));
    }

    [Theory]
    [InlineData("Europe/Berlin", "2026-03-28", 92)]
    [InlineData("Europe/Berlin", "2026-10-24", 100)]
    [InlineData("Europe/Berlin", "2026-10-25", 96)]
    [InlineData("Australia/Lord_Howe", "2026-04-04", 98)]
    [InlineData("Asia/Shanghai", "2026-03-02", 96)]
    public void Has_as_many_quarter_hours_as_its_clocks_show(string zone, string date, int quarters)
    {
        var day = new BusinessDay(TimeZoneInfo.FindSystemTimeZoneById(zone), new TimeOnly(4, 0));
        var from = day.StartOf(DateOnly.Parse(date, CultureInfo.InvariantCulture));
        Assert.Equal(quarters * 900, day.NextAnchor(from) - from);
    }

    [Theory]
    [InlineData("Europe/Berlin", "02:30")]
    [InlineData("America/New_York", "00:00")]
    [InlineData("Asia/Shanghai", "04:00")]
    [InlineData("Australia/Lord_Howe", "02:15")]
    public void Follows_the_one_before_without_gap_or_overlap(string zone, string reset)
    {
        var day = new BusinessDay(TimeZoneInfo.FindSystemTimeZoneById(zone), TimeOnly.Parse(reset, CultureInfo.InvariantCulture));
        var anchor = day.AnchorAt(Seconds("2026-01-01T12:00:00Z"));
        for (var i = 0; i < 366; i++)
        {
            var next = day.NextAnchor(anchor);
            Assert.InRange(next - anchor, 23 * 3600, 25 * 3600);
            Assert.Equal(0, next % 900);
            Assert.Equal(anchor, day.AnchorAt(next - 1));
            Assert.Equal(next, day.AnchorAt(next));
            anchor = next;
        }
    }

    private static long Seconds(string iso) => DateTimeOffset.Parse(iso, CultureInfo.InvariantCulture).ToUnixTimeSeconds();
}
