using SmartDistrict.Configuration;
using SmartDistrict.Edge.Devices;
using SmartDistrict.Testing;

namespace SmartDistrict.Edge.Tests.Configuration;

/// <summary>
/// What an editor underlines by the schema is what the gateway refuses, and the reverse, except for what only a
/// cross-check can know; each such case is named here.
/// </summary>
public sealed class SchemaAgreementTests
{
    private static readonly SchemaJudge DistrictSchema = new("district");
    private static readonly SchemaJudge ProfileSchema = new("profile");

    private const string Profile = """
        profile: acme-3
        title: Acme Counter 3
        topic: acme/{address}/count
        time: unix-ms
        numbers: text
        period: 60
        limits: {per_reading: 500, payload_bytes: 4096}
        counter: {bits: 24, reported: periodic}
        sequence: {boot: /start, number: /n, use: gaps}
        health: {battery: /bat, battery_unit: millivolts, firmware: /fw}
        readings:
          - {each: /rows/*, channel: /rows/*/door, at: /rows/*/t, since: /rows/*/s, entries: "/rows/*/c/[name=in]/v", exits: "/rows/*/c/[name=out]/v"}
          - {channel: "2", at: /t, total_entries: /in, total_exits: /out, heartbeat: true}
        samples:
          - {payload: '{"t": 1, "in": 1, "out": 2}', readings: [2 counter 1970-01-01T00:00:00.001Z entries=1 exits=2]}

        """;

    public static TheoryData<string> ShippedFiles(string folder) =>
        [.. Directory.GetFiles(RepositoryFiles.Path("firmware-config", folder), "*.yaml").Select(path => Path.GetRelativePath(RepositoryFiles.Root, path))];

    [Theory]
    [MemberData(nameof(ShippedFiles), "districts")]
    public void Shipped_districts_fit_the_schema(string path) =>
        Assert.True(DistrictSchema.Accepts(File.ReadAllText(RepositoryFiles.Path(path))));

