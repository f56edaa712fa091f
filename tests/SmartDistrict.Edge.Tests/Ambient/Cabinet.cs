using SmartDistrict.Configuration;
using SmartDistrict.Edge.Devices;

namespace SmartDistrict.Edge.Tests.Ambient;

/// <summary>A district that counts nobody: the temperature of a meal cabinet every 30 s, the light of a hall every 60 s.</summary>
internal static class Cabinet
{
    public const string District = """
        district: canteen
        name: {zh: 食堂, en: Canteen}
        time_zone: Asia/Shanghai
        coordinates: local-metres
        gateways:
          - {id: gw-1, name: {zh: 网关, en: Gateway}}
        zones:
          - {id: hall, name: {zh: 大厅, en: Hall}, kind: hall, polygon: [[0, 0], [10, 0], [10, 8]]}
        lines: []
        devices:
          - {id: cabinet-01, gateway: gw-1, profile: environment, period: 30, sensor: {chip: sht3x, at: 1-0044}}
          - {id: light-01, gateway: gw-1, profile: environment, sensor: {chip: bh1750}}

        """;

    public static DeviceCatalog Catalog()
    {
        var problems = new ConfigurationProblems("canteen.yaml");
        var district = DistrictFile.Parse(District, problems);
        Assert.Empty(problems.InOrder);
        return DeviceCatalog.Build(district!, new Dictionary<string, DeviceProfile>(), "gw-1");
    }
}
