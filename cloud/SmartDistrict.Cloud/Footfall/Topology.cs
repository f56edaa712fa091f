using SmartDistrict.Configuration;

namespace SmartDistrict.Cloud.Footfall;

/// <summary>
/// Which lines bound which zone, and since when: the district's dated joins turned round. A window belongs to the join in
/// force at the window's start, so a line that moves leaves the history of its old zones as it was.
/// </summary>
internal sealed class Topology
{
    private readonly Dictionary<string, int> lineIndices;
    private readonly Dictionary<string, int> zoneIndices;
    private readonly Side[][] sides;

    public Topology(District district)
    {
        District = district;
        lineIndices = district.Lines.Select((line, index) => (line.Id, index)).ToDictionary(l => l.Id, l => l.index);
        zoneIndices = district.Zones.Select((zone, index) => (zone.Id, index)).ToDictionary(z => z.Id, z => z.index);
        sides = [.. district.Zones.Select(zone => SidesOf(zone.Id).ToArray())];
        Owners = district.Devices
            .SelectMany(device => device.Lines.Values.Select(line => (line, device)))
            .DistinctBy(pair => pair.line)
            .ToDictionary(pair => pair.line, pair => pair.device);
    }

    public District District { get; }

    /// <summary>Line id → the device that counts it, and with it the one gateway that owns the line.</summary>
    public IReadOnlyDictionary<string, DeviceEntry> Owners { get; }

    public int LineCount => District.Lines.Count;

    public int ZoneCount => District.Zones.Count;

    /// <summary>Index of a line; -1 for one that the district's file does not know.</summary>
    public int LineIndex(ReadOnlySpan<char> id) => lineIndices.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(id, out var index) ? index : -1;

    public int ZoneIndex(string id) => zoneIndices.GetValueOrDefault(id, -1);

    /// <summary>The zones that a line ever joined.</summary>
    public IEnumerable<int> ZonesOfLine(int line) => District.Lines[line].Joins
        .SelectMany(join => (string[])[join.From, join.To]).Select(ZoneIndex).Where(zone => zone >= 0).Distinct();

    /// <summary>Every side that a zone ever had; take those that <see cref="Side.HoldsAt"/> the window's start.</summary>
    public ReadOnlySpan<Side> SidesOf(int zone) => sides[zone];

    private IEnumerable<Side> SidesOf(string zone)
    {
        for (var line = 0; line < District.Lines.Count; line++)
        {
            var joins = District.Lines[line].Joins;
            for (var i = 0; i < joins.Count; i++)
            {
                var join = joins[i];
                if (join.From == join.To || (join.From != zone && join.To != zone))
                    continue;
                var until = i + 1 < joins.Count ? joins[i + 1].Since.ToUnixTimeSeconds() : long.MaxValue;
                yield return new(line, join.To == zone, join.Since.ToUnixTimeSeconds(), until);
            }
        }
    }

    /// <summary>One line as one zone sees it.</summary>
    /// <param name="Inward">Whether the line's entries lead into the zone.</param>
    /// <param name="Since">First instant, s since the Unix epoch.</param>
    /// <param name="Until">End, exclusive.</param>
    internal readonly record struct Side(int Line, bool Inward, long Since, long Until)
    {
        public bool HoldsAt(long instant) => Since <= instant && instant < Until;
    }
}
