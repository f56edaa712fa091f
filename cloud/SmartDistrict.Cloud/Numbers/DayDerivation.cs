using System.Runtime.CompilerServices;
using SmartDistrict.Cloud.Accuracy;
using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Cloud.Numbers;

/// <summary>Derives the numbers of areas, but for sales, from one business day of quarter hours. Pure: the same windows yield the same numbers.</summary>
/// <param name="quarters">Windows that hold the day.</param>
/// <param name="begin">The day's beginning, s since the Unix epoch.</param>
/// <param name="end">Its end, exclusive.</param>
/// <param name="now">s since the Unix epoch.</param>
/// <remarks>
/// Occupancy starts from zero at the day's beginning and follows everyone who crosses. While the day runs it is held at
/// zero from below, as on the map. When the day is over it must have come back to zero: what is left then (doors drift by
/// some percent) is taken out in proportion to the crossings of each quarter hour, before means and peaks are told.
/// </remarks>
internal sealed class DayDerivation(Areas areas, LineFactors calibration, Periods periods, WindowGrid quarters, long begin, long end, long now)
{
    private const int Quarter = 900;
    private readonly long[] hours = HoursOf(periods, begin, end);

    /// <summary>The whole day of every area.</summary>
    public AreaTally[] All()
    {
        var tallies = new AreaTally[areas.Count];
        for (var area = 0; area < tallies.Length; area++)
            tallies[area] = Of(areas[area], begin, end);
        return tallies;
    }

    /// <summary>A part of the day, on quarter hours.</summary>
    public AreaTally Of(Area area, long from, long to)
    {
        var tally = new AreaTally();
        var sums = Sums(area);
        var people = Occupancy(sums, ref tally);
        var (worst, busiest) = (Trust.Complete, 0.0);
        for (var i = 0; i < sums.Length; i++)
        {
            var start = begin + ((long)i * Quarter);
            ref readonly var sum = ref sums[i];
            worst = TrustRules.Worst(worst, sum.Trust);
            if (start < from || start >= to)
                continue;
            Count(ref tally, sum);
            Pass(ref tally, area, start);
            if (sum.Present > 0)
            {
                tally.PersonSeconds += people[i] * Quarter;
                tally.KnownSeconds += Quarter;
                if (people[i] > tally.Peak || tally.PeakAt == 0)
                    (tally.Peak, tally.PeakAt) = (people[i], start + Quarter);
            }
            tally.OccupancyTrust = worst;
            busiest = i > 0 && hours[i] == hours[i - 1] && start > from ? busiest + sum.PlacedIn : sum.PlacedIn;
            if (sum.Present > 0 && busiest > tally.BusiestVisits)
                (tally.BusiestVisits, tally.BusiestHour) = (busiest, hours[i]);
        }
        if (now < to)
            tally.Trust = TrustRules.Worst(tally.Trust, Trust.Provisional);
        tally.HasDrift &= from <= begin && to >= end;
        if (!tally.HasDrift)
            (tally.Drift, tally.DriftSize, tally.DriftCrossings) = (0, 0, 0);
        return tally;
    }

    private double[] Occupancy(Sum[] sums, ref AreaTally tally)
    {
        var people = new double[sums.Length];
        var (left, crossings) = (0.0, 0.0);
        foreach (ref readonly var sum in sums.AsSpan())
            (left, crossings) = (left + sum.In - sum.Out, crossings + sum.In + sum.Out);
        var over = end <= now;
        var count = 0.0;
        for (var i = 0; i < sums.Length; i++)
        {
            count += sums[i].In - sums[i].Out;
            if (over && crossings > 0)
                count -= left * (sums[i].In + sums[i].Out) / crossings;
            else
                count = Math.Max(0, count);
            people[i] = Math.Max(0, count);
        }
        (tally.Drift, tally.HasDrift) = (left, over && crossings > 0);
        (tally.DriftSize, tally.DriftCrossings) = (Math.Abs(left), crossings);
        return people;
    }

    private static void Count(ref AreaTally tally, in Sum sum)
    {
        tally.Due += sum.Due;
        tally.Present += sum.Present;
        tally.Entries += sum.Entries;
        tally.Exits += sum.Exits;
        tally.UnplacedEntries += sum.UnplacedEntries;
        tally.UnplacedExits += sum.UnplacedExits;
        tally.CorrectedIn += sum.In;
        tally.CorrectedOut += sum.Out;
        tally.Ambiguous += sum.Ambiguous;
        tally.Expected += sum.Expected;
        tally.Received += sum.Received;
        tally.Revision += sum.Revision;
        tally.Trust = TrustRules.Worst(tally.Trust, sum.Trust);
    }

