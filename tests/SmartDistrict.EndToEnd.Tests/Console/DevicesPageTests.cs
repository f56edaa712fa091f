using System.Net;
using Microsoft.Playwright;
using SmartDistrict.EndToEnd.Tests.Parts;

namespace SmartDistrict.EndToEnd.Tests.Console;

/// <summary>Gateways and devices as people see them, with what their gateway wrote of them to the store.</summary>
[Collection(ConsoleSite.Name)]
public sealed class DevicesPageTests(ConsoleSite site)
{
    private const int Quarter = 900;

    /// <summary>ms within which the page has read again what stands in the store by now.</summary>
    private const int Reread = 40_000;

    [Theory, ClassData<EveryScreen>]
    public async Task A_tree_shows_who_is_heard_and_how_complete_their_readings_are(Screen screen)
    {
        await TellAsync(site.District.Devices[3].Id);
        await site.VisitAsync(screen, "devices", "/devices", async visit =>
        {
            var tree = visit.Page.GetByRole(AriaRole.Region, new() { Name = visit.Say("网关与设备", "Gateways and devices") });
            await Assertions.Expect(tree.GetByRole(AriaRole.Row)).ToHaveCountAsync(site.District.Devices.Count + 2);
            await Assertions.Expect(tree.Locator("tr", new() { HasText = site.District.Devices[3].Id })).ToContainTextAsync(visit.Say("在线", "Live"));
            await Assertions.Expect(tree.Locator("tr", new() { HasText = site.District.Devices[3].Id })).ToContainTextAsync("98.8%", new() { Timeout = Reread });
        });
    }

    [Theory, ClassData<EveryScreen>]
    public async Task A_device_shows_where_its_readings_went_and_the_YAML_that_configures_it(Screen screen)
    {
        var device = site.District.Devices[3];
        await TellAsync(device.Id);
        await site.VisitAsync(screen, "device", $"/devices?device={device.Id}", async visit =>
        {
            var panel = visit.Page.GetByRole(AriaRole.Region, new() { Name = visit.Say("设备详情", "Device"), Exact = true });
            await Assertions.Expect(panel.GetByRole(AriaRole.Heading, new() { Level = 2 })).ToHaveTextAsync(device.Id);
            await Assertions.Expect(panel).ToContainTextAsync(visit.Say("95/96 个刻钟有记录", "95 of 96 quarter hours told"), new() { Timeout = Reread });
            await Assertions.Expect(panel.Locator(".code").First).ToContainTextAsync($"id: {device.Id}");
            await Assertions.Expect(panel.Locator("table", new() { HasText = "profile" })).ToContainTextAsync(device.Profile);
            await panel.Locator("h3").Nth(1).ScrollIntoViewIfNeededAsync();
        });
    }

