using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using SmartDistrict.EndToEnd.Tests.Parts;

namespace SmartDistrict.EndToEnd.Tests;

/// <summary>
/// Only a configuration that cannot be used keeps the gateway from running: it ends at once, non-zero, with one message
/// that names the setting or the file and the mend. No broker and no store need to be there for that.
/// </summary>
public sealed class GatewayStartTests : IDisposable
{
    /// <summary>EX_CONFIG of sysexits.h.</summary>
    private const int ConfigurationError = 78;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    /// <param name="setting">The setting that is wrong.</param>
    /// <param name="value">Its value; null takes it away.</param>
    /// <param name="words">What the message must say.</param>
    [Theory]
    [InlineData("Gateway:Id", "gw-9", "harbour.yaml", "no gateway 'gw-9'", "set Gateway:Id to one of gw-1")]
    [InlineData("Gateway:Id", null, "Gateway:Id is missing")]
    [InlineData("Gateway:District", "/nowhere/harbour.yaml", "/nowhere/harbour.yaml")]
    [InlineData("Gateway:Profiles", "/nowhere/profiles", "/nowhere/profiles")]
    [InlineData("Gateway:Data", "/proc/smartdistrict", "/proc/smartdistrict", "the data folder cannot be written", "set Gateway:Data to another folder")]
    [InlineData("Gateway:Data", null, "Gateway:Data is missing")]
    [InlineData("Gateway:Colour", "blue", "Gateway has no setting 'Colour'", "check its spelling")]
    [InlineData("Broker:Host", null, "Broker:Host", "no broker is given", "usually localhost")]
    [InlineData("Broker:Version", "4", "Version", "must be \"5\" or \"3.1.1\"")]
    [InlineData("Broker:Port", "none", "Broker:Port is 'none': write a whole number")]
    [InlineData("Broker:PasswordFile", "/nowhere/password", "/nowhere/password", "create it")]
    [InlineData("Sync:Url", "influx", "Sync:Url is 'influx'", "http://HOST:PORT")]
    [InlineData("Sync:Database", null, "Sync:Database is missing")]
    [InlineData("Status:Port", "70000", "Status:Port must be between 0 and 65535")]
    [InlineData("Otlp:Endpoint", "collector", "Otlp:Endpoint is 'collector'", "usually port 4318")]
    public async Task A_wrong_setting_is_refused(string setting, string? value, params string[] words)
    {
        await using var gateway = Gateway();
        var (section, name) = (setting.Split(':')[0], setting.Split(':')[1]);
        var settings = (gateway.Configuration[section] ??= new JsonObject()).AsObject();
        settings.Remove(name);
        if (value is not null)
            settings[name] = value;
        gateway.Start();
        await RefusedAsync(gateway, words);
    }

    [Fact]
    public async Task Without_any_setting_it_says_all_that_is_missing()
    {
        await using var gateway = Gateway();
        gateway.Configuration.Clear();
        gateway.Start();
        await RefusedAsync(gateway, 6, "Gateway:Id is missing", "Gateway:Data is missing", "Sync:Url is ''");
    }

    [Fact]
    public async Task A_data_folder_that_is_a_file_is_refused()
    {
        await using var gateway = Gateway();
        await File.WriteAllTextAsync(folder.File("gateway"), "", TestContext.Current.CancellationToken);
        gateway.Start();
        await RefusedAsync(gateway, folder.File("gateway"), "the data folder cannot be written");
    }

    [Fact]
    public async Task A_port_in_use_is_refused()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        await using var gateway = Gateway();
        gateway.Start($"--Status:Port={port}");
        await RefusedAsync(gateway, $"port {port} is in use", "set Status:Port to a free one");
    }

    [Fact]
    public async Task A_data_folder_of_another_gateway_process_is_refused_and_that_one_goes_on()
    {
        await using var first = Gateway();
        first.Start();
        await first.SaysAsync("the first gateway did not come up", _ => true);
        using var beside = new TemporaryFolder();
        await using var second = new GatewayProcess(beside, 1, Sync());
        second.Configuration["Gateway"]!["Data"] = folder.File("gateway");
        second.Start();
        await RefusedAsync(second, "in use by another gateway process", "a data folder of its own");
        Assert.NotNull(await first.StatusAsync());
    }

    [Theory]
    [InlineData("{ \"Gateway\": ", "gateway.json", "line 1, column 14")]
    [InlineData("{\n  \"Gateway\": {},\n  \"Broker\" {}\n}", "gateway.json", "line 3, column 12")]
    [InlineData("", "gateway.json", "line 1, column 1")]
    public async Task A_configuration_file_that_is_no_JSON_is_refused(string text, params string[] words)
    {
        await using var gateway = Gateway();
        var file = folder.File("other", "gateway.json");
        Directory.CreateDirectory(folder.File("other"));
        await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);
        gateway.Start("--config", file);
        await RefusedAsync(gateway, words);
    }

    [Fact]
    public async Task A_configuration_file_that_is_not_there_is_refused()
    {
        await using var gateway = Gateway();
        gateway.Start("--config", "/nowhere/gateway.json");
        await RefusedAsync(gateway, "/nowhere/gateway.json");
    }

    private GatewayProcess Gateway() => new(folder, 1, Sync());

    private static JsonObject Sync() => new() { ["Url"] = "http://127.0.0.1:1/", ["Api"] = "v1", ["Database"] = "district" };

    private static Task RefusedAsync(GatewayProcess gateway, params string[] words) => RefusedAsync(gateway, 2, words);

    private static async Task RefusedAsync(GatewayProcess gateway, int mostLines, params string[] words)
    {
        var code = await gateway.EndAsync();
        var (output, error) = gateway.Log;
        Assert.True(code == ConfigurationError, $"exit code {code}\n{output}\n{error}");
        Assert.All(words, word => Assert.Contains(word, error, StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", output + error, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", output + error, StringComparison.Ordinal);
        Assert.InRange(error.TrimEnd().Split('\n').Length, 1, mostLines);
    }
}
