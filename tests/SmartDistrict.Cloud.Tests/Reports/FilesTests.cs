using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using SmartDistrict.Cloud.Reports;
using SmartDistrict.Cloud.Tests.Hosting;
using SmartDistrict.Cloud.Tests.Numbers;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Cloud.Tests.Reports;

public sealed class AReportAsAFile
{
    private static readonly DateTimeOffset Later = new(2026, 4, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly long Noon = new DateTimeOffset(2026, 3, 2, 4, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();

    [Fact]
    public async Task Csv_holds_the_areas_under_stable_keys()
    {
        var (bytes, type, name) = await WriteAsync(FileFormat.Csv, ReportLanguage.En);
        Assert.Equal(("text/csv; charset=utf-8", "harbour-2026-03-02-areas.csv"), (type, name));
        Assert.Equal([0xEF, 0xBB, 0xBF], bytes[..3]);
        var rows = Encoding.UTF8.GetString(bytes)[1..].Split("\r\n");
        Assert.StartsWith("id,name,kind,visits,exits,passers_by,capture_rate,", rows[0], StringComparison.Ordinal);
        Assert.StartsWith("district,Harbour District,district,80,40,n/a,n/a,", rows[1], StringComparison.Ordinal);
        Assert.Equal(rows[0].Split(',').Length, rows[1].Split(',').Length);
        Assert.EndsWith(",capture_rate_definition", rows[0], StringComparison.Ordinal);
        Assert.EndsWith(",entries-per-presence", rows[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, "2026-03-10T04:00:00+08:00")]
    [InlineData(30, "")]
    public async Task Says_beside_each_row_until_when_it_is_provisional(int daysLater, string until)
    {
        var (bytes, _, _) = await WriteAsync(FileFormat.Csv, ReportLanguage.En, now: DateTimeOffset.FromUnixTimeSeconds(Noon).AddDays(daysLater));
        var rows = Encoding.UTF8.GetString(bytes)[1..].Split("\r\n").Select(row => row.Split(',')).ToArray();
        Assert.Equal(until, rows[1][Array.IndexOf(rows[0], "provisional_until")]);
    }

    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("-2", "'-2")]
    [InlineData("@cmd", "'@cmd")]
    [InlineData("＝1+1", "'＝1+1")]
    [InlineData("\t=1", "'\t=1")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"so\"", "\"say \"\"so\"\"\"")]
    public void Csv_text_is_no_formula(string text, string field) => Assert.Equal(field, CsvReport.Field(text));

    [Fact]
    public async Task Excel_gets_numbers_as_numbers_and_a_name_that_looks_like_a_formula_as_text()
    {
        var (bytes, _, name) = await WriteAsync(FileFormat.Xlsx, ReportLanguage.Zh, "=HYPERLINK(1)");
        Assert.Equal("harbour-2026-03-02.xlsx", name);
        using var zip = new ZipArchive(new MemoryStream(bytes));
        XNamespace main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        foreach (var entry in zip.Entries)
            using (var part = entry.Open())
                Assert.NotNull(XDocument.Load(part).Root);
        Assert.Equal(["各区域", "随时间变化：海港商圈", "说明"], Part("xl/workbook.xml").Descendants(main + "sheet").Select(sheet => sheet.Attribute("name")!.Value));
        var row = Part("xl/worksheets/sheet1.xml").Descendants(main + "row").ElementAt(2).Elements(main + "c").ToArray();
        Assert.Equal(("inlineStr", "=HYPERLINK(1)"), (row[1].Attribute("t")!.Value, row[1].Value));
        Assert.Equal((null, "80"), (row[3].Attribute("t")?.Value, row[3].Element(main + "v")!.Value));
        Assert.Empty(Part("xl/worksheets/sheet1.xml").Descendants(main + "f"));

        XElement Part(string path)
        {
            using var part = zip.GetEntry(path)!.Open();
            return XDocument.Load(part).Root!;
        }
    }

    [Theory]
    [InlineData("zh", "海港商圈")]
    [InlineData("en", "Harbour District")]
    public async Task Pdf_can_be_read_from_its_end_and_says_what_it_is_of(string language, string district)
    {
        var (bytes, type, _) = await WriteAsync(FileFormat.Pdf, language == "zh" ? ReportLanguage.Zh : ReportLanguage.En);
        Assert.Equal("application/pdf", type);
        var file = Encoding.Latin1.GetString(bytes);
        var table = int.Parse(Regex.Match(file, @"startxref\n(\d+)\n%%EOF\n$").Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.Equal("xref\n", file.Substring(table, 5));
        var places = Regex.Matches(file[table..], @"(\d{10}) 00000 n ").Select(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)).ToArray();
        foreach (var (i, place) in places.Index())
            Assert.StartsWith($"{i + 1} 0 obj\n", file[place..], StringComparison.Ordinal);
        var text = string.Concat(Regex.Matches(file, @"/Length (\d+)/Filter/FlateDecode>>stream\n").Select(match =>
        {
            using var content = new ZLibStream(new MemoryStream(bytes, match.Index + match.Length, int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)), CompressionMode.Decompress);
            using var reader = new StreamReader(content, Encoding.Latin1);
            return reader.ReadToEnd();
        }));
        var shown = Regex.Replace(text, "<([0-9A-F]+)> Tj", match => Encoding.BigEndianUnicode.GetString(Convert.FromHexString(match.Groups[1].Value)));
        Assert.Contains(language == "zh" ? district : $"({district})", shown, StringComparison.Ordinal);
        Assert.Contains("(80)", shown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "No counting line has a calibration factor: the numbers are as counted.")]
    [InlineData("{since: 2026-03-04T00:00:00+08:00, entries: 1.5, exits: 1}", "No counting line has a calibration factor: the numbers are as counted.")]
    [InlineData("{since: 2026-01-01T00:00:00+08:00, entries: 1.5, exits: 1}, {since: 2026-03-01T00:00:00+08:00, entries: 1, exits: 1}", "No counting line has a calibration factor: the numbers are as counted.")]
    [InlineData("{since: 2026-01-01T00:00:00+08:00, entries: 1.5, exits: 1}, {since: 2026-03-02T12:00:00+08:00, entries: 1.25, exits: 0.9}", "(entries × 1.25, exits × 0.90)")]
    public async Task Says_which_lines_calibration_corrects_in_its_time(string factors, string said)
    {
        var (bytes, _, _) = await WriteAsync(FileFormat.Xlsx, ReportLanguage.En, factors: factors);
        using var zip = new ZipArchive(new MemoryStream(bytes));
        using var about = new StreamReader(zip.GetEntry("xl/worksheets/sheet3.xml")!.Open());
        Assert.Contains(said, await about.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public void Says_the_same_in_both_languages() =>
        Assert.Equal(ReportWords.Keys(ReportLanguage.Zh).Order(), ReportWords.Keys(ReportLanguage.En).Order());

    private static async Task<(byte[] Bytes, string Type, string Name)> WriteAsync(
        FileFormat format, ReportLanguage language, string? groupName = null, DateTimeOffset? now = null, string factors = "")
    {
        var yaml = (TestDistrict.Yaml + "\n" + NumbersSite.Rules).Replace("id: ln-1,", $"id: ln-1, calibration: [{factors}],", StringComparison.Ordinal);
        var site = new NumbersSite(
            [Lines.Window("ln-1", Resolution.QuarterHour, Noon, 80, 40)], now ?? Later,
            TestDistrict.Load(groupName is null ? yaml : yaml.Replace("zh: 两区", $"zh: \"{groupName}\"", StringComparison.Ordinal)));
        var reports = new ReportMaker(site.Reader, site.Areas, site.Factors, site.District);
        return reports.Write(
            await reports.MakeAsync(site.Periods.Find("2026-03-02")!, 0, TestContext.Current.CancellationToken), format, language, CsvTable.Areas);
    }
}
