using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SmartDistrict.EndToEnd.Tests.Parts;
using SmartDistrict.Testing;

namespace SmartDistrict.EndToEnd.Tests.Technician;

/// <summary>The technician's page in a real browser, by what it says and not by how it is made.</summary>
public sealed class TechnicianPageTests : IAsyncLifetime
{
    private TechnicianSite site = null!;
    private IPlaywright playwright = null!;
    private IBrowser browser = null!;
    private readonly List<string> faults = [];

    public async ValueTask InitializeAsync()
    {
        site = await TechnicianSite.StartAsync(site =>
        {
            File.WriteAllText(site.File("code"), "harbour-4711");
            site.Gateway.Configuration["Status"] = new JsonObject { ["CodeFile"] = site.File("code") };
        });
        Assertions.SetDefaultExpectTimeout((float)Waiting.Patience.TotalMilliseconds);
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Args = ["--no-sandbox", "--disable-gpu"] });
    }

    public async ValueTask DisposeAsync()
    {
        await browser.DisposeAsync();
        playwright.Dispose();
        await site.DisposeAsync();
    }

    [Theory]
    [InlineData("zh-CN", 390, 844, "步行测试", "5/5", "通过", "未通过", "进出颠倒了")]
    [InlineData("en-GB", 1440, 900, "Walk test", "5/5", "Passed", "Failed", "In and out are swapped")]
    public async Task A_walk_test_counts_along_passes_and_tells_what_is_wrong(string locale, int width, int height, string nav, string five, string passed, string failed, string swapped)
    {
        var page = await EnterAsync(locale, width, height);
        await page.GetByRole(AriaRole.Link, new() { Name = nav }).ClickAsync();
        await page.SelectOptionAsync("#walk-line", "ln-01");
        await page.ClickAsync("#walk-start");
        await Assertions.Expect(page.Locator("#walk-counts dd").First).ToHaveTextAsync("0/5");
        for (var walked = 1; walked <= 5; walked++)
        {
            await site.WalkAsync(1, 0);
            await Assertions.Expect(page.Locator("#walk-counts dd").First).ToHaveTextAsync($"{walked}/5");
            if (walked == 3)
                await SaveAsync(page, "walk-running");
        }
        await Assertions.Expect(page.Locator("#walk-result")).ToHaveTextAsync(passed);
        await Assertions.Expect(page.Locator("#walk-counts dd").First).ToHaveTextAsync(five);
        await Assertions.Expect(page.Locator("#walks tbody tr").First).ToContainTextAsync(passed);

        await page.ClickAsync("#walk-start");
        await Assertions.Expect(page.Locator("#walk-counts dd").First).ToHaveTextAsync("0/5");
        await site.WalkAsync(0, 5);
        await Assertions.Expect(page.Locator("#walk-counts dd").Last).ToHaveTextAsync("5/0");
        await page.ClickAsync("#walk-stop");
        await Assertions.Expect(page.Locator("#walk-result")).ToHaveTextAsync(failed);
        await Assertions.Expect(page.Locator("#walk-cause")).ToContainTextAsync(swapped);
        await Assertions.Expect(page.Locator("#walks tbody tr")).ToHaveCountAsync(2);
        await SaveAsync(page, "walk-ended");
        Assert.Empty(faults);
    }

    [Theory]
    [InlineData("zh-CN", 1440, 900, "监听", "没有问题")]
    [InlineData("en-GB", 390, 844, "Listen", "All well")]
    public async Task An_unknown_device_is_heard_and_becomes_a_profile_that_can_be_saved(string locale, int width, int height, string nav, string sound)
    {
        var page = await EnterAsync(locale, width, height);
        await page.GetByRole(AriaRole.Link, new() { Name = nav, Exact = true }).ClickAsync();
        await page.ClickAsync("#sniff-start");
        var topic = page.Locator("#topics li", new() { HasText = "acme/3F-77/people" });
        await Waiting.UntilAsync(async () =>
        {
            await site.SayAsync("acme/3F-77/people", """{"when":"2026-03-02T16:00:00+08:00","lanes":[{"no":"A","in":3,"out":1},{"no":"B","in":0,"out":2}]}""");
            return await topic.CountAsync() == 1 ? "heard" : null;
        }, () => "the topic is not heard");
        await SaveAsync(page, "listening");
        await topic.GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(page.Locator("#profile-problems")).ToContainTextAsync(sound);
        await SaveAsync(page, "profile");
        var yaml = await page.InputValueAsync("#profile-yaml");
        Assert.Contains("topic: \"acme/{address}/people\"", yaml, StringComparison.Ordinal);
        var download = await page.RunAndWaitForDownloadAsync(() => page.ClickAsync("#profile-save"));
        Assert.Equal("acme-draft.yaml", download.SuggestedFilename);
        Assert.Equal(yaml, await File.ReadAllTextAsync(await download.PathAsync(), TestContext.Current.CancellationToken));

        await page.FillAsync("#profile-yaml", yaml.Replace("time: iso-8601", "time: iso-8061", StringComparison.Ordinal));
        await page.ClickAsync("#profile-check");
        await Assertions.Expect(page.Locator("#profile-problems .bad").First).ToContainTextAsync("write 'iso-8601' if that is what you meant");
        await page.ClickAsync("#sniff-stop");
        await Assertions.Expect(page.Locator("#sniff-start")).ToBeVisibleAsync();
        Assert.Empty(faults);
    }

    [Theory]
    [InlineData("zh-CN", 390, 844, "状态", "接线")]
    [InlineData("en-GB", 1440, 900, "State", "Wiring")]
    public async Task State_wiring_and_bundle_are_there_by_keyboard_and_in_both_languages(string locale, int width, int height, string state, string wiring)
    {
        var page = await EnterAsync(locale, width, height);
        await site.WalkAsync(2, 1);
        var line = page.Locator("[data-device=node-08] [data-line]");
        await Assertions.Expect(line).ToHaveTextAsync("2 / 1");
        await site.SayAsync("sd/v1/harbour/counter/node-08/reading", $$"""{"ts":{{TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()}},"boot":"own","seq":1,"battery":87.5,"firmware":"1.4.2"}""");
        await Assertions.Expect(page.Locator("[data-device=node-08] [data-own]")).ToHaveTextAsync(new Regex(locale == "zh-CN" ? "^电量 87.5% .* · 固件 1.4.2（.* 起）$" : "^battery 87.5% .* · firmware 1.4.2 since .*$"));
        await page.FillAsync("#filter", "node-08");
        await Assertions.Expect(page.Locator("#devices > li:visible")).ToHaveCountAsync(1);
        await page.FillAsync("#filter", "");
        await SaveAsync(page, "wiring");
        await page.GetByRole(AriaRole.Link, new() { Name = state, Exact = true }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = state, Exact = true })).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#facts > div").First).ToBeVisibleAsync();
        await SaveAsync(page, "state");
        var download = await page.RunAndWaitForDownloadAsync(() => page.ClickAsync("#bundle"));
        Assert.Matches("^gw-1-.*zip$", download.SuggestedFilename);
        Assert.Equal(locale[..2], (await page.EvaluateAsync<string>("() => document.documentElement.lang"))[..2]);
        await page.ClickAsync("#language");
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = wiring, Exact = true })).ToHaveCountAsync(0);
        Assert.True(await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"), "the page is wider than the screen");
        Assert.Empty(faults);
    }

    /// <summary>A wrong code first, then the right one.</summary>
    private async Task<IPage> EnterAsync(string locale, int width, int height)
    {
        var context = await browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = height }, Locale = locale });
        context.SetDefaultTimeout((float)Waiting.Patience.TotalMilliseconds);
        var page = await context.NewPageAsync();
        page.PageError += (_, error) => faults.Add(error);
        page.Console += (_, message) =>
        {
            // that a code is wrong is an answer, not a fault of the page
            if (message.Type == "error" && !message.Text.Contains("401", StringComparison.Ordinal))
                faults.Add(message.Text);
        };
        await page.GotoAsync(site.Url.ToString());
        await page.FillAsync("#code", "harbour-0000");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#enter-problem")).Not.ToBeEmptyAsync();
        await page.FillAsync("#code", "harbour-4711");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#devices > li").First).ToBeVisibleAsync();
        return page;
    }

    private static Task SaveAsync(IPage page, string what) => page.ScreenshotAsync(new()
    {
        Path = RepositoryFiles.Path("TestResults", "screenshots", $"technician-{what}-{page.ViewportSize!.Width}.png"),
        Animations = ScreenshotAnimations.Disabled,
        FullPage = true,
    });
}
