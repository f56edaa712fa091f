using System.Text;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Cloud.Tests.Hosting;

/// <summary>Line protocol as a gateway writes it.</summary>
internal static class Lines
{
    public static LineWindow Window(
        string line, Resolution resolution, long start, long entries = 0, long exits = 0, WindowStatus status = WindowStatus.Complete,
        long revision = 1, long generation = 1, long unplacedEntries = 0, long unplacedExits = 0, long? expected = null, long received = 1) =>
        new(line, resolution, start,
            new LineCounts
            {
                Entries = entries,
                Exits = exits,
                UnplacedEntries = unplacedEntries,
                UnplacedExits = unplacedExits,
                Expected = expected,
                Received = received,
            },
            status, new Revision(generation, revision));

    /// <summary>The window as one line, timestamp in s.</summary>
    public static string Of(in LineWindow window)
    {
        var counts = window.Counts;
        var expected = counts.Expected is { } e ? $"expected={e}i," : "";
        return $"{window.Resolution.FootfallMeasurement()},district=harbour,line={window.Line} "
            + $"entries={counts.Entries}i,exits={counts.Exits}i,ambiguous={counts.Ambiguous}i,"
            + $"unplaced_entries={counts.UnplacedEntries}i,unplaced_exits={counts.UnplacedExits}i,{expected}received={counts.Received}i,"
            + $"generation={window.Revision.Generation}i,revision={window.Revision.Counter}i,status=\"{window.Status.Name()}\" {window.Start}";
    }

    public static StringContent Body(params IEnumerable<LineWindow> windows) => Body(string.Join('\n', windows.Select(window => Of(window))));

    public static StringContent Body(string text) => new(text, Encoding.UTF8, "text/plain");
}
