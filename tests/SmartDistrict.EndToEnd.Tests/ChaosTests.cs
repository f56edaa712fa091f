using SmartDistrict.Testing.Chaos;

namespace SmartDistrict.EndToEnd.Tests;

/// <summary>The short form of <c>tests/chaos.sh</c>.</summary>
public sealed class ChaosTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Each_acknowledged_reading_is_stored_pending_or_declared_lost_and_none_twice_whatever_is_killed_or_switched_off()
    {
        var account = await ChaosRun.RunAsync(
            new()
            {
                Gateway = ChaosCommand.Built(), Kills = 30, Gateways = 3, PowerCuts = 1, Machines = 1, Seed = 20_261_121,
                Time = TimeSpan.FromSeconds(30),
                Trouble = TimeSpan.FromSeconds(1), Rest = TimeSpan.FromSeconds(1),
            },
            TimeProvider.System, output.WriteLine, TestContext.Current.CancellationToken);
        output.WriteLine(account.ToString());
        Assert.True(account.Acknowledged > 500, $"only {account.Acknowledged} readings were acknowledged");
        Assert.Empty(account.Findings);
        Assert.Equal(account.Acknowledged, account.Stored + account.Pending + account.DeclaredLost);
        Assert.Equal(0, account.Unexplained);
    }
}
