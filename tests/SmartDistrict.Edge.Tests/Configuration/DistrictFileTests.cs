using SmartDistrict.Configuration;

namespace SmartDistrict.Edge.Tests.Configuration;

public sealed class DistrictFileTests
{
    private const string Harbour = """
        district: harbour
        name: {zh: 海港商圈, en: Harbour District}
        time_zone: Asia/Shanghai
        occupancy_reset: "04:30"
        coordinates: wgs84
        gateways:
          - {id: gw-1, name: {zh: 一号网关, en: Gateway 1}}
          - {id: gw-2, name: {zh: 二号网关, en: Gateway 2}}
        zones:
          - id: plaza-01
            name: {zh: 中央广场, en: Central Plaza}
            kind: plaza
            area_m2: 420
            capacity: 800
            polygon: [[121.49, 31.23], [121.50, 31.23], [121.50, 31.24]]
        lines:
          - id: ln-01
            name: {zh: 北门, en: North gate}
            at: [[121.49, 31.23], [121.4901, 31.23]]
            joins:
              - {since: "2026-01-01T00:00:00+08:00", from: outside, to: plaza-01}
          - id: ln-02
            name: {zh: 南门, en: South gate}
            at: [[121.50, 31.23], [121.5001, 31.23]]
            joins:
              - {since: "2026-01-01T00:00:00+08:00", from: outside, to: plaza-01}
              - {since: "2026-02-01T00:00:00+08:00", from: plaza-01, to: outside}
          - id: ln-03
            name: {zh: 侧门, en: Side gate}
            at: [[121.50, 31.24], [121.5001, 31.24]]
            joins:
              - {since: "2026-01-01T00:00:00+08:00", from: outside, to: plaza-01}
        devices:
          - {id: cam-01, gateway: gw-1, profile: axis-object-analytics, address: ACCC8E012345, lines: {Device1Scenario1: ln-01}, exit_lines: {Device1Scenario2: ln-01}}
          - {id: xov-01, gateway: gw-2, profile: xovis-push-v5, address: "00:6E:07:01", lines: {Entrance: ln-02}, reversed: true, time_zone: Europe/Berlin}
          - {id: beam-01, gateway: gw-1, profile: native, line: ln-03, period: 60}

        """;

