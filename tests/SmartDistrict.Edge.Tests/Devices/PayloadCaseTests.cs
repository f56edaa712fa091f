using System.Globalization;
using System.Text;
using SmartDistrict.Configuration;
using SmartDistrict.Edge.Devices;
using SmartDistrict.Testing;

namespace SmartDistrict.Edge.Tests.Devices;

/// <summary>
/// Payloads as the devices send them and what they mean, a folder per case: <c>cases/PROFILE/CASE/</c> with
/// <c>topic.txt</c>, <c>payload.json</c> and <c>expected.txt</c>. The devices stand in <c>cases/district.yaml</c>.
/// </summary>
public sealed class PayloadCaseTests
{
    private static readonly string Folder = RepositoryFiles.Path("tests", "SmartDistrict.Edge.Tests", "Devices", "cases");
    private static readonly DeviceProfiles Shipped = DeviceProfiles.Load(RepositoryFiles.Path("firmware-config", "profiles"));
    private static readonly District District = DistrictFile.Load(Path.Combine(Folder, "district.yaml"));

    /// <summary>When the gateway received every payload of the cases.</summary>
    private static readonly long Received = new DateTimeOffset(2026, 3, 2, 8, 0, 30, TimeSpan.Zero).ToUnixTimeMilliseconds();

    public static TheoryData<string> Cases =>
        [.. Directory.GetDirectories(Folder).SelectMany(Directory.GetDirectories).Select(path => Path.GetRelativePath(Folder, path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_payload_means_what_its_case_says(string name)
    {
        var folder = Path.Combine(Folder, name);
        var topic = Encoding.UTF8.GetBytes(File.ReadAllText(Path.Combine(folder, "topic.txt")).Trim());
        var payload = File.ReadAllBytes(Path.Combine(folder, "payload.json"));
        var expected = File.ReadAllText(Path.Combine(folder, "expected.txt")).TrimEnd();

        Assert.Equal(expected, Describe(DeviceCatalog.Build(District, Shipped, "gw-1"), topic, payload));
    }

    [Fact]
    public void Every_shipped_profile_has_a_case() =>
        Assert.Equal(Shipped.Names, Directory.GetDirectories(Folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));

    private static string Describe(DeviceCatalog catalog, byte[] topic, byte[] payload)
    {
        var text = new List<string>();
        var decoded = new DecodedPayload();
        var understood = false;
        if (catalog.Resolve(topic, out var problem) is { } device)
        {
            understood = device.Decode(topic, payload, Received, decoded);
            problem = decoded.Problem;
            text.Add("device " + device.Id);
            if (decoded.Sequence >= 0)
                text.Add(string.Create(CultureInfo.InvariantCulture, $"sequence {decoded.Sequence}{(decoded.Boot == 0 ? "" : " of a boot")}"));
            text.AddRange(decoded.Readings.Select(reading => ReadingText.Write(reading, catalog.Lines[reading.Line].Id)));
            if (HealthText.Write(decoded, device.Profile) is { Length: > 0 } health)
                text.Add("health " + health);
        }
        if (problem is { } said)
            text.Add($"{(understood ? "left out" : "refused")}: {said.What}. Mend: {said.Mend}.");
        return string.Join('\n', text);
    }
}
