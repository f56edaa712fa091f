using Microsoft.Extensions.Logging.Abstractions;
using SmartDistrict.Configuration;
using SmartDistrict.Edge.Clock;
using SmartDistrict.Edge.Footfall;
using SmartDistrict.Testing;

namespace SmartDistrict.Edge.Tests;

public sealed class StateFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly ManualTimeProvider time = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(0), InlineData(100), InlineData(4096)]
    public void A_damaged_state_is_set_aside_and_a_new_one_begun(int at)
    {
        using (var connection = StateFile.Open(folder.Path, time, NullLogger.Instance))
        using (var state = new FoldState(connection))
        {
            state.SetValue("generation", 12);
            for (var i = 0; i < 500; i++)
                state.LineKey($"line-{i}");
        }
        var path = Path.Combine(folder.Path, "state.db");
        var bytes = File.ReadAllBytes(path);
        bytes.AsSpan(at, Math.Min(3000, bytes.Length - at)).Fill(0xA5);
        File.WriteAllBytes(path, bytes);

        using var again = StateFile.Open(folder.Path, time, NullLogger.Instance);
        using var begun = new FoldState(again);
        Assert.Null(begun.Value("generation"));
        Assert.Equal(bytes.Length, new FileInfo(path + ".damaged-20260302-080000").Length);
    }

    [Fact]
    public void The_generation_is_the_time_of_the_first_start_and_stays()
    {
        using var connection = StateFile.Open(folder.Path, time, NullLogger.Instance);
        using var state = new FoldState(connection);
        var first = Enrolment.Generation(state, new GatewayOptions(), Clock());
        Assert.Equal(time.GetUtcNow().ToUnixTimeSeconds(), first);
        time.Advance(TimeSpan.FromDays(3));
        Assert.Equal(first, Enrolment.Generation(state, new GatewayOptions(), Clock()));
    }

    [Fact]
    public void A_generation_that_is_given_wins_if_it_is_higher()
    {
        using var connection = StateFile.Open(folder.Path, time, NullLogger.Instance);
        using var state = new FoldState(connection);
        Assert.Equal(5, Enrolment.Generation(state, new GatewayOptions { Generation = 5 }, Clock()));
        Assert.Equal(5, Enrolment.Generation(state, new GatewayOptions { Generation = 4 }, Clock()));
        Assert.Equal(6, Enrolment.Generation(state, new GatewayOptions { Generation = 6 }, Clock()));
    }

    [Fact]
    public void A_clock_that_was_never_set_enrols_nobody()
    {
        using var connection = StateFile.Open(folder.Path, time, NullLogger.Instance);
        using var state = new FoldState(connection);
        time.JumpTo(DateTimeOffset.UnixEpoch);
        var refusal = Assert.Throws<ConfigurationException>(() => Enrolment.Generation(state, new GatewayOptions(), Clock()));
        Assert.Contains("the clock says 1970-01-01", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("set the clock, or give a number", refusal.Message, StringComparison.Ordinal);
    }

    private GatewayClock Clock() => new(time, Guid.NewGuid(), () => ClockState.Synchronised);
}
