using SmartDistrict.Cloud.Embedded;
using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Configuration;
using SmartDistrict.Telemetry.LineProtocol;
using SmartDistrict.Testing;
using SmartDistrict.Testing.Simulation.Assets;

namespace SmartDistrict.Cloud.Tests.Assets;

/// <summary>The demo shows what can happen; it writes through the same door as everybody.</summary>
public sealed class TheSimulatedAssets
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void Are_taken_line_by_line_and_have_troubles_within_a_quarter_of_an_hour(int seed)
    {
        var start = new DateTimeOffset(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);
        var district = DistrictFile.Load(RepositoryFiles.Path("firmware-config", "districts", "harbour.yaml"));
        var assets = new SimulatedAssets(district, seed, start);
        var writer = new LineWriter();
        assets.Advance(start + TimeSpan.FromMinutes(15), writer);
        var batch = new PointReader(new Topology(district), new ManualTimeProvider(start)).Read(writer.Written, TimePrecision.Seconds, "gw-1");
        Assert.Empty(batch.Refused);
        var said = string.Join('\n', batch.Health.Select(point => point.FieldsJson));
        Assert.All(
            (string[])["\"state\":\"forced\"", "\"state\":\"jammed\"", "\"paper\":\"out\"", "\"emergency_stop\":\"manual\"", "\"connection\":\"connection_broken\""],
            words => Assert.Contains(words, said, StringComparison.Ordinal));
        Assert.All(district.Carts, cart => Assert.True(
            batch.Health.Where(point => point.Tags.StartsWith($"cart={cart.Id},", StringComparison.Ordinal)).Select(point => point.FieldsJson[point.FieldsJson.IndexOf("\"x\"", StringComparison.Ordinal)..][..18]).Distinct().Count() > 50,
            $"{cart.Id} stays where it is"));
    }
}
