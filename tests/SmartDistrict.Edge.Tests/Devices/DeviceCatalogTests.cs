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

    [Fact]
    public void Two_beams_on_the_gateway_are_a_device_without_a_profile_file_and_nothing_to_subscribe_to()
    {
        var doorway = DistrictFile.Load(RepositoryFiles.Path("firmware-config", "districts", "doorway.yaml"));

        var catalog = DeviceCatalog.Build(doorway, Shipped, "gw-1");

        Assert.Empty(catalog.Faulted);
        Assert.Empty(catalog.TopicFilters);
        var device = Assert.Single(catalog.Devices);
        Assert.Equal("GPIO17", device.Beams!.Gpio.A.Name);
        Assert.Same(device, catalog.Resolve("gpio/beam-01"u8, out _));
        Assert.Null(catalog.Resolve("gpio/beam-02"u8, out var problem));
        Assert.Contains("'beam-02' is not in the district file", problem!.Value.What, StringComparison.Ordinal);
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

    [Fact]
    public void A_broken_profile_stops_only_its_own_devices_and_what_they_send_is_still_heard()
    {
        using var folder = new TemporaryFolder();
        foreach (var path in Directory.GetFiles(RepositoryFiles.Path("firmware-config", "profiles")))
            File.Copy(path, folder.File(Path.GetFileName(path)));
        var xovis = folder.File("xovis-push-v5.yaml");
        File.WriteAllText(xovis, File.ReadAllText(xovis).Replace("time: iso-8601", "time: iso-8061", StringComparison.Ordinal));
        File.WriteAllText(folder.File("milesight-vs133.yaml"), "profile: [");

        var profiles = DeviceProfiles.Load(folder.Path);
        var catalog = DeviceCatalog.Build(Harbour, profiles, "gw-1");

        Assert.Equal(["milesight-vs133", "xovis-push-v5"], profiles.Broken.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(10, catalog.Faulted.Count(device => device.Profile == "xovis-push-v5"));
        Assert.Equal(3, catalog.Faulted.Count(device => device.Profile == "milesight-vs133"));
        Assert.Equal(Harbour.Devices.Count - 13, catalog.Devices.Count);
        Assert.Equal(Harbour.Lines.Count, catalog.Lines.Count);
        Assert.All(catalog.Faulted, device => Assert.NotEmpty(device.Lines));
        Assert.Contains("xovis/+/logics", catalog.TopicFilters);
        Assert.Equal("node-01", catalog.Resolve("sd/v1/harbour/counter/node-01/reading"u8, out _)?.Id);
        Assert.Null(catalog.Resolve("xovis/00:6E:07:00:1A:10/logics"u8, out var problem));
        Assert.Contains("'xovis-01' cannot be understood: 'time' is 'iso-8061'", problem!.Value.What, StringComparison.Ordinal);
        Assert.Contains("'iso-8601'", problem.Value.Mend, StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_that_does_not_fit_its_profile_is_a_fault_of_that_device()
    {
        var misfits = Harbour with
        {
            Devices =
            [
                Harbour.Devices.Single(device => device.Id == "node-08"),
                Harbour.Devices.Single(device => device.Id == "vs133-01") with { Lines = new Dictionary<string, string> { ["north"] = "ln-40" } },
                Harbour.Devices.Single(device => device.Id == "xovis-01") with { ExitLines = new Dictionary<string, string> { ["Line9"] = "ln-20" } },
                Harbour.Devices.Single(device => device.Id == "vs350-01") with { Profile = "milesight-vs35" },
            ],
        };

        var catalog = DeviceCatalog.Build(misfits, Shipped, "gw-1");

        Assert.Equal("node-08", Assert.Single(catalog.Devices).Id);
        Assert.Equal(
            [
                "device 'vs133-01' has no channel 'north' by its profile 'milesight-vs133'",
                "device 'xovis-01' has 'exit_lines', but its profile 'xovis-push-v5' counts both directions",
                "device 'vs350-01' names the profile 'milesight-vs35', which does not exist",
            ],
            catalog.Faulted.Select(device => device.Problem.What));
    }

    [Fact]
    public void Lines_are_those_of_the_gateway_alone()
    {
        var shared = Harbour with
        {
            Gateways = [new Gateway("gw-1", new LocalName("一", "1")), new Gateway("gw-2", new LocalName("二", "2"))],
            Devices = [.. Harbour.Devices.Select(device => device.Id.StartsWith("node", StringComparison.Ordinal) ? device : device with { Gateway = "gw-2" })],
        };

        var first = DeviceCatalog.Build(shared, Shipped, "gw-1");
        var second = DeviceCatalog.Build(shared, Shipped, "gw-2");

        Assert.Empty(first.Lines.Select(line => line.Id).Intersect(second.Lines.Select(line => line.Id)));
        Assert.Equal(Harbour.Lines.Count, first.Lines.Count + second.Lines.Count);
        Assert.Equal(["sd/v1/harbour/+/+/reading"], first.TopicFilters);
        Assert.Null(second.Resolve("sd/v1/harbour/counter/node-01/reading"u8, out var problem));
        Assert.NotNull(problem);
    }

    [Fact]
    public void A_device_s_own_period_goes_before_its_profile_s()
    {
        var changed = Harbour with
        {
            Devices = [.. Harbour.Devices.Select(device => device.Id == "vs133-01" ? device with { Period = TimeSpan.FromMinutes(10) } : device)],
        };

        var catalog = DeviceCatalog.Build(changed, Shipped, "gw-1");

        Assert.Equal(TimeSpan.FromMinutes(10), catalog.Devices.Single(device => device.Id == "vs133-01").Period);
        Assert.Equal(TimeSpan.FromMinutes(1), catalog.Devices.Single(device => device.Id == "vs133-02").Period);
        Assert.Null(catalog.Devices.Single(device => device.Id == "node-01").Period);
    }

    [Fact]
    public void The_shipped_profiles_say_how_their_counters_and_numbers_behave()
    {
        Assert.Equal(new CounterRule(16, false), Shipped.Sound["milesight-vs350"].Counter);
        Assert.Equal(new CounterRule(32, true), Shipped.Sound["axis-object-analytics"].Counter);
        Assert.Null(Shipped.Sound["xovis-push-v5"].Counter);
        Assert.Equal(SequenceUse.Deduplicate, Shipped.Sound["native"].SequenceUse);
        Assert.Equal(SequenceUse.Gaps, Shipped.Sound["xovis-push-v5"].SequenceUse);
        Assert.Equal(SequenceUse.None, Shipped.Sound["axis-people-counter"].SequenceUse);
        Assert.Equal(TimeSpan.FromSeconds(1), Shipped.Sound["axis-people-counter"].TimeResolution);
        Assert.Equal(TimeSpan.FromMilliseconds(1), Shipped.Sound["xovis-push-v5"].TimeResolution);
    }
}
