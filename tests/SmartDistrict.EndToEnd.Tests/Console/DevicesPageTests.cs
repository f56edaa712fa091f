using System.Net;
using Microsoft.Playwright;

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
        var (status, answer) = await site.Influx.WriteAsync(string.Join('\n', lines));
        Assert.True(status == HttpStatusCode.NoContent, answer);
    }
}
