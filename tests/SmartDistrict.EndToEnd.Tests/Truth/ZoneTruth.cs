using SmartDistrict.Configuration;
using SmartDistrict.Testing.Simulation;

namespace SmartDistrict.EndToEnd.Tests.Truth;

/// <summary>
/// What the messages say of zones, derived without the cloud's code. Of lines whose device says when each person crossed
/// it knows every quarter hour; of lines with running totals only the sum over all time, from <see cref="TruthLedger"/>.
/// </summary>
internal sealed class ZoneTruth(SimulatedDistrict simulated)
{
    private const long Quarter = 900;
    private static readonly HashSet<string> Placing = ["native", "xovis-push-v5"];

    private readonly IReadOnlySet<string> immediate = simulated.ImmediateLines;
    private readonly HashSet<string> keys = [];
    private readonly Dictionary<(string Line, long Quarter), LineSums> counted = [];

    private District District => simulated.District;

    /// <summary>Takes note of a message. Not the ledger's: also of when people crossed.</summary>
    public void Hear(Publication publication)
    {
        foreach (var sample in publication.Samples.OfType<Counted>().Where(sample => keys.Add(sample.Key)))
        {
            // an interval ends before its end; a single crossing is at its instant
            var at = immediate.Contains(sample.Line) ? sample.At : sample.At - 1;
            var key = (sample.Line, at / 1000 / Quarter * Quarter);
            counted[key] = counted.GetValueOrDefault(key) + new LineSums(sample.Entries, sample.Exits);
        }
    }

    /// <summary>The zones of which every line's device says when each person crossed.</summary>
    public IReadOnlyList<Zone> PlacedZones
    {
        get
        {
            var placing = District.Devices.Where(device => Placing.Contains(device.Profile)).SelectMany(device => device.Lines.Values).ToHashSet();
            return [.. District.Zones.Where(zone => Sides(zone.Id).All(side => placing.Contains(side.Line)))];
        }
    }

    /// <summary>People into and out of a zone in a quarter hour (its start, s since the Unix epoch).</summary>
    public LineSums Of(string zone, long quarter) => Sum(zone, line => counted.GetValueOrDefault((line, quarter)));

    /// <summary>People into and out of a zone over all time.</summary>
    public LineSums Of(string zone, IReadOnlyDictionary<string, LineSums> lines) => Sum(zone, line => lines.GetValueOrDefault(line));

    /// <summary>People in a zone at the end of a quarter hour: since the daily reset, never below zero.</summary>
    /// <param name="from">The first quarter hour with data.</param>
    public long Occupancy(string zone, long from, long quarter)
    {
        var people = 0L;
        for (var at = from; at <= quarter; at += Quarter)
        {
            var local = TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeSeconds(at), District.TimeZone);
            if (TimeOnly.FromDateTime(local.DateTime) == District.OccupancyReset)
                people = 0;
            var (entries, exits) = Of(zone, at);
            people = Math.Max(0, people + entries - exits);
        }
        return people;
    }

    private LineSums Sum(string zone, Func<string, LineSums> of)
    {
        var sum = default(LineSums);
        foreach (var (line, inward) in Sides(zone))
        {
            var (entries, exits) = of(line);
            sum += inward ? new LineSums(entries, exits) : new LineSums(exits, entries);
        }
        return sum;
    }

    /// <summary>The lines of a zone. In the harbour no line ever moved, so each has one join.</summary>
    private IEnumerable<(string Line, bool Inward)> Sides(string zone) => District.Lines
        .Select(line => (line, join: line.Joins.Single()))
        .Where(side => side.join.From == zone || side.join.To == zone)
        .Select(side => (side.line.Id, side.join.To == zone));
}
