using System.Text;
using System.Text.RegularExpressions;
using SmartDistrict.Configuration;
using SmartDistrict.Edge.Checking;
using SmartDistrict.Edge.Devices;
using SmartDistrict.Testing;

namespace SmartDistrict.Edge.Tests.Devices;

public sealed partial class ProfileFileTests
{
    private const string Beam = """
        profile: acme-3
        title: Acme Counter 3
        topic: acme/{address}/people
        time: unix-s
        readings:
          - at: /t
            entries: /in

        """;

    [Fact]
    public void The_readme_s_ten_lines_are_a_profile_that_reads_its_sample()
    {
        var readme = File.ReadAllText(RepositoryFiles.Path("firmware-config", "README.md"));
        var yaml = string.Join('\n', YamlBlock().Match(readme).Groups[1].Value.Split('\n').Select(line => line.Length > 3 ? line[3..] : ""));

        var profile = Parse(yaml, out var problems);

        Assert.Empty(problems);
        Assert.Single(profile!.Samples);
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("profiles"));
        File.WriteAllText(folder.File("profiles/acme-3.yaml"), yaml);
        var output = new StringWriter();
        Assert.Equal(0, CheckCommand.Run([folder.Path], output));
    }

    [Theory]
    [InlineData("time: unix-s", "time: unix_s", 4, 7, "'time' is 'unix_s'", "'unix-s'")]
    [InlineData("topic: acme/{address}/people", "topic: acme/people", 3, 8, "must hold '{address}' or '{device}' exactly once", "acme/{address}/count")]
    [InlineData("topic: acme/{address}/people", "topic: acme/{adress}/people", 3, 8, "unknown place '{adress}'", "acme/{address}/count")]
    [InlineData("topic: acme/{address}/people", "topic: acme/#/{address}", 3, 8, "'#' before its last level", "")]
    [InlineData("topic: acme/{address}/people", "topic: acme/{address}/x+", 3, 8, "the wildcard level 'x+'", "")]
    [InlineData("at: /t", "at: t", 6, 9, "the pointer 't' does not begin with '/'", "'/data/in'")]
    [InlineData("at: /t", "at: /rows/*/t", 6, 9, "goes through an array that the rule's 'each' does not name", "each: /records/*")]
    [InlineData("at: /t", "att: /t", 6, 5, "has the unknown key 'att'", "'at'")]
    [InlineData("at: /t", "heartbeat: true", 6, 5, "has no 'at'", "'time: received'")]
    [InlineData("entries: /in", "heartbeat: true", 6, 5, "reads no count", "add 'entries' and 'exits'")]
    [InlineData("entries: /in", "entries: \"/c/[name]/v\"", 7, 14, "the selector '[name]', which is not of the form [member=value]", "")]
    [InlineData("entries: /in", "entries: \"/c/[a=b]/d/[e=f]/v\"", 7, 14, "more than one selector", "")]
    [InlineData("entries: /in", "entries: \"/c/[a=b]/d/*/v\"", 7, 14, "more than one selector, or an array inside", "")]
    [InlineData("entries: /in", "entries: /in\n    over: period", 8, 11, "needs to know the device's period", "'period: 60'")]
    [InlineData("entries: /in", "entries: /in\n    over: soon", 8, 11, "the text 'soon'", "a number of seconds")]
    [InlineData("readings:", "counter: {bits: 16}\nreadings:", 5, 10, "no reading has 'total_entries'", "remove it")]
    [InlineData("readings:", "limits: {payload_bytes: 1000000}\nreadings:", 5, 25, "the number 1000000", "16 to 262144")]
    [InlineData("title: Acme Counter 3\n", "", 1, 1, "has no 'title'", "title: Acme Counter 3")]
    public void A_mistake_is_reported_with_its_place_and_its_mend(string right, string wrong, int line, int column, string what, string mend)
    {
        Assert.Contains(right, Beam, StringComparison.Ordinal);

        Assert.Null(Parse(Beam.Replace(right, wrong, StringComparison.Ordinal), out var problems));

        Assert.Contains(problems, problem => problem.Line == line && problem.Column == column
            && problem.What.Contains(what, StringComparison.Ordinal) && problem.Mend.Contains(mend, StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_and_its_profile_have_one_name()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("acme-4.yaml"), Beam);

        var broken = DeviceProfiles.Load(folder.Path).Broken["acme-4"];

        Assert.Contains("the file is called 'acme-4'", Assert.Single(broken.Problems).What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"t":1772438400,"in":3}""", "ln increment 2026-03-02T08:00:00Z entries=3 exits=0")]
    [InlineData("""{"t":1772438400.75,"in":3}""", "ln increment 2026-03-02T08:00:00.750Z entries=3 exits=0")]
    public void Whole_and_broken_seconds_are_times(string payload, string reading) => Assert.Equal(reading, Read(Beam, payload));

    [Theory]
    [InlineData("2026-03-02T16:00:00+08:00", "2026-03-02T08:00:00Z")]
    [InlineData("2026-03-02T16:00:00+0800", "2026-03-02T08:00:00Z")]
    [InlineData("2026-03-02T16:00:00.123456789+08", "2026-03-02T08:00:00.123Z")]
    [InlineData("2026-03-02t08:00:00.5z", "2026-03-02T08:00:00.500Z")]
    [InlineData("2026-03-02 08:00Z", "2026-03-02T08:00:00Z")]
    [InlineData("2026-03-02T03:00:00-05:00", "2026-03-02T08:00:00Z")]
    [InlineData("2026-03-02T16:00:00", "2026-03-02T08:00:00Z")]
    [InlineData("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z")]
    [InlineData("2026-02-29T08:00:00Z", null)]
    [InlineData("2026-03-02T24:00:00Z", null)]
    [InlineData("2026-03-02T08:00:00+25:00", null)]
    [InlineData("2026-03-02T08:00:00.Z", null)]
    [InlineData("2026-03-02", null)]
    [InlineData("20260302T080000Z", null)]
    [InlineData("yesterday", null)]
    [InlineData("", null)]
    public void Iso_times_are_read_with_their_offset_or_in_the_device_s_zone(string time, string? instant) =>
        Assert.Equal(
            instant is null ? null : $"ln increment {instant} entries=1 exits=0",
            Read(Beam.Replace("unix-s", "iso-8601", StringComparison.Ordinal), $$"""{"t":"{{time}}","in":1}"""));

    [Theory]
    [InlineData("dd.MM.yyyy HH:mm", "02.03.2026 16:00", "2026-03-02T08:00:00Z")]
    [InlineData("yyyyMMddHHmmssfff", "20260302160000250", "2026-03-02T08:00:00.250Z")]
    [InlineData("yyyyMMddHHmmss", "20260302160000", "2026-03-02T08:00:00Z")]
    [InlineData("yyyyMMddHHmmss", "2026030216000", null)]
    [InlineData("yyyyMMddHHmmss", "2026030216000x", null)]
    [InlineData("yyyyMMddHHmmss", "20261302160000", null)]
    public void A_pattern_is_read_in_the_device_s_zone(string pattern, string time, string? instant) =>
        Assert.Equal(
            instant is null ? null : $"ln increment {instant} entries=1 exits=0",
            Read(Beam.Replace("unix-s", $"\"{pattern}\"", StringComparison.Ordinal), $$"""{"t":"{{time}}","in":1}"""));

    [Fact]
    public void A_device_without_a_clock_is_read_at_its_receipt() =>
        Assert.Equal("ln increment 2026-03-02T08:00:30Z entries=1 exits=0",
            Read(Beam.Replace("unix-s", "received", StringComparison.Ordinal).Replace("  - at: /t\n    entries", "  - entries", StringComparison.Ordinal), """{"in":1}"""));

    [Theory]
    [InlineData("""{"in":1}""", "ln increment 2026-03-02T08:00:30Z entries=1 exits=0")]
    [InlineData("""{"t":null,"in":1}""", "ln increment 2026-03-02T08:00:30Z entries=1 exits=0")]
    [InlineData("""{"t":1772438400,"in":1}""", "ln increment 2026-03-02T08:00:00Z entries=1 exits=0")]
    [InlineData("""{"t":"soon","in":1}""", null)]
    public void An_absent_time_may_be_the_time_of_receipt_if_the_profile_says_so(string payload, string? reading) =>
        Assert.Equal(reading, Read(Beam.Replace("at: /t", "at: /t\n    at_absent: received", StringComparison.Ordinal), payload));

    [Theory]
    [InlineData("/data~1a/~0b", """{"t":1772438400,"data/a":{"~b":7}}""")]
    [InlineData("/数据/进", """{"t":1772438400,"数据":{"进":7}}""")]
    [InlineData("/a/b/c", """{"a":{"x":[{"b":1}],"b":{"c":7},"c":9},"t":1772438400,"b":{"c":1}}""")]
    [InlineData("/c/[name=in]/v", """{"t":1772438400,"c":[{"name":"out","v":1},{"v":7,"name":"in"},{"name":"inn","v":2}]}""")]
    public void Pointers_reach_their_value(string where, string payload) =>
        Assert.Equal("ln increment 2026-03-02T08:00:00Z entries=7 exits=0",
            Read(Beam.Replace("entries: /in", $"entries: \"{where}\"", StringComparison.Ordinal), payload));

    [Fact]
    public void Nested_arrays_keep_what_belongs_together()
    {
        const string rule = "- {each: /a/*/b/*, channel: /a/*/n, at: /a/*/t, entries: /a/*/b/*/in, exits: /x}";
        var profile = Beam.Replace("- at: /t\n    entries: /in", rule, StringComparison.Ordinal);

        Assert.Equal(
            """
            ln increment 2026-03-02T08:00:00Z entries=1 exits=9
            ln increment 2026-03-02T08:00:00Z entries=2 exits=9
            ln increment 2026-03-02T08:00:10Z entries=3 exits=9
            """,
            Read(profile, """{"a":[{"b":[{"in":1},{"in":2}],"t":1772438400},{"n":"1","t":1772438410,"b":[{"in":3}]},{"t":1772438420,"b":[]}],"x":9}"""));
    }

    [Fact]
    public void Damaged_files_never_throw()
    {
        var random = new Random(4);
        var texts = Directory.GetFiles(RepositoryFiles.Path("firmware-config", "profiles")).Select(File.ReadAllText).ToArray();
        string[] fragments = ["\t", ": ", "- ", "{", "}", "[", "]", "'", "\"", "|", ">", "&a ", "*a", "!!int ", "%", "\n", "---\n", "...\n", "? ", "#", "\0", "\u2028", "~", "0x", "1e999", "<<: "];
        for (var i = 0; i < 4_000; i++)
        {
            var text = new StringBuilder(texts[random.Next(texts.Length)]);
            for (var times = random.Next(1, 5); times > 0; times--)
            {
                var at = random.Next(text.Length);
                if (random.Next(3) == 0)
                    text.Remove(at, Math.Min(random.Next(1, 20), text.Length - at));
                else
                    text.Insert(at, fragments[random.Next(fragments.Length)]);
            }
            var profile = Parse(text.ToString(), out var problems);
            Assert.Equal(profile is null, problems.Count > 0);
            Assert.All(problems, problem => Assert.False(problem.What.Length == 0 || problem.Mend.Length == 0));
        }
    }

    [GeneratedRegex("```yaml\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex YamlBlock();

    private static DeviceProfile? Parse(string yaml, out IReadOnlyList<ConfigurationProblem> problems)
    {
        var found = new ConfigurationProblems("acme-3.yaml");
        var profile = ProfileFile.Parse(yaml, found);
        problems = found.InOrder;
        return profile;
    }

    /// <summary>What a device of this profile in Shanghai says with a payload received at 08:00:30 UTC; null where it is refused.</summary>
    private static string? Read(string yaml, string payload)
    {
        var profile = Parse(yaml, out var problems);
        Assert.Empty(problems);
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");
        var name = new LocalName("号", "No");
        var entry = new DeviceEntry("acme-01", "gw-1", "acme-3", "7", new Dictionary<string, string> { ["1"] = "ln" }, false, zone);
        var district = new District("harbour", name, zone, default, CoordinateSystem.LocalMetres, [new Gateway("gw-1", name)], [], [new CountingLine("ln", name, default, default, [])], [entry]);
        var catalog = DeviceCatalog.Build(district, new Dictionary<string, DeviceProfile> { ["acme-3"] = profile! }, "gw-1");
        var decoded = new DecodedPayload();
        var device = catalog.Resolve("acme/7/people"u8, out _)!;
        return device.Decode("acme/7/people"u8, Encoding.UTF8.GetBytes(payload), 1_772_438_430_000, decoded)
            ? string.Join('\n', decoded.Readings.Select(reading => ReadingText.Write(reading, "ln")))
            : null;
    }
}
