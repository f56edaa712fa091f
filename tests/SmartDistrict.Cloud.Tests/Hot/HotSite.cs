using Microsoft.Extensions.Logging.Abstractions;
using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Cloud.Heatmap;
using SmartDistrict.Cloud.Hot;
using SmartDistrict.Cloud.Live;
using SmartDistrict.Configuration;
using SmartDistrict.Testing;

namespace SmartDistrict.Cloud.Tests.Hot;

/// <summary>What stands between a store and the heatmap, with the smallest memory: two days are hot.</summary>
internal sealed class HotSite
{
    private readonly ManualTimeProvider clock;

    /// <param name="days">Days whose sums are kept.</param>
    public HotSite(IFootfallStore store, District district, ManualTimeProvider clock, int days = 10)
    {
        this.clock = clock;
        Topology = new Topology(district);
        Day = new BusinessDay(district);
        Windows = new HotWindows(Topology, clock, megabytes: 0);
        Health = new StoreHealth(clock);
        Footfall = new FootfallReader(store, Windows, Health, Topology, Day, clock);
        Days = new DaySums(Footfall, Topology, Day, clock, days);
        Feed = new LiveFeed(Topology, Windows, Days, clock);
        Reader = new HeatmapReader(Footfall, Windows, Days, Topology, Day, clock);
        Fill = new HotFill(new StoreWatch(store, Feed, Windows, Days, Day, clock), Feed, Windows, Days, Health, Day, clock, NullLogger<HotFill>.Instance);
    }

    public Topology Topology { get; }

    public BusinessDay Day { get; }

    public HotWindows Windows { get; }

    public DaySums Days { get; }

    public LiveFeed Feed { get; }

    public StoreHealth Health { get; }

    public FootfallReader Footfall { get; }

    public HeatmapReader Reader { get; }

    public HotFill Fill { get; }

    /// <summary>s since the Unix epoch.</summary>
    public long Now => clock.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>Lets the store be read until all of it was looked at after this call.</summary>
    public async Task FillAsync()
    {
        for (var rounds = Fill.Rounds; Fill.Rounds < rounds + 2;)
            await Fill.StepAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Lets the time of one poll pass, and it happen.</summary>
    public async Task PollAsync()
    {
        clock.Advance(HotFill.PollEvery);
        await Fill.StepAsync(TestContext.Current.CancellationToken);
    }
}
