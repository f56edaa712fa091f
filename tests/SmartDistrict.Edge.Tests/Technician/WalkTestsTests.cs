using SmartDistrict.Edge.Technician;
using SmartDistrict.Testing;

namespace SmartDistrict.Edge.Tests.Technician;

public sealed class WalkTestsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly ManualTimeProvider time = new();
    private long entered = 100;
    private long left = 40;

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Five_times_in_is_passed_when_five_were_booked_and_no_sixth_follows()
    {
        var tests = Tests();
        Assert.Null(tests.Start("ln-01", 5, 0));
        for (var walked = 1; walked <= 5; walked++)
        {
            Assert.Equal(("running", walked - 1L), (tests.Current!.Result, tests.Current.Entries));
            entered++;
        }
        Assert.Equal(("running", 5L), (tests.Current!.Result, tests.Current.Entries));
        time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(("passed", ""), (tests.Current!.Result, tests.Current.Cause));
        entered += 7;
        Assert.Equal(5, tests.Current!.Entries);
    }

    [Fact]
    public void A_passage_that_is_booked_twice_just_after_the_last_fails_the_test()
    {
        var tests = Tests();
        tests.Start("ln-01", 5, 0);
        entered += 5;
        _ = tests.Current;
        time.Advance(TimeSpan.FromSeconds(2));
        entered++;
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(("failed", "more", 6L), (tests.Current!.Result, tests.Current.Cause, tests.Current.Entries));
    }

    [Theory]
    [InlineData(5, 0, 5, 0, "passed", "")]
    [InlineData(0, 5, 0, 5, "passed", "")]
    [InlineData(5, 5, 5, 5, "passed", "")]
    [InlineData(5, 0, 0, 0, "failed", "none")]
    [InlineData(5, 0, 4, 0, "failed", "fewer")]
    [InlineData(5, 5, 5, 4, "failed", "fewer")]
    [InlineData(5, 0, 5, 1, "failed", "more")]
    [InlineData(5, 0, 0, 5, "failed", "reversed")]
    [InlineData(5, 0, 3, 2, "failed", "both")]
    public void The_technician_ends_the_test_and_is_told_what_is_wrong(int expectedIn, int expectedOut, int wentIn, int wentOut, string result, string cause)
    {
        var tests = Tests();
        tests.Start("ln-01", expectedIn, expectedOut);
        entered += wentIn;
        left += wentOut;
        tests.Stop();
        var test = tests.Current!;
        Assert.Equal((result, cause, (long)wentIn, (long)wentOut), (test.Result, test.Cause, test.Entries, test.Exits));
        Assert.NotNull(test.EndedAt);
    }

    [Theory]
    [InlineData("ln-99", 5, 0, "nothing is heard of the line 'ln-99'")]
    [InlineData("ln-01", 0, 0, "1 to 50")]
    [InlineData("ln-01", 51, 0, "1 to 50")]
    [InlineData("ln-01", -5, 10, "1 to 50")]
    public void A_test_that_makes_no_sense_does_not_begin(string line, int expectedIn, int expectedOut, string why)
    {
        var tests = Tests();
        Assert.Contains(why, tests.Start(line, expectedIn, expectedOut), StringComparison.Ordinal);
        Assert.Null(tests.Current);
    }

    [Fact]
    public void Results_outlive_the_process_and_a_test_that_nobody_ends_is_given_up()
    {
        var tests = Tests();
        tests.Start("ln-01", 1, 0);
        entered++;
        tests.Stop();
        tests.Start("ln-01", 5, 0);
        tests.Start("ln-01", 3, 0);
        Assert.Equal(["passed", "abandoned", "running"], tests.All.Select(test => test.Result));
        time.Advance(TimeSpan.FromMinutes(21));
        Assert.Equal("abandoned", tests.Current!.Result);
        Assert.Equal(tests.All, Tests().All);
        Assert.Null(Tests().Start("ln-01", 1, 0));
    }

    [Fact]
    public void A_broken_file_of_results_is_as_good_as_none()
    {
        File.WriteAllText(folder.File("walk-tests.json"), "[{\"number\":");
        var tests = Tests();
        Assert.Empty(tests.All);
        tests.Start("ln-01", 1, 0);
        tests.Stop();
        Assert.Single(Tests().All);
    }

    [Fact]
    public void Only_the_last_two_hundred_are_kept()
    {
        var tests = Tests();
        for (var i = 0; i < 230; i++)
        {
            tests.Start("ln-01", 1, 0);
            tests.Stop();
        }
        Assert.Equal(Enumerable.Range(31, 200), tests.All.Select(test => test.Number));
    }

    private WalkTests Tests() => new(folder.Path, line => line == "ln-01" ? (entered, left) : null, time);
}
