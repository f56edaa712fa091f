using SmartDistrict.Configuration;

namespace SmartDistrict.Testing.Simulation.Assets;

/// <summary>Where a cart can drive: streets and plazas of the ground level, joined where a counting line joins them.</summary>
public sealed class Streets
{
    private readonly CoordinateSystem coordinates;
    private readonly Dictionary<string, Position> middles;
    private readonly ILookup<string, (Position Gate, string To)> ways;

    public Streets(District district, DateTimeOffset at)
    {
        coordinates = district.Coordinates;
        middles = district.Zones.Where(zone => zone.Kind is "street" or "plaza" && zone.Level == 0)
            .ToDictionary(zone => zone.Id, zone => Middle(zone.Segment ?? zone.Polygon));
        ways = district.Lines
            .Select(line => (Gate: Middle([line.Start, line.End]), Join: line.JoinAt(at)))
            .Where(way => way.Join is { } join && middles.ContainsKey(join.From) && middles.ContainsKey(join.To))
            .SelectMany(way => new[] { (way.Gate, way.Join!.From, way.Join.To), (way.Gate, From: way.Join.To, To: way.Join.From) })
            .ToLookup(way => way.From, way => (way.Gate, way.To));
    }

    /// <summary>A street to begin in; null where no two are joined.</summary>
    public string? Begin(Random random)
    {
        var all = middles.Keys.Where(zone => ways[zone].Any()).Order(StringComparer.Ordinal).ToList();
        return all.Count == 0 ? null : all[random.Next(all.Count)];
    }

    public Position MiddleOf(string zone) => middles[zone];

    /// <summary>On from a street by one of its ends, not back by the same where there is another.</summary>
    public (Position Gate, string To) Onward(string zone, string? cameFrom, Random random)
    {
        var all = ways[zone].ToList();
        var onward = all.Where(way => way.To != cameFrom).ToList();
        return (onward.Count > 0 ? onward : all) is var choice ? choice[random.Next(choice.Count)] : default;
    }

    public double Metres(Position a, Position b) => Simulation.Metres.Between(coordinates, a, b);

    /// <summary>Degrees clockwise from north.</summary>
    public double Heading(Position a, Position b)
    {
        var (p, q) = (Simulation.Metres.Of(coordinates, a), Simulation.Metres.Of(coordinates, b));
        return (Math.Atan2(q.X - p.X, q.Y - p.Y) * 180 / Math.PI + 360) % 360;
    }

    private static Position Middle(IReadOnlyList<Position> positions) => new(positions.Average(at => at.X), positions.Average(at => at.Y));
}
