using System.Globalization;
using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Cloud.Numbers;

namespace SmartDistrict.Cloud.Reports;

/// <summary>How a cell's number is to be read.</summary>
internal enum CellForm
{
    Text,
    Whole,
    Tenth,

    /// <summary>A share of 1.</summary>
    Share,

    /// <summary>s since the Unix epoch, shown in the district's time.</summary>
    Instant,
}

/// <summary>A number, or the text that stands in its place.</summary>
internal readonly record struct Cell(string? Text, double? Number, CellForm Form)
{
    /// <summary>Shown for what is kept back: one sign, whether it is small or only tells of a small one.</summary>
    public const string Withheld = "*";

    public static Cell Of(string text) => new(text, null, CellForm.Text);

    public static Cell Of(double? number, CellForm form) => new(null, number, form);
}

/// <param name="Key">Stable name, for machines.</param>
/// <param name="Title">In the report's language.</param>
internal sealed record Column(string Key, string Title);

/// <summary>A table of a report, the same for every format.</summary>
internal sealed record ReportTable(string Title, IReadOnlyList<Column> Columns, IReadOnlyList<Cell[]> Rows)
{
    private static readonly string[] Measures =
    [
        "visits", "exits", "passers_by", "capture_rate", "mean_occupancy", "peak_occupancy", "dwell", "queue", "peak_hour",
        "transactions", "conversion", "unique_visitors", "status", "uncertainty", "expected", "received", "windows", "windows_due", "revision",
    ];

    public static ReportTable Areas(Report report, ReportWords words) => new(
        words["areas"], Named(["id", "name", "kind"], words),
        [.. report.Numbers.Areas.Select(area => (Cell[])
            [Cell.Of(area.Id), Cell.Of(words.Name(area.Name)), Cell.Of(words["kind." + area.Kind]), .. Figures(area.Figures, words)])]);

    /// <summary>The steps that have begun.</summary>
    public static ReportTable OverTime(Report report, ReportWords words) => new(
        $"{words["over-time"]}: {words.Name(report.OverTime.Area.Name)}", Named(["period", "from", "to"], words),
        [.. report.OverTime.Steps.Where(step => step.Period.From <= report.MadeAt).Select(step => (Cell[])
            [Cell.Of(step.Period.Name), Cell.Of(step.Period.From, CellForm.Instant), Cell.Of(step.Period.To, CellForm.Instant), .. Figures(step.Figures, words)])]);

    /// <summary>The table with some of its columns.</summary>
    public ReportTable Only(params string[] keys)
    {
        var chosen = keys.Select(key => Columns.Index().First(column => column.Item.Key == key).Index).ToArray();
        return this with { Columns = [.. chosen.Select(i => Columns[i])], Rows = [.. Rows.Select(row => chosen.Select(i => row[i]).ToArray())] };
    }

    private static Column[] Named(string[] first, ReportWords words) => [.. first.Concat(Measures).Select(key => new Column(key, words[key]))];

    private static Cell[] Figures(AreaFigures row, ReportWords words)
    {
        Cell Show(Figure figure, CellForm form, double unit = 1) => figure switch
        {
            { Value: { } value } => Cell.Of(value / unit, form),
            { Cause: SmallCounts.Cause } => Cell.Of(Cell.Withheld),
            { Cause: "no-data" } => Cell.Of(words["no data"]),
            _ => Cell.Of(words["n/a"]),
        };
        return
        [
            Show(row.Visits, CellForm.Whole), Show(row.Exits, CellForm.Whole), Show(row.PassersBy, CellForm.Whole), Show(row.CaptureRate, CellForm.Share),
            Show(row.MeanOccupancy, CellForm.Tenth), Show(row.PeakOccupancy, CellForm.Tenth), Show(row.DwellSeconds, CellForm.Tenth, 60), Show(row.QueueSeconds, CellForm.Tenth, 60),
            Show(row.PeakHour, CellForm.Instant), Show(row.Transactions, CellForm.Whole), Show(row.Conversion, CellForm.Share), Show(row.UniqueVisitors, CellForm.Whole),
            Cell.Of(words.Status(row.Status)), row.Uncertainty is { } uncertainty ? Cell.Of(uncertainty, CellForm.Share) : Cell.Of(""), row.Expected is { } expected ? Cell.Of(expected, CellForm.Whole) : Cell.Of(""),
            Cell.Of(row.Received, CellForm.Whole), Cell.Of(row.Windows, CellForm.Whole), Cell.Of(row.WindowsDue, CellForm.Whole), Cell.Of(row.Revision, CellForm.Whole),
        ];
    }
}

/// <summary>Writes what a report says about itself, and instants, in the district's time.</summary>
internal sealed class ReportText(ReportWords words, TimeZoneInfo zone)
{
    public string At(double instant) =>
        TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeSeconds((long)instant), zone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    /// <summary>The lines that stand with the numbers: what they are, what they are worth, what is kept back.</summary>
    public IEnumerable<(string Label, string Text)> About(Report report, string district)
    {
        var period = report.Numbers.Period;
        yield return (words["district"], district);
        yield return (words["period"], $"{words[period.Kind]} {period.Name}: {At(period.From)} – {At(period.To)}");
        yield return (words["time-zone"], zone.Id);
        yield return (words["made-at"], At(report.MadeAt));
        yield return (words["provisional-until"], period.ProvisionalUntil is { } until ? Format("until-final", At(until)) : words["final"]);
        yield return (words["capture-rate-is"], words[report.Numbers.CaptureRateDefinition]);
        yield return (words["small-counts"], Format("small-counts-text", report.SmallCountsBelow));
        yield return (words["visits"], words["visits-text"]);
        yield return (words["n/a"], words["sales-text"] + " " + words["unique-text"]);
    }

    /// <summary>A cell as it is read on paper.</summary>
    public string Show(Cell cell) => cell switch
    {
        { Text: { } text } => text,
        { Form: CellForm.Instant, Number: { } at } => At(at),
        { Form: CellForm.Share, Number: { } share } => share.ToString("0.0%", CultureInfo.InvariantCulture),
        { Form: CellForm.Tenth, Number: { } number } => number.ToString("#,0.0", CultureInfo.InvariantCulture),
        _ => cell.Number!.Value.ToString("#,0", CultureInfo.InvariantCulture),
    };

    public string Format(string key, params object[] values) => string.Format(CultureInfo.InvariantCulture, words[key], values);
}
