using SmartDistrict.Telemetry.Readings;

namespace SmartDistrict.Edge.Devices;

/// <summary>
/// Works out what a device's totals were at the ends of earlier periods, from the counts of those periods that it sends
/// later. The totals contain these counts, so they may not be added to them: as totals of the past they change no sum
/// and only say when people passed. From the newest total backwards: total(t − period) = total(t) − count of the period
/// that ends at t. It stops where a period is missing, and where a total would fall below zero: there it wrapped or was
/// reset, and a payload does not say which.
/// </summary>
internal sealed class BackFill
{
    private readonly List<(int Reading, long Entries, long Exits)> anchors = [];
    private readonly List<(int Line, long At, long Entries, long Exits)> past = [];

    public void Clear()
    {
        anchors.Clear();
        past.Clear();
    }

    /// <summary>Totals of now.</summary>
    /// <param name="reading">Index of the counter reading.</param>
    /// <param name="entries">Count of the period that ends with it; −1 where it is not said.</param>
    /// <param name="exits">As <paramref name="entries"/>.</param>
    public void AddAnchor(int reading, long entries, long exits) => anchors.Add((reading, entries, exits));

    /// <summary>The counts of an earlier period of a line, which ended at <paramref name="at"/>.</summary>
    public void AddPast(int line, long at, long entries, long exits) => past.Add((line, at, entries, exits));

    /// <summary>Inserts the totals of the past before those of now, in the order of time.</summary>
    /// <param name="readings">All readings of the payload.</param>
    /// <param name="period">Length of a period, ms.</param>
    public void Place(List<Reading> readings, long period)
    {
        if (past.Count == 0)
            return;
        past.Sort(static (a, b) => b.At.CompareTo(a.At));
        for (var i = anchors.Count - 1; i >= 0; i--)
            Place(readings, anchors[i], period);
    }

    private void Place(List<Reading> readings, (int Reading, long Entries, long Exits) anchor, long period)
    {
        var now = readings[anchor.Reading];
        var (end, entries, exits) = (now.At - period, now.Entries, now.Exits);
        if (!TryGoBack(ref entries, anchor.Entries) || !TryGoBack(ref exits, anchor.Exits))
            return;
        foreach (var (line, at, countIn, countOut) in past)
        {
            if (line != now.Line || at > end + period / 2)
                continue;
            if (at < end - period / 2)
                return;
            readings.Insert(anchor.Reading, new Reading(line, ReadingKind.Counter, at, at, entries, exits));
            end = at - period;
            if (!TryGoBack(ref entries, countIn) || !TryGoBack(ref exits, countOut))
                return;
        }
    }

    /// <summary>Takes a period's count off a total; a direction without totals stays without.</summary>
    private static bool TryGoBack(ref long total, long count)
    {
        if (total == Reading.NotReported)
            return true;
        total -= count;
        return count >= 0 && total >= 0;
    }
}
