using System.Text;
using SmartDistrict.Telemetry.LineProtocol;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Telemetry.Tests.Windows;

public sealed class FootfallPointTests
{
    private static readonly LineWindow Window = new("ln-01", Resolution.QuarterHour, 1_767_225_600, new LineCounts
    {
        Entries = 12,
        Exits = 7,
        Ambiguous = 1,
        UnplacedEntries = 3,
        UnplacedExits = 2,
        Expected = 20,
        Received = 19,
    }, WindowStatus.Partial, new Revision(2, 345));

    [Fact]
    public void The_wire_form_is_approved()
    {
        var writer = new LineWriter();
        FootfallPoint.Write(writer, "harbour", Window);
        Assert.Equal("""
            footfall_15m,district=harbour,line=ln-01 entries=12i,exits=7i,ambiguous=1i,unplaced_entries=3i,unplaced_exits=2i,expected=20i,received=19i,generation=2i,revision=345i,status="partial" 1767225600

            """.ReplaceLineEndings("\n"), Encoding.UTF8.GetString(writer.Written));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_window_reads_back_as_it_was_written(bool expectedKnown)
    {
        foreach (var status in Enum.GetValues<WindowStatus>())
            foreach (var resolution in Resolutions.All)
            {
                var window = Window with { Resolution = resolution, Status = status, Start = 7200, Counts = Window.Counts with { Expected = expectedKnown ? 20 : null } };
                var writer = new LineWriter();
                FootfallPoint.Write(writer, "harbour", window);
                Assert.Equal(("harbour", window, null), Read(Encoding.UTF8.GetString(writer.Written)));
            }
    }

    [Theory]
    [InlineData("s", "1767225600")]
    [InlineData("ms", "1767225600000")]
    [InlineData("us", "1767225600000000")]
    [InlineData("ns", "1767225600000000000")]
    public void The_timestamp_is_read_in_the_requests_precision(string precision, string timestamp)
    {
        Assert.True(TimePrecisions.TryParse(precision, out var unit));
        Assert.Equal(1_767_225_600, Read(Valid.Replace("1767225600", timestamp, StringComparison.Ordinal), unit).Window.Start);
    }

    [Theory]
    [InlineData("line=ln-01", "line=Ln\\ 01", "tag line")]
    [InlineData(",line=ln-01", "", "tag line")]
    [InlineData("district=harbour", "district=-", "tag district")]
    [InlineData("entries=12i", "entries=-1i", "field entries")]
    [InlineData("entries=12i", "entries=12", "field entries")]
    [InlineData("entries=12i,", "", "field entries")]
    [InlineData("expected=20i", "expected=\"20\"", "field expected")]
    [InlineData("revision=345i", "revision=t", "field revision")]
    [InlineData("\"partial\"", "\"good\"", "field status")]
    [InlineData("\"partial\"", "\"partial partial partial\"", "field status")]
    [InlineData("footfall_15m", "footfall_5m", "footfall_5m is not a footfall measurement")]
    [InlineData(" 1767225600", " 1767225660", "not the start of a window")]
    [InlineData(" 1767225600", "", "needs a timestamp")]
    public void What_is_not_a_window_is_refused_with_its_fault(string part, string instead, string fault) =>
        Assert.Contains(fault, Read(Valid.Replace(part, instead, StringComparison.Ordinal)).Problem, StringComparison.Ordinal);

    private const string Valid =
        "footfall_15m,district=harbour,line=ln-01 entries=12i,exits=7i,ambiguous=1i,unplaced_entries=3i,unplaced_exits=2i,expected=20i,received=19i,generation=2i,revision=345i,status=\"partial\" 1767225600";

    private static (string District, LineWindow Window, string? Problem) Read(string line, TimePrecision precision = TimePrecision.Seconds)
    {
        var reader = new LineReader(Encoding.UTF8.GetBytes(line));
        Assert.True(reader.Read());
        Assert.Null(reader.Problem);
        var read = FootfallPoint.TryRead(reader.Point, precision, out var district, out var window, out var problem);
        Assert.Equal(read, problem is null);
        return (district, window, problem);
    }
}
