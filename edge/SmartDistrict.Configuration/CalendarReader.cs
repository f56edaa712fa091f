using System.Globalization;
using SmartDistrict.Configuration.Yaml;

namespace SmartDistrict.Configuration;

/// <summary>Reads the key <c>calendar</c> of a district.</summary>
internal static class CalendarReader
{
    private static readonly string[] Kinds = ["holiday", "workday", "event"];

    public static IReadOnlyList<CalendarDays> Read(YamlReader file)
    {
        var calendar = new List<CalendarDays>();
        foreach (var reader in file.Maps("calendar", "an entry of the calendar"))
        {
            var from = Date(reader, "from", required: true);
            reader.Subject = $"calendar entry of {from:yyyy-MM-dd}";
            var to = Date(reader, "to") ?? from;
            var kind = reader.Choice("kind", Kinds, required: true);
            var name = DistrictFile.Name(reader);
            if (from > to)
                reader.Problems.Add(reader.Place("to"), $"'to' of the {reader.Subject} is before its 'from'", "exchange them, or leave 'to' out for a single day");
            else if (from is { } first && to is { } last && last.DayNumber - first.DayNumber > 366)
                reader.Problems.Add(reader.Place("to"), $"the {reader.Subject} is longer than a year", "write an entry for each time that it happens");
            reader.End();
            if (from is { } begin && to is { } end && kind is not null)
                calendar.Add(new(begin, end, (DayKind)Array.IndexOf(Kinds, kind), name));
        }
        return calendar;
    }

    private static DateOnly? Date(YamlReader reader, string key, bool required = false)
    {
        var written = required ? reader.RequiredText(key, "2026-10-01") : reader.Text(key);
        if (written is null)
            return null;
        if (DateOnly.TryParseExact(written, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            return date;
        reader.Problems.Add(reader.Place(key), $"'{key}' of {reader.Subject} is '{written}'", "write a date as in 2026-10-01");
        return null;
    }
}
