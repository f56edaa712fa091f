using SmartDistrict.Cloud.Accuracy;

namespace SmartDistrict.Cloud.Tests.Accuracy;

public sealed class TheAgreementOfCounts
{
    [Fact]
    public void Errors_that_cancel_out_are_in_the_absolute_error_and_widen_the_interval()
    {
        var agreement = new Agreement([(100, 90), (100, 110)]);
        Assert.Equal((0, 0.1, 1), (agreement.Error, agreement.AbsoluteError, agreement.Factor));
        Assert.True(agreement.HalfWidth > new Agreement([(100, 100), (100, 100)]).HalfWidth);
    }

    [Theory]
    // Wilson score interval of k of n at 95 %: (0.0552, 0.1744) for 10 of 100, (0, 0.0370) for 0 of 100
    [InlineData(100, 90, -0.1, 0.0596)]
    [InlineData(100, 110, 0.1, 0.0596)]
    [InlineData(100, 100, 0, 0.0185)]
    public void The_interval_is_that_of_Wilson_about_the_signed_error(long manual, long counted, double error, double half)
    {
        var agreement = new Agreement([(manual, counted)]);
        Assert.Equal(error, agreement.Error!.Value, 6);
        Assert.Equal(half, agreement.HalfWidth!.Value, 4);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 5)]
    public void Nobody_proves_nothing(long manual, long counted)
    {
        var agreement = new Agreement([(manual, counted)]);
        Assert.Equal((null, null, null, null, false), (agreement.Error, agreement.AbsoluteError, agreement.HalfWidth, agreement.Factor, agreement.Enough));
    }

    [Theory]
    [InlineData(200, 100, 2.0)]
    [InlineData(201, 100, null)]
    [InlineData(100, 201, null)]
    [InlineData(100, 0, null)]
    [InlineData(208, 200, 1.04)]
    public void A_device_that_is_too_far_off_gets_no_factor(long manual, long counted, double? factor) =>
        Assert.Equal(factor, new Agreement([(manual, counted)]).Factor);

    [Theory]
    [InlineData(new long[] { 100, 60, 40 }, true)]
    [InlineData(new long[] { 100, 60, 39 }, false)]
    [InlineData(new long[] { 500, 500 }, false)]
    public void Enough_is_two_hundred_people_in_three_spans(long[] manual, bool enough) =>
        Assert.Equal(enough, new Agreement([.. manual.Select(count => (count, count))]).Enough);
}
