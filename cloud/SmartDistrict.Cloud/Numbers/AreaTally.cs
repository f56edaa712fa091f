using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Cloud.Sales;

namespace SmartDistrict.Cloud.Numbers;

/// <summary>What one area counted over a time; tallies of times that follow each other add up.</summary>
/// <remarks>
/// Counted numbers are as the devices made them, corrected ones times the calibration factors. Unplaced people are in the
/// corrected totals, because they did cross; they are in no hour's peak, because nobody knows when.
/// Its bytes are kept of days that are over (<see cref="DayFile"/>), all but the sales.
/// </remarks>
internal struct AreaTally
{
    public AreaTally()
    {
    }

    public long Entries;

    public long Exits;

    public long UnplacedEntries;

    public long UnplacedExits;

    /// <summary>Crossings whose direction or number the devices doubt.</summary>
    public long Ambiguous;

    public double CorrectedIn;

    public double CorrectedOut;

    public long Passing;

    public double CorrectedPassing;

    public int PassingPresent;

    public Trust PassingTrust;

    /// <summary>Readings that should have come; null where that is not known of every line.</summary>
    public long? Expected = 0;

    public long Received;

    public long Revision;

    /// <summary>Windows of lines with data.</summary>
    public int Present;

    /// <summary>Windows of lines that should be there by now.</summary>
    public int Due;

    public Trust Trust;

    /// <summary>Σ people × s, over the quarter hours whose occupancy is known.</summary>
    public double PersonSeconds;

    public long KnownSeconds;

    public double Peak;

    /// <summary>End of the quarter hour with the most people, s since the Unix epoch.</summary>
    public long PeakAt;

    public Trust OccupancyTrust;

    /// <summary>Σ in − Σ out of the days that are over: what must have been counted wrong.</summary>
    public double Drift;

    /// <summary>Σ |drift| of those days.</summary>
    public double DriftSize;

    /// <summary>Σ in + Σ out of those days.</summary>
    public double DriftCrossings;

    public bool HasDrift;

    /// <summary>Sales; null where no till told any.</summary>
    public long? Transactions;

    /// <summary>Visits on the days that tills told of.</summary>
    public double VisitsTold;

    /// <summary>There were visits on days that no till told of.</summary>
    public bool Untold;

    public double BusiestVisits = -1;

    /// <summary>Start of the hour with the most visits, s since the Unix epoch; meaningless while <see cref="BusiestVisits"/> is below 0.</summary>
    public long BusiestHour;

    public void Add(in AreaTally next)
    {
        Entries += next.Entries;
        Exits += next.Exits;
        UnplacedEntries += next.UnplacedEntries;
        UnplacedExits += next.UnplacedExits;
        Ambiguous += next.Ambiguous;
        CorrectedIn += next.CorrectedIn;
        CorrectedOut += next.CorrectedOut;
        Passing += next.Passing;
        CorrectedPassing += next.CorrectedPassing;
        PassingPresent += next.PassingPresent;
        PassingTrust = TrustRules.Worst(PassingTrust, next.PassingTrust);
        Expected += next.Expected;
        Received += next.Received;
        Revision += next.Revision;
        Present += next.Present;
        Due += next.Due;
        Trust = TrustRules.Worst(Trust, next.Trust);
        PersonSeconds += next.PersonSeconds;
        KnownSeconds += next.KnownSeconds;
        if (next.Peak > Peak || PeakAt == 0)
            (Peak, PeakAt) = (next.Peak, next.PeakAt);
        OccupancyTrust = TrustRules.Worst(OccupancyTrust, next.OccupancyTrust);
        Drift += next.Drift;
        DriftSize += next.DriftSize;
        DriftCrossings += next.DriftCrossings;
        HasDrift |= next.HasDrift;
        Transactions = next.Transactions is { } more ? (Transactions ?? 0) + more : Transactions;
        VisitsTold += next.VisitsTold;
        Untold |= next.Untold;
        if (next.BusiestVisits > BusiestVisits)
            (BusiestVisits, BusiestHour) = (next.BusiestVisits, next.BusiestHour);
    }

    /// <summary>Adds what tills told of a business day, or of a part of it, to what was counted then.</summary>
    public void Sell(Area area, SaleCounts sales, (long Begin, long End) day, long from, long to)
    {
        foreach (var zone in area.Zones)
            if (sales.Of(zone, day, from, to) is { } told)
                Transactions = (Transactions ?? 0) + told;
        if (Transactions is not null)
            VisitsTold = CorrectedIn;
        else
            Untold = CorrectedIn > 0;
    }
}