    /// <summary>What a model does not tell is n/a; what was told is shown with its age; what is low says so in words.</summary>
    [Theory]
    [InlineData(Screen.DeskEnglishDark)]
    [InlineData(Screen.PhoneChineseDark)]
    public async Task A_battery_has_its_age_and_a_low_mark_and_a_firmware_since_when(Screen screen)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var (low, mains) = (site.District.Devices[20].Id, site.District.Devices[21].Id);
        await WriteAsync(
            Health(low, $"tells=\"battery,firmware\",battery=12,battery_at={(now - 7200) * 1000}i,firmware=\"v1.10\",firmware_since={(now - 86_400) * 1000}i"),
            Health(mains, "tells=\"\""));
        // else the page would first say that nothing is known, and rightly grow when something is
        await Waiting.UntilAsync(
            async () => await site.Cloud.Client.GetStringAsync(new Uri($"api/v1/devices/{low}", UriKind.Relative), TestContext.Current.CancellationToken) is var device && device.Contains("v1.10", StringComparison.Ordinal) ? device : null,
            () => $"the service does not read what {low} tells");
        await site.VisitAsync(screen, "battery", $"/devices?device={low}", async visit =>
        {
            var panel = visit.Page.GetByRole(AriaRole.Region, new() { Name = visit.Say("设备详情", "Device"), Exact = true });
            await Assertions.Expect(panel.Locator("dl div", new() { HasText = visit.Say("电量", "Battery") }).First).ToHaveTextAsync(visit.Say("电量12%低电量2 小时前报告", "Battery12%Low batterytold 2 h ago"), new() { Timeout = Reread });
            await Assertions.Expect(panel.Locator("dl div", new() { HasText = visit.Say("固件", "Firmware") })).ToContainTextAsync("v1.10");
            await Assertions.Expect(panel).ToContainTextAsync(visit.Say("安排更换电池或充电", "Plan to change or charge its battery"));
        });
        await site.VisitAsync(screen, "battery-none", "/devices?state=low", async visit =>
        {
            var tree = visit.Page.GetByRole(AriaRole.Region, new() { Name = visit.Say("网关与设备", "Gateways and devices") });
            await Assertions.Expect(tree.Locator("tr", new() { HasText = low })).ToContainTextAsync(visit.Say("低电量", "Low battery"));
            await Assertions.Expect(tree.Locator("tr", new() { HasText = mains })).ToHaveCountAsync(0);
            await visit.GoAsync($"/devices?device={mains}");
            await Assertions.Expect(visit.Page.GetByText(visit.Say("不适用：此型号不报告", "n/a: this model does not tell"))).ToHaveCountAsync(2);
        });

