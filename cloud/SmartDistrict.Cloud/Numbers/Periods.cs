using System.Globalization;
using System.Text.RegularExpressions;
using SmartDistrict.Cloud.Footfall;

namespace SmartDistrict.Cloud.Numbers;

internal enum PeriodKind
{
    Hour,
    Day,
    Week,
    Month,
    Year,
}

/// <summary>A time that numbers are told of. From the day up it consists of business days.</summary>
/// <param name="Name">2026-03-02T14, 2026-03-02, 2026-W10, 2026-03 or 2026: the same name is the same time for everybody in the district.</param>
/// <param name="From">s since the Unix epoch.</param>
/// <param name="To">End, exclusive.</param>
internal sealed record Period(PeriodKind Kind, string Name, long From, long To);

/// <summary>Names the hours, days, ISO weeks, months and years of a district, and finds them by name and by instant.</summary>
internal sealed partial class Periods(BusinessDay day, TimeZoneInfo zone)
{
    private const int Quarter = 900;

    /// <summary>The period of a name; null where there is none of that name.</summary>
    public Period? Find(string name)
    {
        if (Form().Match(name) is not { Success: true } match || int.Parse(match.Groups["year"].ValueSpan, CultureInfo.InvariantCulture) is var year && year is < 1971 or > 2261)
            return null;
        if (match.Groups["week"] is { Success: true } week)
        {
            var number = int.Parse(week.ValueSpan, CultureInfo.InvariantCulture);
            return number >= 1 && number <= ISOWeek.GetWeeksInYear(year) ? Week(Monday(year, number)) : null;
        }
        if (!match.Groups["month"].Success)
            return Year(year);
        if (!match.Groups["day"].Success)
            return DateOnly.TryParseExact(name + "-01", "yyyy-MM-dd", out var first) ? Month(first) : null;
        if (!DateOnly.TryParseExact(name.AsSpan(0, 10), "yyyy-MM-dd", out var date))
            return null;
        return match.Groups["hour"].Success ? Hour(date, match) : Day(date);
    }

    /// <summary>The period of a kind that holds an instant.</summary>
    /// <param name="instant">s since the Unix epoch.</param>
    public Period At(PeriodKind kind, long instant)
    {
        if (kind == PeriodKind.Hour)
            return HourAt(instant);
        var date = day.DateAt(instant);
        return kind switch
        {
            PeriodKind.Day => Day(date),
            PeriodKind.Week => Week(date.AddDays(-(((int)date.DayOfWeek + 6) % 7))),
            PeriodKind.Month => Month(new(date.Year, date.Month, 1)),
            _ => Year(date.Year),
        };
    }

    /// <summary>What a period is shown by: a day by its hours, weeks and months by their days, a year by its months.</summary>
    public IEnumerable<Period> Steps(Period period)
    {
        var kind = period.Kind switch { PeriodKind.Day => PeriodKind.Hour, PeriodKind.Year => PeriodKind.Month, _ => PeriodKind.Day };
        if (period.Kind == PeriodKind.Hour)
            yield break;
        for (var at = period.From; at < period.To;)
        {
            var step = At(kind, at);
            // an hour that the business day begins or ends in the middle of belongs to it in part
            yield return step with { From = Math.Max(step.From, period.From), To = Math.Min(step.To, period.To) };
            at = step.To;
        }
    }

    /// <summary>The business days that a period touches, each by its start.</summary>
    public IEnumerable<(long Start, long End)> Days(Period period)
    {
        for (var start = day.AnchorAt(period.From); start < period.To;)
        {
            var end = day.NextAnchor(start);
            yield return (start, end);
            start = end;
        }
    }

    /// <summary>The quarter hours that the clocks show with one hour: four, or fewer where they are put forward or back within it.</summary>
    public Period HourAt(long instant)
    {
        var from = Span.Down(instant, Quarter);
        var (hour, offset) = Clock(from);
        var to = from + Quarter;
        while (Clock(from - Quarter) == (hour, offset))
            from -= Quarter;
        while (Clock(to) == (hour, offset))
            to += Quarter;
        var name = hour.ToString("yyyy-MM-dd'T'HH", CultureInfo.InvariantCulture);
        var twice = Clock(from - Quarter).Hour == hour || Clock(from - 3600).Hour == hour || Clock(to).Hour == hour;
        return new(PeriodKind.Hour, twice ? name + Offset(offset) : name, from, to);
    }

    private Period? Hour(DateOnly date, Match match)
    {
        if (!int.TryParse(match.Groups["hour"].ValueSpan, CultureInfo.InvariantCulture, out var number) || number > 23)
            return null;
        var local = date.ToDateTime(new TimeOnly(number, 0));
        for (var minute = 0; minute < 60; minute += 15)
        {
            var at = local.AddMinutes(minute);
            if (zone.IsInvalidTime(at))
                continue;
            var offsets = zone.IsAmbiguousTime(at) ? zone.GetAmbiguousTimeOffsets(at).OrderDescending().ToArray() : [zone.GetUtcOffset(at)];
            var asked = match.Groups["offset"];
            foreach (var offset in offsets)
                if (!asked.Success || Offset(offset) == asked.Value)
                    return HourAt(new DateTimeOffset(at, offset).ToUnixTimeSeconds());
        }
        return null;
    }

    private Period Day(DateOnly date) => Of(PeriodKind.Day, date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), date, date.AddDays(1));

    private Period Week(DateOnly monday)
    {
        var at = monday.ToDateTime(TimeOnly.MinValue);
        return Of(PeriodKind.Week, string.Create(CultureInfo.InvariantCulture, $"{ISOWeek.GetYear(at):0000}-W{ISOWeek.GetWeekOfYear(at):00}"), monday, monday.AddDays(7));
    }

    private Period Month(DateOnly first) => Of(PeriodKind.Month, first.ToString("yyyy-MM", CultureInfo.InvariantCulture), first, first.AddMonths(1));

    private Period Year(int year) => Of(PeriodKind.Year, year.ToString("0000", CultureInfo.InvariantCulture), new(year, 1, 1), new(year + 1, 1, 1));

    private Period Of(PeriodKind kind, string name, DateOnly first, DateOnly end) => new(kind, name, day.StartOf(first), day.StartOf(end));

    private static DateOnly Monday(int year, int week) => DateOnly.FromDateTime(ISOWeek.ToDateTime(year, week, DayOfWeek.Monday));

    private (DateTime Hour, TimeSpan Offset) Clock(long instant)
    {
        var local = TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeSeconds(instant), zone);
        return (local.DateTime.Date.AddHours(local.Hour), local.Offset);
    }

    private static string Offset(TimeSpan offset) => (offset < TimeSpan.Zero ? "-" : "+") + offset.ToString("hh':'mm", CultureInfo.InvariantCulture);

    [GeneratedRegex("""^(?<year>\d{4})(-W(?<week>\d\d)|-(?<month>\d\d)(-(?<day>\d\d)(T(?<hour>\d\d)(?<offset>[+-]\d\d:\d\d)?)?)?)?$""", RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
