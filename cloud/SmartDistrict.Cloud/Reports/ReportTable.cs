using System.Globalization;
using SmartDistrict.Cloud.Accuracy;
using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Cloud.Numbers;
using SmartDistrict.Configuration;

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

    /// <summary>Text where a number would stand.</summary>
    public static Cell Instead(string text, CellForm form) => new(text, null, form);

    public bool IsInstead => Text is not null && Form != CellForm.Text;
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
        "transactions", "conversion", "unique_visitors", "status", "provisional_until", "uncertainty", "expected", "received", "completeness",
        "windows", "windows_due", "revision",
    ];

    public static ReportTable Areas(Report report, ReportWords words) => new(
        words["areas"], Named(["id", "name", "kind"], words),
        [.. report.Numbers.Areas.Select(area => (Cell[])
            [Cell.Of(area.Id), Cell.Of(words.Name(area.Name)), Cell.Of(words["kind." + area.Kind]), .. Figures(area.Figures, report.Numbers.Period, words)])]);

    /// <summary>The steps that have begun.</summary>
    public static ReportTable OverTime(Report report, ReportWords words) => new(
        $"{words["over-time"]}{words["colon"]}{words.Name(report.OverTime.Area.Name)}", Named(["period", "from", "to"], words),
        [.. Begun(report).Select(step => (Cell[])
            [Cell.Of(step.Period.Name), Cell.Of(step.Period.From, CellForm.Instant), Cell.Of(step.Period.To, CellForm.Instant), .. Figures(step.Figures, step.Period, words)])]);

    public static IEnumerable<StepNumbers> Begun(Report report) => report.OverTime.Steps.Where(step => step.Period.From <= report.MadeAt);

    /// <summary>The table with some of its columns.</summary>
    public ReportTable Only(params string[] keys)
    {
        var chosen = keys.Select(key => Columns.Index().First(column => column.Item.Key == key).Index).ToArray();
        return this with { Columns = [.. chosen.Select(i => Columns[i])], Rows = [.. Rows.Select(row => chosen.Select(i => row[i]).ToArray())] };
    }

    /// <summary>The table with a column that says the same in each row.</summary>
    public ReportTable And(string key, string text) =>
        this with { Columns = [.. Columns, new(key, key)], Rows = [.. Rows.Select(row => (Cell[])[.. row, Cell.Of(text)])] };

    private static Column[] Named(string[] first, ReportWords words) => [.. first.Concat(Measures).Select(key => new Column(key, words[key]))];

    private static Cell[] Figures(AreaFigures row, PeriodInfo period, ReportWords words)
    {
        Cell Show(Figure figure, CellForm form, double unit = 1) => figure switch
        {
            { Value: { } value } => Cell.Of(value / unit, form),
            { Cause: SmallCounts.Cause } => Cell.Instead(Cell.Withheld, form),
            { Cause: "no-data" } => Cell.Instead(words["no data"], form),
            _ => Cell.Instead(words["n/a"], form),
        };
        static Cell Known(double? number, CellForm form) => number is { } known ? Cell.Of(known, form) : Cell.Instead("", form);
        return
        [
            Show(row.Visits, CellForm.Whole), Show(row.Exits, CellForm.Whole), Show(row.PassersBy, CellForm.Whole), Show(row.CaptureRate, CellForm.Share),
            Show(row.MeanOccupancy, CellForm.Tenth), Show(row.PeakOccupancy, CellForm.Whole), Show(row.DwellSeconds, CellForm.Tenth, 60), Show(row.QueueSeconds, CellForm.Tenth, 60),
            Show(row.PeakHour, CellForm.Instant), Show(row.Transactions, CellForm.Whole), Show(row.Conversion, CellForm.Share), Show(row.UniqueVisitors, CellForm.Whole),
            Cell.Of(words.Status(row.Status)), Known(period.ProvisionalUntil, CellForm.Instant), Known(row.Uncertainty, CellForm.Share),
            Known(row.Expected, CellForm.Whole), Known(row.Received, CellForm.Whole), Known(row.Received / (double?)row.Expected is { } share ? Math.Min(1, share) : null, CellForm.Share),
            Cell.Of(row.Windows, CellForm.Whole), Cell.Of(row.WindowsDue, CellForm.Whole), Cell.Of(row.Revision, CellForm.Whole),
        ];
    }
}

