using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace SmartDistrict.EndToEnd.Tests.Console;

/// <summary>The map's past: any range, beside another time, and what plays.</summary>
[Collection<OperatorPages>]
public sealed class ReplayPageTests(ConsoleSite site)
{
    private const string Zone = "pier-plaza";

    [Theory, ClassData<EveryScreen>]
    public Task A_week_is_shown_beside_the_week_before(Screen screen)
    {
        var at = (TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - (30 * 3600)) / 900 * 900;
        return site.VisitAsync(screen, "replay-difference", $"/?range=7d&t={Minute(at)}&compare=week&zone={Zone}", async visit =>
        {
            var (now, then) = (await EntriesAsync(at), await EntriesAsync(at - (7 * 86_400)));
            await Assertions.Expect(visit.Page.Locator("#zones .main b").First).ToHaveTextAsync(Number(now));
            await Assertions.Expect(visit.Page.Locator("#zones .compared b")).ToHaveTextAsync(now == then ? "0" : now > then ? $"+{Number(now - then)}" : $"−{Number(then - now)}");
            await Assertions.Expect(visit.Page.Locator(".stage canvas")).Not.ToHaveCountAsync(0);
        });
    }

    [Fact]
    public async Task The_range_is_chosen_checked_and_kept_in_the_link_and_the_replay_plays()
    {
        await using var visit = await site.OpenAsync(Screen.DeskEnglishDark);
        await visit.GoAsync("/");
        var page = visit.Page;
        var opener = page.Locator(".timebar .opener").First;
        await opener.ClickAsync();
        await page.Locator("input[name=from]").FillAsync("2026-03-02T10:00");
        await page.Locator("input[name=to]").FillAsync("2026-03-01T10:00");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("The start is not before the end");
        await page.GetByRole(AriaRole.Button, new() { Name = "30 days" }).ClickAsync();
        await Assertions.Expect(opener).ToContainTextAsync("30 days");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("range=30d"));

        var slider = page.Locator(".timebar input[type=range]");
        var before = int.Parse(await slider.InputValueAsync(), CultureInfo.InvariantCulture) - 1;
        await page.GetByRole(AriaRole.Button, new() { Name = "One step back" }).ClickAsync();
        await Assertions.Expect(slider).ToHaveValueAsync($"{before}");
        await page.Keyboard.PressAsync("Shift+ArrowLeft");
        await Assertions.Expect(slider).ToHaveValueAsync($"{before - 10}");
        // so long before the present that the replay does not come to its end here
        await slider.FillAsync("100");
        await page.GetByRole(AriaRole.Button, new() { Name = "Play", Exact = true }).ClickAsync();
        await page.WaitForFunctionAsync("() => Number(document.querySelector('.timebar input[type=range]').value) >= 105");
        await page.GetByRole(AriaRole.Button, new() { Name = "Back to live" }).ClickAsync();
        await Assertions.Expect(page.Locator(".timebar .now")).ToHaveTextAsync("Live");
        Assert.Empty(visit.Faults);
    }

    private async Task<long> EntriesAsync(long at)
    {
        var total = await site.Cloud.Client.GetFromJsonAsync<JsonElement>(
            new Uri($"api/v1/footfall/total?zone={Zone}&bucket=15m&from={Minute(at)}&to={Minute(at + 900)}", UriKind.Relative), TestContext.Current.CancellationToken);
        return total.GetProperty("values")[0].GetInt64();
    }

    private static string Minute(long at) => DateTimeOffset.FromUnixTimeSeconds(at).ToString("yyyy-MM-dd'T'HH:mm'Z'", CultureInfo.InvariantCulture);

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
