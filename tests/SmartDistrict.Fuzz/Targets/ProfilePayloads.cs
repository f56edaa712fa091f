using System.Text;
using System.Text.Json;
using SmartDistrict.Configuration;
using SmartDistrict.Edge.Devices;
using SmartDistrict.Edge.Drivers.Gpio;
using SmartDistrict.Telemetry.Readings;
using SmartDistrict.Telemetry.Windows;
using SmartDistrict.Testing;

namespace SmartDistrict.Fuzz.Targets;

/// <summary>
/// What devices may publish, read by every profile of <c>firmware-config</c>; notices of GPIO lines, as they may stand in a
/// journal; and live windows, as the cloud reads them.
/// Seeds are the profiles' samples and the payloads of the decoder's test cases.
/// </summary>
internal sealed class ProfilePayloads : FuzzTarget
{
    private const long Received = 1_772_438_430_000;
    private static readonly byte[] LiveTopic = "live"u8.ToArray();
    private static readonly byte[] GpioTopic = "gpio"u8.ToArray();

    private static readonly GpioNotice[] Notices =
    [
        new GpioNotice.Start("gateway started", new Dictionary<string, int> { ["a"] = 0, ["b"] = 1 }, 81_000_000_123),
        new GpioNotice.Edges([new GpioEdge("a", 1, 81_400_000_000, 17), new GpioEdge("b", 0, 81_400_000_500, 18)]),
        new GpioNotice.Lost(new Dictionary<string, long> { ["a"] = 3 }, 81_400_000_000),
        new GpioNotice.Gone("the chip is busy", 81_400_000_000),
    ];

    private static readonly byte[][] Fragments =
    [
        .. new[]
        {
            "-1", "1e999", "0.1", "-0", "9223372036854775808", "1E2", "4294967295", "\"\"", "\"\\ud800\"", "\"\\u0000\"", "null", "true", "[]", "{}", "[[[[", "{\"ts\":", ",", ":", "\"", "\\",
            "]", "}", "\uFEFF", "1970-01-01T00:00:00Z", "9999-12-31T23:59:59+23:59", "2026-03-29T02:30:00", "0001-01-01T00:00:00-14:00", "*", "[name=fw]", "\"in\":3,", "\"in\":", "//", "/**/", "NaN",
        }.Select(Encoding.UTF8.GetBytes),
        [0x00], [0xFF], [0xC3, 0x28], [0xED, 0xA0, 0x80], [0xEF, 0xBB, 0xBF],
    ];

    private readonly DeviceCatalog catalog;
    private readonly (byte[] Topic, byte[] Payload)[] seeds;
    private readonly Mutation mutation;
    private readonly DecodedPayload decoded = new();

    public ProfilePayloads()
    {
        var cases = RepositoryFiles.Path("tests", "SmartDistrict.Edge.Tests", "Devices", "cases");
        var profiles = DeviceProfiles.Load(RepositoryFiles.Path("firmware-config", "profiles"));
        catalog = DeviceCatalog.Build(DistrictFile.Load(Path.Combine(cases, "district.yaml")), profiles, "gw-1");
        seeds =
        [
            .. Directory.GetDirectories(cases).SelectMany(Directory.GetDirectories).Order(StringComparer.Ordinal)
                .Select(path => (Encoding.UTF8.GetBytes(File.ReadAllText(Path.Combine(path, "topic.txt")).Trim()), File.ReadAllBytes(Path.Combine(path, "payload.json"))))
                .Where(seed => seed.Item2.Length < 4_000),
            .. profiles.Sound.Values.SelectMany(profile => profile.Samples.SelectMany(sample => catalog.Devices.Where(device => device.Profile == profile)
                .Select(device => (Encoding.UTF8.GetBytes(sample.Topic ?? profile.Pattern.Example(catalog.District, "1")), Encoding.UTF8.GetBytes(sample.Payload))))),
            (LiveTopic, Live()),
            .. Notices.Select(notice => (GpioTopic, GpioEnvelope.Write(notice))),
        ];
        mutation = new([.. seeds.Select(seed => seed.Payload)], Fragments, longest: 128 << 10);
    }

    public override string Name => "payload";

    /// <summary>Topic, NUL, payload.</summary>
    public override byte[] Next(Random random)
    {
        var (topic, payload) = seeds[random.Next(seeds.Length)];
        if (random.Next(20) == 0)
            topic = mutation.Damage(random, topic);
        payload = random.Next(20) == 0 ? Mutation.Noise(random, 200) : mutation.Damage(random, payload);
        return [.. topic.Where(letter => letter != 0), 0, .. payload];
    }

    public override bool Read(byte[] input, Random random)
    {
        var border = Array.IndexOf(input, (byte)0);
        var topic = input.AsSpan(0, border);
        var payload = input.AsSpan(border + 1);
        if (topic.SequenceEqual(LiveTopic))
            return ReadLive(payload.ToArray());
        if (topic.SequenceEqual(GpioTopic))
        {
            if (GpioEnvelope.TryRead(payload, out _, out var broken))
                return true;
            Explained(broken);
            return false;
        }
        if (catalog.Resolve(topic, out var unknown) is not { } device)
        {
            Explained(unknown);
            return false;
        }
        BrokenPromiseException.Unless(unknown is null, "a device was found, with a problem");
        if (!device.Decode(topic, payload, Received, decoded))
        {
            Explained(decoded.Problem);
            BrokenPromiseException.Unless(decoded.Readings.Count == 0, "a refused message left readings");
            return false;
        }
        foreach (var reading in decoded.Readings)
            Check(device, reading);
        return true;
    }

    private static void Explained(PayloadProblem? problem) => BrokenPromiseException.Unless(
        !string.IsNullOrWhiteSpace(problem?.What) && !string.IsNullOrWhiteSpace(problem?.Mend), "a refusal without what is wrong and the mend");

    private static void Check(Device device, in Reading reading)
    {
        var (least, most) = reading.Kind == ReadingKind.Counter ? (Reading.NotReported, (1L << device.Counter!.Bits) - 1) : (0, device.Profile.MaxPerReading);
        BrokenPromiseException.Unless(device.Lines.Contains(reading.Line), "a reading of a line that the device does not count");
        BrokenPromiseException.Unless(reading.At is >= 0 and <= 253_402_300_799_999, $"an impossible time {reading.At}");
        BrokenPromiseException.Unless(reading.Kind == ReadingKind.Interval ? reading.Since < reading.At : reading.Since == reading.At, "an interval that is none");
        BrokenPromiseException.Unless(reading.Entries >= least && reading.Entries <= most && reading.Exits >= least && reading.Exits <= most, "a count out of range");
        BrokenPromiseException.Unless(reading.Entries != Reading.NotReported || reading.Exits != Reading.NotReported, "a reading that says nothing");
    }

    private static bool ReadLive(byte[] payload)
    {
        try
        {
            _ = LiveWindows.Parse(payload);
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static byte[] Live()
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text))
            new LiveWindows(1_772_438_430_000, "gw-1", 1_772_438_429_000,
                [new LineWindow("ln-01", Resolution.Minute, 1_772_438_400, new LineCounts { Entries = 3, Exits = 1, Expected = 4, Received = 4 }, WindowStatus.Provisional, new Revision(7, 12))],
                [new DeviceSighting("node-01", 1_772_438_429_000)]).WriteTo(json);
        return text.ToArray();
    }
}
