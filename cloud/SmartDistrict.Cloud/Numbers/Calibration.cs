using SmartDistrict.Configuration;

namespace SmartDistrict.Cloud.Numbers;

/// <summary>
/// Corrects what a line counted by what people counted beside it: the factors that stand, dated, with the lines in the
/// district's file. A new one leaves the past as it was. What was counted is kept; the factor applies where numbers are derived.
/// </summary>
internal sealed class Calibration(District district)
{
    private readonly (long Since, double Entries, double Exits)[][] factors =
        [.. district.Lines.Select(line => line.Calibration.Select(factor => (factor.Since.ToUnixTimeSeconds(), factor.Entries, factor.Exits)).ToArray())];

    /// <summary>What the counts of a window are multiplied by; 1 where nobody has calibrated.</summary>
    /// <param name="line">Index of the line in the topology.</param>
    /// <param name="entries">The line's "in" direction, else its "out".</param>
    /// <param name="start">Start of the window, s since the Unix epoch.</param>
    public double Factor(int line, bool entries, long start)
    {
        var of = factors[line];
        for (var i = of.Length - 1; i >= 0; i--)
            if (of[i].Since <= start)
                return entries ? of[i].Entries : of[i].Exits;
        return 1;
    }
}
