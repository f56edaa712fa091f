using Microsoft.Extensions.DependencyInjection;
using SmartDistrict.Cloud.Hot;
using SmartDistrict.Cloud.Tests.Hosting;
using SmartDistrict.Cloud.Tests.Live;
using SmartDistrict.Testing;

namespace SmartDistrict.Cloud.Tests.Alarms;

/// <summary>From what gateways say to what stands in the list of alarms.</summary>
public sealed class AnAlarm
{
    [Fact]
    public async Task Of_a_crowd_comes_from_the_live_picture_with_the_Fruin_level_and_says_so_to_every_viewer()
    {
        await using var site = new AlarmSite();
        using var stream = await EventStream.OpenAsync(site.Operator);
        await site.CrowdAsync(1_680);
        await stream.EventAsync("alarms", data => data.GetProperty("critical").GetInt32() == 2 && data.GetProperty("unacknowledged").GetInt32() == 2);

        var density = await site.AlarmAsync("kind=density");
        Assert.Equal(
            """{"sort":"zone","id":"plaza","name":{"zh":"中央广场","en":"Central Plaza"},"gateway":null,"place":null}""",
            density.GetProperty("subject").GetRawText().Replace("\\u4E2D\\u592E\\u5E7F\\u573A", "中央广场", StringComparison.Ordinal));
        Assert.Equal(("critical", 4.0, 3.57, "people/m2", "F", "partial"), (
            density.GetProperty("severity").GetString(), density.GetProperty("figure").GetDouble(), density.GetProperty("threshold").GetDouble(),
            density.GetProperty("unit").GetString(), density.GetProperty("detail").GetString(), density.GetProperty("trust").GetString()));
        Assert.Equal((210.0, "%"), ((await site.AlarmAsync("kind=occupancy")).GetProperty("figure").GetDouble(), (await site.AlarmAsync("kind=occupancy")).GetProperty("unit").GetString()));
    }

    [Theory]
    [InlineData("clock=\"unsynchronised\"", "clock", "warning", null)]
    [InlineData("backlog=20000i", "backlog", "warning", 20_000.0)]
    [InlineData("runway=43200i", "runway", "warning", 12.0)]
    [InlineData("runway=3600i", "runway", "critical", 1.0)]
    [InlineData("disk_free=900000000i", "disk", "warning", 900.0)]
    [InlineData("disk_free=150000000i", "disk", "critical", 150.0)]
    public async Task Of_a_gateway_comes_from_what_it_says_of_itself(string fields, string kind, string severity, double? figure)
    {
        await using var site = new AlarmSite();
        await site.PassAsync(7, () => site.SayAsync("gw-1", fields));
        var alarm = await site.AlarmAsync("");
        Assert.Equal((kind, "gw-1", severity), (alarm.GetProperty("kind").GetString(), alarm.GetProperty("subject").GetProperty("id").GetString(), alarm.GetProperty("severity").GetString()));
        Assert.Equal(figure, alarm.GetProperty("figure").ValueKind == System.Text.Json.JsonValueKind.Null ? null : alarm.GetProperty("figure").GetDouble());
    }

    [Theory]
    [InlineData("clock=\"synchronised\"")]
    [InlineData("clock=\"unknown\"")]
    [InlineData("backlog=19999i")]
    [InlineData("runway=43201i")]
    [InlineData("disk_free=1000000001i")]
    [InlineData("envelopes=1i")]
    public async Task Does_not_come_of_a_gateway_that_is_well_or_does_not_say(string fields)
    {
        await using var site = new AlarmSite();
        await site.PassAsync(7, () => site.SayAsync("gw-1", fields));
        Assert.Empty(await site.AlarmsAsync());
    }

    /// <summary>A charge told long ago is not known now, and a model that does not tell has none.</summary>
    [Theory]
    [InlineData(",battery=20,battery_at={0}i", "warning")]
    [InlineData(",battery=5,battery_at={0}i", "critical")]
    [InlineData(",battery=20.1,battery_at={0}i", null)]
    [InlineData(",battery=5,battery_at={49}i", null)]
    [InlineData(",battery_volts=2.1,battery_at={0}i", null)]
    [InlineData(",tells=\"\"", null)]
    public async Task Of_a_battery_comes_from_the_charge_that_the_device_told(string fields, string? severity)
    {
        await using var site = new AlarmSite();
        var told = fields.Replace("{0}", $"{site.Now}", StringComparison.Ordinal).Replace("{49}", $"{site.Now - (49 * 3_600_000L)}", StringComparison.Ordinal);
        await site.PassAsync(11, () => site.SayAsync("gw-1", devices: ("cam-1", told)));
        Assert.Equal(severity is null ? [] : [$"battery cam-1 {severity}"], (await site.AlarmsAsync()).Select(alarm =>
            $"{alarm.GetProperty("kind").GetString()} {alarm.GetProperty("subject").GetProperty("id").GetString()} {alarm.GetProperty("severity").GetString()}"));
    }

