using Microsoft.Playwright;

namespace SmartDistrict.EndToEnd.Tests.Console;

/// <summary>What the frame says where there is nothing to show.</summary>
[Collection<AnalystPages>]
public sealed class StatesTests(ConsoleSite site)
{
    private const string Refused = "Failed to load resource";
    private const string Reason = "InfluxDB at http://influx.example:8086 cannot be reached: start it, or mend Cloud:Influx:Url";

    [Theory, ClassData<EveryScreen>]
    public Task A_link_that_leads_nowhere_leads_back(Screen screen) => site.VisitAsync(screen, "not-found", "/no/such/page", async visit =>
    {
        await visit.Page.GetByText(visit.Say("回到实时地图", "Go to the live map")).ClickAsync();
        await Assertions.Expect(visit.Page.Locator(".stage canvas").First).ToBeVisibleAsync();
        await visit.Page.GoBackAsync();
        await Assertions.Expect(visit.Page.GetByText(visit.Say("回到实时地图", "Go to the live map"))).ToBeVisibleAsync();
    });

    [Theory, ClassData<EveryScreen>]
    public Task A_service_that_cannot_answer_is_told_with_its_reason_and_asked_again(Screen screen)
    {
        var away = true;
        return site.VisitAsync(screen, "district-back", "/", async visit =>
        {
            await Assertions.Expect(visit.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync(Reason);
            await visit.SaveAsync("district-away");
            away = false;
            await visit.Page.GetByText(visit.Say("再试一次", "Try again"), new() { Exact = true }).ClickAsync();
            await Assertions.Expect(visit.Page.Locator(".stage canvas").First).ToBeVisibleAsync();
        }, Refused, visit => visit.Page.RouteAsync("**/api/v1/district", route => away
            ? route.FulfillAsync(new() { Status = 503, ContentType = "application/problem+json", Body = $$"""{"status":503,"code":"store-unavailable","detail":"{{Reason}}"}""" })
            : route.ContinueAsync()));
    }

    [Theory, InlineData(Screen.DeskChineseLight), InlineData(Screen.PhoneEnglishLight)]
    public Task A_map_that_cannot_be_drawn_is_told_beside_the_numbers_that_go_on(Screen screen)
    {
        var newer = true;
        return site.VisitAsync(screen, "map-back", "/", async visit =>
        {
            await Assertions.Expect(visit.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync(visit.Say("地图无法绘制", "The map cannot be drawn"));
            await visit.SaveAsync("map-lost");
            newer = false;
            await visit.Page.GetByText(visit.Say("重新载入页面", "Load the page again")).ClickAsync();
            await visit.Page.WaitForSelectorAsync(".map[data-drawn=true]");
        }, Refused, visit => visit.Page.RouteAsync("**/assets/painter.worker*", route => newer ? route.FulfillAsync(new() { Status = 404 }) : route.ContinueAsync()));
    }

    [Theory, InlineData(Screen.DeskEnglishDark), InlineData(Screen.PhoneChineseDark)]
    public Task A_page_whose_file_a_newer_service_no_longer_has_is_told_and_comes_when_it_is_loaded_again(Screen screen)
    {
        var newer = true;
        return site.VisitAsync(screen, "page-back", "/", async visit =>
        {
            await visit.Page.GetByRole(AriaRole.Link, new() { Name = visit.Say("历史", "History"), Exact = true }).ClickAsync();
            await Assertions.Expect(visit.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync(visit.Say("此页面暂时无法载入", "This page cannot be loaded now"));
            await visit.SaveAsync("page-away");
            newer = false;
            await visit.Page.GetByText(visit.Say("重新载入页面", "Load the page again")).ClickAsync();
            await visit.SettleAsync();
            await Assertions.Expect(visit.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/history"));
        }, Refused, visit => visit.Page.RouteAsync("**/assets/HistoryPage*.js", route => newer ? route.FulfillAsync(new() { Status = 404 }) : route.ContinueAsync()));
    }

    [Fact]
    public Task Whose_sign_in_has_expired_signs_in_and_comes_back() => site.VisitAsync(Screen.DeskEnglishDark, "sign-in-expired", "/?zone=pier-plaza", async visit =>
    {
        await visit.Page.Context.ClearCookiesAsync();
        await visit.Page.ReloadAsync();
        await Assertions.Expect(visit.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex(@"/sign-in\?.*zone"));
    }, "401");
}
