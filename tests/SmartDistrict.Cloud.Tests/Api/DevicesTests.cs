using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SmartDistrict.Cloud.Alarms;
using SmartDistrict.Cloud.Devices;
using SmartDistrict.Cloud.Tests.Hosting;
using SmartDistrict.Configuration;
using SmartDistrict.Configuration.Yaml;
using SmartDistrict.Testing;

namespace SmartDistrict.Cloud.Tests.Api;

public sealed class Devices(SharedCloud shared) : IClassFixture<SharedCloud>
{
    private const string WithChip = """

          - {id: th-1, gateway: gw-2, profile: environment, sensor: {chip: sht3x, at: 1-0044}}
        """;

    [Fact]
    public async Task Are_live_silent_or_unknown_by_when_they_were_last_heard()
    {
        await using var app = new CloudApp();
        await WriteAsync(
            app, CloudApp.Token1,
            $"device_health,district=harbour,gateway=gw-1,device=cam-1 last_seen={(app.Now - 299) * 1000}i,readings=1i {app.Now - 300}",
            $"device_health,district=harbour,gateway=gw-1,device=cam-2 last_seen={(app.Now - 301) * 1000}i,readings=1i {app.Now - 360}");
        Assert.Equal(
            $$"""[{"id":"cam-1","gateway":"gw-1","profile":"native","lines":["ln-1","ln-2"],"lastSeen":{{(app.Now - 299) * 1000}},"silentSeconds":299,"state":"live"},"""
            + $$"""{"id":"cam-2","gateway":"gw-1","profile":"native","lines":["ln-3"],"lastSeen":{{(app.Now - 301) * 1000}},"silentSeconds":301,"state":"silent"},"""
            + """{"id":"cam-3","gateway":"gw-2","profile":"native","lines":["ln-4"],"lastSeen":null,"silentSeconds":null,"state":"unknown"}]""",
            (await app.Operator().JsonAsync("/api/v1/devices")).GetRawText());
    }

    [Fact]
    public async Task Stand_with_what_became_of_their_readings_and_what_their_counts_betray()
    {
        await using var app = new CloudApp();
        await WriteAsync(
            app, CloudApp.Token1,
            $"device_health,district=harbour,gateway=gw-1,device=cam-1 last_seen={(app.Now - 10) * 1000}i,readings=1i,sensor=\"stuck\" {app.Now - 60}",
            $"gateway_health,district=harbour,gateway=gw-1 clock=\"holdover\",backlog=12i,runway=86400i,cpu=3.5 {app.Now - 60}",
            Ledger("cam-1", app.Now - 1800, "expected=15i,received=14i,refused=1i,forwarded=14i,acknowledged=13i,rejected=0i,dropped=0i"),
            Ledger("cam-1", app.Now - 2700, "expected=15i,received=15i,refused=0i,forwarded=15i,acknowledged=15i,rejected=0i,dropped=0i"));
        await app.Services.GetRequiredService<HealthWatch>().ReadAsync(TestContext.Current.CancellationToken);

        var page = await app.Viewer().JsonAsync("/api/v1/gateways/gw-1/devices?limit=1");
        Assert.Equal((2, "cam-1"), (page.GetProperty("total").GetInt32(), page.GetProperty("next").GetString()));
        var device = page.GetProperty("devices")[0];
        Assert.Equal(("counter", "live", "stuck"), (device.GetProperty("kind").GetString(), device.GetProperty("state").GetString(), device.GetProperty("sensor").GetString()));
        Assert.Equal(
            $$"""{"from":{{app.Now - 900 - 86400}},"to":{{app.Now - 900}},"quarters":2,"quartersDue":96,"expected":30,"received":29,"refused":1,"forwarded":29,"acknowledged":28,"rejected":0,"dropped":0,"status":"partial"}""",
            device.GetProperty("completeness").GetRawText());
        var second = await app.Viewer().JsonAsync("/api/v1/gateways/gw-1/devices?limit=1&after=cam-1");
        Assert.Equal("cam-2", second.GetProperty("devices")[0].GetProperty("id").GetString());
        Assert.Equal(("none", "null"), (second.GetProperty("devices")[0].GetProperty("completeness").GetProperty("status").GetString(), second.GetProperty("next").GetRawText()));

        var gateway = (await app.Viewer().JsonAsync("/api/v1/gateways"))[0];
        Assert.Equal("""{"all":2,"live":1,"silent":0,"unknown":1,"doubtful":1,"lowBattery":0}""", gateway.GetProperty("devices").GetRawText());
        Assert.Equal(("holdover", 12, 86400), (gateway.GetProperty("vitals").GetProperty("clock").GetString(), gateway.GetProperty("vitals").GetProperty("backlog").GetInt32(), gateway.GetProperty("vitals").GetProperty("runwaySeconds").GetInt32()));
        Assert.Equal("- {id: gw-1, name: {zh: 一号网关, en: Gateway 1}}", gateway.GetProperty("source").GetProperty("text").GetString());

        var series = await app.Viewer().JsonAsync($"/api/v1/devices/cam-1/completeness?from={Answers.At(app.Now - 3600)}&to={Answers.At(app.Now - 900)}");
        Assert.Equal("[null,15,14]", series.GetProperty("received").GetRawText());
        Assert.Equal("[null,15,13]", series.GetProperty("acknowledged").GetRawText());
        Assert.Equal((2, 3, "partial"), (series.GetProperty("total").GetProperty("quarters").GetInt32(), series.GetProperty("total").GetProperty("quartersDue").GetInt32(), series.GetProperty("total").GetProperty("status").GetString()));
    }

