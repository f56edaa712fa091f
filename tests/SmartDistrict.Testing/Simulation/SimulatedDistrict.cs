using SmartDistrict.Configuration;
using SmartDistrict.Testing.Simulation.Devices;
using SmartDistrict.Testing.Simulation.Faults;
using SmartDistrict.Testing.Simulation.Replay;

namespace SmartDistrict.Testing.Simulation;

/// <summary>
/// A district that lives: people cross lines, devices count them and publish. It knows no clock: its owner says how far
/// time has come and gets what was to be published until then, so a day can pass in a second or in a day.
/// </summary>
public sealed class SimulatedDistrict
{
    private const long QuarterHour = 900_000;

    private readonly SimulationOptions options;
    private readonly ICrossingSource source;
    private readonly IReadOnlyList<SimulatedDevice> devices;
    private readonly Dictionary<int, (SimulatedDevice Device, Channel Channel)> counters = [];
    private readonly Dictionary<(int Line, long Since), (long Entries, long Exits)> past = [];
    private readonly Network network;
    private readonly Mishaps mishaps;
    private readonly long start;
    private bool connected;

    private SimulatedDistrict(
        District district, SimulationOptions options, ICrossingSource source, Func<string, bool> oneWay, Func<SimulatedDevice, bool> works)
    {
        District = district;
        this.options = options;
        this.source = source;
        start = options.Start.ToUnixTimeMilliseconds();
        devices = [.. SimulatedDevices.Of(district, options.Seed, oneWay).Where(works)];
        foreach (var device in devices)
            foreach (var channel in device.Channels)
                counters[channel.Line] = (device, channel);
        var natives = devices.OfType<NativeDevice>().Select(d => d.Entry.Address).DefaultIfEmpty("counter").ToList();
        network = new Network(options.Faults, Chance.For(options.Seed, "network"), new Garbage(district.Id, natives, Chance.For(options.Seed, "garbage")));
        mishaps = new Mishaps(options.Faults, devices, start, Chance.For(options.Seed, "mishaps"));
    }

    public District District { get; }

    /// <summary>Site ids of the lines whose device reports every crossing by itself and at once.</summary>
    public IReadOnlySet<string> ImmediateLines => devices.Where(d => d.Immediate).SelectMany(d => d.Channels).Select(c => c.LineId).ToHashSet();

    /// <summary>What really happened since the history began, reported or not.</summary>
    public CrossingTruth Truth { get; } = new();

    /// <summary>A district that people walk through.</summary>
    public static SimulatedDistrict Walked(District district, SimulationOptions options)
    {
        var oneWay = district.Devices.Where(d => SimulatedDevices.CountsOneWay(d.Profile)).SelectMany(d => d.Lines.Values).ToHashSet();
        var graph = new ZoneGraph(district, options.Start, line => oneWay.Contains(line.Id));
        var rhythm = new DailyRhythm(district.TimeZone, options.Start, options.Speed);
        return new SimulatedDistrict(
            district, options, new Crowd(graph, rhythm, options.Begin, options.Seed, options.PeakPerMinute), line => oneWay.Contains(line), _ => true);
    }

    /// <summary>
    /// A district whose people were counted by real sensors, both directions together: each is an entry, and exits are
    /// not reported. A sensor that told nothing then is silent now.
    /// </summary>
    /// <param name="district">One line per sensor, in the order of the sensors.</param>
    /// <param name="options">As for any simulation; nobody walks, so there is no warm-up.</param>
    /// <param name="replay">The people.</param>
    public static SimulatedDistrict Replayed(District district, SimulationOptions options, CountReplay replay) =>
        new(district, options, replay, _ => true, device => replay.Works(device.Channels[0].Line));

    /// <summary>Lets the district live until an instant.</summary>
    /// <param name="to">Not before the instant of the last call.</param>
    /// <returns>What is published by then, in the order of publishing. The district lives as far as this is enumerated.</returns>
    public IEnumerable<Publication> Advance(DateTimeOffset to)
    {
        var until = to.ToUnixTimeMilliseconds();
        while (true)
        {
            var tick = connected ? devices.MinBy(d => d.NextTick) : null;
            var next = Math.Min(Math.Min(source.Next, connected ? long.MaxValue : start), Math.Min(tick?.NextTick ?? long.MaxValue, mishaps.Next));
            while (network.TryTake(Math.Min(next, until), out var publication))
                yield return publication;
            if (next > until)
                yield break;
            if (!connected && next >= start)
                Connect();
            else if (mishaps.Next == next)
                mishaps.Strike();
            else if (tick?.NextTick == next)
                Live(tick, next, static (device, at) => device.Tick(at));
            else
                Cross(source.Take());
        }
    }

    /// <summary>Everything that the network still holds back, at once.</summary>
    public IEnumerable<Publication> Flush()
    {
        while (network.TryTake(long.MaxValue, out var publication))
            yield return publication;
    }

    private void Connect()
    {
        connected = true;
        foreach (var device in devices)
            Live(device, start, (d, at) => d.Connect(at, History(d)));
        past.Clear();
    }

    private void Cross(Crossing crossing)
    {
        if (crossing.At >= start - (long)options.History.TotalMilliseconds)
            Truth.Add(crossing);
        if (!counters.TryGetValue(crossing.Line, out var counter))
            return;
        if (!connected)
        {
            var key = (crossing.Line, crossing.At / QuarterHour);
            var (entries, exits) = past.GetValueOrDefault(key);
            past[key] = crossing.Entry ? (entries + 1, exits) : (entries, exits + 1);
        }
        counter.Device.Cross(counter.Channel, crossing.At, crossing.Entry);
        network.Send(counter.Device.Out);
    }

    private void Live(SimulatedDevice device, long at, Action<SimulatedDevice, long> happens)
    {
        happens(device, at);
        network.Send(device.Out);
    }

    /// <summary>Quarter-hours of each channel, whole except for the last one, which ends at the start.</summary>
    private List<PastCount> History(SimulatedDevice device)
    {
        var first = (start - (long)options.History.TotalMilliseconds + QuarterHour - 1) / QuarterHour;
        var history = new List<PastCount>();
        if (options.History > TimeSpan.Zero)
            for (var quarter = first; quarter * QuarterHour < start; quarter++)
                foreach (var channel in device.Channels)
                {
                    var (entries, exits) = past.GetValueOrDefault((channel.Line, quarter));
                    history.Add(new PastCount(channel, quarter * QuarterHour, Math.Min((quarter + 1) * QuarterHour, start), entries, exits));
                }
        return history;
    }
}
