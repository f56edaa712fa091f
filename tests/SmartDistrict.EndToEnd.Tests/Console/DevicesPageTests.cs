using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace SmartDistrict.EndToEnd.Tests.Console;

/// <summary>Gateways and devices as people see them, with what their gateway wrote of them to the store.</summary>
[Collection<OperatorPages>]
public sealed partial class DevicesPageTests(ConsoleSite site)
{
    [Theory, ClassData<EveryScreen>]
    public Task A_tree_shows_who_is_heard_and_how_complete_their_readings_are(Screen screen) => site.VisitAsync(screen, "devices", "/devices", async visit =>
    {
        var tree = visit.Page.GetByRole(AriaRole.Region, new() { Name = visit.Say("网关与设备", "Gateways and devices") });
        await Assertions.Expect(tree.GetByRole(AriaRole.Row)).ToHaveCountAsync(site.District.Devices.Count + 2);
        await Assertions.Expect(tree.Locator("tr", new() { HasText = site.Health.Told.Id })).ToContainTextAsync(visit.Say("在线", "Live"));
        await Assertions.Expect(tree.Locator("tr", new() { HasText = site.Health.Told.Id })).ToContainTextAsync("98.8%");
    });

    [Theory, ClassData<EveryScreen>]
    public Task A_device_shows_where_its_readings_went_and_the_YAML_that_configures_it(Screen screen)
    {
        var device = site.Health.Told;
        return site.VisitAsync(screen, "device", $"/devices?device={device.Id}", async visit =>
        {
            var panel = visit.Page.GetByRole(AriaRole.Region, new() { Name = visit.Say("设备详情", "Device"), Exact = true });
            await Assertions.Expect(panel.GetByRole(AriaRole.Heading, new() { Level = 2 })).ToHaveTextAsync(device.Id);
            await Assertions.Expect(panel).ToContainTextAsync(visit.Say("95/96 个刻钟有记录", "95 of 96 quarter hours told"));
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
        var (low, mains) = (site.Health.LowBattery.Id, site.Health.Mains.Id);
        await site.VisitAsync(screen, "battery", $"/devices?device={low}", async visit =>
        {
            var panel = visit.Page.GetByRole(AriaRole.Region, new() { Name = visit.Say("设备详情", "Device"), Exact = true });
            await Assertions.Expect(panel.Locator("dl div", new() { HasText = visit.Say("电量", "Battery") }).First).ToHaveTextAsync(visit.Say("电量12%低电量2 小时前报告", "Battery12%Low batterytold 2 h ago"));
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
    }

    [Theory]
    [InlineData(Screen.DeskChineseLight)]
    [InlineData(Screen.PhoneEnglishLight)]
    public Task A_sensor_chip_shows_what_it_measures_and_its_day_as_lines(Screen screen) =>
        site.VisitAsync(screen, "environment", $"/devices?device={site.Health.Chip.Id}", async visit =>
        {
            var panel = visit.Page.GetByRole(AriaRole.Region, new() { Name = visit.Say("设备详情", "Device"), Exact = true });
            await Assertions.Expect(panel).ToContainTextAsync(visit.Say("环境传感器", "Environment"));
            await Assertions.Expect(panel.Locator("dl div", new() { HasText = visit.Say("温度", "Temperature") })).ToContainTextAsync("23.6 °C");
            await Assertions.Expect(panel.Locator("dl div", new() { HasText = visit.Say("温度", "Temperature") })).ToContainTextAsync("21.0 – 23.6");
            await Assertions.Expect(panel.Locator("dl div", new() { HasText = visit.Say("湿度", "Humidity") })).ToContainTextAsync("48.0 – 61.5");
            // where nothing was measured the line is broken: two strokes
            var line = panel.GetByRole(AriaRole.Img, new() { Name = visit.Say("温度，最近 24 小时的刻钟平均", "Temperature: means of quarter hours, last 24 h") }).Locator("path");
            await Assertions.Expect(line).ToHaveAttributeAsync("d", TwoStrokes());
            await Assertions.Expect(panel.Locator(".code")).ToContainTextAsync("chip: sht3x");
            await Assertions.Expect(panel.Locator("table")).ToContainTextAsync("1-0044");
        });

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
        var device = site.Health.Told.Id;
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

    [GeneratedRegex("^M[^M]+M[^M]+$")]
    private static partial Regex TwoStrokes();
}
