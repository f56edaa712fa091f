using System.Runtime.CompilerServices;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Cloud.Footfall;

/// <summary>One zone in one bucket: what its lines' windows add up to.</summary>
/// <remarks>
/// Entries into a zone are the entries of the lines that lead into it and the exits of the lines that lead out of it;
/// exits the other way round. Unplaced counts stay apart: they are proven, but their minute is not.
/// A window in which nothing was received is no data, and with no data at all (<see cref="Present"/> = 0) there is no
/// number, which is not zero.
/// </remarks>
internal readonly record struct ZoneSum(
    int Present, long Entries, long Exits, long UnplacedEntries, long UnplacedExits, long? Expected, long Received, long Revision, Trust Trust)
{
    /// <summary>By how many people the zone's occupancy changed: unplaced crossings did happen.</summary>
    public long Net => Entries + UnplacedEntries - Exits - UnplacedExits;

    /// <summary>Adds up a zone's lines.</summary>
    /// <param name="start">Start of the bucket, s since the Unix epoch.</param>
    /// <param name="now">s since the Unix epoch: decides between provisional, partial and stale.</param>
    public static ZoneSum Of(WindowTable table, int zone, long start, long now)
    {
        long entries = 0, exits = 0, unplacedEntries = 0, unplacedExits = 0, received = 0, revision = 0;
        long? expected = 0;
        int present = 0, missing = 0;
        var trust = Trust.Complete;
        var end = start + table.Seconds;
        foreach (ref readonly var side in table.Topology.SidesOf(zone))
        {
            if (!side.HoldsAt(start))
                continue;
            ref readonly var window = ref table.Find(side.Line, start);
            if (Unsafe.IsNullRef(in window) || TrustRules.SaysNothing(window))
            {
                missing++;
                continue;
            }
            present++;
            var counts = window.Counts;
            entries += side.Inward ? counts.Entries : counts.Exits;
            exits += side.Inward ? counts.Exits : counts.Entries;
            unplacedEntries += side.Inward ? counts.UnplacedEntries : counts.UnplacedExits;
            unplacedExits += side.Inward ? counts.UnplacedExits : counts.UnplacedEntries;
            expected += counts.Expected;
            received += counts.Received;
            revision += window.Revision.Counter;
            trust = TrustRules.Worst(trust, TrustRules.Of(window.Status, end, now));
        }
        if (present == 0)
            return new(0, 0, 0, 0, 0, null, 0, 0, Trust.None);
        if (missing > 0)
            trust = TrustRules.Worst(trust, TrustRules.OfMissing(end, now));
        return new(present, entries, exits, unplacedEntries, unplacedExits, missing > 0 ? null : expected, received, revision, trust);
    }
}