    [Theory]
    [MemberData(nameof(ShippedFiles), "profiles")]
    public void Shipped_profiles_fit_the_schema_and_name_it(string path)
    {
        var text = File.ReadAllText(RepositoryFiles.Path(path));

        Assert.True(ProfileSchema.Accepts(text));
        Assert.StartsWith("# yaml-language-server: $schema=../schema/profile.schema.json", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("level: 0", "level: -2")]
    [InlineData("level: 0, ", "")]
    [InlineData("occupancy_reset: \"04:30\"", "occupancy_reset: 04:30")]
    [InlineData("occupancy_reset: \"04:30\"\n", "")]
    [InlineData("coordinates: wgs84", "coordinates: local-metres")]
    [InlineData("coordinates: wgs84\n", "")]
    [InlineData("area_m2: 420", "area_m2: 4.2e2")]
    [InlineData("since: \"2026-01-01T00:00:00+08:00\"", "since: 2026-01-01T00:00:00Z")]
    [InlineData("reversed: true", "reversed: false")]
    [InlineData("address: \"00:6E\"", "address: 00:6E")]
    [InlineData("address: \"00:6E\"", "address: \"12E456\"")]
    [InlineData("polygon: [[0, 0], [30, 0], [30, 20]]", "segment: [[0, 0], [30, 0], [60, 0]]")]
    [InlineData("polygon: [[0, 0], [30, 0], [30, 20]]", "segment: [[0, 0], [30, 0]], width_m: 12.5")]
    [InlineData("gateways: [{", "levels: [{level: -1, name: {zh: 地下, en: Basement}}]\ngateways: [{")]
    [InlineData("gateways: [{", "plans: [{id: p, name: {zh: 图, en: Plan}, level: 1, file: plans/a.svg, at: [1, 2], rotation: -14.5, width_m: 80}]\ngateways: [{")]
    [InlineData("gateways: [{", "plans: [{id: p, name: {zh: 图, en: Plan}, file: a.geojson, at: [1, 2]}]\ngateways: [{")]
    [InlineData("gateways: [{", "calendar: [{from: 2026-10-01, to: \"2026-10-07\", kind: holiday, name: {zh: 国庆节, en: National Day}}, {from: 2026-10-10, kind: workday, name: {zh: 班, en: Worked}}]\ngateways: [{")]
    [InlineData("gateways: [{", "lockers: [{id: lk-1, name: {zh: 柜, en: It}, gateway: gw-1, at: [1, 2], level: 1, compartments: 12}]\ngateways: [{")]
    [InlineData("gateways: [{", "kiosks: [{id: ks-1, name: {zh: 柜, en: It}, gateway: gw-1, at: [1, 2]}]\ngateways: [{")]
    [InlineData("gateways: [{", "carts: [{id: cart-1, name: {zh: 柜, en: It}, gateway: gw-1}]\ngateways: [{")]
    public void Good_districts_please_both(string from, string to) => Judge(Edit(SmallDistrict, from, to), good: true, seenBySchema: true);

    [Theory]
    [InlineData("district: harbour", "district: Harbour", true)]
    [InlineData("district: harbour", "district: 12", true)]
    [InlineData("district: harbour\n", "", true)]
    [InlineData("en: Harbour District", "de: Hafenviertel", true)]
    [InlineData("name: {zh: 海港商圈, en: Harbour District}", "name: Harbour", true)]
    [InlineData("time_zone: Asia/Shanghai\n", "", true)]
    [InlineData("time_zone: Asia/Shanghai", "time_zone: Mars/Olympus", false)]
    [InlineData("occupancy_reset: \"04:30\"", "occupancy_reset: \"25:00\"", true)]
    [InlineData("occupancy_reset: \"04:30\"", "occupancy_reset: \"4:30\"", true)]
    [InlineData("coordinates: wgs84", "coordinates: wgs48", true)]
    [InlineData("kind: plaza", "kind: square", true)]
    [InlineData("kind: plaza, ", "", true)]
    [InlineData("level: 0", "level: ground", true)]
    [InlineData("level: 0", "level: 1.5", true)]
    [InlineData("level: 0", "level: 999", true)]
    [InlineData("level: 0", "level: ~", true)]
    [InlineData("area_m2: 420", "area_m2: 0", true)]
    [InlineData("area_m2: 420", "area_m2: \"420\"", true)]
    [InlineData("capacity: 800", "capacity: -1", true)]
    [InlineData("capacity: 800", "capazity: 800", true)]
    [InlineData("[30, 20]]", "[30]]", true)]
    [InlineData("[30, 20]]", "[30, north]]", true)]
    [InlineData("[[0, 0], [30, 0], [30, 20]]", "[[0, 0], [30, 0]]", true)]
    [InlineData("[[0, 0], [30, 0], [30, 20]]", "[[0, 0], [30, 0], [60, 0]]", false)]
    [InlineData("[[0, 0], [30, 0], [30, 20]]", "[[0, 0], [30, 0], [30, 91]]", false)]
    [InlineData("polygon: [[0, 0], [30, 0], [30, 20]]", "polygon: [[0, 0], [30, 0], [30, 20]], segment: [[0, 0], [30, 0]]", true)]
    [InlineData("polygon: [[0, 0], [30, 0], [30, 20]]", "polygon: [[0, 0], [30, 0], [30, 20]], width_m: 8", true)]
    [InlineData("polygon: [[0, 0], [30, 0], [30, 20]]", "segment: [[0, 0]]", true)]
    [InlineData("polygon: [[0, 0], [30, 0], [30, 20]]", "segment: [[1, 0], [1, 0]]", false)]
    [InlineData(", polygon: [[0, 0], [30, 0], [30, 20]]", "", true)]
    [InlineData("gateways: [{", "levels: [{level: up, name: {zh: 上, en: Up}}]\ngateways: [{", true)]
    [InlineData("gateways: [{", "levels: [{level: 1, name: {zh: 上, en: Up}}, {level: 1, name: {zh: 上, en: Up}}]\ngateways: [{", false)]
    [InlineData("gateways: [{", "plans: [{id: p, name: {zh: 图, en: Plan}, file: a.svg, at: [1, 2]}]\ngateways: [{", true)]
    [InlineData("gateways: [{", "plans: [{id: p, name: {zh: 图, en: Plan}, file: a.geojson, at: [1, 2], width_m: 8}]\ngateways: [{", true)]
    [InlineData("gateways: [{", "plans: [{id: p, name: {zh: 图, en: Plan}, file: a.pdf, at: [1, 2], width_m: 8}]\ngateways: [{", true)]
    [InlineData("gateways: [{", "plans: [{id: p, name: {zh: 图, en: Plan}, file: ../a.svg, at: [1, 2], width_m: 8}]\ngateways: [{", true)]
    [InlineData("gateways: [{", "plans: [{id: p, name: {zh: 图, en: Plan}, file: /etc/a.svg, at: [1, 2], width_m: 8}]\ngateways: [{", true)]
    [InlineData("gateways: [{", "plans: [{id: p, name: {zh: 图, en: Plan}, file: a.svg, at: [1], width_m: 8}]\ngateways: [{", true)]
    [InlineData("gateways: [{", "plans: [{id: p, name: {zh: 图, en: Plan}, file: a.svg, at: [1, 2], width_m: 8, rotation: 400}]\ngateways: [{", true)]
    [InlineData("gateways: [{", "calendar: [{from: 1 October, kind: holiday, name: {zh: 国庆节, en: National Day}}]\ngateways: [{", true)]
    [InlineData("gateways: [{", "calendar: [{from: 2026-02-30, kind: holiday, name: {zh: 国庆节, en: National Day}}]\ngateways: [{", false)]
    [InlineData("gateways: [{", "calendar: [{to: 2026-10-01, kind: holiday, name: {zh: 国庆节, en: National Day}}]\ngateways: [{", true)]
    [InlineData("gateways: [{", "calendar: [{from: 2026-10-07, to: 2026-10-01, kind: holiday, name: {zh: 国庆节, en: National Day}}]\ngateways: [{", false)]
    [InlineData("gateways: [{", "calendar: [{from: 2026-10-01, to: 2028-10-01, kind: event, name: {zh: 节, en: Festival}}]\ngateways: [{", false)]
    [InlineData("gateways: [{", "calendar: [{from: 2026-10-01, kind: feast, name: {zh: 国庆节, en: National Day}}]\ngateways: [{", true)]
    [InlineData("gateways: [{", "calendar: [{from: 2026-10-01, kind: holiday, name: National Day}]\ngateways: [{", true)]
    [InlineData("gateways: [{", "lockers: [{id: lk-1, name: {zh: 柜, en: It}, gateway: gw-1, at: [1, 2]}]\ngateways: [{", true)]
    [InlineData("gateways: [{", "lockers: [{id: lk-1, name: {zh: 柜, en: It}, gateway: gw-1, at: [1, 2], compartments: 0}]\ngateways: [{", true)]
    [InlineData("gateways: [{", "lockers: [{id: lk-1, name: {zh: 柜, en: It}, gateway: gw-1, at: [1], compartments: 2}]\ngateways: [{", true)]
    [InlineData("gateways: [{", "kiosks: [{id: ks-1, name: {zh: 柜, en: It}, at: [1, 2]}]\ngateways: [{", true)]
    [InlineData("gateways: [{", "kiosks: [{id: ks-1, name: {zh: 柜, en: It}, gateway: gw-7, at: [1, 2]}]\ngateways: [{", false)]
    [InlineData("gateways: [{", "carts: [{id: cart-1, name: {zh: 柜, en: It}, gateway: gw-1, at: [1, 2]}]\ngateways: [{", true)]
    [InlineData("gateways: [{", "carts: [{id: cart-1, name: {zh: 柜, en: It}, gateway: gw-1}, {id: cart-1, name: {zh: 柜, en: It}, gateway: gw-1}]\ngateways: [{", false)]
    [InlineData("at: [[1, 0], [2, 0]]", "at: [[1, 0]]", true)]
    [InlineData("at: [[1, 0], [2, 0]]", "at: [[1, 0], [1, 0]]", false)]
    [InlineData("joins: [{since: \"2026-01-01T00:00:00+08:00\", from: outside, to: plaza}]", "joins: []", true)]
    [InlineData("joins: [", "calibration: [{since: \"2026-01-01T00:00:00+08:00\"}], joins: [", true)]
    [InlineData("joins: [", "calibration: [{entries: 1.1}], joins: [", true)]
    [InlineData("joins: [", "calibration: [{since: \"2026-01-01T00:00:00+08:00\", entries: 2.1}], joins: [", true)]
    [InlineData("since: \"2026-01-01T00:00:00+08:00\"", "since: \"2026-01-01\"", true)]
    [InlineData("since: \"2026-01-01T00:00:00+08:00\"", "since: \"2026-13-01T00:00:00+08:00\"", false)]
    [InlineData("from: outside", "from: nowhere", false)]
    [InlineData("from: outside, ", "", true)]
    [InlineData("line: ln-01", "line: ln-01, lines: {a: ln-01}", true)]
    [InlineData("line: ln-01, ", "", true)]
    [InlineData("line: ln-01", "lines: {}", true)]
    [InlineData("line: ln-01", "line: ln-77", false)]
    [InlineData("gateway: gw-1, ", "", true)]
    [InlineData("gateway: gw-1", "gateway: gw-2", false)]
    [InlineData("profile: native", "profile: Native!", true)]
    [InlineData("reversed: true", "reversed: yes", true)]
    [InlineData("period: 30", "period: 0", true)]
    [InlineData("address: \"00:6E\"", "address: a/b", true)]
    [InlineData("address: \"00:6E\"", "address: 12E456", true)]
    [InlineData("address: \"00:6E\"", "address: 0012345", true)]
    public void Bad_districts_are_refused_by_both(string from, string to, bool seenBySchema) =>
        Judge(Edit(SmallDistrict, from, to), good: false, seenBySchema);

    [Theory]
    [InlineData("time: unix-ms", "time: yyyyMMddHHmmss")]
    [InlineData("time: unix-ms", "time: \"dd.MM.yyyy HH:mm\"")]
    [InlineData("topic: acme/{address}/count", "topic: acme/{district}/+/x-{device}/#")]
    [InlineData("numbers: text\n", "")]
    [InlineData("since: /rows/*/s", "over: period")]
    [InlineData("since: /rows/*/s", "over: 900")]
    [InlineData("at: /t, ", "at: /t, at_absent: received, ")]
    [InlineData(", use: gaps", ", use: deduplicate")]
    [InlineData("title: Acme Counter 3", "title: \"3\"")]
    [InlineData("battery_unit: millivolts", "battery_unit: percent")]
    [InlineData(", firmware: /fw", "")]
    [InlineData("battery: /bat, battery_unit: millivolts, firmware: /fw", "firmware: \"/info/[name=fw]/value\"")]
    public void Good_profiles_please_both(string from, string to) => JudgeProfile(EditProfile(from, to), good: true, seenBySchema: true);

    [Theory]
    [InlineData("profile: acme-3", "profile: Acme 3", true)]
    [InlineData("title: Acme Counter 3\n", "", true)]
    [InlineData("title: Acme Counter 3", "title: 3", true)]
    [InlineData("topic: acme/{address}/count", "topic: acme/count", true)]
    [InlineData("topic: acme/{address}/count", "topic: acme/{adress}/count", true)]
    [InlineData("topic: acme/{address}/count", "topic: acme/{address}/{device}", true)]
    [InlineData("topic: acme/{address}/count", "topic: acme/{address}/#/count", false)]
    [InlineData("topic: acme/{address}/count", "topic: acme/{address}/a+b", false)]
    [InlineData("time: unix-ms", "time: unix", true)]
    [InlineData("time: unix-ms", "time: received", false)]
    [InlineData("time: unix-ms", "time: yyyy-MM-dd", true)]
    [InlineData("numbers: text", "numbers: words", true)]
    [InlineData("period: 60", "period: 60s", true)]
    [InlineData("payload_bytes: 4096", "payload_bytes: 1048576", true)]
    [InlineData("per_reading: 500", "per_reading: 0", true)]
    [InlineData("per_reading: 500", "per_readings: 500", true)]
    [InlineData("bits: 24", "bits: 64", true)]
    [InlineData("reported: periodic", "reported: always", true)]
    [InlineData("number: /n, ", "", true)]
    [InlineData("number: /n", "number: n", true)]
    [InlineData("number: /n", "number: /rows/*/n", false)]
    [InlineData(", use: gaps", "", true)]
    [InlineData("use: gaps", "use: nothing", true)]
    [InlineData("each: /rows/*", "each: /rows", true)]
    [InlineData("each: /rows/*", "each: \"/[a=b]/*\"", true)]
    [InlineData("each: /rows/*, ", "", false)]
    [InlineData("/rows/*/c/[name=in]/v", "/rows/*/c/[name]/v", false)]
    [InlineData("/rows/*/c/[name=in]/v", "/rows/*/c/[name=in]", false)]
    [InlineData("/rows/*/c/[name=in]/v", "/rows//v", true)]
    [InlineData("total_entries: /in, total_exits: /out, ", "", true)]
    [InlineData("at: /t, ", "", false)]
    [InlineData("since: /rows/*/s", "since: /rows/*/s, over: 60", false)]
    [InlineData("since: /rows/*/s", "over: 0", true)]
    [InlineData("heartbeat: true", "heartbeat: often", true)]
    [InlineData("heartbeat: true", "back_fill: true", false)]
    [InlineData("at: /t, ", "at: /t, at_absent: guess, ", true)]
    [InlineData("payload: '{\"t\": 1, \"in\": 1, \"out\": 2}', ", "", true)]
    [InlineData("readings: [2 counter", "reading: [2 counter", true)]
    [InlineData("battery_unit: millivolts, ", "", true)]
    [InlineData("battery_unit: millivolts", "battery_unit: mV", true)]
    [InlineData("battery: /bat, ", "", true)]
    [InlineData("battery: /bat, battery_unit: millivolts, firmware: /fw", "", true)]
    [InlineData("firmware: /fw", "firmware: fw", true)]
    [InlineData("firmware: /fw", "firmware: /rows/*/fw", false)]
    [InlineData("firmware: /fw", "version: /fw", true)]
    public void Bad_profiles_are_refused_by_both(string from, string to, bool seenBySchema) =>
        JudgeProfile(EditProfile(from, to), good: false, seenBySchema);

    private const string SmallDistrict = """
        district: harbour
        name: {zh: 海港商圈, en: Harbour District}
        time_zone: Asia/Shanghai
        occupancy_reset: "04:30"
        coordinates: wgs84
        gateways: [{id: gw-1, name: {zh: 一号网关, en: Gateway 1}}]
        zones:
          - {id: plaza, name: {zh: 广场, en: Plaza}, kind: plaza, level: 0, area_m2: 420, capacity: 800, polygon: [[0, 0], [30, 0], [30, 20]]}
        lines:
          - {id: ln-01, name: {zh: 北门, en: North gate}, at: [[1, 0], [2, 0]], joins: [{since: "2026-01-01T00:00:00+08:00", from: outside, to: plaza}]}
        devices:
          - {id: beam-01, gateway: gw-1, profile: native, line: ln-01, address: "00:6E", reversed: true, time_zone: Europe/Berlin, period: 30}

        """;

    private const string Messages = "profile: native, line: ln-01, address: \"00:6E\", reversed: true, time_zone: Europe/Berlin, period: 30";

    [Theory]
    [InlineData("profile: dual-beam, line: ln-01, gpio: {chip: gpiochip0, a: 17, b: GPIO27}", true, true)]
    [InlineData("profile: dual-beam, line: ln-01, reversed: true, gpio: {chip: c, a: 17, b: 27, active_low: true, bias: none, debounce_ms: 0}, beams: {spacing_mm: 50, longest_person_mm: 2000, blocked_s: 10}", true, true)]
    [InlineData("profile: dual-beam, line: ln-01", false, true)]
    [InlineData("profile: dual-beam, gpio: {chip: c, a: 17, b: 27}", false, true)]
    [InlineData("profile: dual-beam, lines: {\"1\": ln-01}, gpio: {chip: c, a: 17, b: 27}", false, true)]
    [InlineData("profile: dual-beam, line: ln-01, address: x, gpio: {chip: c, a: 17, b: 27}", false, true)]
    [InlineData("profile: dual-beam, line: ln-01, gpio: {chip: c, a: 17}", false, true)]
    [InlineData("profile: dual-beam, line: ln-01, gpio: {chip: c, a: 17, b: -1}", false, true)]
    [InlineData("profile: dual-beam, line: ln-01, gpio: {chip: c, a: 17, b: 17}", false, false)]
    [InlineData("profile: dual-beam, line: ln-01, gpio: {chip: c, a: 17, b: 27, bias: up}", false, true)]
    [InlineData("profile: dual-beam, line: ln-01, gpio: {chip: c, a: 17, b: 27}, beams: {spacing_mm: 20}", false, true)]
    [InlineData("profile: native, line: ln-01, gpio: {chip: c, a: 17, b: 27}", false, true)]
    [InlineData("profile: native, line: ln-01, beams: {blocked_s: 6}", false, true)]
    public void Of_two_beams_both_think_the_same(string device, bool good, bool seenBySchema) =>
        Judge(Edit(SmallDistrict, Messages, device), good, seenBySchema);

    [Theory]
    [InlineData("profile: environment, sensor: {chip: sht3x}", true)]
    [InlineData("profile: environment, period: 30, sensor: {chip: w1_slave_temp, at: 28-0315a2794bff}", true)]
    [InlineData("profile: environment", false)]
    [InlineData("profile: environment, sensor: {at: 1-0044}", false)]
    [InlineData("profile: environment, sensor: {chip: 3}", false)]
    [InlineData("profile: environment, sensor: {chip: sht3x, bus: 1}", false)]
    [InlineData("profile: environment, sensor: {chip: sht3x}, line: ln-01", false)]
    [InlineData("profile: environment, sensor: {chip: sht3x}, reversed: true", false)]
    [InlineData("profile: environment, sensor: {chip: sht3x}, address: x", false)]
    [InlineData("profile: native, line: ln-01, sensor: {chip: sht3x}", false)]
    [InlineData("profile: native, sensor: {chip: sht3x}", false)]
    [InlineData("profile: dual-beam, line: ln-01, gpio: {chip: c, a: 17, b: 27}, sensor: {chip: sht3x}", false)]
    public void Of_a_sensor_chip_both_think_the_same(string device, bool good) =>
        Judge(Edit(SmallDistrict, Messages, device), good, seenBySchema: true);

    [Theory]
    [InlineData("kind: density, warning: 2.15, critical: 3.57", true, true)]
    [InlineData("kind: density, only: [plaza], critical: 4, hysteresis: 0.3, hold_s: 30, clear_s: 120", true, true)]
    [InlineData("kind: store, severity: warning", true, true)]
    [InlineData("kind: sensor, only: [beam-01], off: true", true, true)]
    [InlineData("kind: runway, warning: 24, critical: 6", true, true)]
    [InlineData("kind: fire, warning: 1", false, true)]
    [InlineData("warning: 1", false, true)]
    [InlineData("kind: locker_forced, severity: warning", true, true)]
    [InlineData("kind: cart_lost, warning: 120, critical: 600", true, true)]
    [InlineData("kind: cart_stopped, warning: 1", false, true)]
    [InlineData("kind: kiosk_offline, only: [ks-9]", false, false)]
    [InlineData("kind: density, warning: 0", false, true)]
    [InlineData("kind: density, warning: high", false, true)]
    [InlineData("kind: density, hold_s: -1", false, true)]
    [InlineData("kind: density, hold_s: 90000", false, true)]
    [InlineData("kind: density, hysteresis: -1", false, true)]
    [InlineData("kind: density, severity: warning", false, true)]
    [InlineData("kind: sensor, warning: 1", false, true)]
    [InlineData("kind: sensor, severity: none", false, true)]
    [InlineData("kind: store, only: [plaza]", false, false)]
    [InlineData("kind: density, only: [nowhere], warning: 2", false, false)]
    [InlineData("kind: density, only: [gw-1], warning: 2", false, false)]
    [InlineData("kind: density, warning: 25", false, false)]
    [InlineData("kind: density, warning: 4, critical: 3", false, false)]
    [InlineData("kind: runway, warning: 2, critical: 6", false, false)]
    [InlineData("kind: density, warning: 1, hysteresis: 2", false, false)]
    public void Of_an_alarm_rule_both_think_the_same(string rule, bool good, bool seenBySchema) =>
        Judge(SmallDistrict + $"alarms: [{{since: \"2026-01-01T00:00:00+08:00\", {rule}}}]\n", good, seenBySchema);

    [Theory]
    [InlineData("", true)]
    [InlineData("since: 2026-01-01, ", true)]
    [InlineData("since: \"2026-13-01T00:00:00+08:00\", ", false)]
    public void Of_the_date_of_an_alarm_rule_both_think_the_same(string since, bool seenBySchema) =>
        Judge(SmallDistrict + $"alarms: [{{{since}kind: density, warning: 2}}]\n", good: false, seenBySchema);

    private static string Edit(string text, string from, string to)
    {
        Assert.Contains(from, text, StringComparison.Ordinal);
        var at = text.IndexOf(from, StringComparison.Ordinal);
        return string.Concat(text.AsSpan(0, at), to, text.AsSpan(at + from.Length));
    }

    private static string EditProfile(string from, string to) => Edit(Profile, from, to);

    private static void Judge(string yaml, bool good, bool seenBySchema)
    {
        var problems = new ConfigurationProblems("x.yaml");
        Assert.Equal(good, DistrictFile.Parse(yaml, problems) is not null);
        Assert.Equal(good || !seenBySchema, DistrictSchema.Accepts(yaml));
    }

    private static void JudgeProfile(string yaml, bool good, bool seenBySchema)
    {
        var problems = new ConfigurationProblems("x.yaml");
        Assert.Equal(good, ProfileFile.Parse(yaml, problems) is not null);
        Assert.Equal(good || !seenBySchema, ProfileSchema.Accepts(yaml));
    }
}
