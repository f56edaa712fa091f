using System.Text;
using SmartDistrict.Configuration;
using SmartDistrict.Edge.Devices;
using SmartDistrict.Telemetry.Readings;
using SmartDistrict.Testing;

namespace SmartDistrict.Edge.Tests.Devices;

/// <summary>Damaged payloads: whatever arrives, decoding ends with sound readings or with a problem, and never throws.</summary>
public sealed class PayloadFuzzTests
{
    private static readonly string Folder = RepositoryFiles.Path("tests", "SmartDistrict.Edge.Tests", "Devices", "cases");
    private static readonly DeviceCatalog Catalog = DeviceCatalog.Build(
        DistrictFile.Load(Path.Combine(Folder, "district.yaml")), DeviceProfiles.Load(RepositoryFiles.Path("firmware-config", "profiles")), "gw-1");

    private static readonly byte[][] Fragments =
    [
        .. new[] { "-1", "1e999", "0.1", "9223372036854775808", "\"\"", "\"\\ud800\"", "null", "true", "[]", "{}", "[[[[", "{\"ts\":", ",", ":", "\"", "\\u0000", "\uFEFF", "1970-01-01T00:00:00Z", "9999-12-31T23:59:59+23:59", "*", "[name=fw]" }
            .Select(Encoding.UTF8.GetBytes),
        [0x00], [0xFF], [0xC3, 0x28], [0xED, 0xA0, 0x80],
    ];

    private static readonly (byte[] Topic, byte[] Payload)[] Seeds =
    [
        .. Directory.GetDirectories(Folder).SelectMany(Directory.GetDirectories).Order(StringComparer.Ordinal)
            .Select(path => (Encoding.UTF8.GetBytes(File.ReadAllText(Path.Combine(path, "topic.txt")).Trim()), File.ReadAllBytes(Path.Combine(path, "payload.json"))))
            .Where(seed => seed.Item2.Length < 2_000),
    ];

    [Fact]
    public void A_hundred_thousand_damaged_payloads_never_throw_and_never_yield_impossible_numbers()
    {
        var random = new Random(20261120);
        var decoded = new DecodedPayload();
        var (understood, refused) = (0, 0);
        for (var i = 0; i < 100_000; i++)
        {
            var (topic, payload) = Seeds[random.Next(Seeds.Length)];
            var damaged = Damage(random, payload);
            if (Catalog.Resolve(topic, out var unknown) is not { } device)
            {
                Assert.NotNull(unknown);
                continue;
            }
            if (device.Decode(topic, damaged, 1_772_438_430_000, decoded))
            {
                understood++;
                Assert.All(decoded.Readings, reading => AssertPossible(device, reading));
            }
            else
            {
                refused++;
                Assert.Empty(decoded.Readings);
                Assert.False(string.IsNullOrEmpty(decoded.Problem?.What) || string.IsNullOrEmpty(decoded.Problem?.Mend));
            }
        }
        Assert.True(understood > 10_000 && refused > 10_000, $"{understood} understood, {refused} refused: the damage teaches nothing");
    }

    [Fact]
    public void Random_topics_never_throw()
    {
        var random = new Random(7);
        for (var i = 0; i < 20_000; i++)
            if (Catalog.Resolve(Damage(random, Seeds[random.Next(Seeds.Length)].Topic), out var problem) is null)
                Assert.NotNull(problem);
            else
                Assert.Null(problem);
    }

    private static void AssertPossible(Device device, Reading reading)
    {
        Assert.Contains(reading.Line, device.Lines);
        Assert.InRange(reading.At, 0, 253_402_300_799_999);
        Assert.True(reading.Kind == ReadingKind.Interval ? reading.Since < reading.At : reading.Since == reading.At);
        var (least, most) = reading.Kind == ReadingKind.Counter ? (Reading.NotReported, (1L << device.Counter!.Bits) - 1) : (0, device.Profile.MaxPerReading);
        Assert.InRange(reading.Entries, least, most);
        Assert.InRange(reading.Exits, least, most);
        Assert.False(reading.Entries == Reading.NotReported && reading.Exits == Reading.NotReported);
    }

    private static byte[] Damage(Random random, byte[] sound)
    {
        var bytes = sound.ToList();
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            var at = random.Next(bytes.Count + 1);
            var length = Math.Min(random.Next(1, 12), bytes.Count - at);
            switch (random.Next(6))
            {
                case 0 when at < bytes.Count: bytes[at] = (byte)random.Next(256); break;
                case 1 when at < bytes.Count: bytes[at] = (byte)('0' + random.Next(10)); break;
                case 2: bytes.RemoveRange(at, length); break;
                case 3: bytes.InsertRange(at, bytes.GetRange(at, length)); break;
                case 4: bytes.InsertRange(at, Fragments[random.Next(Fragments.Length)]); break;
                case 5 when random.Next(8) == 0: bytes.RemoveRange(at, bytes.Count - at); break;
            }
        }
        return [.. bytes];
    }
}
