using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;
using SmartDistrict.Cloud.Accuracy;
using SmartDistrict.Cloud.Districts;
using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Cloud.Hot;
using SmartDistrict.Cloud.Sales;
using SmartDistrict.Configuration;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Cloud.Numbers;

/// <summary>
/// Answers questions about numbers from business days, a few of which are read at once. Days that late readings can no
/// longer change are kept for an hour.
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "A SemaphoreSlim whose wait handle is not used holds nothing.")]
internal sealed class NumbersReader(
    FootfallReader footfall, Topology topology, Areas areas, Periods periods, LineFactors calibration, ReadSales sales, District district,
    StoreHealth health, IOptions<CloudOptions> options, TimeProvider clock)
{
    /// <summary>Windows that one answer is made of: a year of 340 lines, or a month of 4,000.</summary>
    public const long MostWindows = 12_000_000;

    /// <summary>Windows in memory at once: some 15 MB.</summary>
    private const int WindowsAtOnce = 150_000;

    /// <summary>Days of areas that are kept: some 60 MB.</summary>
    private const int MostKept = 250_000;

    private const int KeptSeconds = 3600;
    private const int WindowsOfADay = 96;

    private readonly Lock gate = new();
    private readonly SemaphoreSlim reading = new(1);
    private readonly Dictionary<long, (long At, AreaTally[] Tallies)> kept = [];
    private long forgotten;

    public long Now => clock.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>How many windows a period is made of, to refuse a question before it costs memory.</summary>
    public long Windows(Period period) => (Math.Min(period.To, Now) - period.From) / 900 * topology.LineCount;

    /// <summary>Derives everything anew from now on: something was told of days that are over.</summary>
    public void Forget()
    {
        lock (gate)
        {
            kept.Clear();
            forgotten++;
        }
    }

    public async Task<DistrictNumbers> DistrictAsync(Period period, CancellationToken cancellation)
    {
        var tallies = await TallyAsync(period, cancellation);
        var next = periods.At(period.Kind, period.To);
        return new(
            Info(period), periods.At(period.Kind, period.From - 1).Name, next.From <= Now ? next.Name : null, Definition.Name(),
            [.. tallies.Select((tally, area) => Numbers(areas[area], tally))], health.Stale);
    }

    public async Task<NumbersOverTime> OverTimeAsync(Period period, int area, CancellationToken cancellation)
    {
        var steps = periods.Steps(period);
        if (period.Kind == PeriodKind.Day)
        {
            var day = await DayAsync(period.From, period.To, cancellation);
            return OverTime(period, area, day.Of(areas[area], period.From, period.To), steps.Select(step => (step, day.Of(areas[area], step.From, step.To))));
        }
        if (period.Kind == PeriodKind.Hour)
            return OverTime(period, area, (await TallyAsync(period, cancellation))[area], []);
        var days = await WholeDaysAsync(period, cancellation);
        return OverTime(period, area, Sum(period), steps.Select(step => (step, Sum(step))));

        AreaTally Sum(Period part)
        {
            var sum = new AreaTally();
            foreach (var (start, tallies) in days)
                if (start >= part.From && start < part.To)
                    sum.Add(tallies[area]);
            return sum;
        }
    }

    private NumbersOverTime OverTime(Period period, int area, AreaTally whole, IEnumerable<(Period Period, AreaTally Tally)> steps) => new(
        Info(period), Definition.Name(), Numbers(areas[area], whole),
        [.. steps.Select(step => new StepNumbers(Info(step.Period), Figures.Of(areas[area], step.Tally, Definition)))], health.Stale);

    /// <summary>What every area counted.</summary>
    private async Task<AreaTally[]> TallyAsync(Period period, CancellationToken cancellation)
    {
        AreaTally[] sums = [.. Enumerable.Range(0, areas.Count).Select(_ => new AreaTally())];
        if (period.Kind == PeriodKind.Hour)
        {
            foreach (var (start, end) in periods.Days(period))
            {
                var day = await DayAsync(start, end, cancellation);
                Add(area => day.Of(areas[area], Math.Max(start, period.From), Math.Min(end, period.To)));
            }
            return sums;
        }
        foreach (var tallies in (await WholeDaysAsync(period, cancellation)).Values)
            Add(area => tallies[area]);
        return sums;

        void Add(Func<int, AreaTally> part)
        {
            for (var area = 0; area < sums.Length; area++)
                sums[area].Add(part(area));
        }
    }

    /// <summary>The days of a period that have begun, each by its start, in their order.</summary>
    private async Task<SortedDictionary<long, AreaTally[]>> WholeDaysAsync(Period period, CancellationToken cancellation)
    {
        var days = new SortedDictionary<long, AreaTally[]>();
        var missing = new List<(long Start, long End)>();
        foreach (var (start, end) in periods.Days(period).TakeWhile(day => day.Start <= Now))
            if (Kept(start) is { } tallies)
                days[start] = tallies;
            else
                missing.Add((start, end));
        foreach (var some in Runs(missing, Math.Max(1, WindowsAtOnce / (WindowsOfADay * Math.Max(1, topology.LineCount)))))
            await DeriveAsync(some, days, cancellation);
        return days;
    }

    /// <summary>
    /// Days that can be kept are derived for one question at a time: a page asks twice about one year, by area and by month,
    /// and the second question takes what the first one has read.
    /// </summary>
    private async Task DeriveAsync(List<(long Start, long End)> some, SortedDictionary<long, AreaTally[]> days, CancellationToken cancellation)
    {
        if (ProvisionalUntil(some[0].End) is not null)
        {
            await ReadAsync(some, days, cancellation);
            return;
        }
        await reading.WaitAsync(cancellation);
        try
        {
            foreach (var (start, _) in some)
                if (Kept(start) is { } tallies)
                    days[start] = tallies;
            if (!some.TrueForAll(day => days.ContainsKey(day.Start)))
                await ReadAsync(some, days, cancellation);
        }
        finally
        {
            reading.Release();
        }
    }

    private async Task ReadAsync(List<(long Start, long End)> some, SortedDictionary<long, AreaTally[]> days, CancellationToken cancellation)
    {
        var since = Interlocked.Read(ref forgotten);
        var quarters = await footfall.GridAsync(new(Resolution.QuarterHour, some[0].Start, some[^1].End), cancellation);
        var sold = sales(some[0].Start, some[^1].End);
        foreach (var (start, end) in some)
            Keep(start, end, days[start] = new DayDerivation(areas, calibration, periods, quarters, sold, start, end, Now).All(), since);
    }

    private async Task<DayDerivation> DayAsync(long start, long end, CancellationToken cancellation) => new(
        areas, calibration, periods, await footfall.GridAsync(new(Resolution.QuarterHour, start, end), cancellation), sales(start, end), start, end, Now);

    /// <summary>Parts a list of days into runs that follow each other without a gap.</summary>
    private static IEnumerable<List<(long Start, long End)>> Runs(IEnumerable<(long Start, long End)> days, int longest)
    {
        var run = new List<(long Start, long End)>();
        foreach (var day in days)
        {
            if (run.Count == longest || (run.Count > 0 && run[^1].End != day.Start))
            {
                yield return run;
                run = [];
            }
            run.Add(day);
        }
        if (run.Count > 0)
            yield return run;
    }

    private AreaTally[]? Kept(long start)
    {
        lock (gate)
            return kept.TryGetValue(start, out var held) && held.At > Now - KeptSeconds ? held.Tallies : null;
    }

    private void Keep(long start, long end, AreaTally[] tallies, long since)
    {
        if (ProvisionalUntil(end) is not null || health.Stale is not null)
            return;
        lock (gate)
        {
            if (since != forgotten)
                return;
            kept[start] = (Now, tallies);
            if (kept.Count * areas.Count > MostKept)
                kept.Remove(kept.MinBy(day => day.Value.At).Key);
        }
    }

    private PeriodInfo Info(Period period) =>
        new(period.Name, period.Kind.ToString().ToLowerInvariant(), period.From, period.To, ProvisionalUntil(period.To));

    private AreaNumbers Numbers(Area area, AreaTally tally) => new(
        area.Id, area.Kind.ToString().ToLowerInvariant(), new LocalizedName(area.Name.Zh, area.Name.En),
        area.Kind == AreaKind.Group ? area.Zones : [], Figures.Of(area, tally, Definition));

    private long? ProvisionalUntil(long end) => end + (options.Value.LateHorizonDays * 86_400L) is var until && until > Now ? until : null;

    private CaptureRate Definition => district.Numbers.CaptureRate;
}
