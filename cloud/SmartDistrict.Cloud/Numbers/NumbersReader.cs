using Microsoft.Extensions.Options;
using SmartDistrict.Cloud.Districts;
using SmartDistrict.Cloud.Hot;
using SmartDistrict.Cloud.Sales;
using SmartDistrict.Configuration;

namespace SmartDistrict.Cloud.Numbers;

/// <summary>Answers questions about numbers by adding up business days, one at a time, so that a year takes the memory of some days.</summary>
internal sealed class NumbersReader(
    NumbersDays days, Areas areas, Periods periods, ReadSales sales, District district, StoreHealth health, IOptions<CloudOptions> options, TimeProvider clock)
{
    public long Now => clock.GetUtcNow().ToUnixTimeSeconds();

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
        Period[] steps = [.. periods.Steps(period)];
        if (period.Kind == PeriodKind.Hour)
            return OverTime(period, area, (await TallyAsync(period, cancellation))[area], []);
        if (period.Kind == PeriodKind.Day)
        {
            var (day, sold) = (await days.DeriveAsync(period.From, period.To, cancellation), sales(period.From, period.To));
            return OverTime(period, area, Part(period), [.. steps.Select(Part)]);

            AreaTally Part(Period part) => Sold(area, day.Of(areas[area], part.From, part.To), sold, (period.From, period.To), part.From, part.To);
        }
        var (whole, parts) = (new AreaTally(), Nothing(steps.Length));
        var ahead = new SalesAhead(sales, period.To);
        await foreach (var (start, end, day) in days.ReadAsync(Begun(period), cancellation))
        {
            var tally = Sold(area, day[area], ahead.Of(start), (start, end), start, end);
            whole.Add(tally);
            parts[Array.FindIndex(steps, step => start < step.To)].Add(tally);
        }
        return OverTime(period, area, whole, parts);
    }

    private NumbersOverTime OverTime(Period period, int area, AreaTally whole, AreaTally[] parts) => new(
        Info(period), Definition.Name(), Numbers(areas[area], whole),
        [.. periods.Steps(period).Zip(parts, (step, tally) => new StepNumbers(Info(step), Figures.Of(areas[area], tally, Definition)))], health.Stale);

    /// <summary>What every area counted.</summary>
    private async Task<AreaTally[]> TallyAsync(Period period, CancellationToken cancellation)
    {
        var sums = Nothing(areas.Count);
        if (period.Kind == PeriodKind.Hour)
        {
            foreach (var (start, end) in periods.Days(period))
            {
                var (day, sold, from, to) = (await days.DeriveAsync(start, end, cancellation), sales(start, end), Math.Max(start, period.From), Math.Min(end, period.To));
                for (var area = 0; area < sums.Length; area++)
                    sums[area].Add(Sold(area, day.Of(areas[area], from, to), sold, (start, end), from, to));
            }
            return sums;
        }
        var ahead = new SalesAhead(sales, period.To);
        await foreach (var (start, end, day) in days.ReadAsync(Begun(period), cancellation))
            for (var area = 0; area < sums.Length; area++)
                sums[area].Add(Sold(area, day[area], ahead.Of(start), (start, end), start, end));
        return sums;
    }

    /// <summary>The days of a period that have begun.</summary>
    private (long Start, long End)[] Begun(Period period) => [.. periods.Days(period).TakeWhile(day => day.Start <= Now)];

    /// <summary>With what was sold in a part of a day.</summary>
    private AreaTally Sold(int area, AreaTally tally, SaleCounts sold, (long Start, long End) day, long from, long to)
    {
        tally.Sell(areas[area], sold, day, from, to);
        return tally;
    }

    private static AreaTally[] Nothing(int count)
    {
        var tallies = new AreaTally[count];
        Array.Fill(tallies, new AreaTally());
        return tallies;
    }

    private PeriodInfo Info(Period period) =>
        new(period.Name, period.Kind.ToString().ToLowerInvariant(), period.From, period.To, ProvisionalUntil(period.To));

    private AreaNumbers Numbers(Area area, AreaTally tally) => new(
        area.Id, area.Kind.ToString().ToLowerInvariant(), new LocalizedName(area.Name.Zh, area.Name.En),
        area.Kind == AreaKind.Group ? area.Zones : [], Figures.Of(area, tally, Definition));

    private long? ProvisionalUntil(long end) => end + (options.Value.LateHorizonDays * 86_400L) is var until && until > Now ? until : null;

    private CaptureRate Definition => district.Numbers.CaptureRate;

    /// <summary>Reads sales some days at a time.</summary>
    private sealed class SalesAhead(ReadSales sales, long to)
    {
        private const int Seconds = 8 * 86_400;
        private SaleCounts told = SaleCounts.None;
        private long until;

        /// <param name="start">Start of a business day; ascending.</param>
        public SaleCounts Of(long start)
        {
            // a day is 25 hours at most
            if (start + 90_000 > until && until < to)
                (told, until) = (sales(start, start + Seconds), start + Seconds);
            return told;
        }
    }
}
