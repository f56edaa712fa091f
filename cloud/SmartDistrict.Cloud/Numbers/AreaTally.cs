using SmartDistrict.Cloud.Footfall;

namespace SmartDistrict.Cloud.Numbers;

/// <summary>What one area counted over a time; tallies of times that follow each other add up.</summary>
/// <remarks>
/// Counted numbers are as the devices made them, corrected ones times the calibration factors. Unplaced people are in the
/// corrected totals, because they did cross; they are in no hour's peak, because nobody knows when.
/// </remarks>
internal sealed class AreaTally
{
    public long Entries { get; set; }

    public long Exits { get; set; }

    public long UnplacedEntries { get; set; }

    public long UnplacedExits { get; set; }

    /// <summary>Crossings whose direction or number the devices doubt.</summary>
    public long Ambiguous { get; set; }

    public double CorrectedIn { get; set; }

    public double CorrectedOut { get; set; }

    public long Passing { get; set; }

    public double CorrectedPassing { get; set; }

    public int PassingPresent { get; set; }

    public Trust PassingTrust { get; set; }

    /// <summary>Readings that should have come; null where that is not known of every line.</summary>
    public long? Expected { get; set; } = 0;

    public long Received { get; set; }

    public long Revision { get; set; }

    /// <summary>Windows of lines with data.</summary>
    public int Present { get; set; }

    /// <summary>Windows of lines that should be there by now.</summary>
    public int Due { get; set; }

    public Trust Trust { get; set; }

    /// <summary>Σ people × s, over the quarter hours whose occupancy is known.</summary>
    public double PersonSeconds { get; set; }

    public long KnownSeconds { get; set; }

    public double Peak { get; set; }

    /// <summary>End of the quarter hour with the most people, s since the Unix epoch.</summary>
    public long PeakAt { get; set; }

    public Trust OccupancyTrust { get; set; }

    /// <summary>Σ in − Σ out of the days that are over: what must have been counted wrong.</summary>
    public double Drift { get; set; }

    /// <summary>Σ |drift| of those days.</summary>
    public double DriftSize { get; set; }

    /// <summary>Σ in + Σ out of those days.</summary>
    public double DriftCrossings { get; set; }

    public bool HasDrift { get; set; }

    /// <summary>Sales; null where no till told any.</summary>
    public long? Transactions { get; set; }

    /// <summary>Visits on the days that tills told of.</summary>
    public double VisitsTold { get; set; }

    /// <summary>There were visits on days that no till told of.</summary>
    public bool Untold { get; set; }

    public double BusiestVisits { get; set; } = -1;

    /// <summary>Start of the hour with the most visits, s since the Unix epoch; meaningless while <see cref="BusiestVisits"/> is below 0.</summary>
    public long BusiestHour { get; set; }

    public void Add(AreaTally next)
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
}
