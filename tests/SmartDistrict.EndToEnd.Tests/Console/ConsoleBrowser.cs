using Microsoft.Playwright;
using SmartDistrict.EndToEnd.Tests.Parts;
using SmartDistrict.Testing;

namespace SmartDistrict.EndToEnd.Tests.Console;

/// <summary>The system's Chromium. Each window is a person of its own: not signed in, with the language and the screen that they have.</summary>
internal sealed class ConsoleBrowser : IAsyncDisposable
{
    private const string Executable = "/usr/bin/chromium";
    private static readonly string[] Arguments =
        ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    private readonly IPlaywright playwright;
    private readonly IBrowser browser;

    private ConsoleBrowser(IPlaywright playwright, IBrowser browser)
    {
        this.playwright = playwright;
        this.browser = browser;
    }

    public static async Task<ConsoleBrowser> StartAsync()
    {
        Assert.True(File.Exists(Executable), "chromium is not installed: apt-get install chromium");
        // a loaded machine draws late: what is expected may take as long as everything else here
        Assertions.SetDefaultExpectTimeout((float)Waiting.Patience.TotalMilliseconds);
        var playwright = await Playwright.CreateAsync();
        try
        {
            return new ConsoleBrowser(playwright, await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Executable, Args = Arguments }));
        }
        catch
        {
            playwright.Dispose();
            throw;
        }
    }

    public async Task<ConsoleWindow> OpenAsync(CloudProcess cloud, string language, int width, int height)
    {
        var context = await browser.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = height },
            Locale = language == "zh" ? "zh-CN" : "en-GB",
        });
        context.SetDefaultTimeout((float)Waiting.Patience.TotalMilliseconds);
        return new ConsoleWindow(await context.NewPageAsync(), cloud, language, $"{width}x{height}-{language}");
    }

    /// <summary>A person who is signed in as <see cref="CloudProcess.Client"/> is.</summary>
    public async Task<PageVisit> VisitAsync(Screen screen, CloudProcess cloud)
    {
        var context = await browser.NewContextAsync(screen.Options());
        context.SetDefaultTimeout((float)Waiting.Patience.TotalMilliseconds);
        await context.AddCookiesAsync(cloud.Cookies.Select(cookie => new Cookie { Name = cookie.Name, Value = cookie.Value, Url = cloud.Url.ToString(), HttpOnly = cookie.HttpOnly }));
        return await PageVisit.StartAsync(context, cloud, screen);
    }

    public async ValueTask DisposeAsync()
    {
        await browser.DisposeAsync();
        playwright.Dispose();
    }
}

/// <summary>What the zone panel shows, as text.</summary>
internal sealed record ShownZone(string Name, string Entries, string Exits, string Occupancy);

/// <summary>A window with the console in it.</summary>
internal sealed class ConsoleWindow : IAsyncDisposable
{
    private readonly IPage page;
    private readonly CloudProcess cloud;
    private readonly string language;
    private readonly string name;
    private readonly List<string> faults = [];

    public ConsoleWindow(IPage page, CloudProcess cloud, string language, string name)
    {
        this.page = page;
        this.cloud = cloud;
        this.language = language;
        this.name = name;
        page.PageError += (_, error) => faults.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                faults.Add($"{message.Text} ({message.Location})");
        };
    }

    /// <summary>What is on screen, for what a test looks at itself.</summary>
    public IPage Page => page;

    /// <summary>Errors that scripts threw or wrote to the browser's console. The one 401 before the sign-in is none.</summary>
    public IReadOnlyList<string> Faults => [.. faults.Where(fault => !fault.Contains("401", StringComparison.Ordinal))];

    /// <summary>Follows a link into the console, which first asks for name and password, and waits for the map.</summary>
    public async Task SignInAsync(string link)
    {
        await cloud.SetUpAsync();
        await page.GotoAsync(new Uri(cloud.Url, $"{link}&lang={language}").ToString());
        await page.FillAsync("#name", CloudProcess.Administrator);
        await page.FillAsync("#password", CloudProcess.Password);
        await page.ClickAsync("button[type=submit]");
        await page.WaitForSelectorAsync(".stage canvas");
    }

    /// <summary>Opens another link while signed in.</summary>
    public async Task GoAsync(string link)
    {
        await page.GotoAsync(new Uri(cloud.Url, $"{link}&lang={language}").ToString());
        await page.WaitForSelectorAsync(".stage canvas");
    }

    /// <summary>Waits until the zone panel shows what it should; at the deadline, what it shows instead.</summary>
    public async Task<ShownZone> ZoneAsync(ShownZone expected)
    {
        var shown = expected;
        try
        {
            await Waiting.UntilAsync(async () => (shown = await ReadZoneAsync()) == expected ? shown : null, () => "");
        }
        catch (TimeoutException)
        {
            await SaveAsync("wrong");
        }
        return shown!;
    }

    /// <summary>The rows of the zone list that are on screen: name, entries, occupancy as text.</summary>
    public async Task<List<(string Name, string Entries, string Occupancy)>> RowsAsync()
    {
        var rows = await page.EvaluateAsync<string[][]>("""
            () => [...document.querySelectorAll('#zones li')].map(row => ['.name', '.entries', '.occupancy'].map(part => {
              const cell = row.querySelector(part)
              return cell ? [...cell.childNodes].filter(n => n.nodeType === 3 || part === '.name').map(n => n.textContent).join('').trim() : ''
            }))
            """);
        return [.. rows.Select(row => (row[0], row[1], row[2]))];
    }

    /// <summary>Share of the map that is painted in the colours of footfall; ground, paper and "no data" are grey. Of its sheets, the most coloured.</summary>
    public async Task<double> ColouredAsync() => await page.EvaluateAsync<double>("""
        () => {
          let most = 0
          for (const canvas of document.querySelectorAll('.stage canvas')) {
            if (!canvas.width || !canvas.height) continue
            let coloured = 0
            // What the map's painter draws can only be read from a copy.
            const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d')
            copy.drawImage(canvas, 0, 0)
            const { data } = copy.getImageData(0, 0, canvas.width, canvas.height)
            for (let i = 0; i < data.length; i += 4) if (data[i + 3] > 200 && Math.max(data[i], data[i + 1], data[i + 2]) - Math.min(data[i], data[i + 1], data[i + 2]) > 25) coloured++
            most = Math.max(most, coloured / (data.length / 4))
          }
          return most
        }
        """);

    /// <summary>Saves what is on screen under TestResults/screenshots.</summary>
    public Task SaveAsync(string what) => page.ScreenshotAsync(new()
    {
        Path = RepositoryFiles.Path("TestResults", "screenshots", $"{what}-{name}.png"),
        Animations = ScreenshotAnimations.Disabled,
    });

    public async ValueTask DisposeAsync() => await page.Context.DisposeAsync();

    private async Task<ShownZone?> ReadZoneAsync()
    {
        var texts = await page.EvaluateAsync<string[]>(
            "() => ['h2', '.main div:nth-child(1) b', '.main div:nth-child(2) b', '.main div:nth-child(3) b'].map(part => document.querySelector('#zones article ' + part)?.textContent.trim() ?? '')");
        return new(texts[0], texts[1], texts[2], texts[3]);
    }
}
