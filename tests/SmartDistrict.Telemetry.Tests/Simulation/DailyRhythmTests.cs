using SmartDistrict.Testing.Simulation;

namespace SmartDistrict.Telemetry.Tests.Simulation;

public sealed class DailyRhythmTests
{
    private static readonly TimeZoneInfo Shanghai = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");
    private static readonly DailyRhythm Rhythm = new(Shanghai, DateTimeOffset.MaxValue);

    private static double At(int day, int hour, int minute = 0) => Rhythm.At(new DateTimeOffset(2026, 3, day, hour, minute, 0, TimeSpan.FromHours(8)));

    [Fact]
    public void On_working_days_lunch_and_the_evening_are_the_peaks()
    {
        const int Wednesday = 4;
        Assert.Equal(1, At(Wednesday, 12), 6);
        Assert.Equal(1, At(Wednesday, 18), 6);
        Assert.True(At(Wednesday, 15) < 0.7);
        Assert.True(At(Wednesday, 3) < 0.2);
    }

    [Fact]
    public void The_weekend_afternoon_is_busier_than_any_working_day()
    {
        const int Saturday = 7;
        Assert.True(At(Saturday, 16) > 1);
        Assert.True(At(Saturday, 8) < At(4, 8));
    }

    [Fact]
    public void It_never_rests_and_never_exceeds_its_stated_height()
    {
        for (var minute = 0; minute < 7 * 1440; minute += 7)
            Assert.InRange(At(2 + minute / 1440, minute / 60 % 24, minute % 60), 0.1, DailyRhythm.Highest);
    }

    [Fact]
    public void Speed_24_lets_a_day_pass_in_an_hour_from_the_origin_on()
    {
        var origin = new DateTimeOffset(2026, 3, 4, 3, 0, 0, TimeSpan.FromHours(8));
        var fast = new DailyRhythm(Shanghai, origin, speed: 24);
        Assert.Equal(At(4, 2), fast.At(origin.AddHours(-1)), 6);
        Assert.Equal(At(4, 12), fast.At(origin.AddMinutes(22.5)), 6);
        Assert.Equal(At(5, 3), fast.At(origin.AddHours(1)), 6);
    }
}
