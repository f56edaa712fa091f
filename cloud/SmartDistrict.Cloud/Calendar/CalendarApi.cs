using System.ComponentModel;
using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using SmartDistrict.Cloud.Access;
using SmartDistrict.Cloud.Audit;
using SmartDistrict.Cloud.Districts;
using SmartDistrict.Cloud.Problems;
using SmartDistrict.Cloud.State;
using SmartDistrict.Configuration;

namespace SmartDistrict.Cloud.Calendar;

/// <summary>Holidays and events: those of the district's file, and those that operators entered.</summary>
internal static class CalendarApi
{
    private const int MostDays = 10 * 366;
    private const int MostEntryDays = 366;
    private const int MostEntries = 5_000;

    private const string Schema =
        """
        CREATE TABLE calendar (
            id INTEGER PRIMARY KEY AUTOINCREMENT, first TEXT NOT NULL, last TEXT NOT NULL, kind INTEGER NOT NULL, zh TEXT NOT NULL, en TEXT NOT NULL);
        CREATE INDEX calendar_by_last ON calendar (last, first);
        """;

    public static IServiceCollection AddCalendar(this IServiceCollection services) => services.AddStateTables("calendar", Schema);

    public static void MapCalendar(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/calendar").WithTags("Calendar").ProducesProblem(StatusCodes.Status401Unauthorized);
        group.MapGet("", Between).WithName("getCalendar").WithSummary("Holidays, worked weekend days and events that touch a span of dates")
            .ProducesValidationProblem();
        group.MapPost("", Add).WithName("addCalendarEntry").WithSummary("Enters a holiday, a worked weekend day or an event").RequireAuthorization(Policies.Operator)
            .ProducesValidationProblem().ProducesProblem(StatusCodes.Status403Forbidden);
        group.MapDelete("/{id:long}", Remove).WithName("removeCalendarEntry").WithSummary("Removes an entry that was made here").RequireAuthorization(Policies.Operator)
            .ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static Results<Ok<CalendarAnswer>, ProblemHttpResult> Between(
        [FromQuery, Description("The first date, as 2026-01-01.")] string? from, [FromQuery, Description("The last date, inclusive, as 2026-12-31.")] string? to,
        District district, StateFile state)
    {
        if (Date("from", from, out var first) is { } bad)
            return bad;
        if (Date("to", to, out var last) is { } worse)
            return worse;
        if (Refused(first, last, MostDays) is { } refused)
            return refused;
        var own = district.Calendar.Where(entry => entry.From <= last && entry.To >= first)
            .Select(entry => new CalendarEntry(null, entry.From, entry.To, (CalendarKind)entry.Kind, new(entry.Name.Zh, entry.Name.En)));
        var entered = state.Read(rows => rows.List("SELECT id, first, last, kind, zh, en FROM calendar WHERE last >= $1 AND first <= $2", Entry, Text(first), Text(last)));
        return TypedResults.Ok(new CalendarAnswer([.. own.Concat(entered).OrderBy(entry => entry.From).ThenBy(entry => entry.Id)]));
    }

    private static Results<Created<CalendarEntry>, ProblemHttpResult> Add(NewCalendarEntry wanted, StateFile state, AuditTrail audit, HttpContext context)
    {
        var (zh, en) = (wanted.NameZh?.Trim() ?? "", wanted.NameEn?.Trim() ?? "");
        var (from, to) = (wanted.From!.Value, wanted.To ?? wanted.From.Value);
        if (zh.Length + en.Length == 0)
            return Problem.BadRequest("name-missing", "An entry of the calendar has a name: give nameZh, nameEn or both");
        if (Refused(from, to, MostEntryDays) is { } refused)
            return refused;
        var name = new LocalizedName(zh.Length > 0 ? zh : en, en.Length > 0 ? en : zh);
        var made = state.Write(rows =>
        {
            if ((long)rows.Value("SELECT count(*) FROM calendar")! >= MostEntries)
                return null;
            rows.Run("INSERT INTO calendar (first, last, kind, zh, en) VALUES ($1, $2, $3, $4, $5)", Text(from), Text(to), (int)wanted.Kind!, name.Zh, name.En);
            var entry = new CalendarEntry((long)rows.Value("SELECT last_insert_rowid()")!, from, to, wanted.Kind.Value, name);
            audit.Note(rows, context.User, "calendar.add", $"{entry.Id}", after: entry);
            return entry;
        });
        return made is null
            ? Problem.BadRequest("calendar-full", $"The calendar has {MostEntries} entries, more are not kept: remove old ones")
            : TypedResults.Created($"/api/v1/calendar/{made.Id}", made);
    }

    private static Results<NoContent, ProblemHttpResult> Remove(
        [Description("Number of the entry.")] long id, StateFile state, AuditTrail audit, HttpContext context)
    {
        var found = state.Write(rows =>
        {
            if (rows.List("SELECT id, first, last, kind, zh, en FROM calendar WHERE id = $1", Entry, id).SingleOrDefault() is not { } entry)
                return false;
            rows.Run("DELETE FROM calendar WHERE id = $1", id);
            audit.Note(rows, context.User, "calendar.remove", $"{id}", before: entry);
            return true;
        });
        return found ? TypedResults.NoContent() : Problem.Of(StatusCodes.Status404NotFound, "entry-unknown", $"The calendar has no entry {id}: somebody may have removed it");
    }

    private static CalendarEntry Entry(Microsoft.Data.Sqlite.SqliteDataReader row) => new(
        row.GetInt64(0), DateOnly.ParseExact(row.GetString(1), Form, CultureInfo.InvariantCulture), DateOnly.ParseExact(row.GetString(2), Form, CultureInfo.InvariantCulture),
        (CalendarKind)row.GetInt32(3), new(row.GetString(4), row.GetString(5)));

    private const string Form = "yyyy-MM-dd";

    private static string Text(DateOnly date) => date.ToString(Form, CultureInfo.InvariantCulture);

    private static ProblemHttpResult? Date(string name, string? text, out DateOnly date) =>
        DateOnly.TryParseExact(text, Form, CultureInfo.InvariantCulture, DateTimeStyles.None, out date)
            ? null
            : Problem.BadRequest("date-invalid", $"{name} ({text}) is not a date: write it as 2026-10-01");

    private static ProblemHttpResult? Refused(DateOnly from, DateOnly to, int mostDays) =>
        from > to ? Problem.BadRequest("range-empty", $"from ({Text(from)}) is after to ({Text(to)}): exchange them, or give another last day")
        : to.DayNumber - from.DayNumber >= mostDays ? Problem.BadRequest("range-too-long", $"{Text(from)} to {Text(to)} is longer than {mostDays} days: give fewer")
        : null;
}
