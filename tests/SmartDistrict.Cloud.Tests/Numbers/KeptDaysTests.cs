using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SmartDistrict.Cloud.Accuracy;
using SmartDistrict.Cloud.Embedded;
using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Cloud.Hot;
using SmartDistrict.Cloud.Live;
using SmartDistrict.Cloud.Numbers;
using SmartDistrict.Cloud.Sales;
using SmartDistrict.Cloud.Tests.Hosting;
using SmartDistrict.Configuration;
using SmartDistrict.Telemetry.Windows;
using SmartDistrict.Testing;

namespace SmartDistrict.Cloud.Tests.Numbers;

/// <summary>
/// Days that are over are derived once and kept. Whatever was revised since, however it came, and whichever factors and
/// lines there are now, an answer of kept days is the one that all the windows yield when they are read again.
/// </summary>
public sealed class NumbersOfKeptDays : IDisposable
{
    private const int Days = 40;
    private const int Rounds = 12;
    private static readonly string[] Periods = ["2026", "2026-01", "2026-02", "2026-W08", "2026-02-03"];

    private readonly string folder = Directory.CreateTempSubdirectory("cloud-days-").FullName;
    private readonly ManualTimeProvider clock = new(new DateTimeOffset(2026, 2, 25, 8, 7, 0, TimeSpan.Zero));
    private readonly List<(string Line, LineFactorInForce Factor)> factors = [];
    private EmbeddedStore store;
    private long revision;

    public NumbersOfKeptDays() => store = new(Path.Combine(folder, "points.db"));

    public void Dispose()
    {
        store.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    /// <param name="told">Whether the cloud hears of writes; else it must look at the store to know.</param>
    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(4, false)]
    [InlineData(5, false)]
    [InlineData(6, true)]
    public async Task Are_those_of_its_windows_through_revisions_factors_moves_and_restarts(int seed, bool told)
    {
        var random = new Random(seed);
        store.Write([.. Enumerable.Range(0, 3_000).Select(_ => RandomWindow(random))], []);
        var site = new Site(this, Yaml);
        await site.FillAsync();
        for (var round = 0; round < Rounds; round++)
        {
            switch (random.Next(6))
            {
                case 0:
                    var at = clock.GetUtcNow().ToUnixTimeSeconds() + random.Next(-3, 3) * 40_000;
                    factors.Add(($"ln-{random.Next(1, 5)}", new(Span.Down(at, 900), 1 + random.NextDouble(), 1, "anna", at, null)));
                    factors.Sort((a, b) => a.Factor.Since.CompareTo(b.Factor.Since));
                    site.Factors.Changed();
                    break;
                case 1:
                    site.Dispose();
                    store.Dispose();
                    store = new(Path.Combine(folder, "points.db"));
                    site = new Site(this, random.Next(2) == 0 ? Yaml : Moved);
                    break;
                case 2:
                    clock.Advance(TimeSpan.FromHours(random.Next(40)));
                    break;
                default:
                    LineWindow[] windows = [.. Enumerable.Range(0, random.Next(1, 40)).Select(_ => RandomWindow(random))];
                    store.Write(windows, []);
                    if (told)
                        site.Told(windows);
                    else
                        await site.FillAsync();
                    break;
            }
            for (var steps = random.Next(8); steps > 0; steps--)
                await site.Fill.StepAsync(TestContext.Current.CancellationToken);
            await site.CompareAsync();
        }
        site.Dispose();
    }

    [Fact]
    public async Task Are_not_read_again_after_a_restart()
    {
        store.Write([Lines.Window("ln-1", Resolution.QuarterHour, At(-30), 5)], []);
        var first = new Site(this, Yaml);
        await first.FillAsync();
        first.Dispose();
        var second = new Site(this, Yaml);
        await second.VisitsAsync("2026-01");
        Assert.Equal(0, second.DaysRead);
        second.Dispose();
    }