    /// <summary>n/a (not in tells), not told yet (null, and in tells), not known (tells is null), old, and low are told apart.</summary>
    [Theory]
    [InlineData("", "null", "null", "null")]
    [InlineData(",tells=\"\"", "[]", "null", "null")]
    [InlineData(",tells=\"battery,firmware\"", """["battery","firmware"]""", "null", "null")]
    [InlineData(",tells=\"battery,hearing\",battery=87.5,battery_at={1h}i", """["battery"]""", """{"percent":87.5,"volts":null,"at":{1h},"low":false,"stale":false}""", "null")]
    [InlineData(",tells=\"battery\",battery=20,battery_at={1h}i", """["battery"]""", """{"percent":20,"volts":null,"at":{1h},"low":true,"stale":false}""", "null")]
    [InlineData(",tells=\"battery\",battery=60,battery_at={49h}i", """["battery"]""", """{"percent":60,"volts":null,"at":{49h},"low":false,"stale":true}""", "null")]
    [InlineData(",tells=\"battery\",battery_volts=3.612,battery_at={1h}i", """["battery"]""", """{"percent":null,"volts":3.612,"at":{1h},"low":false,"stale":false}""", "null")]
    [InlineData(",tells=\"firmware\",firmware=\"v1.10\",firmware_since={49h}i", """["firmware"]""", "null", """{"version":"v1.10","since":{49h}}""")]
    public async Task Tell_of_their_battery_and_firmware_what_they_told_and_when(string fields, string tells, string battery, string firmware)
    {
        await using var app = new CloudApp();
        await WriteAsync(app, CloudApp.Token1, $"device_health,district=harbour,gateway=gw-1,device=cam-1 last_seen={(app.Now - 10) * 1000}i,readings=1i{Fill(fields)} {app.Now - 60}");
        await app.Services.GetRequiredService<HealthWatch>().ReadAsync(TestContext.Current.CancellationToken);
        var device = (await app.Viewer().JsonAsync("/api/v1/devices/cam-1")).GetProperty("device");
        Assert.Equal((tells, Fill(battery), Fill(firmware)), (device.GetProperty("tells").GetRawText(), device.GetProperty("battery").GetRawText(), device.GetProperty("firmware").GetRawText()));
        var low = (await app.Viewer().JsonAsync("/api/v1/gateways"))[0].GetProperty("devices").GetProperty("lowBattery").GetInt32();
        Assert.Equal(battery.Contains("\"low\":true", StringComparison.Ordinal) ? 1 : 0, low);

        string Fill(string text) => text.Replace("{1h}", $"{(app.Now - 3600) * 1000}", StringComparison.Ordinal).Replace("{49h}", $"{(app.Now - (49 * 3600)) * 1000}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("expected=15i,received=15i,refused=0i,forwarded=15i,acknowledged=15i,rejected=0i,dropped=0i", "complete")]
    [InlineData("received=15i,refused=0i,forwarded=15i,acknowledged=15i,rejected=0i,dropped=0i", "complete")]
    [InlineData("expected=15i,received=15i,refused=0i,forwarded=15i,acknowledged=9i,rejected=0i,dropped=0i", "provisional")]
    [InlineData("expected=15i,received=15i,refused=0i,forwarded=9i,acknowledged=9i,rejected=0i,dropped=0i", "provisional")]
    [InlineData("expected=15i,received=15i,refused=0i,forwarded=15i,acknowledged=9i,rejected=6i,dropped=0i", "partial")]
    [InlineData("expected=15i,received=14i,refused=0i,forwarded=14i,acknowledged=14i,rejected=0i,dropped=0i", "partial")]
    public async Task A_quarter_hour_is_worth_what_its_ledger_says(string fields, string status)
    {
        await using var app = new CloudApp();
        await WriteAsync(app, CloudApp.Token1, Ledger("cam-1", app.Now - 900, fields));
        var series = await app.Viewer().JsonAsync($"/api/v1/devices/cam-1/completeness?from={Answers.At(app.Now - 900)}&to={Answers.At(app.Now)}");
        Assert.Equal(status, series.GetProperty("total").GetProperty("status").GetString());
    }

    [Fact]
    public async Task What_a_chip_measures_comes_with_its_means_and_its_settings()
    {
        await using var app = new CloudApp(TestDistrict.Yaml + WithChip);
        await WriteAsync(
            app, CloudApp.Token2,
            $"environment,district=harbour,device=th-1 temperature_celsius=20.5,humidity_percent=40.0 {app.Now - 900}",
            $"environment,district=harbour,device=th-1 temperature_celsius=21.5 {app.Now - 890}");
        var detail = await app.Viewer().JsonAsync("/api/v1/devices/th-1");
        Assert.Equal($$"""{"at":{{(app.Now - 890) * 1000}},"values":[{"quantity":"temperature_celsius","value":21.5}]}""", detail.GetProperty("ambient").GetRawText());
        Assert.Equal(
            """[{"key":"gateway","value":"gw-2","given":true},{"key":"profile","value":"environment","given":true},{"key":"sensor.chip","value":"sht3x","given":true},{"key":"sensor.at","value":"1-0044","given":true}]""",
            detail.GetProperty("settings").GetRawText());
        Assert.Equal(("environment", "null"), (detail.GetProperty("device").GetProperty("kind").GetString(), detail.GetProperty("device").GetProperty("completeness").GetRawText()));
        var series = await app.Viewer().JsonAsync($"/api/v1/devices/th-1/environment?from={Answers.At(app.Now - 1800)}&to={Answers.At(app.Now)}");
        Assert.Equal("""[{"quantity":"humidity_percent","means":[null,40]},{"quantity":"temperature_celsius","means":[null,21]}]""", series.GetProperty("series").GetRawText());
    }

    [Theory]
    [InlineData("harbour.yaml")]
    [InlineData("doorway.yaml")]
    public void The_YAML_beside_the_settings_is_the_entry_of_the_file_and_no_more(string file)
    {
        var path = RepositoryFiles.Path("firmware-config", "districts", file);
        var district = DistrictFile.Load(path);
        var source = new DistrictSource(Options.Create(new CloudOptions { District = path }), district);
        var lines = File.ReadAllLines(path);
        (string, string)[] all = [.. district.Gateways.Select(of => ("gateway", of.Id)), .. district.Lines.Select(of => ("line", of.Id)), .. district.Devices.Select(of => ("device", of.Id))];
        foreach (var (of, id) in all)
        {
            var part = source.Find(of, id)!;
            Assert.Contains(part.Text.Split('\n')[0], lines[part.Line - 1], StringComparison.Ordinal);
            var problems = new ConfigurationProblems(file);
            var items = ((YamlSequence)YamlFile.Parse($"it:\n{part.Text}\n", problems)!.Entries.Single().Value).Items;
            Assert.Equal(id, ((YamlScalar)((YamlMapping)Assert.Single(items)).Entries.Single(entry => entry.Key.Text == "id").Value).Text);
            Assert.Equal(0, problems.Count);
        }
        foreach (var device in district.Devices)
            Assert.Contains(DeviceSettings.Of(device, source), setting => setting is { Key: "profile", Given: true } && setting.Value == device.Profile);
    }

    [Fact]
    public async Task Settings_say_which_of_them_stand_in_the_file()
    {
        var detail = await shared.App.Viewer().JsonAsync("/api/v1/devices/cam-1");
        Assert.Equal(
            """[{"key":"gateway","value":"gw-1","given":true},{"key":"profile","value":"native","given":true},{"key":"lines.1","value":"ln-1","given":true},{"key":"lines.2","value":"ln-2","given":true},"""
            + """{"key":"reversed","value":"false","given":false},{"key":"address","value":"cam-1","given":false},{"key":"time_zone","value":"Asia/Shanghai","given":false}]""",
            detail.GetProperty("settings").GetRawText());
        Assert.Equal(["device cam-1", "line ln-1", "line ln-2"], detail.GetProperty("sources").EnumerateArray().Select(source => $"{source.GetProperty("of").GetString()} {source.GetProperty("id").GetString()}"));
    }

    [Theory]
    [InlineData("devices/cam-1/completeness", "invalid")]
    [InlineData("devices/cam-1/completeness?from=2026-03-02T07:00:00Z&to=2026-03-02T06:00:00Z", "range-empty")]
    [InlineData("devices/cam-1/completeness?from=2026-01-02T07:00:00Z&to=2026-03-02T06:00:00Z", "range-too-long")]
    [InlineData("devices/cam-1/environment?from=2026-03-02T07:00:00Z&to=tomorrow", "instant-invalid")]
    public async Task A_question_that_cannot_be_answered_is_refused(string question, string code)
    {
        using var response = await shared.App.Viewer().GetFromAsync($"/api/v1/{question}");
        await response.ProblemAsync(HttpStatusCode.BadRequest, code);
    }

    [Theory]
    [InlineData("gateways/gw-9/devices", "gateway-unknown")]
    [InlineData("devices/cam-9", "device-unknown")]
    [InlineData("devices/%3Cscript%3E/completeness?from=2026-03-02T06:00:00Z&to=2026-03-02T07:00:00Z", "device-unknown")]
    [InlineData("devices/cam-9/environment?from=2026-03-02T06:00:00Z&to=2026-03-02T07:00:00Z", "device-unknown")]
    public async Task What_the_file_does_not_know_is_not_there(string question, string code)
    {
        using var response = await shared.App.Viewer().GetFromAsync($"/api/v1/{question}");
        await response.ProblemAsync(HttpStatusCode.NotFound, code);
    }

    private static string Ledger(string device, long start, string fields) => $"completeness_15m,district=harbour,device={device} {fields} {start}";

    private static async Task WriteAsync(CloudApp app, string token, params string[] lines)
    {
        using var written = await app.Gateway(token).PostToAsync("/api/v2/write?precision=s", Lines.Body(string.Join('\n', lines)));
        Assert.True(written.StatusCode == HttpStatusCode.NoContent, await written.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
