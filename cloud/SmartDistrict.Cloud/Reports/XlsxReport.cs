using System.Globalization;
using System.IO.Compression;
using System.Xml;

namespace SmartDistrict.Cloud.Reports;

/// <summary>
/// A workbook (ECMA-376): a sheet per table and one that says what the numbers are. Text is written as text, so that no
/// spreadsheet takes it for a formula. By hand, because it is six small files in a ZIP, and the libraries for it that the
/// package feed has are 6 MB or no longer kept.
/// </summary>
internal static class XlsxReport
{
    public const string ContentType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    private const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private const string Relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private const string Package = "http://schemas.openxmlformats.org/package/2006/";
    private const string OfficeDocument = "application/vnd.openxmlformats-officedocument.spreadsheetml.";
    private const int HeaderStyle = 5;
    private const int QuotedStyle = 6;
    private const int InsteadStyle = 7;
    private const int WrappedStyle = 8;
    private const int NumberHeaderStyle = 9;
    private const int NarrowestColumn = 9;
    private const int WidestColumn = 34;
    private const int AboutWidth = 100;
    private const int LineHeight = 15;
    private const int LongestSheetName = 31;

    /// <summary>Before 1900-03-01 Excel counts days differently; no footfall is that old.</summary>
    private static readonly DateTime Epoch = new(1899, 12, 30, 0, 0, 0, DateTimeKind.Unspecified);

