using Microsoft.Extensions.Options;
using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Cloud.Hot;

namespace SmartDistrict.Cloud.Live;

/// <summary>Says what a zone looks like now.</summary>
/// <remarks>
/// Shown is the newest minute that has a window, at most two minutes back; so at the turn of a minute the numbers do not
/// vanish until the next reading. Where a gateway of the zone has gone silent, the last 15 minutes are searched, and what
/// is found there is stale.
/// </remarks>
internal sealed class LiveZones(Topology topology, HotWindows hot, LiveFeed feed, BusinessDay day, IOptions<CloudOptions> options, TimeProvider clock)
{
    private const int MinutesShown = 2;
    private const int MinutesStale = 15;
    private const int Window = 15;

    /// <summary>The zones now, in the order asked for.</summary>
    public LiveZone[] Of(IReadOnlyList<int> zones)
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        var anchor = day.AnchorAt(now);
        return hot.Read(tables => zones.Select(zone => Of(zone, tables.Minutes, tables.Quarters, anchor, now)).ToArray());
    }

    private LiveZone Of(int zone, WindowTable minutes, WindowTable quarters, long anchor, long now)
    {
        var current = Span.Down(now, 60);
        var silent = IsSilent(zone, current);
        var (start, sum) = Newest(zone, minutes, current, silent ? MinutesStale : MinutesShown, now);
        var last15 = Last15(zone, minutes, current, now);
        var occupancy = OccupancyAt(zone, minutes, quarters, anchor, start, now);
        var any = sum.Present > 0;
        return new(
            topology.District.Zones[zone].Id, start,
            any ? sum.Entries : null, any ? sum.Exits : null, any ? sum.UnplacedEntries : null, any ? sum.UnplacedExits : null,
            last15?.Entries, last15?.Exits, last15?.UnplacedEntries, last15?.UnplacedExits,
            occupancy.People, Stale(occupancy.Trust, silent), Stale(sum.Trust, silent), any ? sum.Revision : null, feed.LagOf(zone));
    }

    private bool IsSilent(int zone, long now)
    {
        foreach (ref readonly var side in topology.SidesOf(zone))
            if (side.HoldsAt(now)
                && topology.Owners.TryGetValue(topology.District.Lines[side.Line].Id, out var device)
                && feed.IsSilent(device.Gateway, options.Value.StaleAfter))
                return true;
        return false;
    }

    private static Trust Stale(Trust trust, bool silent) => silent && trust != Trust.None ? Trust.Stale : trust;

    /// <summary>The newest minute with a window. A gateway's clock may be a little ahead, so the next minute counts too.</summary>
    private static (long Start, ZoneSum Sum) Newest(int zone, WindowTable minutes, long current, int back, long now)
    {
        for (var start = current + 60; start >= current - (back * 60); start -= 60)
            if (ZoneSum.Of(minutes, zone, start, now) is { Present: > 0 } sum)
                return (start, sum);
        return (current, ZoneSum.Of(minutes, zone, current, now));
    }

    /// <summary>Null where none of the minutes has data.</summary>
    private static (long Entries, long Exits, long UnplacedEntries, long UnplacedExits)? Last15(int zone, WindowTable minutes, long current, long now)
    {
        long entries = 0, exits = 0, unplacedEntries = 0, unplacedExits = 0;
        var any = false;
        for (var start = current - ((Window - 1) * 60); start <= current + 60; start += 60)
        {
            var sum = ZoneSum.Of(minutes, zone, start, now);
            any |= sum.Present > 0;
            entries += sum.Entries;
            exits += sum.Exits;
            unplacedEntries += sum.UnplacedEntries;
            unplacedExits += sum.UnplacedExits;
        }
        return any ? (entries, exits, unplacedEntries, unplacedExits) : null;
    }

    private static Occupancy OccupancyAt(int zone, WindowTable minutes, WindowTable quarters, long anchor, long minute, long now)
    {
        var count = new OccupancyCount(quarters, zone, now);
        var quarter = anchor;
        for (; quarter + quarters.Seconds <= minute; quarter += quarters.Seconds)
            count.Step(quarter);
        var occupancy = new Occupancy(null, 0, Trust.None);
        for (var start = quarter; start <= minute; start += minutes.Seconds)
            occupancy = count.StepMinute(ZoneSum.Of(minutes, zone, start, now), start);
        return occupancy;
    }
}
