using SmartDistrict.Edge.Clock;
using SmartDistrict.Testing;

namespace SmartDistrict.Edge.Tests;

public sealed class KernelClockTests : IDisposable
{
    private const int Ok = 0;
    private const int TimeError = 5;
    private readonly TemporaryFolder run = new();

    public void Dispose() => run.Dispose();

    [Theory]
    [InlineData(Ok, null, ClockState.Synchronised)]
    [InlineData(Ok, "systemd/timesync", ClockState.Synchronised)]
    [InlineData(TimeError, "systemd/timesync", ClockState.Unsynchronised)]
    [InlineData(TimeError, "chrony", ClockState.Unsynchronised)]
    [InlineData(TimeError, "systemd/timesync/synchronized", ClockState.Holdover)]
    [InlineData(TimeError, null, ClockState.Unknown)]
    [InlineData(-1, "chrony", ClockState.Unknown)]
    // chrony without rtcsync leaves the flag alone: it shows in the bound of the error
    [InlineData(TimeError, "chrony", ClockState.Synchronised, 17_288)]
    [InlineData(TimeError, "chrony", ClockState.Unsynchronised, 16_000_001)]
    [InlineData(TimeError, null, ClockState.Unknown, 17_288)]
    internal void The_kernel_and_the_time_service_together_say_what_the_clock_is_worth(int adjtimex, string? there, ClockState state, long maxError = 16_000_000)
    {
        if (there is not null)
            Directory.CreateDirectory(Path.Combine(run.Path, Path.GetDirectoryName(there)!, Path.GetFileName(there)));
        if (there?.EndsWith("synchronized", StringComparison.Ordinal) == true)
        {
            Directory.Delete(Path.Combine(run.Path, there));
            File.WriteAllText(Path.Combine(run.Path, there), "");
        }
        Assert.Equal(state, new KernelClock(run.Path, () => (adjtimex, maxError)).State());
    }

    [Fact]
    public void This_machines_kernel_answers() => Assert.True(Enum.IsDefined(KernelClock.System.State()));

    [Fact]
    public void A_clock_that_is_set_is_noticed_once_and_one_that_runs_on_never()
    {
        var time = new ManualTimeProvider();
        var state = ClockState.Unsynchronised;
        var clock = new GatewayClock(time, Guid.NewGuid(), () => state);
        time.Advance(TimeSpan.FromHours(1));
        Assert.False(clock.TakeSet());
        time.JumpTo(time.GetUtcNow() + TimeSpan.FromSeconds(2));
        Assert.True(clock.TakeSet());
        Assert.False(clock.TakeSet());
        state = ClockState.Synchronised;
        time.Advance(TimeSpan.FromSeconds(6));
        Assert.True(clock.TakeSet());
        Assert.False(clock.TakeSet());
    }
}
