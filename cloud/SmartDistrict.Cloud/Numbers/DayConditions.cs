using System.Collections.Concurrent;
using SmartDistrict.Cloud.Accuracy;
using SmartDistrict.Cloud.Footfall;

namespace SmartDistrict.Cloud.Numbers;

/// <summary>
/// What a day's numbers depend on beside its windows: which lines bounded which area that day, which lay in front, and by
/// which factors their counts were corrected. What holds before or after the day is not in it, so a line that moves, or a
/// new factor, leaves other days as they were.
/// </summary>
internal sealed class DayConditions(Areas areas, Topology topology, LineFactors calibration)
{
    private readonly ulong[] lines = [.. topology.District.Lines.Select(line => Of(line.Id))];
    private readonly ulong[] names = [.. Enumerable.Range(0, areas.Count).Select(area => Of(areas[area].Id))];

    private readonly ConcurrentDictionary<long, (object Factors, long Conditions)> known = [];

    /// <summary>A number that is the same, also after a restart, for days of the same conditions.</summary>
    /// <param name="start">Start of a business day, s since the Unix epoch.</param>
    /// <param name="end">Exclusive.</param>
    public long At(long start, long end)
    {
        var factors = calibration.Version;
        if (known.TryGetValue(start, out var before) && before.Factors == factors)
            return before.Conditions;
        var made = Make(start, end);
        known[start] = (factors, made);
        return made;
    }

    private long Make(long start, long end)
    {
        var hash = 0ul;
        for (var area = 0; area < areas.Count; area++)
        {
            var (sides, passing) = (Of(areas[area].Sides, start, end), Of(areas[area].Passing, start, end));
            // an area that is new today is none of earlier days
            if (sides != 0 || passing != 0)
                hash = Mix(Mix(Mix(hash, names[area]), sides), passing);
        }
        return (long)Mix(hash, (ulong)(end - start));
    }

    private ulong Of(Topology.Side[] sides, long start, long end)
    {
        var hash = 0ul;
        foreach (var side in sides)
        {
            var (from, to) = (Math.Max(start, side.Since), Math.Min(end, side.Until));
            if (from >= to)
                continue;
            hash = Mix(Mix(Mix(hash, lines[side.Line]), side.Inward ? 1ul : 2ul), (ulong)(from - start));
            hash = Mix(hash, (ulong)(to - start));
            if (calibration.At(side.Line, from) is { } first)
                hash = Mix(Mix(hash, Bits(first.Entries)), Bits(first.Exits));
            foreach (var factor in calibration.Of(side.Line))
                if (factor.Since > from && factor.Since < to)
                    hash = Mix(Mix(Mix(hash, Bits(factor.Entries)), Bits(factor.Exits)), (ulong)(factor.Since - start));
        }
        return hash;
    }

    private static ulong Of(string text) => text.Aggregate(1ul, (hash, c) => Mix(hash, c));

    private static ulong Bits(double value) => BitConverter.DoubleToUInt64Bits(value);

    /// <summary>Not System.HashCode, which is another one in each process.</summary>
    private static ulong Mix(ulong hash, ulong value)
    {
        hash = (hash ^ value) + 0x9E37_79B9_7F4A_7C15;
        hash = (hash ^ (hash >> 30)) * 0xBF58_476D_1CE4_E5B9;
        hash = (hash ^ (hash >> 27)) * 0x94D0_49BB_1331_11EB;
        return hash ^ (hash >> 31);
    }
}
