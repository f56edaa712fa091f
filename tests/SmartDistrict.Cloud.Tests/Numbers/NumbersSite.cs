using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SmartDistrict.Cloud.Accuracy;
using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Cloud.Hot;
using SmartDistrict.Cloud.Numbers;
using SmartDistrict.Cloud.Sales;
using SmartDistrict.Cloud.Tests.Footfall;
using SmartDistrict.Cloud.Tests.Hosting;
using SmartDistrict.Configuration;
using SmartDistrict.Telemetry.Windows;
using SmartDistrict.Testing;

namespace SmartDistrict.Cloud.Tests.Numbers;

/// <summary>What answers questions about numbers, over windows in a list.</summary>
internal sealed class NumbersSite
{
    /// <summary>The plaza counts those who pass by at line 3; people queue in the hall; both are the group "all".</summary>
    public const string Rules =
        """
        numbers:
          capture_rate: entries-per-presence
          small_counts_below: 5
          groups: [{id: both, name: {zh: 两区, en: Both zones}, zones: [plaza, hall]}]
          passing_lines: {plaza: [ln-3]}
          queues: [hall]
        """;

    /// <summary>Nobody made any in the console.</summary>
    public static readonly ReadFactors NoFactors = () => Array.Empty<LineFactorInForce>().ToLookup(_ => "");

    public NumbersSite(IReadOnlyList<LineWindow> windows, DateTimeOffset now, District? district = null, SaleCounts? sales = null, IFootfallStore? store = null, ReadFactors? factors = null)
    {
        District = district ?? TestDistrict.Load(TestDistrict.Yaml + "\n" + Rules);
        var topology = new Topology(District);
        var clock = new ManualTimeProvider(now);
        var health = new StoreHealth(clock);
        var day = new BusinessDay(District);
        Periods = new(day, District.TimeZone);
        Areas = new(topology);
        store ??= new ListStore(windows);
        var hot = new HotWindows(topology, clock, 1);
        var file = new DayFile(":memory:", Areas, NullLogger<DayFile>.Instance);
        var days = new NumbersDays(new FootfallReader(store, hot, health, topology, day, clock), store, hot, file, topology, Areas, Factors = new(District, factors ?? NoFactors), Periods, day, clock);
        Reader = new(days, Areas, Periods, (_, _) => sales ?? SaleCounts.None, District, health, Options.Create(new CloudOptions()), clock);
    }

    public District District { get; }

    public Periods Periods { get; }

    public Areas Areas { get; }

    public LineFactors Factors { get; }

    public NumbersReader Reader { get; }

    public async Task<AreaFigures> OfAsync(string area, string period) =>
        (await Reader.DistrictAsync(Periods.Find(period)!, TestContext.Current.CancellationToken)).Areas[Areas.IndexOf(area)].Figures;

    public Task<NumbersOverTime> OverTimeAsync(string area, string period) =>
        Reader.OverTimeAsync(Periods.Find(period)!, Areas.IndexOf(area), TestContext.Current.CancellationToken);
}
