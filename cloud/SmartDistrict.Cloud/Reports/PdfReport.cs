using System.Globalization;
using SmartDistrict.Cloud.Numbers;

namespace SmartDistrict.Cloud.Reports;

/// <summary>A report to be printed: what it is of, one area over time as bars, the tables, and what the numbers are.</summary>
internal sealed class PdfReport(Report report, ReportWords words, ReportText text, string district)
{
    private const double Margin = 40;
    private const double Size = 8;
    private const double Row = 15;
    private const double Bottom = 46;
    private const double Inside = PdfPages.Width - (2 * Margin);

    private readonly PdfPages pages = new();
    private double y;

    public byte[] Write()
    {
        var period = report.Numbers.Period;
        var title = $"{district} · {words["title"]} · {text.Title(period)}";
        Turn();
        pages.Text(Margin, y -= 18, district, 18, bold: true);
        pages.Text(Margin, y -= 18, $"{words[period.Kind]} · {text.Title(period)}", 12, colour: PdfPages.Accent);
        pages.Text(Margin, y -= 14, $"{text.At(period.From)} – {text.At(period.To)} · {words["made-at"]} {text.At(report.MadeAt)}", Size, colour: PdfPages.Grey);
        pages.Text(Margin, y -= 12, $"{text.Settled(period)} {words["capture_rate"]} = {words[report.Numbers.CaptureRateDefinition]}", Size, colour: PdfPages.Grey);
        pages.Text(Margin, y -= 12, PdfPages.Fit(text.Corrected(), Size, Inside), Size, colour: PdfPages.Grey);
        y -= 10;
        Bars();
        Table(ReportTable.Areas(report, words).Only(
            "name", "visits", "exits", "passers_by", "capture_rate", "mean_occupancy", "peak_occupancy", "dwell", "peak_hour", "completeness", "status"), whole: report.Numbers.Areas.Select(area => area.Kind == "district"));
        if (report.OverTime.Steps.Count > 0)
            Table(OverTime());
        About();
        for (var page = 0; page < pages.Count; page++)
        {
            pages.Text(Margin, 24, title, 7, colour: PdfPages.Grey, page: page);
            var number = text.Format("page", page + 1, pages.Count);
            pages.Text(PdfPages.Width - Margin - PdfPages.Measure(number, 7), 24, number, 7, colour: PdfPages.Grey, page: page);
        }
        return pages.Write(title, words["language"]);
    }

    /// <summary>Its steps are called as people call them.</summary>
    private ReportTable OverTime()
    {
        var table = ReportTable.OverTime(report, words).Only(
            "period", "visits", "exits", "passers_by", "capture_rate", "mean_occupancy", "peak_occupancy", "dwell", "completeness", "status", "provisional_until");
        return table with { Rows = [.. table.Rows.Zip(ReportTable.Begun(report), (row, step) => (Cell[])[Cell.Of(text.Title(step.Period)), .. row[1..]])] };
    }

    /// <summary>Visits by step. What is kept back, and what is not there, has no bar.</summary>
    private void Bars()
    {
        var steps = report.OverTime.Steps;
        var most = steps.Max(step => step.Figures.Visits.Value) ?? 0;
        if (most <= 0)
            return;
        const double height = 70;
        Heading($"{words["visits"]}{words["colon"]}{words.Name(report.OverTime.Area.Name)}");
        var peak = most.ToString("#,0", CultureInfo.InvariantCulture);
        pages.Text(Margin, y - 8, peak, 7, colour: PdfPages.Grey);
        var left = Margin + Math.Max(24, PdfPages.Measure(peak, 7) + 8);
        var wide = (PdfPages.Width - Margin - left) / steps.Count;
        y -= height + 4;
        pages.Box(left, y, PdfPages.Width - Margin - left, 0.5, PdfPages.Hair);
        var every = (int)Math.Ceiling(PdfPages.Measure("00-00", 6.5) / wide);
        foreach (var (i, step) in steps.Index())
        {
            if (step.Figures.Visits.Value is { } visits)
                pages.Box(left + (i * wide) + (wide * 0.14), y + 0.5, wide * 0.72, height * visits / most, PdfPages.Accent);
            if (i % every == 0)
                pages.Text(left + ((i + 0.5) * wide) - (PdfPages.Measure(Label(step.Period), 6.5) / 2), y - 9, Label(step.Period), 6.5, colour: PdfPages.Grey);
        }
        y -= 18;
    }