    [Fact]
    public async Task Are_read_again_only_where_something_changed()
    {
        store.Write([Lines.Window("ln-1", Resolution.QuarterHour, At(-30), 5)], []);
        var site = new Site(this, Yaml);
        await site.FillAsync();
        var (read, before) = (site.DaysRead, await site.VisitsAsync("2026"));
        store.Write([Lines.Window("ln-1", Resolution.QuarterHour, At(-20), 8, revision: 2)], []);
        await site.FillAsync();
        Assert.Equal((before + 8, read + 1), (await site.VisitsAsync("2026"), site.DaysRead));
        // from here on, so that the last four days of it are others
        factors.Add(("ln-1", new(At(-20) - 3 * 86_400, 2, 2, "anna", 0, null)));
        site.Factors.Changed();
        await site.FillAsync();
        Assert.Equal((before + 16, before), (await site.VisitsAsync("2026"), await site.VisitsAsync("2026-01")));
        Assert.InRange(site.DaysRead - read - 1, 20, 23);
        site.Dispose();
    }

    [Theory]
    [InlineData("a line that lies about how long it is")]
    [InlineData("")]
    public async Task Begin_anew_where_the_file_is_damaged(string damage)
    {
        store.Write([Lines.Window("ln-1", Resolution.QuarterHour, At(-30), 5)], []);
        var first = new Site(this, Yaml);
        await first.FillAsync();
        first.Dispose();
        await File.WriteAllTextAsync(Path.Combine(folder, "numbers.db"), damage, TestContext.Current.CancellationToken);
        var second = new Site(this, Yaml);
        Assert.Equal(5, await second.VisitsAsync("2026-01"));
        Assert.NotEqual(0, second.DaysRead);
        second.Dispose();
    }

    [Fact]
    public void Are_as_many_as_there_is_room_for_the_newest()
    {
        var areas = new Areas(new Topology(TestDistrict.Load(Yaml)));
        using var file = new DayFile(":memory:", areas, NullLogger<DayFile>.Instance, mostRows: (3 * areas.Count) + 1);
        var day = new DayTallies(new AreaTally[areas.Count]);
        foreach (var start in (long[])[500, 100, 300, 200, 400, 600])
            file.Put(start, new(1, 1, 1, 1), day);
        Assert.Equal([400, 500, 600], new long[] { 100, 200, 300, 400, 500, 600 }.Where(start => file.Find(start) is not null));
    }

    private static string Yaml => TestDistrict.Yaml + "\n" + NumbersSite.Rules;

    /// <summary>Line 1 leads into the hall since the middle of February.</summary>
    private static string Moved => Yaml.Replace(
        "[121.4901, 31.23]], joins: [{since: \"2026-01-01T00:00:00+08:00\", from: outside, to: plaza}]",
        "[121.4901, 31.23]], joins: [{since: \"2026-01-01T00:00:00+08:00\", from: outside, to: plaza}, {since: \"2026-02-14T12:00:00+08:00\", from: outside, to: hall}]",
        StringComparison.Ordinal);

    private long At(int days) => Span.Down(clock.GetUtcNow().ToUnixTimeSeconds() + (days * 86_400L), 900);

    private LineWindow RandomWindow(Random random)
    {
        WindowStatus[] statuses = [WindowStatus.Complete, WindowStatus.Complete, WindowStatus.Complete, WindowStatus.Partial, WindowStatus.Repaired, WindowStatus.Provisional, WindowStatus.Void];
        return Lines.Window(
            $"ln-{random.Next(1, 5)}", Resolution.QuarterHour, Span.Down(clock.GetUtcNow().ToUnixTimeSeconds() - random.Next(Days * 86_400), 900),
            random.Next(300), random.Next(300), statuses[random.Next(statuses.Length)], ++revision,
            unplacedEntries: random.Next(8) == 0 ? 5 : 0, expected: 9, received: random.Next(1, 10));
    }

    /// <summary>One life of the cloud: its memory is new, its files are those of the last one.</summary>
    private sealed class Site : IDisposable
    {
        private readonly NumbersOfKeptDays test;
        private readonly District district;
        private readonly CountingStore counted;
        private readonly LiveFeed feed;
        private readonly HotFill hotFill;
        private readonly DayFile file;
        private readonly NumbersReader reader;
        private readonly Cloud.Numbers.Periods periods;

