using System.Net;
using System.Net.Sockets;
using SmartDistrict.Cloud.Tests.Hosting;

namespace SmartDistrict.Cloud.Tests.Hosting;

/// <summary>A setting that makes a start impossible ends the process, non-zero, with one message that says how to mend it.</summary>
public sealed class AStart : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("cloud-start-").FullName;

    public AStart() => File.WriteAllText(District, TestDistrict.Yaml);

    private string District => Path.Combine(folder, "district.yaml");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public Task Without_a_district_file_is_refused() => RefusedAsync("Cloud:District is missing", "--Cloud:Data", folder);

    [Fact]
    public Task With_an_unknown_district_file_is_refused() => RefusedAsync("/nowhere.yaml", "--Cloud:District", "/nowhere.yaml", "--Cloud:Data", folder);

    [Fact]
    public async Task With_a_broken_district_file_says_the_line()
    {
        await File.WriteAllTextAsync(District, TestDistrict.Yaml.Replace("kind: plaza", "kind: square", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        await RefusedAsync("district.yaml:10:", "--Cloud:District", District, "--Cloud:Data", folder);
    }

    [Fact]
    public Task Without_a_data_folder_is_refused() => RefusedAsync("Cloud:Data is missing", "--Cloud:District", District);

    [Fact]
    public Task With_a_data_folder_that_cannot_be_written_is_refused() =>
        RefusedAsync("which this process cannot write", "--Cloud:District", District, "--Cloud:Data", "/proc/nowhere");

    [Fact]
    public Task With_a_gateway_that_the_district_does_not_have_is_refused() => RefusedAsync("names gw-9, which",
        "--Cloud:District", District, "--Cloud:Data", folder, "--Cloud:Gateways:0:Id", "gw-9", "--Cloud:Gateways:0:TokenSha256", CloudApp.Sha256("x"));

    [Fact]
    public Task With_a_token_instead_of_its_hash_is_refused() => RefusedAsync("is not 64 hexadecimal digits",
        "--Cloud:District", District, "--Cloud:Data", folder, "--Cloud:Gateways:0:Id", "gw-1", "--Cloud:Gateways:0:TokenSha256", "secret");

    [Fact]
    public Task With_an_unknown_store_is_refused() => RefusedAsync("Cloud:Store", "--Cloud:District", District, "--Cloud:Data", folder, "--Cloud:Store", "postgres");

    [Fact]
    public Task With_influx_and_no_address_is_refused() => RefusedAsync("Cloud:Influx:Url", "--Cloud:District", District, "--Cloud:Data", folder, "--Cloud:Store", "influx");

    [Fact]
    public Task With_a_setting_out_of_range_is_refused() => RefusedAsync("StaleAfterSeconds", "--Cloud:District", District, "--Cloud:Data", folder, "--Cloud:StaleAfterSeconds", "1");

    [Fact]
    public Task With_a_missing_password_file_is_refused() => RefusedAsync("the password file /nowhere does not exist",
        "--Cloud:District", District, "--Cloud:Data", folder, "--Cloud:Broker:Host", "127.0.0.1", "--Cloud:Broker:PasswordFile", "/nowhere");

    [Fact]
    public async Task On_a_port_in_use_is_refused()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        await RefusedAsync("address already in use", "--Cloud:District", District, "--Cloud:Data", folder, "--urls", $"http://127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}");
    }

    [Fact]
    public async Task With_points_that_a_newer_version_wrote_is_refused()
    {
        SmartDistrict.Sqlite.SqliteStore.Open(Path.Combine(folder, "points.db"), ["", "", ""]).Dispose();
        await RefusedAsync("form 3", "--Cloud:District", District, "--Cloud:Data", folder);
    }

    private static async Task RefusedAsync(string words, params string[] arguments)
    {
        var (code, output, error) = await CloudProcess.RunAsync(["--urls", "http://127.0.0.1:0", .. arguments]);
        Assert.True(code == 2, $"exit code {code}\n{output}\n{error}");
        Assert.StartsWith("smartdistrict-cloud cannot start: ", error, StringComparison.Ordinal);
        Assert.Contains(words, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output + error, StringComparison.Ordinal);
    }
}