    [Fact]
    public void A_sound_district_is_read_whole()
    {
        var district = Read(Harbour, out var problems);

        Assert.Empty(problems);
        Assert.NotNull(district);
        Assert.Equal("harbour", district.Id);
        Assert.Equal("Asia/Shanghai", district.TimeZone.Id);
        Assert.Equal(new TimeOnly(4, 30), district.OccupancyReset);
        Assert.Equal(3, district.Zones.Single().Polygon.Count);
        Assert.Equal("plaza-01", district.Lines[1].JoinAt(new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero))!.From);
        Assert.Null(district.Lines[1].JoinAt(new DateTimeOffset(2025, 3, 1, 0, 0, 0, TimeSpan.Zero)));
        var (camera, xovis, beam) = (district.Devices[0], district.Devices[1], district.Devices[2]);
        Assert.Equal("ln-01", camera.ExitLines["Device1Scenario2"]);
        Assert.False(camera.Reversed);
        Assert.True(xovis.Reversed);
        Assert.Equal("Europe/Berlin", xovis.TimeZone.Id);
        Assert.Equal("Asia/Shanghai", beam.TimeZone.Id);
        Assert.Equal("beam-01", beam.Address);
        Assert.Equal("ln-03", beam.Lines["1"]);
        Assert.Equal(TimeSpan.FromMinutes(1), beam.Period);
    }

    [Theory]
    [InlineData("time_zone: Asia/Shanghai", "time_zone: Asia/Shangai", 3, 12, "no time zone known", "Asia/Shanghai")]
    [InlineData("kind: plaza", "kind: plazza", 12, 11, "'plazza'", "'plaza'")]
    [InlineData("capacity: 800", "capacity: 0", 14, 15, "'capacity' of zone 'plaza-01' is the number 0", "a whole number from 1")]
    [InlineData("capacity: 800", "capasity: 800", 14, 5, "unknown key 'capasity'", "'capacity'")]
    [InlineData("area_m2: 420", "area_m2: wide", 13, 14, "'wide'", "a number above 0")]
    [InlineData("[121.50, 31.24]]\nlines", "[121.48, 31.23]]\nlines", 15, 14, "encloses no area", "at least 3 corners")]
    [InlineData("polygon: [[121.49, 31.23], [121.50, 31.23], [121.50, 31.24]]", "polygon: [[31.23, 121.49], [31.23, 121.50], [31.24, 121.50]]", 15, 15, "no longitude and latitude", "swap the two")]
    [InlineData("to: plaza-01}\n  - id: ln-02", "to: plaza-1}\n  - id: ln-02", 21, 65, "the zone 'plaza-1', which does not exist", "'plaza-01'")]
    [InlineData("since: \"2026-02-01T00:00:00+08:00\"", "since: \"2025-02-01T00:00:00+08:00\"", 27, 17, "not later than the one before", "in the order")]
    [InlineData("since: \"2026-02-01T00:00:00+08:00\"", "since: 2026-02-01", 27, 17, "'2026-02-01'", "date, time and offset")]
    [InlineData("from: plaza-01, to: outside", "from: outside, to: outside", 27, 65, "to itself", "the other side")]
    [InlineData("    name: {zh: 侧门, en: Side gate}", "    calibration: [{since: \"2026-01-01T00:00:00+08:00\", entries: 4}]\n    name: {zh: 侧门, en: Side gate}", 29, 65, "'entries' of a calibration of line 'ln-03' is the number 4", "a number from 0.5 to 2")]
    [InlineData("    name: {zh: 侧门, en: Side gate}", "    calibration: [{since: \"2026-01-01T00:00:00+08:00\"}]\n    name: {zh: 侧门, en: Side gate}", 29, 19, "has no factor", "counted by hand")]
    [InlineData("{id: beam-01, gateway: gw-1", "{id: beam-01, gateway: gw-3", 36, 28, "the gateway 'gw-3', which does not exist", "'gw-1'")]
    [InlineData("line: ln-03, period: 60", "line: ln-01, period: 60", 36, 57, "already counted by device 'cam-01'", "exactly one device")]
    [InlineData("line: ln-03, period: 60", "line: ln-99, period: 60", 36, 57, "the line 'ln-99', which does not exist", "")]
    [InlineData("id: beam-01", "id: cam-01", 36, 10, "already a device 'cam-01'", "an id of its own")]
    [InlineData("id: beam-01", "id: Beam 1", 36, 10, "'Beam 1'", "a-z")]
    [InlineData("id: beam-01", "id: 17", 36, 10, "the number 17", "in quotes: \"17\"")]
    [InlineData("line: ln-03, period: 60", "period: 60", 36, 5, "counts no line", "add 'line:")]
    [InlineData("address: \"00:6E:07:01\"", "address: a/b", 35, 66, "contains '/'", "topic level")]
    [InlineData("name: {zh: 侧门, en: Side gate}", "name: {zh: 侧门}", 29, 11, "has no 'en'", "add 'en:")]
    [InlineData("occupancy_reset: \"04:30\"", "occupancy_reset: \"4am\"", 4, 18, "'4am'", "\"04:00\"")]
    [InlineData("  - id: plaza-01\n", "  - id: outside\n", 10, 9, "cannot be called 'outside'", "an id of its own")]
    public void A_mistake_is_reported_with_its_place_and_its_mend(string right, string wrong, int line, int column, string what, string mend)
    {
        Assert.Contains(right, Harbour, StringComparison.Ordinal);

        Assert.Null(Read(Harbour.Replace(right, wrong, StringComparison.Ordinal), out var problems));

        Assert.Contains(problems, problem => problem.Line == line && problem.Column == column
            && problem.What.Contains(what, StringComparison.Ordinal) && problem.Mend.Contains(mend, StringComparison.Ordinal));
    }

    [Fact]
    public void A_line_keeps_the_factors_that_it_had()
    {
        var line = Read(Harbour.Replace("    name: {zh: 侧门, en: Side gate}",
            """
                name: {zh: 侧门, en: Side gate}
                calibration:
                  - {since: "2026-02-01T00:00:00+08:00", entries: 1.04, exits: 0.98}
                  - {since: "2026-06-01T00:00:00+08:00", exits: 1.01}
            """, StringComparison.Ordinal), out var problems)!.Lines[2];

        Assert.Empty(problems);
        Assert.Equal([(1.04, 0.98), (1, 1.01)], line.Calibration.Select(factor => (factor.Entries, factor.Exits)));
    }

    private const string Numbers = """
        numbers:
          capture_rate: entries-per-presence
          small_counts_below: 10
          groups: [{id: shore, name: {zh: 岸边, en: Shore}, zones: [plaza-01]}]
          passing_lines: {plaza-01: [ln-03]}
          queues: [plaza-01]

        """;

    [Fact]
    public void What_the_numbers_are_is_the_districts_own_choice()
    {
        var numbers = Read(Harbour + Numbers, out var problems)!.Numbers;

        Assert.Empty(problems);
        Assert.Equal((CaptureRate.EntriesPerPresence, 10), (numbers.CaptureRate, numbers.SmallCountsBelow));
        Assert.Equal(("shore", "岸边", "plaza-01"), (numbers.Groups.Single().Id, numbers.Groups.Single().Name.Zh, numbers.Groups.Single().Zones.Single()));
        Assert.Equal(["ln-03"], numbers.PassingLines["plaza-01"]);
        Assert.Contains("plaza-01", numbers.Queues);
        Assert.Equal((CaptureRate.EntriesPerPasserBy, 5), (Read(Harbour, out _)!.Numbers.CaptureRate, Read(Harbour, out _)!.Numbers.SmallCountsBelow));
    }

    [Theory]
    [InlineData("entries-per-presence", "entries-per-person", "'entries-per-person'", "entries-per-passer-by")]
    [InlineData("small_counts_below: 10", "small_counts_below: 0", "is the number 0", "a whole number from 1")]
    [InlineData("id: shore", "id: plaza-01", "already the name of", "an id of its own")]
    [InlineData("zones: [plaza-01]", "zones: []", "has no zones", "at least one zone")]
    [InlineData("zones: [plaza-01]", "zones: [plaza-01, plaza-01]", "twice", "name it once")]
    [InlineData("zones: [plaza-01]", "zones: [plaza-1]", "the zone 'plaza-1', which does not exist", "'plaza-01'")]
    [InlineData("{plaza-01: [ln-03]}", "{plaza-01: [ln-3]}", "the line 'ln-3', which does not exist", "'ln-03'")]
    [InlineData("{plaza-01: [ln-03]}", "{plaza-1: [ln-03]}", "the zone 'plaza-1', which does not exist", "a zone of this file")]
    [InlineData("queues: [plaza-01]", "queues: [plaza-1]", "the zone 'plaza-1', which does not exist", "'plaza-01'")]
    [InlineData("queues: [plaza-01]", "queue: [plaza-01]", "unknown key 'queue'", "'queues'")]
    public void A_mistake_in_them_is_reported_with_its_mend(string right, string wrong, string what, string mend)
    {
        Assert.Contains(right, Numbers, StringComparison.Ordinal);

        Assert.Null(Read(Harbour + Numbers.Replace(right, wrong, StringComparison.Ordinal), out var problems));

        Assert.Contains(problems, problem => problem.What.Contains(what, StringComparison.Ordinal) && problem.Mend.Contains(mend, StringComparison.Ordinal));
    }

    private const string Beam = "profile: dual-beam, line: ln-03, gpio: {chip: gpiochip0, a: GPIO17, b: 27, active_low: true, bias: pull-up, debounce_ms: 20}, beams: {spacing_mm: 150, longest_person_mm: 900, blocked_s: 6}";

    [Fact]
    public void Two_beams_on_the_gateway_are_read_with_their_wiring()
    {
        var beams = Read(WithBeams(Beam), out var problems)!.Devices[2].Beams!;

        Assert.Empty(problems);
        Assert.Equal(new GpioWiring("gpiochip0", new(null, "GPIO17"), new(27, null), true, GpioBias.PullUp, TimeSpan.FromMilliseconds(20)), beams.Gpio);
        Assert.Equal((0.15, 0.9, TimeSpan.FromSeconds(6)), (beams.Spacing, beams.LongestPerson, beams.Blocked));
    }

    [Fact]
    public void Two_beams_need_no_more_than_their_wires()
    {
        var beams = Read(WithBeams("profile: dual-beam, line: ln-03, gpio: {chip: pinctrl-rp1, a: 4, b: 5}"), out var problems)!.Devices[2].Beams!;

        Assert.Empty(problems);
        Assert.Equal(new GpioWiring("pinctrl-rp1", new(4, null), new(5, null), false, GpioBias.None, TimeSpan.FromMilliseconds(25)), beams.Gpio);
        Assert.Equal((0.2, 0.5, TimeSpan.FromSeconds(8)), (beams.Spacing, beams.LongestPerson, beams.Blocked));
    }

    [Theory]
    [InlineData("b: 27, ", "", "has no 'b'", "b: 27")]
    [InlineData("chip: gpiochip0, ", "", "has no 'chip'", "gpiochip0")]
    [InlineData("b: 27", "b: GPIO17", "line GPIO17 of chip 'gpiochip0', which is 'a' of device 'beam-01' already", "an input of its own")]
    [InlineData("b: 27", "b: 4096", "the number 4096", "from 0 to 1023")]
    [InlineData("bias: pull-up", "bias: pullup", "'pullup'", "'pull-up'")]
    [InlineData("debounce_ms: 20", "debounce_ms: 2000", "the number 2000", "from 0 to 100")]
    [InlineData("debounce_ms", "debounce", "unknown key 'debounce'", "'debounce_ms'")]
    [InlineData("spacing_mm: 150", "spacing_mm: 1500", "the number 1500", "from 50 to 400")]
    [InlineData("blocked_s: 6", "blocked_s: 60", "the number 60", "from 5 to 10")]
    [InlineData("profile: dual-beam", "profile: native", "has 'gpio', but the profile 'native'", "profile: dual-beam")]
    [InlineData("line: ln-03", "line: ln-03, period: 60", "a pair of beams and has 'period'", "remove 'period'")]
    [InlineData("line: ln-03", "lines: {\"1\": ln-03}", "a pair of beams and has 'lines'", "'line: ln-01'")]
    [InlineData("gpio: {chip: gpiochip0, a: GPIO17, b: 27, active_low: true, bias: pull-up, debounce_ms: 20}, ", "", "has no 'gpio'", "gpio: {chip")]
    public void A_mistake_in_two_beams_is_reported_with_its_mend(string right, string wrong, string what, string mend)
    {
        Assert.Contains(right, Beam, StringComparison.Ordinal);

        Assert.Null(Read(WithBeams(Beam.Replace(right, wrong, StringComparison.Ordinal)), out var problems));

        Assert.Contains(problems, problem => problem.Line == 36
            && problem.What.Contains(what, StringComparison.Ordinal) && problem.Mend.Contains(mend, StringComparison.Ordinal));
    }

    [Fact]
    public void A_sensor_chip_is_read_with_its_place_and_period()
    {
        var devices = Read(WithBeams("profile: environment, period: 30, sensor: {chip: sht3x, at: 1-0044}"), out var problems)!.Devices;

        Assert.Empty(problems);
        Assert.Equal((new SensorEntry("sht3x", "1-0044"), TimeSpan.FromSeconds(30)), (devices[2].Sensor, devices[2].Period));
        Assert.Empty(devices[2].Lines);
    }

    [Theory]
    [InlineData("profile: environment, sensor: {at: 1-0044}", "has no 'chip'", "chip: sht3x")]
    [InlineData("profile: environment", "has no 'sensor'", "sensor: {chip")]
    [InlineData("profile: environment, line: ln-03, sensor: {chip: sht3x}", "measures its surroundings and has 'line'", "remove 'line'")]
    [InlineData("profile: native, line: ln-03, sensor: {chip: sht3x}", "has 'sensor', but the profile 'native'", "profile: environment")]
    public void A_mistake_in_a_sensor_chip_is_reported_with_its_mend(string device, string what, string mend)
    {
        Assert.Null(Read(WithBeams(device), out var problems));

        Assert.Contains(problems, problem => problem.Line == 36
            && problem.What.Contains(what, StringComparison.Ordinal) && problem.Mend.Contains(mend, StringComparison.Ordinal));
    }

    [Fact]
    public void An_alarm_rule_is_read_with_the_usual_where_nothing_is_said()
    {
        var rules = Read(Harbour + """
            alarms:
              - {since: "2026-01-01T00:00:00+08:00", kind: density, only: [plaza-01], critical: 4, hold_s: 60}
              - {since: "2026-02-01T00:00:00+08:00", kind: clock, severity: critical}
              - {since: "2026-02-01T00:00:00+08:00", kind: occupancy, off: true}
            """, out var problems)!.Alarms;

        Assert.Empty(problems);
        Assert.Equal(new AlarmSetting(null, 4, 0.2, 60, 120), rules[0].Setting);
        Assert.Equal(["plaza-01"], rules[0].Only);
        Assert.Equal(new AlarmSetting(null, 1, 0, 300, 60), rules[1].Setting);
        Assert.Equal(new AlarmSetting(90, 100, 5, 30, 120, On: false), rules[2].Setting);
    }

    [Theory]
    [InlineData("kind: densty, warning: 2", "'densty'", "'density'")]
    [InlineData("kind: density, warning: 3, critical: 2", "critical (2) is not beyond warning (3)", "greater number")]
    [InlineData("kind: runway, warning: 3, critical: 5", "critical (5) is not beyond warning (3)", "smaller number")]
    [InlineData("kind: density, warning: 25", "warning is 25", "at most 20 people/m2")]
    [InlineData("kind: density, only: [plaza-1], warning: 2", "the zone 'plaza-1', which does not exist", "'plaza-01'")]
    [InlineData("kind: sensor, warning: 1", "unknown key 'warning'", "")]
    [InlineData("kind: store, only: [plaza-01]", "about the district as a whole", "remove 'only'")]
    public void A_mistake_in_an_alarm_rule_is_reported_with_its_mend(string rule, string what, string mend)
    {
        Assert.Null(Read(Harbour + $"alarms:\n  - {{since: \"2026-01-01T00:00:00+08:00\", {rule}}}\n", out var problems));

        Assert.Contains(problems, problem => problem.Line == 38
            && problem.What.Contains(what, StringComparison.Ordinal) && problem.Mend.Contains(mend, StringComparison.Ordinal));
    }

    private static string WithBeams(string device) => Harbour.Replace("profile: native, line: ln-03, period: 60", device, StringComparison.Ordinal);

    [Fact]
    public void Every_mistake_of_a_file_is_reported_at_once()
    {
        var broken = Harbour
            .Replace("time_zone: Asia/Shanghai", "time_zone: Mars/Olympus", StringComparison.Ordinal)
            .Replace("kind: plaza", "kind: moon", StringComparison.Ordinal)
            .Replace("gateway: gw-2", "gateway: gw-7", StringComparison.Ordinal)
            .Replace("period: 60", "period: never", StringComparison.Ordinal);

        Assert.Null(Read(broken, out var problems));

        Assert.Equal([3, 12, 35, 36], problems.Select(problem => problem.Line));
    }

    [Theory]
    [InlineData("district: [harbour", "not valid YAML")]
    [InlineData("district: a\n\tname: b", "not valid YAML")]
    [InlineData("", "empty")]
    [InlineData("- a\n- b", "a list where keys and values are expected")]
    [InlineData("district: harbour\ndistrict: port", "already given in line 1")]
    [InlineData("district: &a harbour\nname: *a", "aliases")]
    [InlineData("---\ndistrict: a\n---\ndistrict: b", "a second document")]
    public void What_is_no_configuration_at_all_is_said_so(string text, string what)
    {
        Assert.Null(Read(text, out var problems));

        Assert.Contains(problems, problem => problem.What.Contains(what, StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_that_is_missing_is_a_configuration_error()
    {
        var error = Assert.Throws<ConfigurationException>(() => DistrictFile.Load("no-such-district.yaml"));

        Assert.Equal("no-such-district.yaml: there is no such file. Mend: check the path and the name.", error.Message);
    }

    [Fact]
    public void A_file_that_is_not_utf8_is_a_configuration_error()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, [.. "district: "u8, 0xBA, 0xA3, 0xB8, 0xDB]);

            var error = Assert.Throws<ConfigurationException>(() => DistrictFile.Load(path));

            Assert.Contains("not UTF-8", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static District? Read(string text, out IReadOnlyList<ConfigurationProblem> problems)
    {
        var found = new ConfigurationProblems("harbour.yaml");
        var district = DistrictFile.Parse(text, found);
        problems = found.InOrder;
        return district;
    }
}