    public static byte[] Write(IReadOnlyList<ReportTable> tables, IEnumerable<(string Label, string Text)> about, string aboutTitle, TimeZoneInfo zone)
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            string[] names = [.. tables.Select(table => table.Title), aboutTitle];
            Part(zip, "[Content_Types].xml", xml => ContentTypes(xml, names.Length));
            Part(zip, "_rels/.rels", xml => Relationships(xml, [("officeDocument", "xl/workbook.xml")]));
            Part(zip, "xl/workbook.xml", xml => Workbook(xml, names, tables));
            Part(zip, "xl/_rels/workbook.xml.rels", xml => Relationships(
                xml, [.. names.Select((_, i) => ("worksheet", $"worksheets/sheet{i + 1}.xml")), ("styles", "styles.xml")]));
            Part(zip, "xl/styles.xml", Styles);
            for (var i = 0; i < tables.Count; i++)
            {
                var table = tables[i];
                Part(zip, $"xl/worksheets/sheet{i + 1}.xml", xml => Sheet(xml, table, zone));
            }
            Part(zip, $"xl/worksheets/sheet{names.Length}.xml", xml => About(xml, about, zone));
        }
        return file.ToArray();
    }

    private static void Part(ZipArchive zip, string name, Action<XmlWriter> write)
    {
        using var stream = zip.CreateEntry(name, CompressionLevel.Optimal).Open();
        using var xml = XmlWriter.Create(stream, new() { Encoding = new System.Text.UTF8Encoding(false) });
        xml.WriteStartDocument(standalone: true);
        write(xml);
    }

    private static void ContentTypes(XmlWriter xml, int sheets)
    {
        xml.WriteStartElement("Types", Package + "content-types");
        Element(xml, "Default", ("Extension", "rels"), ("ContentType", "application/vnd.openxmlformats-package.relationships+xml"));
        Element(xml, "Default", ("Extension", "xml"), ("ContentType", "application/xml"));
        Element(xml, "Override", ("PartName", "/xl/workbook.xml"), ("ContentType", OfficeDocument + "sheet.main+xml"));
        Element(xml, "Override", ("PartName", "/xl/styles.xml"), ("ContentType", OfficeDocument + "styles+xml"));
        for (var i = 1; i <= sheets; i++)
            Element(xml, "Override", ("PartName", $"/xl/worksheets/sheet{i}.xml"), ("ContentType", OfficeDocument + "worksheet+xml"));
        xml.WriteEndElement();
    }

    private static void Relationships(XmlWriter xml, (string Type, string Target)[] targets)
    {
        xml.WriteStartElement("Relationships", Package + "relationships");
        foreach (var (i, (type, target)) in targets.Index())
            Element(xml, "Relationship", ("Id", $"rId{i + 1}"), ("Type", $"{Relations}/{type}"), ("Target", target));
        xml.WriteEndElement();
    }

    private static void Workbook(XmlWriter xml, string[] names, IReadOnlyList<ReportTable> tables)
    {
        xml.WriteStartElement("workbook", Main);
        xml.WriteAttributeString("xmlns", "r", null, Relations);
        xml.WriteStartElement("sheets", Main);
        foreach (var (i, name) in names.Index())
        {
            xml.WriteStartElement("sheet", Main);
            xml.WriteAttributeString("name", SheetName(name));
            xml.WriteAttributeString("sheetId", $"{i + 1}");
            xml.WriteAttributeString("id", Relations, $"rId{i + 1}");
            xml.WriteEndElement();
        }
        xml.WriteEndElement();
        // names and titles stand on every printed page
        xml.WriteStartElement("definedNames", Main);
        for (var i = 0; i < tables.Count; i++)
        {
            xml.WriteStartElement("definedName", Main);
            xml.WriteAttributeString("name", "_xlnm.Print_Titles");
            xml.WriteAttributeString("localSheetId", $"{i}");
            xml.WriteString($"'{SheetName(names[i])}'!$A:$B,'{SheetName(names[i])}'!$1:$1");
            xml.WriteEndElement();
        }
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    /// <summary>Excel takes at most 31 characters in a sheet's name, and none of []:*?/\ in it.</summary>
    private static string SheetName(string name)
    {
        name = string.Concat(name.Select(c => "[]:*?/\\'".Contains(c) ? ' ' : c)).Trim();
        return name.Length > LongestSheetName ? name[..LongestSheetName] : name;
    }

    /// <summary>
    /// A style per <see cref="CellForm"/>, then the header's, that of text which looks like a formula, of text in place of a
    /// number, of text in several lines, and of the header above numbers.
    /// </summary>
    private static void Styles(XmlWriter xml) => xml.WriteRaw(
        $"""
        <styleSheet xmlns="{Main}"><numFmts count="3"><numFmt numFmtId="164" formatCode="#,##0.0"/><numFmt numFmtId="165" formatCode="0.0%"/><numFmt numFmtId="166" formatCode="yyyy\-mm\-dd hh:mm"/></numFmts>
        <fonts count="3"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font><font><sz val="11"/><color rgb="FF6B7280"/><name val="Calibri"/></font></fonts>
        <fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FFE8F1F4"/></patternFill></fill></fills>
        <borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border><border><left/><right/><top/><bottom style="thin"><color rgb="FF6B7280"/></bottom><diagonal/></border></borders>
        <cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>
        <cellXfs count="10"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="3" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="166" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>
        <xf numFmtId="0" fontId="1" fillId="2" borderId="1" xfId="0" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1"><alignment vertical="center" wrapText="1"/></xf><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1"/><xf numFmtId="0" fontId="2" fillId="0" borderId="0" xfId="0" applyFont="1" applyAlignment="1"><alignment horizontal="right"/></xf><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>
        <xf numFmtId="0" fontId="1" fillId="2" borderId="1" xfId="0" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1"><alignment horizontal="right" vertical="center" wrapText="1"/></xf></cellXfs></styleSheet>
        """);

    private static void Sheet(XmlWriter xml, ReportTable table, TimeZoneInfo zone)
    {
        xml.WriteStartElement("worksheet", Main);
        xml.WriteRaw($"""<sheetPr xmlns="{Main}"><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews xmlns="{Main}"><sheetView workbookViewId="0"><pane xSplit="2" ySplit="1" topLeftCell="C2" activePane="bottomRight" state="frozen"/></sheetView></sheetViews><sheetFormatPr xmlns="{Main}" defaultRowHeight="{LineHeight + 1}" customHeight="1"/>""");
        Columns(xml, [.. table.Columns.Select((column, i) => Width(column.Title, table.Rows.Select(row => row[i])))]);
        xml.WriteStartElement("sheetData", Main);
        Row(xml, table.Columns.Select((column, i) => Cell.Instead(column.Title, table.Rows.Count > 0 ? table.Rows[0][i].Form : CellForm.Text)), zone, HeaderStyle, lines: 2);
        foreach (var row in table.Rows)
            Row(xml, row, zone, null);
        xml.WriteEndElement();
        xml.WriteRaw($"""<autoFilter xmlns="{Main}" ref="A1:{ColumnName(table.Columns.Count)}{table.Rows.Count + 1}"/>""");
        Page(xml, 2);
        xml.WriteEndElement();
    }

    private static void About(XmlWriter xml, IEnumerable<(string Label, string Text)> lines, TimeZoneInfo zone)
    {
        xml.WriteStartElement("worksheet", Main);
        xml.WriteRaw($"""<sheetPr xmlns="{Main}"><pageSetUpPr fitToPage="1"/></sheetPr>""");
        Columns(xml, [20, AboutWidth]);
        xml.WriteStartElement("sheetData", Main);
        foreach (var (label, text) in lines)
            Row(xml, [Cell.Of(label), Cell.Of(text)], zone, WrappedStyle, lines: (Signs(text) / (AboutWidth - 2)) + 1);
        xml.WriteEndElement();
        Page(xml, 1);
        xml.WriteEndElement();
    }

    private static void Columns(XmlWriter xml, double[] widths)
    {
        xml.WriteStartElement("cols", Main);
        foreach (var (i, width) in widths.Index())
            xml.WriteRaw(string.Create(CultureInfo.InvariantCulture, $"""<col xmlns="{Main}" min="{i + 1}" max="{i + 1}" width="{width}" customWidth="1"/>"""));
        xml.WriteEndElement();
    }

    /// <summary>A4 across, at most so many pages wide, the number of the page at its foot.</summary>
    private static void Page(XmlWriter xml, int wide) => xml.WriteRaw(
        $"""<pageMargins xmlns="{Main}" left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/><pageSetup xmlns="{Main}" paperSize="9" orientation="landscape" fitToWidth="{wide}" fitToHeight="0"/><headerFooter xmlns="{Main}"><oddFooter>&amp;L&amp;A&amp;R&amp;P / &amp;N</oddFooter></headerFooter>""");

    /// <summary>In widths of a digit; a Chinese sign takes two. Titles of several words may take two lines.</summary>
    private static double Width(string title, IEnumerable<Cell> cells) => Math.Clamp(
        2 + Math.Max(Wrapped(title), cells.Select(cell => cell switch
        {
            { Text: { } text } => Signs(text),
            { Form: CellForm.Instant } => 16,
            { Number: { } number } => Math.Round(Math.Abs(number)).ToString("#,0", CultureInfo.InvariantCulture).Length + (cell.Form == CellForm.Whole ? 0 : 2),
            _ => 0,
        }).DefaultIfEmpty().Max()), NarrowestColumn, WidestColumn);

    private static int Wrapped(string title) => title.LastIndexOf(' ') is > 0 and var at ? Math.Max(Signs(title[..at]), Signs(title[at..])) : Signs(title);

    private static int Signs(string text) => text.Sum(c => c < '\u2e80' ? 1 : 2);

    private static string ColumnName(int number) => number <= 26 ? $"{(char)('A' + number - 1)}" : ColumnName((number - 1) / 26) + ColumnName(((number - 1) % 26) + 1);

    private static void Row(XmlWriter xml, IEnumerable<Cell> cells, TimeZoneInfo zone, int? style, int? lines = null)
    {
        xml.WriteStartElement("row", Main);
        if (lines is { } high)
        {
            xml.WriteAttributeString("ht", $"{(high * LineHeight) + 2}");
            xml.WriteAttributeString("customHeight", "1");
        }
        foreach (var cell in cells)
        {
            xml.WriteStartElement("c", Main);
            if (cell.Number is { } number)
            {
                xml.WriteAttributeString("s", $"{(int)cell.Form}");
                xml.WriteElementString("v", Main, (cell.Form == CellForm.Instant ? Serial(number, zone) : number).ToString("R", CultureInfo.InvariantCulture));
            }
            else
                Text(xml, cell.Text ?? "", !cell.IsInstead ? style : style == HeaderStyle ? NumberHeaderStyle : InsteadStyle);
            xml.WriteEndElement();
        }
        xml.WriteEndElement();
    }

    private static void Text(XmlWriter xml, string text, int? style)
    {
        style ??= text.Length > 0 && "=+-@".Contains(text[0]) ? QuotedStyle : null;
        if (style is { } written)
            xml.WriteAttributeString("s", $"{written}");
        xml.WriteAttributeString("t", "inlineStr");
        xml.WriteStartElement("is", Main);
        xml.WriteStartElement("t", Main);
        xml.WriteAttributeString("xml", "space", null, "preserve");
        xml.WriteString(string.Concat(text.Where(XmlConvert.IsXmlChar)));
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    /// <summary>Days since Excel's epoch, in the district's time.</summary>
    private static double Serial(double at, TimeZoneInfo zone) =>
        (TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeSeconds((long)at), zone).DateTime - Epoch).TotalDays;

    private static void Element(XmlWriter xml, string name, params (string Name, string Value)[] attributes)
    {
        xml.WriteStartElement(name);
        foreach (var (key, value) in attributes)
            xml.WriteAttributeString(key, value);
        xml.WriteEndElement();
    }
}
