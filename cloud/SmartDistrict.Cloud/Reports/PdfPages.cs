using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace SmartDistrict.Cloud.Reports;

/// <summary>
/// Text, lines and boxes on A4 pages, landscape, as PDF 1.4. Fonts are named, not embedded: Helvetica, and for Chinese
/// Adobe's STSong-Light, for which every reader has a stand-in. By hand, because a report needs no more than this.
/// </summary>
internal sealed class PdfPages
{
    public const double Width = 842;
    public const double Height = 595;
    public const string Ink = "0.13 0.15 0.18";
    public const string Grey = "0.42 0.45 0.5";
    public const string Hair = "0.82 0.84 0.87";
    public const string Shade = "0.93 0.96 0.97";
    public const string Accent = "0.05 0.42 0.55";

    /// <summary>Widths of Helvetica's signs from the space to the tilde, in thousandths of the size.</summary>
    private static readonly int[] Widths =
    [
        278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
        1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
        333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
    ];

    private readonly List<StringBuilder> pages = [];

    public int Count => pages.Count;

    public void Add() => pages.Add(new());

    /// <param name="x">From the left, points.</param>
    /// <param name="y">Of the base line, from the bottom, points.</param>
    /// <param name="page">Number of the page; null for the last one.</param>
    public void Text(double x, double y, string text, double size, bool bold = false, string colour = Ink, int? page = null)
    {
        var to = pages[page ?? ^1];
        foreach (var (part, latin) in Runs(text))
        {
            var font = !latin ? "C" : bold ? "B" : "H";
            var body = latin ? $"({Escaped(part)})" : $"<{Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(part))}>";
            to.Append(CultureInfo.InvariantCulture, $"BT {colour} rg /{font} {size:0.##} Tf {x:0.##} {y:0.##} Td {body} Tj ET\n");
            x += Measure(part, size);
        }
    }

    public void Box(double x, double y, double width, double height, string colour) =>
        pages[^1].Append(CultureInfo.InvariantCulture, $"{colour} rg {x:0.##} {y:0.##} {width:0.##} {height:0.##} re f\n");

    /// <summary>How wide a text is, in points; near enough for bold text.</summary>
    public static double Measure(string text, double size) =>
        text.Sum(c => c is >= ' ' and <= '~' ? Widths[c - ' '] : c == '…' ? 1000 : IsLatin(c) ? 556 : 1000) * size / 1000;

    /// <summary>A text that is no wider than so many points.</summary>
    public static string Fit(string text, double size, double width)
    {
        if (Measure(text, size) <= width)
            return text;
        while (text.Length > 1 && Measure(text + "…", size) > width)
            text = text[..^1];
        return text + "…";
    }

    public byte[] Write(string title, string language)
    {
        using var file = new MemoryStream();
        var places = new List<long>();
        var first = 8;
        Raw(file, "%PDF-1.4\n%\u00e2\u00e3\u00cf\u00d3\n");
        Object($"<</Type/Catalog/Pages 2 0 R/Lang({language})/ViewerPreferences<</DisplayDocTitle true>>>>");
        Object($"<</Type/Pages/Count {pages.Count}/Kids[{string.Join(' ', pages.Select((_, i) => $"{first + (2 * i)} 0 R"))}]/MediaBox[0 0 {Width} {Height}]"
            + "/Resources<</Font<</H 3 0 R/B 4 0 R/C 5 0 R>>>>>>");
        Object("<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>");
        Object("<</Type/Font/Subtype/Type1/BaseFont/Helvetica-Bold/Encoding/WinAnsiEncoding>>");
        Object("<</Type/Font/Subtype/Type0/BaseFont/STSong-Light-UniGB-UCS2-H/Encoding/UniGB-UCS2-H/DescendantFonts[6 0 R]>>");
        Object("<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>/DW 1000/FontDescriptor 7 0 R>>");
        Object("<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 880/StemV 93>>");
        for (var i = 0; i < pages.Count; i++)
        {
            Object($"<</Type/Page/Parent 2 0 R/Contents {first + (2 * i) + 1} 0 R>>");
            var packed = Packed(pages[i].ToString());
            Object($"<</Length {packed.Length}/Filter/FlateDecode>>stream\n", packed, "\nendstream");
        }
        Object($"<</Title<FEFF{Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(title))}>/Producer(SmartDistrict)>>");
        var table = file.Position;
        Raw(file, $"xref\n0 {places.Count + 1}\n0000000000 65535 f \n{string.Concat(places.Select(place => $"{place:0000000000} 00000 n \n"))}"
            + $"trailer<</Size {places.Count + 1}/Root 1 0 R/Info {places.Count} 0 R>>\nstartxref\n{table}\n%%EOF\n");
        return file.ToArray();

        void Object(string text, byte[]? data = null, string after = "")
        {
            places.Add(file.Position);
            Raw(file, $"{places.Count} 0 obj\n{text}");
            file.Write(data ?? []);
            Raw(file, $"{after}\nendobj\n");
        }
    }

    private static void Raw(MemoryStream file, string text) => file.Write(Encoding.Latin1.GetBytes(text));

    private static byte[] Packed(string content)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            zlib.Write(Encoding.Latin1.GetBytes(content));
        return packed.ToArray();
    }

    private static bool IsLatin(char c) => c is (>= ' ' and <= '~') or (>= '\u00a0' and <= '\u00ff') or '–' or '…';

    private static IEnumerable<(string Part, bool Latin)> Runs(string text)
    {
        text = string.Concat(text.Where(c => !char.IsControl(c) && !char.IsSurrogate(c)));
        for (var from = 0; from < text.Length;)
        {
            var (to, latin) = (from + 1, IsLatin(text[from]));
            while (to < text.Length && IsLatin(text[to]) == latin)
                to++;
            yield return (text[from..to], latin);
            from = to;
        }
    }

    /// <summary>A PDF string in WinAnsi, which has the dash at 0x96, the ellipsis at 0x85.</summary>
    private static string Escaped(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("(", "\\(", StringComparison.Ordinal).Replace(")", "\\)", StringComparison.Ordinal).Replace('–', '\u0096').Replace('…', '\u0085');
}
