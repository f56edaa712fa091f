using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Cloud.Hot;
using SmartDistrict.Cloud.Tests.Footfall;
using SmartDistrict.Cloud.Tests.Hosting;
using SmartDistrict.Telemetry.Windows;
using SmartDistrict.Testing;

namespace SmartDistrict.Cloud.Tests.Hot;

/// <summary>What the cloud keeps hot takes the memory that the settings give it, whatever comes.</summary>
public sealed class TheMemoryOfWhatIsHot
{
    private const int Slack = 40_000;
    private readonly ManualTimeProvider clock = new(new DateTimeOffset(2026, 3, 2, 8, 0, 0, TimeSpan.Zero));
    private readonly Topology topology = new(TestDistrict.Load());

    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, 20)]
    [InlineData(100, 32)]
    public void Has_room_for_the_days_that_the_setting_pays_for(int megabytes, int days)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var windows = new HotWindows(topology, clock, megabytes);
        var taken = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(days, windows.Days);
        Assert.InRange(taken, windows.MostBytes * 99 / 100, windows.MostBytes + Slack);
        if (days is > 2 and < 32)
            Assert.InRange(windows.Days * HotWindows.BytesOfDay(topology), 0, megabytes * 1_000_000L);
    }

    [Fact]
    public void Does_not_grow_with_what_comes()
    {
        var windows = new HotWindows(topology, clock, 0);
        var changed = new HashSet<int>(topology.LineCount);
        var month = Enumerable.Range(0, 30 * 96)
            .Select(i => Lines.Window($"ln-{(i % 4) + 1}", Resolution.QuarterHour, clock.GetUtcNow().ToUnixTimeSeconds() - ((30 * 96 - i) * 900L), entries: i)).ToArray();
        windows.Put(month, changed);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var day = 0; day < 5; day++)
            windows.Put(month, changed);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Slack);
    }

    [Fact]
    public async Task Holds_only_so_many_sums_of_days()
    {
        var store = new ListStore([]);
        var windows = new HotWindows(topology, clock, 0);
        var day = new BusinessDay(topology.District);
        var days = new DaySums(new FootfallReader(store, windows, new StoreHealth(clock), topology, day, clock), topology, day, clock, most: 10);
        var start = day.AnchorAt(clock.GetUtcNow().ToUnixTimeSeconds() - (40 * 86_400L));
        List<long> starts = [];
        for (; starts.Count < 30; start = day.NextAnchor(start))
            starts.Add(start);
        await days.ReadAsync(starts, null, TestContext.Current.CancellationToken);
        Assert.Equal(starts[20..], starts.Where(each => days.Find(each) is not null));
    }
}
