using System.Text;
using SmartDistrict.Configuration;
using SmartDistrict.Edge.Devices;
using SmartDistrict.Testing;

namespace SmartDistrict.Edge.Tests.Devices;

public sealed class DeviceCatalogTests
{
    private static readonly DeviceProfiles Shipped = DeviceProfiles.Load(RepositoryFiles.Path("firmware-config", "profiles"));
    private static readonly District Harbour = DistrictFile.Load(RepositoryFiles.Path("firmware-config", "districts", "harbour.yaml"));

    [Fact]
    public void The_demo_district_is_understood_with_the_shipped_profiles()
    {
        var catalog = DeviceCatalog.Build(Harbour, Shipped, "gw-1");

        Assert.Empty(Shipped.Broken);
        Assert.Empty(catalog.Faulted);
        Assert.Equal(Harbour.Devices.Count, catalog.Devices.Count);
        Assert.Equal(Harbour.Lines.Count, catalog.Lines.Count);
        Assert.Equal(
            [
                "axis/+/event/tns:axis/CameraApplicationPlatform/ObjectAnalytics/+",
                "axis/+/people-counter",
                "milesight/+/up",
                "sd/v1/harbour/+/+/reading",
                "xovis/+/logics",
            ],
            catalog.TopicFilters.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("sd/v1/harbour/counter/node-01/reading", "node-01")]
    [InlineData("sd/v1/harbour/beam/node-41/reading", "node-41")]
    [InlineData("milesight/24E124716C127001/up", "vs133-01")]
    [InlineData("milesight/24E124767D349002/up", "vs350-01")]
    [InlineData("xovis/00:6E:07:00:1A:10/logics", "xovis-01")]
    [InlineData("axis/ACCC8E0A1230/event/tns:axis/CameraApplicationPlatform/ObjectAnalytics/Device1Scenario2", "axis-01")]
    public void A_topic_leads_to_its_device(string topic, string device)
    {
        var catalog = DeviceCatalog.Build(Harbour, Shipped, "gw-1");

        for (var again = 0; again < 2; again++)
        {
            Assert.Equal(device, catalog.Resolve(Encoding.UTF8.GetBytes(topic), out var problem)?.Id);
            Assert.Null(problem);
        }
    }

    [Theory]
    [InlineData("sd/v1/harbour/counter/node-99/reading", "the device 'node-99' is not in the district file", "id: node-99")]
    [InlineData("milesight/24E124716C12FFFF/up", "the device '24E124716C12FFFF' is not in the district file", "address: \"24E124716C12FFFF\"")]
    [InlineData("sd/v1/port/counter/node-01/reading", "no profile reads the topic", "publish to its profile's topic")]
    [InlineData("sd/v1/harbour/counter/node-01/reading/extra", "no profile reads the topic", "publish to its profile's topic")]
    [InlineData("", "no profile reads the topic", "publish to its profile's topic")]
    public void A_topic_of_nobody_is_refused_with_its_mend(string topic, string what, string mend)
    {
        var catalog = DeviceCatalog.Build(Harbour, Shipped, "gw-1");

        Assert.Null(catalog.Resolve(Encoding.UTF8.GetBytes(topic), out var problem));

        Assert.Contains(what, problem!.Value.What, StringComparison.Ordinal);
        Assert.Contains(mend, problem.Value.Mend, StringComparison.Ordinal);
    }
}