    [Fact]
    public async Task Of_a_sensor_names_its_fault_and_the_line_that_it_counts()
    {
        await using var site = new AlarmSite();
        await site.SayAsync("gw-1", devices: [("cam-1", ",sensor=\"stuck\""), ("cam-2", ",sensor=\"ok\"")]);
        await site.LookAsync();
        var alarm = await site.AlarmAsync("");
        Assert.Equal(("sensor", "stuck", "gw-1", "North gate"), (
            alarm.GetProperty("kind").GetString(), alarm.GetProperty("detail").GetString(), alarm.GetProperty("subject").GetProperty("gateway").GetString(),
            alarm.GetProperty("subject").GetProperty("place").GetProperty("en").GetString()));
    }

    [Fact]
    public async Task Of_a_silent_gateway_explains_the_silence_of_its_devices_and_nobody_elses()
    {
        await using var site = new AlarmSite();
        await site.SayAsync("gw-1", devices: [("cam-1", ""), ("cam-2", "")]);
        await site.PassAsync(16, () => site.SayAsync("gw-2", devices: ("cam-3", "")));
        var cause = await site.AlarmAsync("top=true");
        Assert.Equal(("silent_gateway", "critical", 960.0, 2), (
            cause.GetProperty("kind").GetString(), cause.GetProperty("severity").GetString(), cause.GetProperty("figure").GetDouble(), cause.GetProperty("consequences").GetInt32()));
        var below = await site.AlarmsAsync($"cause={cause.GetProperty("id").GetInt64()}");
        Assert.Equal(["cam-1", "cam-2"], below.Select(alarm => alarm.GetProperty("subject").GetProperty("id").GetString()).Order());
        Assert.Equal(3, (await site.AlarmsAsync("subject=gw-1")).Count);
        Assert.Empty(await site.AlarmsAsync("subject=gw-2"));
    }

    [Fact]
    public async Task Does_not_come_of_what_happened_while_the_service_itself_was_away()
    {
        await using var first = new AlarmSite();
        await first.SayAsync("gw-1", devices: ("cam-1", ""));
        await using var site = new AlarmSite(settings: new Dictionary<string, string> { ["Cloud:Data"] = Path.Combine(first.App.Folder, "data") });
        site.App.Clock.JumpTo(first.App.Clock.GetUtcNow() + TimeSpan.FromHours(1));
        await site.LookAsync();
        await site.PassAsync(1, () => Task.CompletedTask);
        Assert.Empty(await site.AlarmsAsync());
        // It still is: then nobody's absence excuses it.
        await site.PassAsync(2, () => Task.CompletedTask);
        Assert.Equal("gw-1", (await site.AlarmAsync("top=true")).GetProperty("subject").GetProperty("id").GetString());
    }

    [Fact]
    public async Task Of_a_locker_comes_at_once_when_a_door_opens_without_a_command_and_stays_until_somebody_has_seen_to_it()
    {
        await using var site = new AlarmSite(TestDistrict.WithAssets);
        await AssetsAsync(site, Door(site, 3, "open"), Door(site, 2, "forced"), Door(site, 4, "forced"));
        var alarm = await site.AlarmAsync("");
        Assert.Equal(("locker_forced", "critical", "2, 4", "gw-1", "North gate locker"), (
            alarm.GetProperty("kind").GetString(), alarm.GetProperty("severity").GetString(), alarm.GetProperty("detail").GetString(),
            alarm.GetProperty("subject").GetProperty("gateway").GetString(), alarm.GetProperty("subject").GetProperty("name").GetProperty("en").GetString()));
        await AssetsAsync(site, Door(site, 2, "free"));
        site.App.Clock.Advance(TimeSpan.FromSeconds(31));
        await AssetsAsync(site, Door(site, 2, "free"), Door(site, 4, "forced"));
        Assert.Single(await site.AlarmsAsync());
        await AssetsAsync(site, Door(site, 4, "occupied"));
        site.App.Clock.Advance(TimeSpan.FromSeconds(31));
        await AssetsAsync(site, Door(site, 4, "occupied"));
        Assert.Empty(await site.AlarmsAsync());
    }

