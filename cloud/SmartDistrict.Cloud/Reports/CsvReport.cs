using System.Globalization;
using System.Text;

namespace SmartDistrict.Cloud.Reports;

/// <summary>RFC 4180, UTF-8 with a byte order mark, without which Excel reads 中文 wrongly. Numbers are plain: no thousands, a dot.</summary>
internal static class CsvReport
{
    public static byte[] Write(ReportTable table, TimeZoneInfo zone)
    {
        var text = new StringBuilder("\uFEFF");
        Line(text, table.Columns.Select(column => column.Key));
        foreach (var row in table.Rows)
            Line(text, row.Select(cell => Value(cell, zone)));
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>
    /// A value as a field. Text that a spreadsheet would take for a formula gets an apostrophe before it, which
    /// spreadsheets take for "this is text". East Asian editions take the full-width signs for the same.
    /// </summary>
    public static string Field(string value)
    {
        if (value.Length > 0 && "=+-@\t\r\n＝＋－＠".Contains(value[0]))
            value = "'" + value;
        return value.AsSpan().IndexOfAny("\",\r\n") >= 0 ? $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : value;
    }

    private static string Value(Cell cell, TimeZoneInfo zone) => cell switch
    {
        { Text: { } text } => Field(text),
        { Form: CellForm.Instant, Number: { } at } => Local((long)at, zone),
        { Number: { } number } => Math.Round(number, 4).ToString(CultureInfo.InvariantCulture),
        _ => "",
    };

    /// <summary>ISO 8601 in the district's time with its offset.</summary>
    public static string Local(long at, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeSeconds(at), zone).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);

    private static void Line(StringBuilder text, IEnumerable<string> fields) => text.AppendJoin(',', fields).Append("\r\n");
}
