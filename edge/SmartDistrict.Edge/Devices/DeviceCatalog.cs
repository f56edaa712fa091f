using System.Text;
using SmartDistrict.Configuration;

namespace SmartDistrict.Edge.Devices;

/// <summary>
/// The devices of one gateway: which topics to hear, and which device a message is from. Immutable, except for a cache
/// of topics seen: <see cref="Resolve"/> belongs to one thread at a time.
/// </summary>
public sealed class DeviceCatalog
{
    /// <summary>Topics may have free levels, so there can be any number of them; beyond this many they are matched each time.</summary>
    private const int CachedTopics = 8192;

    private readonly District district;
    private readonly string gatewayId;
    private readonly byte[] districtUtf8;
    private readonly List<Audience> audiences = [];
    private readonly Dictionary<byte[], Device> seen = new(TopicComparer.Instance);

    private DeviceCatalog(District district, DeviceProfiles known, string gatewayId)
    {
        this.district = district;
        this.gatewayId = gatewayId;
        districtUtf8 = Encoding.UTF8.GetBytes(district.Id);
        var entries = district.Devices.Where(entry => entry.Gateway == gatewayId).ToList();
        var owned = entries.SelectMany(entry => entry.Lines.Values.Concat(entry.ExitLines.Values)).ToHashSet();
        Lines = [.. district.Lines.Where(line => owned.Contains(line.Id))];
        var lineIndex = Lines.Select((line, index) => (line.Id, index)).ToDictionary(line => line.Id, line => line.index);

        var devices = new List<Device>();
        var faulted = new List<FaultedDevice>();
        foreach (var entry in entries)
        {
            var fault = DeviceFaults.Of(entry, known).Select(fault => fault.Problem).FirstOrDefault();
            if (fault is null)
                devices.Add(new Device(devices.Count, entry, DeviceProfile.BuiltIn(entry.Profile) ?? known.Sound[entry.Profile], district.Id, lineIndex));
            else
                faulted.Add(new FaultedDevice(entry.Id, entry.Profile,
                    [.. entry.Lines.Values.Concat(entry.ExitLines.Values).Select(line => lineIndex[line]).Distinct()], fault));
        }
        Devices = devices;
        Faulted = faulted;
        foreach (var byProfile in entries.GroupBy(entry => entry.Profile))
            if (PatternOf(byProfile.Key, known) is { } pattern)
                audiences.Add(new Audience(byProfile.Key, pattern, byProfile.ToDictionary(
                    entry => pattern.UsesAddress ? entry.Address : entry.Id,
                    entry => (devices.Find(device => device.Id == entry.Id), faulted.Find(device => device.Id == entry.Id)))));
        TopicFilters = [.. audiences.Where(audience => DeviceProfile.BuiltIn(audience.Profile) is null).Select(audience => audience.Pattern.Filter(district.Id)).Distinct()];
    }

    /// <summary>Site id of the district.</summary>
    public string District => district.Id;

    /// <summary>IANA zone of the district's business day.</summary>
    public TimeZoneInfo TimeZone => district.TimeZone;

    /// <summary>How the lines' positions are to be read.</summary>
    public CoordinateSystem Coordinates => district.Coordinates;

    /// <summary>MQTT filters to subscribe to, each once.</summary>
    public IReadOnlyList<string> TopicFilters { get; }

    /// <summary>The lines that this gateway owns; the index is <c>Reading.Line</c>. Lines of faulted devices are among them.</summary>
    public IReadOnlyList<CountingLine> Lines { get; }

    public IReadOnlyList<Device> Devices { get; }

    /// <summary>Devices that cannot be understood because their profile is missing, broken or does not fit; shown, and the others work.</summary>
    public IReadOnlyList<FaultedDevice> Faulted { get; }

    public static DeviceCatalog Build(District district, DeviceProfiles profiles, string gatewayId) => new(district, profiles, gatewayId);

    public static DeviceCatalog Build(District district, IReadOnlyDictionary<string, DeviceProfile> profiles, string gatewayId) =>
        new(district, DeviceProfiles.Of(profiles), gatewayId);

    /// <summary>Finds the device that publishes to a topic. Allocates nothing for a topic it has seen.</summary>
    /// <param name="problem">Set exactly when null is returned.</param>
    public Device? Resolve(ReadOnlySpan<byte> topic, out PayloadProblem? problem)
    {
        problem = null;
        var lookup = seen.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (lookup.TryGetValue(topic, out var known))
            return known;
        (Audience Audience, string Name)? unknown = null;
        foreach (var audience in audiences)
        {
            if (!audience.Pattern.Match(topic, districtUtf8, out var named, out _))
                continue;
            var name = Encoding.UTF8.GetString(named);
            if (!audience.Members.TryGetValue(name, out var member))
            {
                unknown ??= (audience, name);
                continue;
            }
            if (member.Faulted is { } faulted)
                problem = new PayloadProblem($"the device '{faulted.Id}' cannot be understood: {faulted.Problem.What}", faulted.Problem.Mend);
            else if (seen.Count < CachedTopics)
                seen.Add(topic.ToArray(), member.Device!);
            return member.Device;
        }
        problem = unknown is { } stranger ? UnknownDevice(stranger.Audience, stranger.Name) : UnknownTopic(topic);
        return null;
    }

    private static TopicPattern? PatternOf(string profile, DeviceProfiles known) =>
        DeviceProfile.BuiltIn(profile)?.Pattern
        ?? known.Sound.GetValueOrDefault(profile)?.Pattern ?? known.Broken.GetValueOrDefault(profile)?.Pattern;

    private PayloadProblem UnknownDevice(Audience audience, string name)
    {
        var shown = PayloadText.Shorten(Encoding.UTF8.GetBytes(name));
        var byAddress = audience.Pattern.UsesAddress;
        var entry = district.Devices.FirstOrDefault(entry => entry.Profile == audience.Profile && (byAddress ? entry.Address : entry.Id) == name);
        if (entry is not null && entry.Gateway != gatewayId)
            return new PayloadProblem($"the device '{entry.Id}' belongs to gateway '{entry.Gateway}'",
                $"let it publish to that gateway's broker, or move it to '{gatewayId}' in the district file");
        return new PayloadProblem($"the device '{shown}' is not in the district file",
            byAddress
                ? $"add a device with 'profile: {audience.Profile}' and 'address: \"{shown}\"', or stop it from publishing here"
                : $"add a device with 'id: {shown}' and 'profile: {audience.Profile}', or stop it from publishing here");
    }

    private PayloadProblem UnknownTopic(ReadOnlySpan<byte> topic) => new(
        $"no profile reads the topic '{PayloadText.Shorten(topic)}'",
        audiences.Count == 0
            ? $"give gateway '{gatewayId}' devices in the district file"
            : $"set the device to publish to its profile's topic ({string.Join(", ", audiences.Take(4).Select(audience => audience.Pattern.Text))})");

    /// <summary>The devices of one profile, by what the topic calls them.</summary>
    private sealed record Audience(string Profile, TopicPattern Pattern, Dictionary<string, (Device? Device, FaultedDevice? Faulted)> Members);

    private sealed class TopicComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static readonly TopicComparer Instance = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] topic) => GetHashCode(topic.AsSpan());

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = new HashCode();
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}

/// <summary>A device that stands in the district but cannot be understood.</summary>
/// <param name="Lines">Indices into <see cref="DeviceCatalog.Lines"/>: nothing will be heard of them.</param>
public sealed record FaultedDevice(string Id, string Profile, IReadOnlyList<int> Lines, ConfigurationProblem Problem);
