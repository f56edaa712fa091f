using SmartDistrict.Telemetry.LineProtocol;

namespace SmartDistrict.Telemetry.Tests.LineProtocol;

public sealed class TimePrecisionTests
{
    [Theory]
    [InlineData("", TimePrecision.Nanoseconds)]
    [InlineData("ns", TimePrecision.Nanoseconds)]
    [InlineData("n", TimePrecision.Nanoseconds)]
    [InlineData("us", TimePrecision.Microseconds)]
    [InlineData("u", TimePrecision.Microseconds)]
    [InlineData("ms", TimePrecision.Milliseconds)]
    [InlineData("s", TimePrecision.Seconds)]
    public void Names_of_both_apis_are_known(string name, TimePrecision expected)
    {
        Assert.True(TimePrecisions.TryParse(name, out var precision));
        Assert.Equal(expected, precision);
    }

    [Theory]
    [InlineData("S")]
    [InlineData("sec")]
    [InlineData("h")]
    public void Other_names_are_refused(string name) => Assert.False(TimePrecisions.TryParse(name, out _));

    [Theory]
    [InlineData(TimePrecision.Nanoseconds, 1_999_999_999, 1)]
    [InlineData(TimePrecision.Milliseconds, -1, -1)]
    [InlineData(TimePrecision.Milliseconds, -1000, -1)]
    [InlineData(TimePrecision.Microseconds, 3_000_000, 3)]
    [InlineData(TimePrecision.Seconds, 7, 7)]
    public void Seconds_are_rounded_down(TimePrecision precision, long timestamp, long seconds) =>
        Assert.Equal(seconds, precision.ToSeconds(timestamp));

    [Fact]
    public void The_range_is_that_of_64_bits_of_nanoseconds()
    {
        Assert.True(TimePrecision.Nanoseconds.InRange(long.MaxValue - 1));
        Assert.False(TimePrecision.Nanoseconds.InRange(long.MaxValue));
        Assert.True(TimePrecision.Seconds.InRange(9_223_372_036));
        Assert.False(TimePrecision.Seconds.InRange(9_223_372_037));
    }
}
