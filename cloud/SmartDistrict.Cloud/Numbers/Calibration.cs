using SmartDistrict.Cloud.Accuracy;

namespace SmartDistrict.Cloud.Numbers;

/// <summary>
/// Corrects what a line counted by what people counted beside it: the dated factors of the district's file and of the console. A
/// new one leaves the past as it was. What was counted is kept; the factor applies where numbers are derived.
/// </summary>
internal sealed class Calibration(LineFactors factors)
{
    /// <summary>What the counts of a window are multiplied by; 1 where nobody has calibrated.</summary>
    /// <param name="line">Index of the line in the topology.</param>
    /// <param name="entries">The line's "in" direction, else its "out".</param>
    /// <param name="start">Start of the window, s since the Unix epoch.</param>
    public double Factor(int line, bool entries, long start) =>
        factors.At(line, start) is { } factor ? entries ? factor.Entries : factor.Exits : 1;
}
