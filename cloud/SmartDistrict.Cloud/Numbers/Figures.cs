using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Configuration;

namespace SmartDistrict.Cloud.Numbers;

/// <summary>Makes the numbers of the trade of what an area counted.</summary>
internal static class Figures
{
    private const string NoData = "no-data";
    private const string NoSales = "no-sales";

    public static AreaFigures Of(Area area, AreaTally tally, CaptureRate definition)
    {
        var missing = area.Sides.Length == 0 ? "no-lines" : NoData;
        var any = tally.Present > 0;
        var status = any ? tally.Trust : Trust.None;
        Figure Counted(double value) => any ? new(value, status, null) : None(missing);
        // what is derived of the occupancy is worth what the occupancy is
        Figure Inside(double value, bool known = true, string? cause = null) =>
            !any || tally.KnownSeconds == 0 ? None(missing) : known ? new(value, TrustRules.Worst(status, tally.OccupancyTrust), null) : None(cause!);

        var (visits, exits) = (Whole(tally.CorrectedIn), Whole(tally.CorrectedOut));
        var passersBy = area.Passing.Length == 0 ? None("no-passing-lines")
            : tally.PassingPresent == 0 ? None(NoData)
            : new(Whole(tally.CorrectedPassing), tally.PassingTrust, null);
        return new(
            status, Counted(visits), Counted(exits),
            any ? tally.Entries + tally.UnplacedEntries : null, any ? tally.Exits + tally.UnplacedExits : null, any ? tally.UnplacedEntries : null,
            passersBy, Capture(Counted(visits), passersBy, definition),
            Inside(tally.PersonSeconds / Math.Max(1, tally.KnownSeconds)), Inside(tally.Peak),
            any && tally.KnownSeconds > 0 ? tally.PeakAt : null, tally.HasDrift ? Tenths(tally.Drift) : null,
            any ? tally.Ambiguous : null, tally.HasDrift ? Uncertainty(tally) : null,
            Inside(tally.PersonSeconds / tally.CorrectedIn, tally.CorrectedIn > 0, "nobody-came"),
            area.Queue ? Inside(tally.PersonSeconds / tally.CorrectedOut, tally.CorrectedOut > 0, "nobody-left") : None("not-a-queue"),
            !any ? None(missing) : tally.BusiestVisits > 0 ? new(tally.BusiestHour, status, null) : None("nobody-came"),
            tally.BusiestVisits > 0 ? Whole(tally.BusiestVisits) : null,
            tally.Transactions is { } sold ? new(sold, Told(tally, status), null) : None(NoSales), Conversion(area, tally, status), None("beams-cannot-know"),
            any ? tally.Expected : null, tally.Received, tally.Present, tally.Due, tally.Revision);
    }

    /// <summary>A number that is not told; whoever reads it learns why.</summary>
    public static Figure None(string cause) => new(null, Trust.None, cause);

    public static string Name(this CaptureRate definition) =>
        definition == CaptureRate.EntriesPerPasserBy ? "entries-per-passer-by" : "entries-per-presence";

    private static Figure Capture(Figure visits, Figure passersBy, CaptureRate definition)
    {
        if (passersBy.Value is not { } passing)
            return None(passersBy.Cause!);
        if (visits.Value is not { } came)
            return None(visits.Cause!);
        // who came in must have passed by: the lines in front do not see everybody
        if (definition == CaptureRate.EntriesPerPasserBy && came > passing && passing > 0)
            return None("more-came-than-passed");
        var front = definition == CaptureRate.EntriesPerPasserBy ? passing : came + passing;
        return front > 0 ? new(came / front, TrustRules.Worst(visits.Status, passersBy.Status), null) : None("nobody-came");
    }

    /// <summary>Only of a zone: elsewhere one visitor may buy in several shops. Only of the days that tills told of.</summary>
    private static Figure Conversion(Area area, in AreaTally tally, Trust status) => tally.Transactions switch
    {
        null => None(NoSales),
        _ when area.Kind != AreaKind.Zone => None("several-shops"),
        _ when tally.VisitsTold <= 0 => None("nobody-came"),
        { } sold when sold > tally.VisitsTold => None("more-sold-than-came"),
        { } sold => new(sold / tally.VisitsTold, Told(tally, status), null),
    };

    private static Trust Told(in AreaTally tally, Trust status) => tally.Untold ? TrustRules.Worst(status, Trust.Partial) : status;

    private static double Uncertainty(in AreaTally tally) =>
        Math.Max(tally.DriftSize / tally.DriftCrossings, tally.Ambiguous / Math.Max(1.0, tally.Entries + tally.Exits + tally.UnplacedEntries + tally.UnplacedExits));

    private static double Whole(double value) => double.IsFinite(value) ? Math.Round(value, MidpointRounding.AwayFromZero) : 0;

    private static double Tenths(double value) => Math.Round(value, 1, MidpointRounding.AwayFromZero);
}
