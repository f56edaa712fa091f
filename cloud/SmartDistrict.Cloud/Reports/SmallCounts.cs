using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Cloud.Numbers;

namespace SmartDistrict.Cloud.Reports;

/// <summary>
/// Keeps small counts of people back, and as many others as it takes that none can be had by subtraction: whoever comes
/// out of one zone goes into the next, so a neighbour's exits tell of a zone's visits.
/// </summary>
/// <remarks>
/// A row is kept back as a whole, because what is derived of a count tells the count. Of one report, not of several: who
/// holds the week and six of its days can subtract.
/// </remarks>
internal sealed class SmallCounts(Areas areas, int below)
{
    public const string Cause = "small-count";

    private static readonly Figure Hidden = Figures.None(Cause);

    private readonly Dictionary<(int Line, long Since, bool Entries), int> unknowns = [];

    /// <param name="overTime">The steps of one of the areas.</param>
    public (DistrictNumbers Numbers, NumbersOverTime OverTime, int Withheld) KeepBack(DistrictNumbers numbers, NumbersOverTime overTime)
    {
        var hidden = HiddenAreas(numbers);
        var area = areas.IndexOf(overTime.Area.Id);
        var steps = HiddenSteps(overTime, hidden.Contains(area));
        numbers = numbers with { Areas = [.. numbers.Areas.Select((each, i) => each with { Figures = Show(each.Figures, hidden.Contains(i)) })] };
        overTime = overTime with
        {
            Area = overTime.Area with { Figures = Show(overTime.Area.Figures, hidden.Contains(area)) },
            Steps = [.. overTime.Steps.Select((each, i) => each with { Figures = Show(each.Figures, steps.Contains(i)) })],
        };
        return (numbers, overTime, numbers.Areas.Select(each => each.Figures).Concat(overTime.Steps.Select(each => each.Figures)).Count(IsKept));
    }

    /// <summary>Whether anything of a row is kept back.</summary>
    private static bool IsKept(AreaFigures row) => row.Visits.Cause == Cause || row.PeakOccupancy.Cause == Cause || row.Transactions.Cause == Cause;

    /// <summary>Whether a count would tell of few people; zero tells of none.</summary>
    public bool IsSmall(double? count) => count > 0 && count < below;

    private bool IsSmall(AreaFigures row) => IsSmall(row.Visits.Value) || IsSmall(row.Exits.Value) || IsSmall(row.PassersBy.Value);

    private HashSet<int> HiddenAreas(DistrictNumbers numbers)
    {
        var rows = numbers.Areas;
        var hidden = Enumerable.Range(0, rows.Count).Where(i => IsSmall(rows[i].Figures)).ToHashSet();
        if (hidden.Count == 0)
            return hidden;
        var sums = Enumerable.Range(0, rows.Count).Select(i => Sums(areas[i], numbers.Period)).ToArray();
        while (true)
        {
            var span = new LinearSpan();
            for (var i = 0; i < sums.Length; i++)
                if (!hidden.Contains(i))
                    foreach (var sum in sums[i])
                        span.Add(sum);
            var told = hidden.Where(i => sums[i].Any(span.Holds)).Order().ToArray();
            if (told.Length == 0)
                return hidden;
            foreach (var each in told)
                if (Neighbour(rows, sums, hidden, each) is { } neighbour)
                    hidden.Add(neighbour);
        }
    }

    /// <summary>The smallest published row that has people in common with one that must not be had; zones before what they are part of.</summary>
    private int? Neighbour(IReadOnlyList<AreaNumbers> rows, Dictionary<int, long>[][] sums, HashSet<int> hidden, int told)
    {
        var unknowns = sums[told].SelectMany(sum => sum.Keys).ToHashSet();
        return Enumerable.Range(0, rows.Count)
            .Where(i => !hidden.Contains(i) && sums[i].Any(sum => sum.Keys.Any(unknowns.Contains)))
            .OrderByDescending(i => areas[i].Kind).ThenBy(i => rows[i].Figures.Visits.Value is > 0 and var visits ? visits : double.MaxValue).Select(i => (int?)i).FirstOrDefault();
    }

    /// <summary>Visits, exits and passers-by of an area as sums of what its lines counted in each direction.</summary>
    private Dictionary<int, long>[] Sums(Area area, PeriodInfo period)
    {
        Dictionary<int, long> visits = [], exits = [], passersBy = [];
        foreach (var side in area.Sides.Where(InForce))
            (visits[Unknown(side, side.Inward)], exits[Unknown(side, !side.Inward)]) = (1, 1);
        foreach (var side in area.Passing.Where(InForce))
            (passersBy[Unknown(side, true)], passersBy[Unknown(side, false)]) = (1, 1);
        return [.. ((Dictionary<int, long>[])[visits, exits, passersBy]).Where(sum => sum.Count > 0)];

        bool InForce(Topology.Side side) => side.Since < period.To && side.Until > period.From;
    }

    /// <summary>Number of what a line counted in a direction. A line that moved is two: its counts before tell nothing of those after.</summary>
    private int Unknown(Topology.Side side, bool entries)
    {
        unknowns.TryAdd((side.Line, side.Since, entries), unknowns.Count);
        return unknowns[(side.Line, side.Since, entries)];
    }

    private HashSet<int> HiddenSteps(NumbersOverTime overTime, bool totalHidden)
    {
        var steps = overTime.Steps;
        var hidden = Enumerable.Range(0, steps.Count).Where(i => IsSmall(steps[i].Figures)).ToHashSet();
        var all = Enumerable.Range(0, steps.Count).Where(i => People(steps[i].Figures) > 0).ToList();
        if (totalHidden && IsSmall(overTime.Area.Figures))
            return [.. all];
        if (hidden.Count == 1 || (totalHidden && hidden.Count == 0))
            hidden.UnionWith(all.Where(i => !hidden.Contains(i)).OrderBy(i => People(steps[i].Figures)).Take(1));
        return hidden;
    }

    private static double People(AreaFigures row) => (row.Visits.Value ?? 0) + (row.Exits.Value ?? 0) + (row.PassersBy.Value ?? 0);

    /// <summary>A row as it may be shown. Counts beside the corrected ones, and of single hours, would be further equations.</summary>
    private AreaFigures Show(AreaFigures row, bool hidden)
    {
        row = row with { VisitsCounted = null, ExitsCounted = null, VisitsUnplaced = null, Ambiguous = null, PeakHourVisits = null };
        if (IsSmall(row.Transactions.Value))
            row = row with { Transactions = Hidden, Conversion = Hidden };
        if (!hidden)
            return IsSmall(row.PeakOccupancy.Value) ? row with { PeakOccupancy = Hidden, PeakOccupancyAt = null } : row;
        // that nobody came, or fewer passed by than came, would tell of the counts
        Figure Hide(Figure figure) => figure.Cause is null or "nobody-came" or "nobody-left" or "more-came-than-passed" or "more-sold-than-came" ? Hidden : figure;
        return row with
        {
            Visits = Hidden, Exits = Hidden, PassersBy = Hide(row.PassersBy), CaptureRate = Hide(row.CaptureRate),
            MeanOccupancy = Hidden, PeakOccupancy = Hidden, PeakOccupancyAt = null, Drift = null, Uncertainty = null,
            DwellSeconds = Hide(row.DwellSeconds), QueueSeconds = Hide(row.QueueSeconds), PeakHour = Hide(row.PeakHour),
            Transactions = Hide(row.Transactions), Conversion = Hide(row.Conversion), Expected = null, Received = null,
        };
    }
}
