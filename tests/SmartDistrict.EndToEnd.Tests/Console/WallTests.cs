using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace SmartDistrict.EndToEnd.Tests.Console;

/// <summary>The screen on the wall, which nobody touches.</summary>
[Collection<OperatorPages>]
public sealed partial class WallTests(ConsoleSite site)
{
    private const string CountLocks = """
        window.locks = 0
        const ask = navigator.wakeLock?.request.bind(navigator.wakeLock)
        if (ask) navigator.wakeLock.request = kind => { window.locks++; return ask(kind) }
        """;

    [Theory, ClassData<EveryScreen>]
    public Task Its_programme_is_put_together_on_a_page(Screen screen) => site.VisitAsync(screen, "wall-programme", "/wall?from=%2F%3Fzone%3Dpier-plaza", async visit =>
    {
        await Assertions.Expect(visit.Page.Locator("#link")).ToHaveValueAsync(TwoViews());
        await visit.Page.FillAsync("#further", "https://elsewhere.example/");
        await Assertions.Expect(visit.Page.Locator("#further-hint")).ToContainTextAsync("elsewhere");
        await visit.Page.FillAsync("#further", "/?zone=pier-plaza");
    });

    [Fact]
    public async Task A_link_shows_the_views_in_turn_without_menus_and_keeps_the_screen_on()
    {
        await using var visit = await site.OpenAsync(Screen.DeskChineseLight);
        await visit.Page.AddInitScriptAsync(CountLocks);
        await visit.GoAsync("/wall?view=%2F&view=%2F%3Fzone%3Dpier-plaza&every=5&scale=1.25&theme=dark");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Navigation)).ToHaveCountAsync(0);
        await Assertions.Expect(visit.Page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        await Assertions.Expect(visit.Page.Locator(".stage canvas").First).ToBeVisibleAsync();
        await visit.SaveAsync("wall-1");
        await visit.Page.WaitForFunctionAsync("() => window.locks > 0");
        await Assertions.Expect(visit.Page).ToHaveURLAsync(PierPlaza());
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Name = "码头广场" })).ToBeVisibleAsync();
        await visit.SaveAsync("wall-2");

        // a wall screen that was switched off and on goes on
        await visit.Page.ReloadAsync();
        await visit.SettleAsync();
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Navigation)).ToHaveCountAsync(0);
        await Assertions.Expect(visit.Page.Locator(".turns li")).ToHaveCountAsync(2);

        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "离开大屏模式" }).FocusAsync();
        await visit.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Navigation)).ToHaveCountAsync(1);
        Assert.Empty(visit.Faults);
    }

    [GeneratedRegex(@"/wall\?view=%2F&view=%2F%3Fzone%3Dpier-plaza&every=30&scale=1&theme=(light|dark)&lang=(zh|en)$")]
    private static partial Regex TwoViews();

    [GeneratedRegex(@"/\?zone=pier-plaza&wall=on")]
    private static partial Regex PierPlaza();
}
