using SmartDistrict.Configuration;

namespace SmartDistrict.Edge.Devices;

/// <summary>
/// How one model of counter speaks: the compiled form of <c>firmware-config/profiles/NAME.yaml</c>. Immutable; shared
/// by all devices of the model.
/// </summary>
public sealed class DeviceProfile
{
    /// <summary>
    /// Two light beams on the gateway's own GPIO. Its envelopes hold edges and go to a counter of their own; as a profile
    /// it says only what they are called.
    /// </summary>
    internal static readonly DeviceProfile DualBeam = new()
    {
        Name = DualBeamEntry.Profile,
        File = "built in",
        Title = "Two light beams on the gateway's GPIO",
        Pattern = TopicPattern.Parse("gpio/{device}", out _)!,
        Time = TimeFormat.Parse("received")!,
    };

    /// <summary>A sensor chip that the gateway itself reads. The kernel says what its numbers are.</summary>
    private static readonly DeviceProfile Environment = new()
    {
        Name = SensorEntry.Profile,
        File = "built in",
        Title = "Sensor chip on the gateway's own buses",
        Pattern = TopicPattern.Parse("sensor/{device}", out _)!,
        Time = TimeFormat.Parse("received")!,
        Period = TimeSpan.FromMinutes(1),
    };

    /// <summary>The profile of that name which has no file, because its devices publish no payloads; null for all others.</summary>
    internal static DeviceProfile? BuiltIn(string name) => name switch
    {
        DualBeamEntry.Profile => DualBeam,
        SensorEntry.Profile => Environment,
        _ => null,
    };

    internal DeviceProfile()
    {
    }

    /// <summary>Name by which district files refer to it; also the file's name.</summary>
    public required string Name { get; init; }

    /// <summary>Path of its file, as the reader was given it.</summary>
    public required string File { get; init; }

    /// <summary>What a technician calls the model.</summary>
    public required string Title { get; init; }

    /// <summary>The topic as written, with its places.</summary>
    public string Topic => Pattern.Text;

    /// <summary>How running totals behave; null where the model sends none.</summary>
    public CounterRule? Counter { get; init; }

    public SequenceUse SequenceUse { get; init; }

    /// <summary>Time between two reports unless a device is set otherwise; null where the model reports only what happens.</summary>
    public TimeSpan? Period { get; init; }

    /// <summary>The step of the device's clock.</summary>
    public TimeSpan TimeResolution => TimeSpan.FromMilliseconds(Time.Resolution);

    /// <summary>The most people that one reading may state, per direction.</summary>
    public long MaxPerReading { get; init; }

    /// <summary>The longest payload that is looked at, bytes.</summary>
    public int MaxPayloadBytes { get; init; }

    /// <summary>How the model says what is left in its battery; null where it does not, as one on mains.</summary>
    public BatteryUnit? Battery => Health?.Battery is null ? null : Health.Unit;

    /// <summary>Whether the model says which firmware it runs.</summary>
    public bool TellsFirmware => Health?.Firmware is not null;

    /// <summary>What of itself the model tells, as field <c>tells</c> of <c>device_health</c> has it: battery, firmware, both, or nothing.</summary>
    public string Tells => (Battery, TellsFirmware) switch
    {
        (null, false) => "",
        (null, true) => "firmware",
        (_, false) => "battery",
        _ => "battery,firmware",
    };

    /// <summary>Payloads with the readings that they must yield, run by <c>check</c>.</summary>
    public IReadOnlyList<ProfileSample> Samples { get; init; } = [];

    internal TopicPattern Pattern { get; init; } = null!;

    internal TimeFormat Time { get; init; } = null!;

    /// <summary>Numbers may come as texts, as in <c>"total":"4"</c>.</summary>
    internal bool NumbersAsText { get; init; }

    internal PayloadField? Boot { get; init; }

    internal PayloadField? Sequence { get; init; }

    internal HealthRule? Health { get; init; }

    internal PayloadShape Shape { get; init; } = null!;

    internal IReadOnlyList<ReadingRule> Rules { get; init; } = [];
}

/// <summary>A payload and what it means, part of a profile so that a technician sees that it does what it should.</summary>
/// <param name="Line">Line of the profile file at which the sample stands.</param>
/// <param name="Topic">Null: the profile's topic with the sample device filled in.</param>
/// <param name="Readings">One text per reading, in the form of <see cref="ReadingText"/>.</param>
/// <param name="Health">What it tells of the device itself, in the form of <see cref="HealthText"/>; empty where nothing.</param>
public sealed record ProfileSample(int Line, int Column, string? Topic, string Payload, IReadOnlyList<string> Readings, string Health);