/// <summary>Writes what a report says about itself, and instants, in the district's time.</summary>
/// <param name="corrected">The lines whose counts a calibration factor corrects.</param>
internal sealed class ReportText(ReportWords words, TimeZoneInfo zone, IReadOnlyList<(CountingLine Line, LineFactorInForce Factor)> corrected)
{
    private const int MostLines = 6;

    public string At(double instant) => Local(instant).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    /// <summary>A period as people call it.</summary>
    public string Title(PeriodInfo period)
    {
        var (from, to) = (Local(period.From), Local(period.To));
        return period.Kind switch
        {
            "hour" => $"{from:HH:mm} – {to:HH:mm}",
            "week" => Format("week-name", period.Name[..4], int.Parse(period.Name.AsSpan(6), CultureInfo.InvariantCulture)),
            "year" => Format("year-name", period.Name),
            _ => from.ToString(words[period.Kind + "-name"], CultureInfo.InvariantCulture)
                + (period.Kind == "day" ? words.Weekday(DateOnly.ParseExact(period.Name, "yyyy-MM-dd", CultureInfo.InvariantCulture)) : ""),
        };
    }

    /// <summary>Which numbers may still change, and until when.</summary>
    public string Settled(PeriodInfo period) => period.ProvisionalUntil is { } until ? Format("until-final", At(until)) : words["final"];

    /// <summary>Whether the numbers are as counted, and else what corrects them.</summary>
    public string Corrected() => corrected.Count == 0 ? words["as-counted"] : Format(
        corrected.Count > MostLines ? "corrected-some" : "corrected",
        string.Join(words["comma"], corrected.Take(MostLines).Select(of => Format("factor", words.Name(new(of.Line.Name.Zh, of.Line.Name.En)), of.Factor.Entries, of.Factor.Exits))),
        corrected.Count - MostLines);

    /// <summary>The lines that stand with the numbers: what they are, what they are worth, what is kept back.</summary>
    public IEnumerable<(string Label, string Text)> About(Report report, string district)
    {
        var period = report.Numbers.Period;
        yield return (words["district"], district);
        yield return (words["period"], $"{period.Name}{words["colon"]}{At(period.From)} – {At(period.To)}");
        yield return (words["time-zone"], zone.Id);
        yield return (words["made-at"], At(report.MadeAt));
        yield return (words["provisional_until"], Settled(period));
        yield return (words["calibration"], Corrected());
        yield return (words["capture-rate-is"], words[report.Numbers.CaptureRateDefinition]);
        yield return (words["small-counts"], Format("small-counts-text", report.SmallCountsBelow));
        yield return (words["visits"], words["visits-text"]);
        yield return (words["conversion"], words["sales-text"]);
        yield return (words["unique_visitors"], words["unique-text"]);
    }

    /// <summary>A cell as it is read on paper.</summary>
    public string Show(Cell cell) => cell switch
    {
        { IsInstead: true, Text: "" } => "–",
        { Text: { } text } => text,
        { Form: CellForm.Instant, Number: { } at } => At(at),
        { Form: CellForm.Share, Number: { } share } => share.ToString("0.0%", CultureInfo.InvariantCulture),
        { Form: CellForm.Tenth, Number: < 100 and var number } => number.ToString("0.0", CultureInfo.InvariantCulture),
        _ => cell.Number!.Value.ToString("#,0", CultureInfo.InvariantCulture),
    };

    private DateTimeOffset Local(double instant) => TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeSeconds((long)instant), zone);

    public string Format(string key, params object[] values) => string.Format(CultureInfo.InvariantCulture, words[key], values);
}