    private void Pass(ref AreaTally tally, Area area, long start)
    {
        foreach (var (line, _, since, until) in area.Passing)
        {
            if (start < since || start >= until)
                continue;
            ref readonly var window = ref quarters.Find(line, start);
            if (Unsafe.IsNullRef(in window) || TrustRules.SaysNothing(window))
            {
                tally.PassingTrust = TrustRules.Worst(tally.PassingTrust, TrustRules.OfMissing(start + Quarter, now));
                continue;
            }
            tally.PassingPresent++;
            tally.PassingTrust = TrustRules.Worst(tally.PassingTrust, TrustRules.Of(window.Status, start + Quarter, now));
            var (entries, exits) = (window.Counts.Entries + window.Counts.UnplacedEntries, window.Counts.Exits + window.Counts.UnplacedExits);
            tally.Passing += entries + exits;
            tally.CorrectedPassing += (entries * calibration.Factor(line, true, start)) + (exits * calibration.Factor(line, false, start));
        }
    }

    /// <summary>The quarter hours that have begun.</summary>
    private Sum[] Sums(Area area)
    {
        var count = (int)Math.Clamp((Math.Min(end, now + 1) - begin + Quarter - 1) / Quarter, 0, (end - begin) / Quarter);
        var sums = new Sum[count];
        for (var i = 0; i < count; i++)
            sums[i] = SumOf(area, begin + ((long)i * Quarter));
        return sums;
    }

    private Sum SumOf(Area area, long start)
    {
        var sum = new Sum { Expected = 0 };
        foreach (ref readonly var side in area.Sides.AsSpan())
        {
            if (!side.HoldsAt(start))
                continue;
            sum.Due++;
            ref readonly var window = ref quarters.Find(side.Line, start);
            if (Unsafe.IsNullRef(in window) || TrustRules.SaysNothing(window))
                sum.Miss(TrustRules.OfMissing(start + Quarter, now));
            else
                sum.Add(window, side.Inward, calibration.Factor(side.Line, side.Inward, start), calibration.Factor(side.Line, !side.Inward, start),
                    TrustRules.Of(window.Status, start + Quarter, now));
        }
        return sum;
    }

    /// <summary>Of each quarter hour the start of the clock's hour that it lies in.</summary>
    private static long[] HoursOf(Periods periods, long from, long end)
    {
        var hours = new long[(end - from) / Quarter];
        for (var i = 0; i < hours.Length;)
        {
            var hour = periods.HourAt(from + ((long)i * Quarter));
            for (; i < hours.Length && from + ((long)i * Quarter) < hour.To; i++)
                hours[i] = hour.From;
        }
        return hours;
    }

    /// <summary>One quarter hour of one area.</summary>
    private struct Sum
    {
        public long Entries, Exits, UnplacedEntries, UnplacedExits, Ambiguous, Received, Revision;
        public long? Expected;
        public double In, Out, PlacedIn;
        public int Present, Due;
        public Trust Trust;

        /// <summary>How many readings a line should have had whose window is not there is not known, unless it may still come.</summary>
        public void Miss(Trust trust)
        {
            Trust = TrustRules.Worst(Trust, trust);
            if (trust != Trust.Provisional)
                Expected = null;
        }

        public void Add(in LineWindow window, bool inward, double factorIn, double factorOut, Trust trust)
        {
            var counts = window.Counts;
            var (entries, exits) = inward ? (counts.Entries, counts.Exits) : (counts.Exits, counts.Entries);
            var (unplacedEntries, unplacedExits) = inward ? (counts.UnplacedEntries, counts.UnplacedExits) : (counts.UnplacedExits, counts.UnplacedEntries);
            Entries += entries;
            Exits += exits;
            UnplacedEntries += unplacedEntries;
            UnplacedExits += unplacedExits;
            In += (entries + unplacedEntries) * factorIn;
            PlacedIn += entries * factorIn;
            Out += (exits + unplacedExits) * factorOut;
            Ambiguous += counts.Ambiguous;
            Expected += counts.Expected;
            Received += counts.Received;
            Revision += window.Revision.Counter;
            Present++;
            Trust = TrustRules.Worst(Trust, trust);
        }
    }
}
