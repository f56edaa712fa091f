namespace SmartDistrict.Edge.Footfall;

/// <summary>Which of the two beams; an entering person breaks A first.</summary>
public enum Beam : byte
{
    A,
    B,
}

/// <summary>A beam was broken, or became clear.</summary>
/// <param name="Time">Kernel time, ns.</param>
public readonly record struct BeamEdge(long Time, Beam Beam, bool Broken);

/// <summary>People who walked through both beams.</summary>
/// <param name="At">When the middle of them was in the middle of the beams; kernel time, ns.</param>
/// <param name="Inward">From A to B.</param>
/// <param name="People">How many, at least 1: more where they hid one another without a gap.</param>
/// <param name="Ambiguous">How many of them are doubtful.</param>
public readonly record struct Passage(long At, bool Inward, int People, int Ambiguous);

/// <summary>How two beams stand, and what is held for one person.</summary>
/// <param name="Spacing">Distance between the beams, m.</param>
/// <param name="LongestPerson">The longest that one person is in walking direction, m.</param>
public readonly record struct BeamGeometry(double Spacing, double LongestPerson);