        public Site(NumbersOfKeptDays test, string yaml)
        {
            (this.test, district, counted) = (test, TestDistrict.Load(yaml), new(test.store));
            var (topology, day, clock) = (new Topology(district), new BusinessDay(district), test.clock);
            var (hot, health) = (new HotWindows(topology, clock, 0), new StoreHealth(clock));
            var footfall = new FootfallReader(counted, hot, health, topology, day, clock);
            var sums = new DaySums(new FootfallReader(test.store, hot, health, topology, day, clock), topology, day, clock, 2);
            (feed, periods, Factors) = (new(topology, hot, sums, clock), new(day, district.TimeZone), new(district, () => test.factors.ToLookup(each => each.Line, each => each.Factor)));
            hotFill = new(new StoreWatch(test.store, feed, hot, sums, day, clock), feed, hot, sums, health, day, clock, NullLogger<HotFill>.Instance);
            var areas = new Areas(topology);
            file = new(Path.Combine(test.folder, "numbers.db"), areas, NullLogger<DayFile>.Instance);
            var days = new NumbersDays(footfall, counted, hot, file, topology, areas, Factors, periods, day, clock);
            feed.Came += days.Forget;
            Fill = new(days, feed, hot, day, clock);
            reader = new(days, areas, periods, (_, _) => SaleCounts.None, district, health, Options.Create(new CloudOptions()), clock);
        }

        public LineFactors Factors { get; }

        public NumbersFill Fill { get; }

        public int DaysRead => counted.Days;

        public void Dispose()
        {
            file.Dispose();
            Fill.Dispose();
            hotFill.Dispose();
        }

        public void Told(LineWindow[] windows) => feed.Stored("gw-1", windows, []);

        public async Task<double> VisitsAsync(string period) =>
            (await reader.DistrictAsync(periods.Find(period)!, TestContext.Current.CancellationToken)).Areas[0].Figures.Visits.Value!.Value;

        /// <summary>Lets the store be read, and all that is kept be looked at.</summary>
        public async Task FillAsync()
        {
            test.clock.Advance(HotFill.PollEvery);
            for (var i = 0; i < 5; i++)
                await hotFill.StepAsync(TestContext.Current.CancellationToken);
            for (var rounds = Fill.Rounds; Fill.Rounds < rounds + 2;)
                await Fill.StepAsync(TestContext.Current.CancellationToken);
        }

        /// <summary>Every number beside the same of a cloud that has nothing in memory and kept nothing.</summary>
        public async Task CompareAsync()
        {
            var fresh = new NumbersSite([], test.clock.GetUtcNow(), district, store: test.store, factors: () => test.factors.ToLookup(each => each.Line, each => each.Factor));
            foreach (var name in NumbersOfKeptDays.Periods)
            {
                var period = periods.Find(name)!;
                var (mine, theirs) = (
                    await reader.DistrictAsync(period, TestContext.Current.CancellationToken), await fresh.Reader.DistrictAsync(period, TestContext.Current.CancellationToken));
                foreach (var (here, there) in mine.Areas.Zip(theirs.Areas))
                    Assert.Equal($"{name} {there.Id} {there.Figures}", $"{name} {here.Id} {here.Figures}");
                var (myHall, theirHall) = (
                    await reader.OverTimeAsync(period, 3, TestContext.Current.CancellationToken), await fresh.Reader.OverTimeAsync(period, 3, TestContext.Current.CancellationToken));
                Assert.Equal(string.Join('\n', theirHall.Steps), string.Join('\n', myHall.Steps));
            }
        }
    }

    /// <summary>Counts the days of quarter hours that are read.</summary>
    private sealed class CountingStore(IFootfallStore store) : IFootfallStore
    {
        public int Days { get; private set; }

        public IAsyncEnumerable<LineWindow> ReadAsync(Resolution resolution, long from, long to, IReadOnlyList<string>? lines, CancellationToken cancellation)
        {
            Days += resolution == Resolution.QuarterHour ? (int)((to - from) / 86_400) : 0;
            return store.ReadAsync(resolution, from, to, lines, cancellation);
        }

        public Task<IReadOnlyList<long?>> DigestAsync(DigestOf what, IReadOnlyList<Span> spans, CancellationToken cancellation) => store.DigestAsync(what, spans, cancellation);

        public Task<IReadOnlyList<DeviceSighting>> ReadSightingsAsync(CancellationToken cancellation) => store.ReadSightingsAsync(cancellation);
    }
}
