using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using SmartDistrict.Cloud.Districts;
using SmartDistrict.Configuration;

namespace SmartDistrict.Cloud.Calendar;

/// <summary>Days that are not like others of their weekday.</summary>
/// <param name="Entries">In the order of their first days.</param>
public sealed record CalendarAnswer(IReadOnlyList<CalendarEntry> Entries);

/// <summary>One or several days in a row that are not like others of their weekday.</summary>
/// <param name="Id">Number of an entry made here; null for one of the district's file, which is changed there.</param>
/// <param name="From">The first day, a date of the district's own time.</param>
/// <param name="To">The last day, inclusive.</param>
/// <param name="Kind">holiday (a public holiday), workday (a day of a weekend that is worked) or event (something happens in the district).</param>
/// <param name="Name">What it is called.</param>
public sealed record CalendarEntry(long? Id, DateOnly From, DateOnly To, CalendarKind Kind, LocalizedName Name);

/// <summary>What makes days unlike others of their weekday.</summary>
[JsonConverter(typeof(ByName<CalendarKind>))]
public enum CalendarKind
{
    /// <inheritdoc cref="DayKind.Holiday"/>
    [JsonStringEnumMemberName("holiday")]
    Holiday = DayKind.Holiday,

    /// <inheritdoc cref="DayKind.Workday"/>
    [JsonStringEnumMemberName("workday")]
    Workday = DayKind.Workday,

    /// <inheritdoc cref="DayKind.Event"/>
    [JsonStringEnumMemberName("event")]
    Event = DayKind.Event,
}

/// <summary>An entry to be made.</summary>
public sealed class NewCalendarEntry
{
    /// <summary>Nothing that cannot be seen, or turns the text around it.</summary>
    private const string NameRule = @"^[^\p{Cc}\p{Cf}]{0,80}$";

    /// <summary>The first day, a date of the district's own time.</summary>
    [Required(ErrorMessage = "from is missing: give the first day, as 2026-10-01")]
    public DateOnly? From { get; set; }

    /// <summary>The last day, inclusive; the first where nothing is said.</summary>
    public DateOnly? To { get; set; }

    /// <summary>holiday, workday or event.</summary>
    [Required(ErrorMessage = "kind is missing: give holiday, workday or event")]
    public CalendarKind? Kind { get; set; }

    /// <summary>What it is called, in Chinese; where it is empty, the English name is taken.</summary>
    [RegularExpression(NameRule, ErrorMessage = "nameZh has at most 80 characters, without control characters")]
    public string? NameZh { get; set; }

    /// <summary>What it is called, in English; where it is empty, the Chinese name is taken.</summary>
    [RegularExpression(NameRule, ErrorMessage = "nameEn has at most 80 characters, without control characters")]
    public string? NameEn { get; set; }
}