        string Health(string device, string told) => $"device_health,district={site.District.Id},gateway=gw-1,device={device} last_seen={now * 1000}i,readings=1i,sensor=\"ok\",{told} {now}";
    }

    [Theory]
    [InlineData(Screen.DeskChineseLight)]
    [InlineData(Screen.PhoneEnglishLight)]
    public async Task A_sensor_chip_shows_what_it_measures_and_its_day_as_lines(Screen screen)
    {
        var end = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / Quarter * Quarter;
        await WriteAsync([.. Enumerable.Range(0, 96).Where(i => i is < 30 or > 38).Select(i =>
            $"environment,district={site.District.Id},device={ConsoleSite.Chip} temperature_celsius={(i == 95 ? "23.6" : "21.0")},humidity_percent={(i == 0 ? "61.5" : "48.0")} {end - 86_400 + (i * Quarter)}")]);
        await site.VisitAsync(screen, "environment", $"/devices?device={ConsoleSite.Chip}", async visit =>
        {
            var panel = visit.Page.GetByRole(AriaRole.Region, new() { Name = visit.Say("设备详情", "Device"), Exact = true });
            await Assertions.Expect(panel).ToContainTextAsync(visit.Say("环境传感器", "Environment"));
            await Assertions.Expect(panel.Locator("dl div", new() { HasText = visit.Say("温度", "Temperature") })).ToContainTextAsync("23.6 °C");
            await Assertions.Expect(panel.Locator("dl div", new() { HasText = visit.Say("温度", "Temperature") })).ToContainTextAsync("21.0 – 23.6");
            await Assertions.Expect(panel.Locator("dl div", new() { HasText = visit.Say("湿度", "Humidity") })).ToContainTextAsync("48.0 – 61.5");
            // where nothing was measured the line is broken: two strokes
            var line = panel.GetByRole(AriaRole.Img, new() { Name = visit.Say("温度，最近 24 小时的刻钟平均", "Temperature: means of quarter hours, last 24 h") }).Locator("path");
            Assert.Equal(2, (await line.GetAttributeAsync("d"))!.Count(c => c == 'M'));
            await Assertions.Expect(panel.Locator(".code")).ToContainTextAsync("chip: sht3x");
            await Assertions.Expect(panel.Locator("table")).ToContainTextAsync("1-0044");
        });
    }

    [Theory]
    [InlineData(Screen.DeskEnglishDark)]
    [InlineData(Screen.PhoneChineseDark)]
    public Task A_gateway_shows_what_it_says_of_itself(Screen screen) => site.VisitAsync(screen, "gateway", "/devices?gateway=gw-1", async visit =>
    {
        var panel = visit.Page.GetByRole(AriaRole.Region, new() { Name = visit.Say("网关详情", "Gateway"), Exact = true });
        await Assertions.Expect(panel).ToContainTextAsync(visit.Say("网关自述", "What it says of itself"));
        await Assertions.Expect(panel.Locator(".code")).ToContainTextAsync("id: gw-1");
    });

    [Fact]
    public async Task A_search_without_a_find_says_so_and_the_way_back()
    {
        await using var visit = await site.OpenAsync(Screen.DeskEnglishDark);
        await visit.GoAsync("/devices?find=nothing-like-it");
        await Assertions.Expect(visit.Page.GetByText("No device fits")).ToBeVisibleAsync();
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Clear the filter" }).ClickAsync();
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Row)).ToHaveCountAsync(site.District.Devices.Count + 2);
        Assert.Empty(visit.Faults);
    }

    [Fact]
    public async Task What_was_counted_by_hand_is_held_against_the_device_and_a_factor_holds_from_the_next_quarter_hour_on()
    {
        var device = site.District.Devices[3].Id;
        await site.VisitAsync(Screen.DeskChineseLight, "accuracy", $"/devices?device={device}", async visit =>
        {
            var record = visit.Page.Locator("section.accuracy").First;
            await record.GetByRole(AriaRole.Button, new() { Name = "录入人工清点" }).ClickAsync();
            await record.GetByLabel("日期").FillAsync(TimeZoneInfo.ConvertTime(TimeProvider.System.GetUtcNow().AddDays(-2), site.District.TimeZone).ToString("yyyy-MM-dd", null));
            await record.GetByLabel("开始").SelectOptionAsync("18:30");
            await record.GetByLabel("时长").SelectOptionAsync("60");
            await record.GetByLabel("进入", new() { Exact = true }).FillAsync("250");
            await record.GetByLabel("备注").FillAsync("<b>stairs</b>");
            await record.GetByRole(AriaRole.Button, new() { Name = "保存" }).ClickAsync();
            await Assertions.Expect(record.Locator("tbody tr").First).ToContainTextAsync("250");
            await Assertions.Expect(record.Locator("tbody tr").First).ToContainTextAsync("样本少");
            await Assertions.Expect(record.Locator("ol li")).ToContainTextAsync("<b>stairs</b>");
            await record.GetByRole(AriaRole.Button, new() { Name = "设定校准系数" }).ClickAsync();
            await record.GetByLabel("进入系数").FillAsync("1");
            await record.GetByRole(AriaRole.Button, new() { Name = "设定", Exact = true }).ClickAsync();
            await Assertions.Expect(record.Locator(".coming")).ToContainTextAsync("进入 × 1.000");
            await record.ScrollIntoViewIfNeededAsync();
        });
    }

    /// <summary>A day of quarter hours, of which one was not told and one reading in 90 is missing.</summary>
    private async Task TellAsync(string device)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var end = (now - 300) / Quarter * Quarter;
        var lines = Enumerable.Range(0, 96).Where(i => i != 40).Select(i =>
            $"completeness_15m,district={site.District.Id},device={device} expected=15i,received={(i % 6 == 0 ? 14 : 15)}i,refused=0i,forwarded=15i,acknowledged={(i % 6 == 0 ? 14 : 15)}i,rejected=0i,dropped=0i {end - 86_400 + (i * Quarter)}")
            .Append($"gateway_health,district={site.District.Id},gateway=gw-1 envelopes=51234i,lost=0i,dropped=0i,refused=3i,generation=1i,uptime=360000i,cpu=4.2,resident=41000000i,disk_free=21000000000i,temperature=48.5,backlog=0i,runway=777600i,clock=\"synchronised\",throttled=\"\" {now}");
        await WriteAsync([.. lines]);
    }

    private async Task WriteAsync(params string[] lines)
    {
        var (status, answer) = await site.Influx.WriteAsync(string.Join('\n', lines));
        Assert.True(status == HttpStatusCode.NoContent, answer);
    }
}
