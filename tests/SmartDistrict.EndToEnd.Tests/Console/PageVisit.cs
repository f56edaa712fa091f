using Microsoft.Playwright;
using SmartDistrict.EndToEnd.Tests.Parts;
using SmartDistrict.Testing;

namespace SmartDistrict.EndToEnd.Tests.Console;

/// <summary>What the browser measured of a page.</summary>
/// <param name="FirstPaint">First contentful paint, ms after the navigation began.</param>
/// <param name="LayoutShift">Sum of the layout shifts before the first input, whose answer may take its time; 0 where nothing jumped.</param>
internal sealed record PageMeasures(double FirstPaint, double LayoutShift);

/// <summary>A signed-in person's look at the console.</summary>
internal sealed class PageVisit : IAsyncDisposable
{
    private const string Measure = """
        window.measured = { firstPaint: 0, layoutShift: 0, inputAt: Infinity }
        for (const input of ['pointerdown', 'keydown', 'input', 'click']) addEventListener(input, event => { measured.inputAt = Math.min(measured.inputAt, event.timeStamp) }, { capture: true })
        new PerformanceObserver(list => { for (const e of list.getEntriesByName('first-contentful-paint')) measured.firstPaint = e.startTime }).observe({ type: 'paint', buffered: true })
        new PerformanceObserver(list => { for (const e of list.getEntries()) if (!e.hadRecentInput && e.startTime < measured.inputAt) measured.layoutShift += e.value }).observe({ type: 'layout-shift', buffered: true })
        """;

    private readonly CloudProcess cloud;
    private readonly Screen screen;
    private readonly List<string> faults = [];

    private PageVisit(IPage page, CloudProcess cloud, Screen screen)
    {
        Page = page;
        this.cloud = cloud;
        this.screen = screen;
        page.PageError += (_, error) => faults.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                faults.Add($"{message.Text} ({message.Location})");
        };
    }

    public IPage Page { get; }

    /// <summary>Errors that scripts threw or wrote to the browser's console, and what the content security policy refused.</summary>
    public IReadOnlyList<string> Faults => faults;

    public static async Task<PageVisit> StartAsync(IBrowserContext context, CloudProcess cloud, Screen screen)
    {
        await context.AddInitScriptAsync(Measure);
        return new PageVisit(await context.NewPageAsync(), cloud, screen);
    }

    /// <summary>The text of this visit's language.</summary>
    public string Say(string chinese, string english) => screen.Language() == "zh" ? chinese : english;

    /// <summary>Follows a link into the console and waits until the page shows its content or its state.</summary>
    public async Task GoAsync(string link)
    {
        var separator = link.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        await Page.GotoAsync(new Uri(cloud.Url, $"{link}{separator}lang={screen.Language()}").ToString());
        await SettleAsync();
    }

    /// <summary>Waits until nothing of the page is loading and each chart is drawn.</summary>
    public async Task SettleAsync()
    {
        await Assertions.Expect(Page.Locator("main h1")).ToHaveCountAsync(1);
        await Assertions.Expect(Page.Locator("main [aria-busy=true], main [data-drawn=false]")).ToHaveCountAsync(0);
    }

    /// <summary>Saves what is on screen under TestResults/screenshots.</summary>
    public Task SaveAsync(string what) => Page.ScreenshotAsync(new()
    {
        Path = RepositoryFiles.Path("TestResults", "screenshots", $"{what}-{screen}.png"),
        Animations = ScreenshotAnimations.Disabled,
    });

    public async Task<PageMeasures> MeasuredAsync()
    {
        var measured = await Page.EvaluateAsync<double[]>("() => [measured.firstPaint, measured.layoutShift]");
        return new(measured[0], measured[1]);
    }

    public async ValueTask DisposeAsync() => await Page.Context.DisposeAsync();
}
