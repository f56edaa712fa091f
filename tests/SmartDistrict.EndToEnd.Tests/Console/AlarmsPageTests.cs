using Microsoft.Playwright;

namespace SmartDistrict.EndToEnd.Tests.Console;

/// <summary>Alarms as people see them: one of a sensor, which the gateway wrote to the store.</summary>
[Collection<OperatorPages>]
public sealed class AlarmsPageTests(ConsoleSite site)
{
    [Theory, ClassData<EveryScreen>]
    public Task An_alarm_says_what_where_why_and_what_to_do_next(Screen screen)
    {
        var device = site.Health.Blind[(int)screen].Id;
        return site.VisitAsync(screen, "alarms", $"/alarms?subject={device}", async visit =>
        {
            await visit.Page.GetByText(visit.Say($"传感器可疑 · {device}", $"Sensor in doubt · {device}")).ClickAsync();
            var panel = visit.Page.GetByRole(AriaRole.Region, new() { Name = visit.Say("告警详情", "Alarm"), Exact = true });
            await Assertions.Expect(panel).ToContainTextAsync(visit.Say("平时有人的时段里一个人也没数到", "counts nobody at hours when people are usual"));
            await Assertions.Expect(panel).ToContainTextAsync(visit.Say("到现场走五次", "Walk through it five times"));
            await Assertions.Expect(panel.GetByRole(AriaRole.Link, new() { Name = visit.Say("查看设备", "Open in Devices") })).ToHaveAttributeAsync("href", $"/devices?device={device}");
            await Assertions.Expect(visit.Page.Locator(".bell b")).ToBeVisibleAsync();
        });
    }

    [Fact]
    public async Task What_a_person_does_stands_in_the_story_and_takes_the_alarm_off_the_bell()
    {
        var device = site.Health.Stuck.Id;
        await using var visit = await site.OpenAsync(Screen.DeskEnglishDark);
        await visit.GoAsync($"/alarms?subject={device}");
        await visit.Page.GetByText($"Sensor in doubt · {device}").ClickAsync();
        var panel = visit.Page.GetByRole(AriaRole.Region, new() { Name = "Alarm", Exact = true });
        await panel.GetByRole(AriaRole.Button, new() { Name = "Acknowledge" }).ClickAsync();
        await Assertions.Expect(panel.Locator("li.acknowledged")).ToContainTextAsync("acknowledged it");
        await panel.GetByLabel("Assignee").FillAsync("Wang");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Assign" }).ClickAsync();
        await Assertions.Expect(panel.Locator("li.assigned")).ToContainTextAsync("assigned it to Wang");
        await panel.GetByLabel("Comment").FillAsync("<b>lens</b> cleaned");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Add" }).ClickAsync();
        await Assertions.Expect(panel.Locator("li.commented")).ToContainTextAsync("<b>lens</b> cleaned");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Mute" }).ClickAsync();
        await Assertions.Expect(panel.Locator("li.muted")).ToContainTextAsync("muted it until");
        await visit.GoAsync("/alarms?state=unacknowledged");
        await Assertions.Expect(visit.Page.GetByText($"Sensor in doubt · {device}")).ToHaveCountAsync(0);
        Assert.Empty(visit.Faults);
    }

    [Theory]
    [InlineData(Screen.DeskChineseLight, "rules")]
    [InlineData(Screen.PhoneEnglishLight, "rules")]
    [InlineData(Screen.DeskEnglishDark, "webhooks")]
    [InlineData(Screen.PhoneChineseDark, "history")]
    public Task Each_view_is_there_by_its_link(Screen screen, string view) => site.VisitAsync(screen, $"alarms-{view}", $"/alarms?view={view}", async visit =>
        await Assertions.Expect(visit.Page.Locator("nav.views [aria-current=true]")).ToHaveTextAsync(view switch
        {
            "rules" => visit.Say("规则", "Rules"),
            "history" => visit.Say("历史", "History"),
            _ => visit.Say("推送", "Webhooks"),
        }));
}
