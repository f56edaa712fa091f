using SmartDistrict.Cloud.Hot;

namespace SmartDistrict.Cloud.Heatmap;

/// <summary>One number of every zone over time, in a compact form.</summary>
/// <param name="Measure">Which number: entries, exits, unplaced-entries, unplaced-exits or occupancy.</param>
/// <param name="Bucket">Length of a bucket: 1m, 15m, 1h or 1d (a business day, from one occupancy reset to the next).</param>
/// <param name="From">Start of the first bucket, s since the Unix epoch: the asked instant taken down to a whole bucket.</param>
/// <param name="To">End of the last bucket, exclusive: the asked instant taken up to a whole bucket.</param>
/// <param name="Starts">Start of each bucket, s since the Unix epoch.</param>
/// <param name="Zones">Zone ids: all in the order of the district's file, or those asked for.</param>
/// <param name="Values">One array per zone, in the order of zones, with one element per bucket; null is no data, never zero.</param>
/// <param name="Status">
/// One text per zone, in the order of zones: what each bucket's number is worth, in runs of a letter and how many buckets
/// it holds for. c complete, r repaired, p provisional, m partial (something is missing), s stale, n none. c94p2 is 94
/// complete buckets and 2 provisional ones.
/// </param>
/// <param name="Stale">Null where this is what the store held at most 20 s ago. Otherwise since when it is not, and why: the store cannot be read, or is slow.</param>
public sealed record HeatmapAnswer(
    string Measure, string Bucket, long From, long To, IReadOnlyList<long> Starts, IReadOnlyList<string> Zones,
    IReadOnlyList<IReadOnlyList<long?>> Values, IReadOnlyList<string> Status, StaleStore? Stale);
