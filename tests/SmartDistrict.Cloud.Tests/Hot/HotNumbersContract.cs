using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Cloud.Heatmap;
using SmartDistrict.Cloud.Tests.Hosting;
using SmartDistrict.Configuration;
using SmartDistrict.Telemetry.Windows;
using SmartDistrict.Testing;

namespace SmartDistrict.Cloud.Tests.Hot;

/// <summary>
/// Holds the numbers that are hot beside those of the store and beside a plain count over everything that was ever
/// written: they are the same to the unit, through revisions, late corrections, withdrawn windows and a line that moves.
/// </summary>
public abstract class HotNumbersContract : IAsyncLifetime
{
    private const int Rounds = 6;
    private const int DaysBack = 6;
    private const int DaysKept = 10;

    /// <summary>16:07 in Shanghai, the day after the day after line 4 was moved.</summary>
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 8, 7, 0, TimeSpan.Zero);

    /// <summary>From within a minute to longer than what is read first, so that windows close, and days cool down.</summary>
    private static readonly TimeSpan[] Steps = [TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(7), TimeSpan.FromMinutes(47), TimeSpan.FromHours(3), TimeSpan.FromHours(31)];

    private readonly District district = TestDistrict.Load();
    private readonly Dictionary<(string Line, Resolution Resolution, long Start), LineWindow> written = [];
    private long revision;

    private protected ManualTimeProvider Clock { get; } = new(Start);

    private protected abstract IFootfallStore Store { get; }

    /// <summary>Whether the cloud hears of every write at once, and need not read the store again to be right.</summary>
    private protected abstract bool TellsOfWrites { get; }

    /// <summary>Writes windows as a gateway does.</summary>
    /// <param name="hot">The cloud that takes them, where it does; null: behind its back.</param>
    private protected abstract Task WriteAsync(HotSite? hot, IReadOnlyList<LineWindow> windows);

    public abstract ValueTask InitializeAsync();

    public abstract ValueTask DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Are_those_of_the_store_whatever_was_revised_and_however_it_came(int seed)
    {
        var random = new Random(seed);
        var hot = new HotSite(Store, district, Clock, DaysKept);
        for (var round = 0; round < Rounds; round++)
        {
            await WriteSomeAsync(hot, random, round == 0 ? 3_000 : 150);
            if (round == 0)
                await hot.FillAsync();
            else if (!TellsOfWrites)
                await hot.PollAsync();
            for (var steps = random.Next(15); steps > 0; steps--)
                await hot.Fill.StepAsync(TestContext.Current.CancellationToken);
            await CompareAsync(hot, random);
            Clock.Advance(Steps[random.Next(Steps.Length)]);
        }
    }

    /// <summary>A gateway that was away for long writes straight into the store what it has kept, days after.</summary>
    [Theory]
    [InlineData(3, Resolution.QuarterHour)]
    [InlineData(3, Resolution.Hour)]
    [InlineData(30, Resolution.QuarterHour)]
    [InlineData(30, Resolution.Hour)]
    [InlineData(7 * 24, Resolution.Hour)]
    public async Task Of_old_hours_that_are_written_late_show_after_one_poll(int hoursAgo, Resolution resolution)
    {
        var start = Span.Down(Clock.GetUtcNow().ToUnixTimeSeconds(), 3600) - (hoursAgo * 3600L);
        await WriteAsync(null, [Lines.Window("ln-1", resolution, start, entries: 5, revision: 1), Lines.Window("ln-2", resolution, start - 3600, entries: 3, revision: 2)]);
        var hot = new HotSite(Store, district, Clock, DaysKept);
        await hot.FillAsync();
        Assert.Equal((5, null), (await EntriesAsync(hot, resolution, start), await EntriesAsync(hot, resolution, start + resolution.Seconds())));
        await WriteAsync(null, [Lines.Window("ln-1", resolution, start, entries: 1_000, revision: 7), Lines.Window("ln-1", resolution, start + resolution.Seconds(), entries: 200, revision: 8)]);
        await hot.PollAsync();
        Assert.Equal((1_000, 200), (await EntriesAsync(hot, resolution, start), await EntriesAsync(hot, resolution, start + resolution.Seconds())));
        if (resolution == Resolution.Hour)
            Assert.Equal(1_200, await EntriesAsync(hot, DayOf(hot, start)));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(30)]
    public async Task Of_windows_that_are_closed_late_show_it_after_one_round(int hoursAgo)
    {
        var start = Span.Down(Clock.GetUtcNow().ToUnixTimeSeconds(), 3600) - (hoursAgo * 3600L);
        var open = Lines.Window("ln-3", Resolution.Hour, start, 5, 5, WindowStatus.Provisional);
        await WriteAsync(null, [open, Lines.Window("ln-4", Resolution.Hour, start)]);
        var hot = new HotSite(Store, district, Clock, DaysKept);
        await hot.FillAsync();
        Assert.Equal(Trust.Stale, await TrustAsync());
        await WriteAsync(null, [open with { Status = WindowStatus.Complete }]);
        await hot.FillAsync();
        Assert.Equal(Trust.Complete, await TrustAsync());

        async Task<Trust> TrustAsync() => (await FiguresAsync(hot, Bucket(Resolution.Hour, start))).Trust(1)[0];
    }

    [Fact]
    public async Task Of_days_longer_ago_show_a_correction_after_one_round()
    {
        var start = Span.Down(Clock.GetUtcNow().ToUnixTimeSeconds(), 3600) - (9 * 86_400L);
        await WriteAsync(null, [Lines.Window("ln-1", Resolution.Hour, start, entries: 5, revision: 1)]);
        var hot = new HotSite(Store, district, Clock, DaysKept);
        await hot.FillAsync();
        Assert.Equal(5, await EntriesAsync(hot, DayOf(hot, start)));
        await WriteAsync(null, [Lines.Window("ln-1", Resolution.Hour, start, entries: 6, revision: 2)]);
        await hot.FillAsync();
        Assert.Equal(6, await EntriesAsync(hot, DayOf(hot, start)));
    }

    [Fact]
    public async Task Of_the_last_day_come_from_memory_and_older_ones_from_the_store()
    {
        var hot = new HotSite(Store, district, Clock, DaysKept);
        await hot.FillAsync();
        Assert.Equal(Source.Hot, await FindAsync(hot, Resolution.QuarterHour, hours: 24));
        Assert.Equal(Source.Hot, await FindAsync(hot, Resolution.Hour, hours: 45));
        Assert.Equal(Source.Store, await FindAsync(hot, Resolution.Hour, hours: 49));
        Assert.Equal(Source.Hot, await hot.Reader.FindAsync(Days(hot, DaysKept - 1), TestContext.Current.CancellationToken));
        Assert.Equal(Source.Store, await hot.Reader.FindAsync(Days(hot, DaysKept + 2), TestContext.Current.CancellationToken));
    }

    private async Task WriteSomeAsync(HotSite hot, Random random, int count)
    {
        var windows = new List<LineWindow>();
        for (var i = 0; i < count; i++)
        {
            var window = RandomWindow(random);
            if (random.Next(4) == 0)
                hot.Feed.Received(Gateway(window), new LiveWindows(0, Gateway(window), 0, [window], []));
            windows.Add(window);
            written[(window.Line, window.Resolution, window.Start)] = window;
            // what is overtaken on the live path must change nothing
            if (random.Next(10) == 0)
                hot.Feed.Received(Gateway(window), new LiveWindows(0, Gateway(window), 0, [window with { Counts = default, Revision = new(1, window.Revision.Counter - 1) }], []));
        }
        foreach (var batch in windows.Chunk(500))
            await WriteAsync(hot, batch);
    }

    private LineWindow RandomWindow(Random random)
    {
        var resolution = (Resolution)random.Next(3);
        var now = Clock.GetUtcNow().ToUnixTimeSeconds();
        var start = Span.Down(now - random.Next(resolution == Resolution.Minute ? 2_700 : DaysBack * 86_400), resolution.Seconds());
        WindowStatus[] statuses = [WindowStatus.Complete, WindowStatus.Complete, WindowStatus.Complete, WindowStatus.Partial, WindowStatus.Repaired, WindowStatus.Provisional, WindowStatus.Void];
        revision += 2;
        return Lines.Window(
            $"ln-{random.Next(1, 5)}", resolution, start, random.Next(300), random.Next(300), statuses[random.Next(statuses.Length)], revision,
            unplacedEntries: random.Next(8) == 0 ? 5 : 0, unplacedExits: random.Next(8) == 0 ? 7 : 0, expected: 9, received: random.Next(1, 10));
    }

    private string Gateway(LineWindow window) => district.Devices.Single(device => device.Lines.Values.Contains(window.Line)).Gateway;

    private async Task CompareAsync(HotSite hot, Random random)
    {
        var cold = new HotSite(Store, district, Clock, DaysKept);
        foreach (var request in Requests(hot, random))
        {
            var source = await hot.Reader.FindAsync(request, TestContext.Current.CancellationToken);
            var (mine, theirs) = (await ReadAsync(hot, request, source), await ReadAsync(cold, request, Source.Store));
            Assert.Equal(theirs.Starts, mine.Starts);
            for (var row = 0; row < mine.Zones.Count; row++)
                for (var i = 0; i < mine.Starts.Count; i++)
                {
                    var (here, there) = (Number(mine, row, i), Number(theirs, row, i));
                    if (here != there)
                        Assert.Fail($"{Place(request, mine, row, i)}: {here} from {source}, {there} by the store");
                    if (request.Measure == Measure.Occupancy || !IsClosed(request, mine.Starts[i]))
                        continue;
                    var plain = Plain(hot, request, mine.Zones[row], mine.Starts[i]);
                    if (here.Value != plain)
                        Assert.Fail($"{Place(request, mine, row, i)}: {here} from {source}, {plain} by a plain count");
                }
        }
    }

    private static (long? Value, Trust Trust) Number(HeatmapFigures figures, int row, int i) =>
        figures.Trust(row)[i] is var trust && trust == Trust.None ? (null, trust) : (figures.Values(row)[i], trust);

    private static string Place(HeatmapRequest request, HeatmapFigures figures, int row, int i) =>
        $"{request.Key}, zone {figures.Zones[row]} at {DateTimeOffset.FromUnixTimeSeconds(figures.Starts[i]):u}";

    private static IEnumerable<HeatmapRequest> Requests(HotSite hot, Random random)
    {
        foreach (var measure in Enum.GetValues<Measure>())
        {
            foreach (var resolution in (Resolution[])[Resolution.QuarterHour, Resolution.Hour])
                foreach (var hours in (int[])[24, random.Next(1, 40), random.Next(60, DaysBack * 24)])
                    yield return Last(resolution, hours, hot.Now) with { Measure = measure, Zones = random.Next(3) == 0 ? [1] : null };
            if (measure != Measure.Occupancy)
                yield return Days(hot, DaysBack + 1) with { Measure = measure };
        }
    }

    private static HeatmapRequest Bucket(Resolution resolution, long start) => new(Measure.Entries, ByDay: false, new(resolution, start, start + resolution.Seconds()), null);

    private static HeatmapRequest DayOf(HotSite hot, long start) =>
        new(Measure.Entries, ByDay: true, new(Resolution.Hour, hot.Day.AnchorAt(start), hot.Day.NextAnchor(start)), null);

    private static Task<long?> EntriesAsync(HotSite hot, Resolution resolution, long start) => EntriesAsync(hot, Bucket(resolution, start));

    private static async Task<long?> EntriesAsync(HotSite hot, HeatmapRequest request) => Number(await FiguresAsync(hot, request), 0, 0).Value;

    private static async Task<HeatmapFigures> FiguresAsync(HotSite hot, HeatmapRequest request) =>
        await ReadAsync(hot, request, await hot.Reader.FindAsync(request, TestContext.Current.CancellationToken));

    private static HeatmapRequest Last(Resolution resolution, int hours, long now) =>
        new(Measure.Entries, ByDay: false, Span.Around(resolution, now - (hours * 3600L), now), null);

    private static HeatmapRequest Days(HotSite hot, int days) => new(
        Measure.Entries, ByDay: true, new(Resolution.Hour, hot.Day.AnchorAt(hot.Now - (days * 86_400L)), hot.Day.NextAnchor(hot.Now)), null);

    private Task<Source> FindAsync(HotSite hot, Resolution resolution, int hours) =>
        hot.Reader.FindAsync(Last(resolution, hours, hot.Now), TestContext.Current.CancellationToken);

    private static Task<HeatmapFigures> ReadAsync(HotSite site, HeatmapRequest request, Source source) =>
        site.Reader.ReadAsync(request, source, TestContext.Current.CancellationToken);

    /// <summary>Quarter hours and hours that are open, or just closed, are made of their parts until their gateways write them.</summary>
    private bool IsClosed(HeatmapRequest request, long start) =>
        (request.ByDay ? start + 86_400 : start) < Clock.GetUtcNow().ToUnixTimeSeconds() - 7200;

    /// <summary>What was written of a zone in a bucket: null without anything.</summary>
    private long? Plain(HotSite hot, HeatmapRequest request, int zone, long start)
    {
        var end = request.ByDay ? hot.Day.NextAnchor(start) : start + request.Span.Resolution.Seconds();
        var id = district.Zones[zone].Id;
        long? total = null;
        foreach (var line in district.Lines)
            for (var at = start; at < end; at += request.Span.Resolution.Seconds())
            {
                if (!written.TryGetValue((line.Id, request.Span.Resolution, at), out var window) || window.Status == WindowStatus.Void)
                    continue;
                var join = line.JoinAt(DateTimeOffset.FromUnixTimeSeconds(at))!;
                if (join.To == id)
                    total = (total ?? 0) + Count(window.Counts, request.Measure, inward: true);
                else if (join.From == id)
                    total = (total ?? 0) + Count(window.Counts, request.Measure, inward: false);
            }
        return total;
    }

    private static long Count(LineCounts counts, Measure measure, bool inward) => (measure, inward) switch
    {
        (Measure.Entries, true) or (Measure.Exits, false) => counts.Entries,
        (Measure.Entries, false) or (Measure.Exits, true) => counts.Exits,
        (Measure.UnplacedEntries, true) or (Measure.UnplacedExits, false) => counts.UnplacedEntries,
        _ => counts.UnplacedExits,
    };
}
