using SmartDistrict.Configuration;

namespace SmartDistrict.Testing.Simulation;

/// <summary>Positions on a plane in metres, exact enough for walking times within one district.</summary>
public static class Metres
{
    private const double PerDegree = 111_320;

    public static (double X, double Y) Of(CoordinateSystem system, CountingLine line)
    {
        var start = Of(system, line.Start);
        var end = Of(system, line.End);
        return ((start.X + end.X) / 2, (start.Y + end.Y) / 2);
    }

    public static double Between(CoordinateSystem system, Position a, Position b)
    {
        var p = Of(system, a);
        var q = Of(system, b);
        return Math.Sqrt(Math.Pow(p.X - q.X, 2) + Math.Pow(p.Y - q.Y, 2));
    }

    /// <summary>Equirectangular: x shrinks with the cosine of the latitude.</summary>
    public static (double X, double Y) Of(CoordinateSystem system, Position position) =>
        system == CoordinateSystem.LocalMetres
            ? (position.X, position.Y)
            : (position.X * PerDegree * Math.Cos(position.Y * Math.PI / 180), position.Y * PerDegree);
}