    private static string Label(PeriodInfo period) => period.Kind switch
    {
        "hour" => period.Name[11..13],
        "day" => period.Name[5..],
        _ => period.Name,
    };

    /// <param name="whole">The rows of the whole, which stand out from its parts.</param>
    private void Table(ReportTable table, IEnumerable<bool>? whole = null)
    {
        var shown = table.Rows.Select(row => row.Select(text.Show).ToArray()).ToArray();
        var titles = table.Columns.Select(column => Wrapped(column.Title)).ToArray();
        var widths = titles.Select((title, i) => 10 + Math.Max(
            title.Max(line => PdfPages.Measure(line, Size)), shown.Select(row => Math.Min(150, PdfPages.Measure(row[i], Size))).DefaultIfEmpty().Max())).ToArray();
        var stretch = Math.Min(1.6, Inside / widths.Sum());
        widths = [.. widths.Select(width => width * stretch)];
        if (y < Bottom + (5 * Row))
            Turn();
        Heading(table.Title);
        Head();
        foreach (var (row, all) in shown.Zip(whole ?? Enumerable.Repeat(false, shown.Length)))
        {
            if (y < Bottom + Row)
            {
                Turn();
                Head();
            }
            y -= Row;
            if (all)
                pages.Box(Margin, y, widths.Sum(), Row, PdfPages.Shade);
            Cells(row, y + 4.5, false);
            pages.Box(Margin, y, widths.Sum(), 0.4, PdfPages.Hair);
        }
        y -= 14;

        void Head()
        {
            var lines = titles.Max(title => title.Length);
            for (var line = 0; line < lines; line++)
            {
                y -= 10;
                Cells([.. titles.Select(title => line - lines + title.Length is >= 0 and var at ? title[at] : "")], y + 2, true);
            }
            y -= 3;
            pages.Box(Margin, y, widths.Sum(), 0.8, PdfPages.Grey);
        }

        void Cells(string[] cells, double at, bool head)
        {
            var x = Margin;
            for (var i = 0; i < cells.Length; i++)
            {
                var fitted = PdfPages.Fit(cells[i], Size, widths[i] - 4);
                pages.Text(i == 0 ? x : x + widths[i] - 4 - PdfPages.Measure(fitted, Size), at, fitted, Size, colour: head ? PdfPages.Grey : PdfPages.Ink);
                x += widths[i];
            }
        }
    }

    /// <summary>A column's title in two lines where it has two words.</summary>
    private static string[] Wrapped(string title)
    {
        var at = title.LastIndexOf(' ');
        return at > 0 ? [title[..at], title[(at + 1)..]] : [title];
    }

    private void About()
    {
        var lines = text.About(report, district).ToArray();
        if (y < Bottom + 60)
            Turn();
        Heading(words["about"]);
        foreach (var (label, said) in lines)
            foreach (var (i, line) in Lines(said, Inside - 110).Index())
            {
                if (y < Bottom + 12)
                    Turn();
                y -= 12;
                if (i == 0)
                    pages.Text(Margin, y, label, Size, colour: PdfPages.Grey);
                pages.Text(Margin + 110, y, line, Size);
            }
    }

    /// <summary>Breaks at spaces, and between Chinese signs, but not before one that ends a sentence.</summary>
    private static IEnumerable<string> Lines(string said, double width)
    {
        var (from, cut) = (0, 0);
        for (var i = 1; i <= said.Length; i++)
        {
            if (PdfPages.Measure(said[from..i], Size) > width && cut > from)
            {
                yield return said[from..cut].Trim();
                from = cut;
            }
            if (i < said.Length && (said[i - 1] == ' ' || (said[i] > 0x2e80 && !"。，、；：）？！".Contains(said[i]))))
                cut = i;
        }
        yield return said[from..].Trim();
    }

    private void Heading(string title)
    {
        pages.Text(Margin, y -= 12, title, 10, bold: true);
        y -= 6;
    }

    private void Turn()
    {
        pages.Add();
        y = PdfPages.Height - Margin;
    }
}
