using System.Globalization;
using SmartDistrict.Configuration;
using SmartDistrict.Edge.Footfall;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Edge.Replay;

/// <summary>One of the two folds of a replay: what it counted over everything it read, and its windows in the range.</summary>
internal sealed record ReplaySide(FoldTotals Totals, SortedDictionary<WindowKey, LineWindow> Windows)
{
    public LineWindow? Window(WindowKey key) => Windows.TryGetValue(key, out var window) ? window : null;
}

/// <summary>What the settings at work and the changed ones made of the same records.</summary>
internal sealed class ReplayReport
{
    private readonly ReplayArguments arguments;
    private readonly District district;

    /// <param name="records">Journal records that were folded.</param>
    /// <param name="lost">Journal records that are damaged.</param>
    public ReplayReport(ReplayArguments arguments, District district, (long From, long To) range, long records, long lost, ReplaySide present, ReplaySide changed)
    {
        this.arguments = arguments;
        this.district = district;
        Range = range;
        Records = records;
        Lost = lost;
        var keys = new SortedSet<WindowKey>(present.Windows.Keys.Concat(changed.Windows.Keys));
        Windows = keys.Count;
        Differing = [.. keys.Select(key => new WindowDifference(key, present.Window(key), changed.Window(key))).Where(pair => pair.Differs)];
        Totals = [.. TotalsOf(present, changed)];
    }

    /// <summary>ms since the Unix epoch.</summary>
    public (long From, long To) Range { get; }

    public long Records { get; }

    public long Lost { get; }

    /// <summary>Windows in the range that at least one side has.</summary>
    public int Windows { get; }

    public IReadOnlyList<WindowDifference> Differing { get; }

    /// <summary>Sums over the windows of the range, then counts over every record that was folded.</summary>
    public IReadOnlyList<(string Name, bool OfRange, long Present, long Changed)> Totals { get; }

    public static string Local(long unixMilliseconds, TimeZoneInfo zone, string form) =>
        TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(unixMilliseconds), zone).ToString(form, CultureInfo.InvariantCulture);

    public void Write(TextWriter output)
    {
        if (arguments.Json)
            ReplayJson.Write(this, arguments, district, output);
        else
            ReplayTable.Write(this, arguments, district, output);
    }

    private static IEnumerable<(string, bool, long, long)> TotalsOf(ReplaySide present, ReplaySide changed)
    {
        foreach (var (name, of) in WindowDifference.Counts)
            yield return (name, true, present.Windows.Values.Sum(of), changed.Windows.Values.Sum(of));
        foreach (var status in Enum.GetValues<WindowStatus>())
        {
            var (now, then) = (Many(present), Many(changed));
            if (now + then > 0)
                yield return ("windows " + status.Name(), true, now, then);

            long Many(ReplaySide side) => side.Windows.Values.LongCount(window => window.Status == status);
        }
        yield return ("readings booked", false, present.Totals.Readings, changed.Totals.Readings);
        yield return ("duplicates", false, present.Totals.Duplicates, changed.Totals.Duplicates);
        yield return ("refused", false, present.Totals.Refused, changed.Totals.Refused);
        yield return ("times repaired", false, present.Totals.Repaired, changed.Totals.Repaired);
    }
}

/// <summary>A window as both sides have it; null where one has none.</summary>
internal sealed record WindowDifference(WindowKey Key, LineWindow? Present, LineWindow? Changed)
{
    /// <summary>What is compared of a window, by name.</summary>
    public static readonly IReadOnlyList<(string Name, Func<LineWindow, long> Of)> Counts =
    [
        ("entries", window => window.Counts.Entries),
        ("exits", window => window.Counts.Exits),
        ("unplaced entries", window => window.Counts.UnplacedEntries),
        ("unplaced exits", window => window.Counts.UnplacedExits),
        ("ambiguous", window => window.Counts.Ambiguous),
        ("received", window => window.Counts.Received),
        ("expected", window => window.Counts.Expected ?? 0),
    ];

    /// <summary>Whether anything but the revision differs: that one only says which record changed the window last.</summary>
    public bool Differs => Present?.Counts != Changed?.Counts || Present?.Status != Changed?.Status;
}
