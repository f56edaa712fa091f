using SmartDistrict.Cloud.Accuracy;
using SmartDistrict.Cloud.Districts;
using SmartDistrict.Cloud.Numbers;
using SmartDistrict.Configuration;

namespace SmartDistrict.Cloud.Reports;

/// <summary>Makes reports, and writes them as files.</summary>
internal sealed class ReportMaker(NumbersReader numbers, Areas areas, LineFactors factors, District district)
{
    public async Task<Report> MakeAsync(Period period, int area, CancellationToken cancellation)
    {
        var rules = district.Numbers;
        var (all, overTime, withheld) = new SmallCounts(areas, rules.SmallCountsBelow).KeepBack(
            await numbers.DistrictAsync(period, cancellation), await numbers.OverTimeAsync(period, area, cancellation));
        return new(numbers.Now, rules.SmallCountsBelow, withheld, all, overTime);
    }

    /// <param name="table">Which table a CSV has: it can hold one only.</param>
    public (byte[] Bytes, string Type, string Name) Write(Report report, FileFormat format, ReportLanguage language, CsvTable table)
    {
        var words = ReportWords.Of(language);
        var period = report.Numbers.Period;
        var text = new ReportText(words, district.TimeZone, [.. factors.Correcting(period.From, Math.Min(period.To, report.MadeAt))]);
        var name = language == ReportLanguage.En ? district.Name.En : district.Name.Zh;
        var file = $"{district.Id}-{period.Name}".Replace(':', '-');
        return format switch
        {
            FileFormat.Csv => (
                CsvReport.Write(
                    (table == CsvTable.Areas ? ReportTable.Areas(report, words) : ReportTable.OverTime(report, words))
                        .And("capture_rate_definition", report.Numbers.CaptureRateDefinition), district.TimeZone),
                "text/csv; charset=utf-8", table == CsvTable.Areas ? $"{file}-areas.csv" : $"{file}-{report.OverTime.Area.Id}-over-time.csv"),
            FileFormat.Xlsx => (
                XlsxReport.Write([ReportTable.Areas(report, words), ReportTable.OverTime(report, words)], text.About(report, name), words["about"], district.TimeZone),
                XlsxReport.ContentType, $"{file}.xlsx"),
            _ => (new PdfReport(report, words, text, name).Write(), "application/pdf", $"{file}.pdf"),
        };
    }
}
