using SmartDistrict.Configuration;

namespace SmartDistrict.Cloud.Tests.Hosting;

/// <summary>
/// Two zones, four lines, two gateways. In line 3 somebody entering leaves the plaza for the hall; line 4 was moved at the
/// end of February from the plaza to the hall.
/// </summary>
internal static class TestDistrict
{
    public const string Yaml =
        """
        district: harbour
        name: {zh: 海港商圈, en: Harbour District}
        time_zone: Asia/Shanghai
        occupancy_reset: "04:00"
        coordinates: wgs84
        gateways:
          - {id: gw-1, name: {zh: 一号网关, en: Gateway 1}}
          - {id: gw-2, name: {zh: 二号网关, en: Gateway 2}}
        zones:
          - {id: plaza, name: {zh: 中央广场, en: Central Plaza}, kind: plaza, level: 0, area_m2: 420, capacity: 800, polygon: [[121.49, 31.23], [121.50, 31.23], [121.50, 31.24]]}
          - {id: hall, name: {zh: 大厅, en: Hall}, kind: hall, level: 0, polygon: [[121.50, 31.23], [121.51, 31.23], [121.51, 31.24]]}
        lines:
          - {id: ln-1, name: {zh: 北门, en: North gate}, at: [[121.49, 31.23], [121.4901, 31.23]], joins: [{since: "2026-01-01T00:00:00+08:00", from: outside, to: plaza}]}
          - {id: ln-2, name: {zh: 南门, en: South gate}, at: [[121.49, 31.24], [121.4901, 31.24]], joins: [{since: "2026-01-01T00:00:00+08:00", from: plaza, to: outside}]}
          - {id: ln-3, name: {zh: 厅门, en: Hall door}, at: [[121.50, 31.235], [121.50, 31.236]], joins: [{since: "2026-01-01T00:00:00+08:00", from: plaza, to: hall}]}
          - {id: ln-4, name: {zh: 东门, en: East gate}, at: [[121.51, 31.235], [121.51, 31.236]], joins: [{since: "2026-01-01T00:00:00+08:00", from: outside, to: plaza}, {since: "2026-03-01T00:00:00+08:00", from: outside, to: hall}]}
        devices:
          - {id: cam-1, gateway: gw-1, profile: native, lines: {"1": ln-1, "2": ln-2}}
          - {id: cam-2, gateway: gw-1, profile: native, line: ln-3}
          - {id: cam-3, gateway: gw-2, profile: native, line: ln-4}
        """;

    /// <summary>With two lockers, a kiosk and two carts, one of each at the second gateway.</summary>
    public const string WithAssets = Yaml +
        """

        lockers:
          - {id: lk-1, name: {zh: 北门智能柜, en: North gate locker}, gateway: gw-1, at: [121.491, 31.231], compartments: 4}
          - {id: lk-2, name: {zh: 大厅智能柜, en: Hall locker}, gateway: gw-2, at: [121.501, 31.231], level: 1, compartments: 2}
        kiosks:
          - {id: ks-1, name: {zh: 广场自助终端, en: Plaza kiosk}, gateway: gw-1, at: [121.492, 31.232]}
        carts:
          - {id: cart-1, name: {zh: 一号小车, en: Cart 1}, gateway: gw-1}
          - {id: cart-2, name: {zh: 二号小车, en: Cart 2}, gateway: gw-2}
        """;

    public static District Load(string yaml = Yaml)
    {
        var problems = new ConfigurationProblems("test");
        return DistrictFile.Parse(yaml, problems) ?? throw new InvalidOperationException(string.Join('\n', problems.InOrder));
    }
}
