using SmartDistrict.Cloud.Districts;
using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Cloud.Hot;

namespace SmartDistrict.Cloud.Numbers;

/// <summary>One number, what it is worth, and where there is none, why.</summary>
/// <param name="Value">Null where there is no number, which is not zero.</param>
/// <param name="Status">What it is worth; none where there is no number.</param>
/// <param name="Cause">
/// Why there is no number; null where there is one. no-data: nothing was counted. Otherwise it is not applicable:
/// no-lines, no-passing-lines, more-came-than-passed, no-sales, several-shops, more-sold-than-came, nobody-came, nobody-left, not-a-queue, beams-cannot-know; or small-count:
/// kept back because it is small, or because a small one could be had from it by subtraction.
/// </param>
public sealed record Figure(double? Value, Trust Status, string? Cause);

/// <summary>The numbers of one area over one time. Shares and means come as they are: who shows them rounds them, once.</summary>
/// <param name="Status">What the counts are worth.</param>
/// <param name="Visits">People who came in, calibrated, with those whose hour is not known.</param>
/// <param name="Exits">People who went out, calibrated, with those whose hour is not known.</param>
/// <param name="VisitsCounted">Visits as the devices counted them, before any calibration factor; null without data.</param>
/// <param name="ExitsCounted">As visitsCounted, of exits.</param>
/// <param name="VisitsUnplaced">How many of visitsCounted came at an hour that is not known.</param>
/// <param name="PassersBy">People who went by in front, apart from visits.</param>
/// <param name="CaptureRate">Share of those in front who came in, by the definition that the answer names.</param>
/// <param name="MeanOccupancy">Mean number of people inside.</param>
/// <param name="PeakOccupancy">Most people inside at the end of a quarter hour.</param>
/// <param name="PeakOccupancyAt">When that was, s since the Unix epoch.</param>
/// <param name="Drift">Σ in − Σ out of the business days that are over, which is taken out of the occupancy; null while none is.</param>
/// <param name="Ambiguous">Crossings whose direction or number the devices doubt; null without data.</param>
/// <param name="Uncertainty">
/// Share by which visits and exits contradict themselves: the greater of Σ |drift| ÷ crossings and ambiguous ÷ crossings.
/// What no device saw is not in it: that only manual counts show. Null while no business day is over.
/// </param>
/// <param name="DwellSeconds">Mean time inside by Little's law: Σ people × time ÷ visits.</param>
/// <param name="QueueSeconds">Mean wait in a queue: Σ people × time ÷ exits.</param>
/// <param name="PeakHour">Start of the hour with the most visits, s since the Unix epoch.</param>
/// <param name="PeakHourVisits">Visits in that hour.</param>
/// <param name="Transactions">Sales, as tills told them.</param>
/// <param name="Conversion">Sales ÷ visits, of a zone and of the days that its tills told of.</param>
/// <param name="UniqueVisitors">Different people: never known, because beams and counts tell nobody from another.</param>
/// <param name="Expected">Readings that should have come; null where that is not known of every line.</param>
/// <param name="Received">Readings that came; null where they are kept back: some devices send one for each person.</param>
/// <param name="Windows">Quarter hours of counting lines with data.</param>
/// <param name="WindowsDue">Quarter hours of counting lines that should be there by now.</param>
/// <param name="Revision">Rises whenever a window is revised.</param>
public sealed record AreaFigures(
    Trust Status, Figure Visits, Figure Exits, long? VisitsCounted, long? ExitsCounted, long? VisitsUnplaced,
    Figure PassersBy, Figure CaptureRate, Figure MeanOccupancy, Figure PeakOccupancy, long? PeakOccupancyAt, double? Drift,
    long? Ambiguous, double? Uncertainty,
    Figure DwellSeconds, Figure QueueSeconds, Figure PeakHour, double? PeakHourVisits,
    Figure Transactions, Figure Conversion, Figure UniqueVisitors,
    long? Expected, long? Received, int Windows, int WindowsDue, long Revision);

/// <summary>The numbers of one area.</summary>
/// <param name="Id">Zone id, group id, or "district" for all of it.</param>
/// <param name="Kind">district, group or zone.</param>
/// <param name="Name">Name.</param>
/// <param name="Zones">The zones of a group, which are counted as one; empty for others.</param>
/// <param name="Figures">Its numbers.</param>
public sealed record AreaNumbers(string Id, string Kind, LocalizedName Name, IReadOnlyList<string> Zones, AreaFigures Figures);

/// <summary>The numbers of one part of a period: an hour of a day, a day of a week or month, a month of a year.</summary>
/// <param name="Period">Its name, from and to.</param>
/// <param name="Figures">Its numbers; all are null while it has not begun.</param>
public sealed record StepNumbers(PeriodInfo Period, AreaFigures Figures);

/// <summary>A time in business days of the district.</summary>
/// <param name="Name">2026-03-02T14, 2026-03-02, 2026-W10 (ISO 8601), 2026-03 or 2026.</param>
/// <param name="Kind">hour, day, week, month or year.</param>
/// <param name="From">s since the Unix epoch.</param>
/// <param name="To">End, exclusive, s since the Unix epoch.</param>
/// <param name="ProvisionalUntil">
/// Late readings may still change the numbers until then, s since the Unix epoch: the end and the gateways' late horizon;
/// null when that is past.
/// </param>
public sealed record PeriodInfo(string Name, string Kind, long From, long To, long? ProvisionalUntil);

/// <summary>The numbers of the district, its groups of zones and its zones.</summary>
/// <param name="Period">The time they are of.</param>
/// <param name="Previous">Name of the period before.</param>
/// <param name="Next">Name of the period after; null where that has not begun.</param>
/// <param name="CaptureRateDefinition">entries-per-passer-by: entries ÷ passers-by. entries-per-presence: entries ÷ (entries + passers-by).</param>
/// <param name="Areas">The district first, then its groups, then its zones, each in the order of the district's file.</param>
/// <param name="Stale">Why this may be out of date; null while the store can be read.</param>
public sealed record DistrictNumbers(
    PeriodInfo Period, string Previous, string? Next, string CaptureRateDefinition, IReadOnlyList<AreaNumbers> Areas, StaleStore? Stale);

/// <summary>The numbers of one area over the parts of a period.</summary>
/// <param name="Period">The whole time.</param>
/// <param name="CaptureRateDefinition">entries-per-passer-by or entries-per-presence.</param>
/// <param name="Area">The area, over the whole time.</param>
/// <param name="Steps">A day by its hours, weeks and months by their days, a year by its months; an hour has none.</param>
/// <param name="Stale">Why this may be out of date; null while the store can be read.</param>
public sealed record NumbersOverTime(
    PeriodInfo Period, string CaptureRateDefinition, AreaNumbers Area, IReadOnlyList<StepNumbers> Steps, StaleStore? Stale);
