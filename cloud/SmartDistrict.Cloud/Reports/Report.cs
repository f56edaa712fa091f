using SmartDistrict.Cloud.Numbers;

namespace SmartDistrict.Cloud.Reports;

/// <summary>A report: the numbers of every area, and of one area over time, with small counts kept back.</summary>
/// <param name="MadeAt">s since the Unix epoch.</param>
/// <param name="SmallCountsBelow">Counts of people below this, except zero, are kept back, and others from which one could be had by subtraction.</param>
/// <param name="Withheld">Rows of which something is kept back for that, of areas and of steps together.</param>
/// <param name="Numbers">The district, its groups of zones and its zones.</param>
/// <param name="OverTime">One area by the parts of the period.</param>
public sealed record Report(long MadeAt, int SmallCountsBelow, int Withheld, DistrictNumbers Numbers, NumbersOverTime OverTime);
