using SmartDistrict.Cloud.Hot;

namespace SmartDistrict.Cloud.Footfall;

/// <summary>Footfall of zones by time bucket. Every array has one element per bucket; null is no data, never zero.</summary>
/// <param name="Bucket">Length of a bucket: 1m, 15m or 1h.</param>
/// <param name="BucketSeconds">The same in seconds.</param>
/// <param name="From">Start of the first bucket, s since the Unix epoch: the asked instant taken down to a whole bucket.</param>
/// <param name="To">End of the last bucket, exclusive: the asked instant taken up to a whole bucket.</param>
/// <param name="Starts">Start of each bucket, s since the Unix epoch.</param>
/// <param name="Zones">One series per zone, in the order of the district's file.</param>
/// <param name="Stale">Why this may be out of date: the last known picture, while the store cannot be read; null while it can.</param>
public sealed record ZoneFootfall(
    string Bucket, int BucketSeconds, long From, long To, IReadOnlyList<long> Starts, IReadOnlyList<ZoneSeries> Zones, StaleStore? Stale);

/// <summary>One zone over time.</summary>
/// <param name="Zone">Zone id.</param>
/// <param name="Entries">People who came in; null without data.</param>
/// <param name="Exits">People who went out; null without data.</param>
/// <param name="UnplacedEntries">Proven entries whose minute is not known, reported in this bucket: part of totals and occupancy, not of entries.</param>
/// <param name="UnplacedExits">As unplacedEntries, of exits.</param>
/// <param name="Occupancy">People in the zone at the end of the bucket, counted from the last daily reset; null without data in the bucket.</param>
/// <param name="OccupancyStatus">What the occupancy is worth: the worst since the reset.</param>
/// <param name="OccupancyDrift">People by whom the occupancy would have fallen below zero since the reset, and was held there.</param>
/// <param name="Expected">Readings that should have come; null where that is not known of every line.</param>
/// <param name="Received">Readings that came; null without data.</param>
/// <param name="Status">What the numbers of the bucket are worth.</param>
/// <param name="Revision">Rises whenever a window of the bucket is revised; null without data.</param>
public sealed record ZoneSeries(
    string Zone,
    IReadOnlyList<long?> Entries,
    IReadOnlyList<long?> Exits,
    IReadOnlyList<long?> UnplacedEntries,
    IReadOnlyList<long?> UnplacedExits,
    IReadOnlyList<long?> Occupancy,
    IReadOnlyList<Trust> OccupancyStatus,
    IReadOnlyList<long> OccupancyDrift,
    IReadOnlyList<long?> Expected,
    IReadOnlyList<long?> Received,
    IReadOnlyList<Trust> Status,
    IReadOnlyList<long?> Revision);

/// <summary>Footfall of counting lines by time bucket: the facts that zones are derived from.</summary>
/// <param name="Bucket">Length of a bucket: 1m, 15m or 1h.</param>
/// <param name="BucketSeconds">The same in seconds.</param>
/// <param name="From">Start of the first bucket, s since the Unix epoch.</param>
/// <param name="To">End of the last bucket, exclusive.</param>
/// <param name="Starts">Start of each bucket, s since the Unix epoch.</param>
/// <param name="Lines">One series per line, in the order of the district's file.</param>
/// <param name="Stale">Why this may be out of date: the last known picture, while the store cannot be read; null while it can.</param>
public sealed record LineFootfall(
    string Bucket, int BucketSeconds, long From, long To, IReadOnlyList<long> Starts, IReadOnlyList<LineSeries> Lines, StaleStore? Stale);

/// <summary>One counting line over time.</summary>
/// <param name="Line">Line id.</param>
/// <param name="Entries">People in the line's "in" direction; null without data.</param>
/// <param name="Exits">People in the line's "out" direction; null without data.</param>
/// <param name="UnplacedEntries">Proven entries whose minute is not known, reported in this bucket.</param>
/// <param name="UnplacedExits">As unplacedEntries, of exits.</param>
/// <param name="Ambiguous">Crossings, contained in the counts, whose direction or number the device doubts.</param>
/// <param name="Expected">Readings that should have come; null where unknown.</param>
/// <param name="Received">Readings that came; null without data.</param>
/// <param name="Status">What the numbers of the bucket are worth.</param>
/// <param name="Revision">Journal record of the gateway that last changed the window; null without data.</param>
public sealed record LineSeries(
    string Line,
    IReadOnlyList<long?> Entries,
    IReadOnlyList<long?> Exits,
    IReadOnlyList<long?> UnplacedEntries,
    IReadOnlyList<long?> UnplacedExits,
    IReadOnlyList<long?> Ambiguous,
    IReadOnlyList<long?> Expected,
    IReadOnlyList<long?> Received,
    IReadOnlyList<Trust> Status,
    IReadOnlyList<long?> Revision);

/// <summary>How many people went from zone to zone.</summary>
/// <param name="From">Start, s since the Unix epoch: the asked instant taken down to a whole minute.</param>
/// <param name="To">End, exclusive: the asked instant taken up to a whole minute.</param>
/// <param name="Flows">One flow per ordered pair of zones that a counting line joined in that time.</param>
public sealed record FlowFootfall(long From, long To, IReadOnlyList<Flow> Flows);

/// <summary>People who crossed from one zone to its neighbour.</summary>
/// <param name="From">Zone id; "outside" is everything beyond the district.</param>
/// <param name="To">Zone id.</param>
/// <param name="Count">People; null without data.</param>
/// <param name="Unplaced">Further people, proven, but without a known time within the span.</param>
/// <param name="Status">What the numbers are worth.</param>
public sealed record Flow(string From, string To, long? Count, long? Unplaced, Trust Status);
