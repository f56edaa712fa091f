using System.Text;
using SmartDistrict.Configuration;
using SmartDistrict.Edge.Devices;
using SmartDistrict.Testing;

namespace SmartDistrict.Edge.Tests.Devices;

public sealed class DecodeAllocationTests
{
    private static readonly string Folder = RepositoryFiles.Path("tests", "SmartDistrict.Edge.Tests", "Devices", "cases");

    [Theory]
    [InlineData("native/increment")]
    [InlineData("native/interval")]
    [InlineData("axis-object-analytics/scenario-that-counts-entries")]
    [InlineData("axis-people-counter/local-time-of-the-district")]
    [InlineData("milesight-vs133/four-lines-of-which-two-are-used")]
    [InlineData("milesight-vs350/totals")]
    [InlineData("milesight-vs350/battery-alone")]
    [InlineData("native/battery-and-firmware-with-counts")]
    [InlineData("xovis-push-v5/two-lines")]
    public void A_payload_in_steady_state_allocates_nothing(string name)
    {
        var catalog = DeviceCatalog.Build(
            DistrictFile.Load(Path.Combine(Folder, "district.yaml")), DeviceProfiles.Load(RepositoryFiles.Path("firmware-config", "profiles")), "gw-1");
        var topic = Encoding.UTF8.GetBytes(File.ReadAllText(Path.Combine(Folder, name, "topic.txt")).Trim());
        var payload = File.ReadAllBytes(Path.Combine(Folder, name, "payload.json"));
        var decoded = new DecodedPayload();
        Assert.Equal(0, Allocations.InSteadyState(Decode));

        void Decode()
        {
            for (var i = 0; i < 200; i++)
                if (!catalog.Resolve(topic, out _)!.Decode(topic, payload, 1, decoded))
                    throw new InvalidOperationException(decoded.Problem!.Value.What);
        }
    }
}
