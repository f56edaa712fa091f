namespace SmartDistrict.Configuration;

internal static class Geometry
{
    /// <summary>Whether all corners lie on one straight line: twice the area of the ring is nothing beside its extent.</summary>
    public static bool IsFlat(IReadOnlyList<Position> ring)
    {
        var origin = ring[0];
        double twiceArea = 0, extent = 0;
        for (var i = 0; i < ring.Count; i++)
        {
            var (a, b) = (ring[i], ring[(i + 1) % ring.Count]);
            twiceArea += (a.X - origin.X) * (b.Y - origin.Y) - (b.X - origin.X) * (a.Y - origin.Y);
            extent = Math.Max(extent, Math.Max(Math.Abs(a.X - origin.X), Math.Abs(a.Y - origin.Y)));
        }
        return Math.Abs(twiceArea) <= extent * extent * 1e-9;
    }
}
