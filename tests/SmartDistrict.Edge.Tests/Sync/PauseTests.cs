using SmartDistrict.Edge.Sync;

namespace SmartDistrict.Edge.Tests.Sync;

public sealed class PauseTests
{
    [Fact]
    public void Pauses_double_with_jitter_up_to_the_longest()
    {
        var pause = new Pause(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20), new Random(1));
        foreach (var whole in (double[])[1, 2, 4, 8, 16, 20, 20, 20])
            Assert.InRange(pause.Next(null).TotalSeconds, whole / 2, whole);
        pause.Reset();
        Assert.InRange(pause.Next(null).TotalSeconds, 0.5, 1);
    }

    [Fact]
    public void Two_gateways_do_not_come_back_in_step()
    {
        var (one, other) = (new Pause(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(60), new Random(1)), new Pause(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(60), new Random(2)));
        Assert.NotEqual(one.Next(null), other.Next(null));
    }

    [Fact]
    public void It_is_never_shorter_than_the_store_asked_for_within_reason()
    {
        var pause = new Pause(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20), new Random(1));
        Assert.Equal(TimeSpan.FromSeconds(300), pause.Next(TimeSpan.FromSeconds(300)));
        Assert.Equal(Pause.LongestAsked, pause.Next(TimeSpan.FromDays(365)));
        Assert.InRange(pause.Next(TimeSpan.FromSeconds(0.1)).TotalSeconds, 2, 4);
    }

    [Fact]
    public void A_thousand_failures_in_a_row_do_not_overflow()
    {
        var pause = new Pause(TimeSpan.FromMinutes(1), TimeSpan.FromHours(1), new Random(1));
        for (var i = 0; i < 1_000; i++)
            Assert.InRange(pause.Next(null), TimeSpan.FromSeconds(30), TimeSpan.FromHours(1));
    }
}
