using SmartDistrict.Cloud.Hot;

namespace SmartDistrict.Cloud.Heatmap;

/// <summary>One number of several zones together, by time bucket. Every array has one element per bucket.</summary>
/// <param name="Measure">Which number: entries, exits, unplaced-entries, unplaced-exits or occupancy.</param>
/// <param name="Bucket">Length of a bucket: 1m, 15m, 1h or 1d (a business day, from one occupancy reset to the next).</param>
/// <param name="From">Start of the first bucket, s since the Unix epoch: the asked instant taken down to a whole bucket.</param>
/// <param name="To">End of the last bucket, exclusive: the asked instant taken up to a whole bucket.</param>
/// <param name="Starts">Start of each bucket, s since the Unix epoch.</param>
/// <param name="Values">Sum over the zones that have data; null where none has, never zero.</param>
/// <param name="Status">What each sum is worth, the worst of its zones with data, in runs as a heatmap writes them (c94p2).</param>
/// <param name="ZonesWithData">How many of the zones are in each sum.</param>
/// <param name="Zones">How many zones were asked about.</param>
/// <param name="Reach">97 of 100 of the single zones' numbers are not above this; 0 without numbers. A colour scale needs it before the numbers themselves.</param>
/// <param name="Stale">Null where this is what the store held at most 20 s ago. Otherwise since when it is not, and why: the store cannot be read, or is slow.</param>
public sealed record TotalAnswer(
    string Measure, string Bucket, long From, long To, IReadOnlyList<long> Starts, IReadOnlyList<long?> Values, string Status,
    IReadOnlyList<int> ZonesWithData, int Zones, long Reach, StaleStore? Stale);
