using System.Text;
using SmartDistrict.Configuration;

namespace SmartDistrict.Edge.Devices;

/// <summary>A counter as it stands in the district: its profile bound to its lines. Immutable and free of threads.</summary>
public sealed class Device
{
    /// <summary>A periodic device may be late by this much more than its periods.</summary>
    private static readonly TimeSpan Leniency = TimeSpan.FromMinutes(1);

    private const int PeriodsOfSilence = 3;

    private readonly PayloadDecoder? decoder;

    internal Device(int index, DeviceEntry entry, DeviceProfile profile, string district, IReadOnlyDictionary<string, int> lineIndex)
    {
        Index = index;
        Id = entry.Id;
        Address = entry.Address;
        Profile = profile;
        Period = entry.Period ?? profile.Period;
        Beams = entry.Beams;
        Sensor = entry.Sensor;
        Reversed = entry.Reversed;
        Lines = [.. entry.Lines.Values.Concat(entry.ExitLines.Values).Select(line => lineIndex[line]).Distinct()];
        if (Beams is not null || Sensor is not null)
            return;
        var channels = entry.Lines.Select(bound => new BoundChannel(bound.Key, Encoding.UTF8.GetBytes(bound.Key), lineIndex[bound.Value], entry.Reversed))
            .Concat(entry.ExitLines.Select(bound => new BoundChannel(bound.Key, Encoding.UTF8.GetBytes(bound.Key), lineIndex[bound.Value], !entry.Reversed)));
        decoder = new PayloadDecoder(entry.Id, profile, district, [.. channels], entry.TimeZone, Period);
    }

    /// <summary>Place in <see cref="DeviceCatalog.Devices"/>.</summary>
    public int Index { get; }

    /// <summary>Site id.</summary>
    public string Id { get; }

    /// <summary>What its topic calls it.</summary>
    public string Address { get; }

    public DeviceProfile Profile { get; }

    /// <summary>Indices into <see cref="DeviceCatalog.Lines"/>, each once.</summary>
    public IReadOnlyList<int> Lines { get; }

    /// <summary>How its running totals behave; null where it sends none.</summary>
    public CounterRule? Counter => Profile.Counter;

    public SequenceUse SequenceUse => Profile.SequenceUse;

    /// <summary>Time between two reports; null where it reports only what happens.</summary>
    public TimeSpan? Period { get; }

    /// <summary>The step of its clock.</summary>
    public TimeSpan TimeResolution => Profile.TimeResolution;

    /// <summary>Two light beams on the gateway's own GPIO, whose envelopes hold edges; null for a device that publishes payloads.</summary>
    public DualBeamEntry? Beams { get; }

    /// <summary>A sensor chip that the gateway itself reads; null for a device that counts people.</summary>
    public SensorEntry? Sensor { get; }

    /// <summary>The sensor looks the other way: its "in" is the line's "out". Of payloads <see cref="Decode"/> has swapped it already.</summary>
    public bool Reversed { get; }

    /// <summary>Whether it has missed reports that it owes, if it was last heard so long ago. One that reports only what happens owes none.</summary>
    public bool IsSilent(TimeSpan age) => Period is { } period && age > (PeriodsOfSilence * period) + Leniency;

    /// <summary>
    /// Reads a message. Of a counter that states one direction only, the other side of a <c>Counter</c> reading is
    /// <c>Reading.NotReported</c>: the two sides of a line are separate counters.
    /// </summary>
    /// <param name="topic">Topic of the message, which <see cref="DeviceCatalog.Resolve"/> led to this device.</param>
    /// <param name="payload">The message; whatever it holds, nothing is thrown.</param>
    /// <param name="receivedAtUnixMs">Receive time, ms since the epoch: the event time of devices that send none, and what tells the two hours of one name apart when clocks go back.</param>
    /// <param name="into">Cleared, then filled.</param>
    /// <returns>False: refused as a whole, no readings, and <see cref="DecodedPayload.Problem"/> says why.</returns>
    public bool Decode(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, long receivedAtUnixMs, DecodedPayload into) =>
        (decoder ?? throw new InvalidOperationException($"{Id} publishes no payloads")).Decode(topic, payload, receivedAtUnixMs, into);
}

/// <summary>A channel of a device and the line it counts.</summary>
/// <param name="Swap">What the device calls "in" is an exit.</param>
internal sealed record BoundChannel(string Name, byte[] Utf8, int Line, bool Swap);
