using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Configuration;

namespace SmartDistrict.Cloud.Numbers;

/// <summary>What numbers are told of: the whole district, each group of zones, each zone; in this order.</summary>
internal sealed class Areas
{
    /// <summary>Id of the whole district as an area.</summary>
    public const string WholeDistrict = "district";

    private readonly Dictionary<string, int> indices;
    private readonly Area[] areas;

    public Areas(Topology topology)
    {
        var district = topology.District;
        areas =
        [
            new(WholeDistrict, AreaKind.District, district.Name, Sides(district, _ => true), [], false, [.. district.Zones.Select(zone => zone.Id)]),
            .. district.Numbers.Groups.Select(group =>
                new Area(group.Id, AreaKind.Group, group.Name, Sides(district, group.Zones.Contains), [], false, [.. group.Zones])),
            .. district.Zones.Select((zone, index) => new Area(
                zone.Id, AreaKind.Zone, zone.Name, topology.SidesOf(index).ToArray(),
                [.. district.Numbers.PassingLines.GetValueOrDefault(zone.Id, []).SelectMany(line => Joins(district, topology.LineIndex(line))).Select(at => at.Side)],
                district.Numbers.Queues.Contains(zone.Id), [zone.Id])),
        ];
        indices = areas.Select((area, index) => (area.Id, index)).ToDictionary(a => a.Id, a => a.index);
    }

    public int Count => areas.Length;

    public Area this[int index] => areas[index];

    /// <summary>-1 for an area that the district's file does not know.</summary>
    public int IndexOf(string id) => indices.GetValueOrDefault(id, -1);

    /// <summary>The lines that bound a set of zones, seen from inside. Who crosses a line within it neither comes nor goes.</summary>
    private static Topology.Side[] Sides(District district, Func<string, bool> within)
    {
        bool Inside(string zone) => zone != District.Outside && within(zone);
        return
        [
            .. Enumerable.Range(0, district.Lines.Count).SelectMany(line => Joins(district, line))
                .Where(at => Inside(at.Join.From) != Inside(at.Join.To))
                .Select(at => at.Side with { Inward = Inside(at.Join.To) }),
        ];
    }

    private static IEnumerable<(LineJoin Join, Topology.Side Side)> Joins(District district, int line)
    {
        var joins = district.Lines[line].Joins;
        return joins.Select((join, i) => (join, new Topology.Side(
            line, true, join.Since.ToUnixTimeSeconds(), i + 1 < joins.Count ? joins[i + 1].Since.ToUnixTimeSeconds() : long.MaxValue)));
    }
}

internal enum AreaKind
{
    District,
    Group,
    Zone,
}

/// <param name="Sides">The lines that people come in and go out by.</param>
/// <param name="Passing">The lines in front: who crosses one, either way, passes by.</param>
/// <param name="Queue">People wait here in a queue.</param>
/// <param name="Zones">The zones that it consists of.</param>
internal sealed record Area(string Id, AreaKind Kind, LocalName Name, Topology.Side[] Sides, Topology.Side[] Passing, bool Queue, string[] Zones);
