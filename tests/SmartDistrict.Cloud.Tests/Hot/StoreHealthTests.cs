using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Cloud.Hot;
using SmartDistrict.Cloud.Tests.Hosting;
using SmartDistrict.Telemetry.Windows;
using SmartDistrict.Testing;

namespace SmartDistrict.Cloud.Tests.Hot;

/// <summary>How old what is hot is, and when it is said.</summary>
public sealed class TheAgeOfWhatIsHot
{
    private readonly ManualTimeProvider clock = new(new DateTimeOffset(2026, 3, 2, 8, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Is_said_from_20_s_on()
    {
        var health = new StoreHealth(clock);
        health.Answered(clock.GetUtcNow());
        clock.Advance(TimeSpan.FromSeconds(20));
        Assert.Null(health.Stale);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(("store-slow", clock.GetUtcNow().ToUnixTimeSeconds() - 21), (health.Stale?.Code, health.Stale?.Since));
    }

    [Fact]
    public async Task Is_said_after_an_outage_until_all_of_the_last_days_was_looked_at()
    {
        var store = new FailingStore();
        var hot = new HotSite(store, TestDistrict.Load(), clock);
        await hot.Fill.StepAsync(TestContext.Current.CancellationToken);
        var since = hot.Now;
        hot.Health.Failed(new StoreUnavailableException("store-away", "start it"));
        clock.Advance(TimeSpan.FromHours(1));
        store.FailsAtDigests = true;
        await Assert.ThrowsAsync<StoreUnavailableException>(hot.PollAsync);
        Assert.Equal(("store-away", since), (hot.Health.Stale?.Code, hot.Health.Stale?.Since));
        store.FailsAtDigests = false;
        await hot.PollAsync();
        Assert.Null(hot.Health.Stale);
    }

    /// <summary>Empty; reads well, and may not tell what has changed.</summary>
    private sealed class FailingStore : IFootfallStore
    {
        public bool FailsAtDigests { get; set; }

        public IAsyncEnumerable<LineWindow> ReadAsync(Resolution resolution, long from, long to, IReadOnlyList<string>? lines, CancellationToken cancellation) =>
            AsyncEnumerable.Empty<LineWindow>();

        public Task<IReadOnlyList<long?>> DigestAsync(DigestOf what, IReadOnlyList<Span> spans, CancellationToken cancellation) => FailsAtDigests
            ? throw new StoreUnavailableException("store-away", "start it")
            : Task.FromResult<IReadOnlyList<long?>>(new long?[spans.Count]);

        public Task<IReadOnlyList<DeviceSighting>> ReadSightingsAsync(CancellationToken cancellation) => Task.FromResult<IReadOnlyList<DeviceSighting>>([]);
    }
}