    [Fact]
    public async Task Of_a_locker_that_has_fallen_silent_neither_comes_nor_goes()
    {
        await using var site = new AlarmSite(TestDistrict.WithAssets);
        await AssetsAsync(site, Door(site, 2, "forced"));
        site.App.Clock.Advance(TimeSpan.FromMinutes(10));
        await AssetsAsync(site);
        Assert.Equal("locker_forced", (await site.AlarmAsync("kind=locker_forced")).GetProperty("kind").GetString());
    }

    [Theory]
    [InlineData("kiosk,district=harbour,kiosk=ks-1 heartbeat=t", 89, null)]
    [InlineData("kiosk,district=harbour,kiosk=ks-1 heartbeat=t", 90, "kiosk_offline warning 90")]
    [InlineData("cart_pose,cart=cart-1,district=harbour connection=\"online\"", 90, "cart_lost warning 90")]
    [InlineData("cart_pose,cart=cart-1,district=harbour connection=\"online\"", 900, "cart_lost critical 900")]
    [InlineData("cart_pose,cart=cart-1,district=harbour connection=\"offline\"", 900, null)]
    [InlineData("cart_pose,cart=cart-1,district=harbour connection=\"online\",emergency_stop=\"manual\"", 0, "cart_stopped critical ")]
    [InlineData("cart_pose,cart=cart-1,district=harbour connection=\"online\",emergency_stop=\"none\"", 0, null)]
    public async Task Of_a_kiosk_or_cart_comes_of_its_silence_or_its_emergency_stop(string line, int age, string? expected)
    {
        await using var site = new AlarmSite(TestDistrict.WithAssets);
        await AssetsAsync(site, $"{line} {site.App.Now}");
        for (var left = age; left > 0; left -= 60)
        {
            site.App.Clock.Advance(TimeSpan.FromSeconds(Math.Min(60, left)));
            await site.SayAsync("gw-1");
            await AssetsAsync(site);
            await site.LookAsync();
        }
        Assert.Equal(
            expected is null ? [] : [expected],
            (await site.AlarmsAsync()).Select(alarm => $"{alarm.GetProperty("kind").GetString()} {alarm.GetProperty("severity").GetString()} {alarm.GetProperty("figure").GetRawText().Replace("null", "", StringComparison.Ordinal)}"));
    }

    private static string Door(AlarmSite site, int compartment, string state) => $"locker,compartment={compartment},district=harbour,locker=lk-1 state=\"{state}\" {site.App.Now}";

    private static async Task AssetsAsync(AlarmSite site, params string[] lines)
    {
        using var answer = await site.App.Gateway().PostToAsync("/api/v2/write?precision=s", Lines.Body(string.Join('\n', lines)));
        Assert.Equal(System.Net.HttpStatusCode.NoContent, answer.StatusCode);
        await site.App.Services.GetRequiredService<SmartDistrict.Cloud.Assets.AssetWatch>().ReadAsync(TestContext.Current.CancellationToken);
        site.App.Services.GetRequiredService<SmartDistrict.Cloud.Alarms.AlarmEngine>().Look();
    }

    [Fact]
    public async Task Of_the_store_comes_once_and_is_the_only_one()
    {
        await using var site = new AlarmSite(settings: new Dictionary<string, string>
        {
            ["Cloud:Store"] = "influx",
            ["Cloud:Influx:Url"] = $"http://127.0.0.1:{MosquittoBroker.FreePort()}",
            ["Cloud:Influx:Database"] = "district",
        });
        while (site.App.Services.GetRequiredService<StoreHealth>().Stale is null)
        {
            site.App.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, TestContext.Current.CancellationToken);
        }
        for (var i = 0; i < 10; i++)
        {
            site.App.Services.GetRequiredService<SmartDistrict.Cloud.Alarms.AlarmEngine>().Look();
            site.App.Clock.Advance(TimeSpan.FromMinutes(1));
        }
        var alarm = await site.AlarmAsync("state=all");
        Assert.Equal(("store", "harbour"), (alarm.GetProperty("kind").GetString(), alarm.GetProperty("subject").GetProperty("id").GetString()));
        Assert.StartsWith("influx-", alarm.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }
}
