using SmartDistrict.Edge.Checking;
using SmartDistrict.Testing;

namespace SmartDistrict.Edge.Tests.Checking;

public sealed class CheckCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public CheckCommandTests()
    {
        foreach (var part in new[] { "profiles", "districts" })
        {
            Directory.CreateDirectory(folder.File(part));
            foreach (var path in Directory.GetFiles(RepositoryFiles.Path("firmware-config", part)))
                File.Copy(path, Path.Combine(folder.File(part), Path.GetFileName(path)));
        }
    }

    [Fact]
    public void The_shipped_configuration_is_well()
    {
        var (code, lines) = Check(RepositoryFiles.Path("firmware-config"));

        Assert.Equal(0, code);
        Assert.EndsWith(": all well", Assert.Single(lines), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_shipped_profile_carries_a_sample() =>
        Assert.All(Edge.Devices.DeviceProfiles.Load(RepositoryFiles.Path("firmware-config", "profiles")).Sound.Values,
            profile => Assert.NotEmpty(profile.Samples));

    [Fact]
    public void Every_problem_of_every_file_has_a_line_of_its_own()
    {
        Edit("profiles/native.yaml", "time: unix-ms", "time: unix-sm");
        Edit("profiles/native.yaml", "heartbeat: true", "hartbeat: true");
        Edit("districts/harbour.yaml", "time_zone: Asia/Shanghai", "time_zone: Asia/Shanghia");
        Edit("districts/harbour.yaml", "lines: {Line1: ln-20}", "lines: {Line1: ln-2000}");

        var (code, lines) = Check(folder.Path);

        Assert.Equal(1, code);
        Assert.Equal(5, lines.Length);
        Assert.StartsWith($"{folder.File("profiles/native.yaml")}:9:7: 'time' is 'unix-sm'. Mend: write 'unix-ms'", lines[0], StringComparison.Ordinal);
        Assert.Contains("native.yaml:22:5: a reading of the profile has the unknown key 'hartbeat'. Mend: write 'heartbeat'", lines[1], StringComparison.Ordinal);
        Assert.Contains("'Asia/Shanghia', which is no time zone known on this machine. Mend: write 'Asia/Shanghai'", lines[2], StringComparison.Ordinal);
        Assert.Contains("names the line 'ln-2000', which does not exist", lines[3], StringComparison.Ordinal);
        Assert.EndsWith("4 problems", lines[4], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("profile: native, line: ln-01}", "profile: nativ, line: ln-01}", "names the profile 'nativ', which does not exist. Mend: write 'native'")]
    [InlineData("address: 24E124716C127001, line: ln-40}", "address: 24E124716C127001, lines: {line1: ln-40}}", "has no channel 'line1' by its profile 'milesight-vs133'. Mend: write one of: 1, 2, 3, 4")]
    [InlineData("address: ACCC8E0B3450, line: ln-80}", "address: ACCC8E0B3450, exit_lines: {\"1\": ln-80}}", "counts both directions")]
    public void A_device_that_does_not_fit_its_profile_is_found_where_it_is_written(string right, string wrong, string says)
    {
        Edit("districts/harbour.yaml", right, wrong);

        var (code, lines) = Check(folder.Path);

        Assert.Equal(1, code);
        Assert.Equal(2, lines.Length);
        Assert.Matches(@"harbour\.yaml:\d+:\d+: ", lines[0]);
        Assert.Contains(says, lines[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("total_entries: /in", "total_entries: /inn", "yields '1 counter 2026-03-02T08:00:00Z exits=318' where '1 counter 2026-03-02T08:00:00Z entries=12 exits=318' is expected")]
    [InlineData("at: /timestamp", "at: /time", "the sample is refused: /time is absent")]
    [InlineData("entries=12 exits=318", "entries=12 exits=319", "where '1 counter 2026-03-02T08:00:00Z entries=12 exits=319' is expected")]
    [InlineData("    readings:\n      - 1 counter", "    topic: axis/people-counter\n    readings:\n      - 1 counter", "does not fit the profile's topic")]
    [InlineData("entries=12 exits=318\n", "entries=12 exits=318\n      - 1 heartbeat 2026-03-02T08:00:00Z\n", "yields 1 readings and not '1 heartbeat")]
    public void A_profile_that_misreads_its_own_sample_is_found(string right, string wrong, string says)
    {
        Edit("profiles/axis-people-counter.yaml", right, wrong);

        var (code, lines) = Check(folder.Path);

        Assert.Equal(1, code);
        Assert.Matches(@"axis-people-counter\.yaml:\d+:\d+: ", lines[0]);
        Assert.Contains(says, lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_configuration_is_a_mistake_too()
    {
        using var empty = new TemporaryFolder();

        var (code, lines) = Check(empty.Path);

        Assert.Equal(1, code);
        Assert.Contains("neither a folder 'profiles' nor a folder 'districts'", lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_folder_it_says_how_it_is_used()
    {
        var output = new StringWriter();

        Assert.Equal(1, CheckCommand.Run([], output));

        Assert.StartsWith("smartdistrict-edge check DIR", output.ToString(), StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    private static (int Code, string[] Lines) Check(string path)
    {
        var output = new StringWriter();
        var code = CheckCommand.Run([path], output);
        return (code, output.ToString().TrimEnd().Split(Environment.NewLine));
    }

    private void Edit(string file, string right, string wrong)
    {
        var text = File.ReadAllText(folder.File(file));
        Assert.Contains(right, text, StringComparison.Ordinal);
        File.WriteAllText(folder.File(file), text.Replace(right, wrong, StringComparison.Ordinal));
    }
}
