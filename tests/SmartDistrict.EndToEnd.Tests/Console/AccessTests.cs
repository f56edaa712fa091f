using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using SmartDistrict.EndToEnd.Tests.Parts;
using SmartDistrict.Testing;

namespace SmartDistrict.EndToEnd.Tests.Console;

public sealed class AccessToTheConsole
{
    [Fact]
    public async Task Begins_with_the_set_up_goes_on_by_invitation_and_shows_each_what_they_may_see()
    {
        using var folder = new TemporaryFolder();
        await using var cloud = await CloudProcess.StartAsync(folder, MosquittoBroker.FreePort(), "gw-1", "token");
        await using var browser = await ConsoleBrowser.StartAsync();

        // Who installed the service becomes its first administrator; nobody else is there to sign in as.
        await using var administrator = await browser.OpenAsync(cloud, "zh", 1440, 900);
        var page = administrator.Page;
        await page.GotoAsync(new Uri(cloud.Url, "?lang=zh").ToString());
        await page.FillAsync("#code", cloud.SetUpCode);
        await page.FillAsync("#name", "林晓");
        await page.FillAsync("#password", CloudProcess.Password);
        await page.ClickAsync("button[type=submit]");
        await page.WaitForSelectorAsync(".stage canvas");

        // She lets somebody in, and gets a link for them.
        await page.ClickAsync("header a[href='/people']");
        await page.ClickAsync(".bar .primary");
        await page.FillAsync("#new-name", "anna");
        await page.FillAsync("#new-display", "Anna");
        await page.ClickAsync("form button[type=submit]");
        var link = await page.InputValueAsync(".once input");
        await administrator.SaveAsync("people");

        // Who follows it chooses a password, sees the map, and not what is for administrators.
        await using var viewer = await browser.OpenAsync(cloud, "en", 390, 844);
        await viewer.Page.GotoAsync(link.Replace("/set-up", "/set-up?lang=en", StringComparison.Ordinal));
        await viewer.Page.FillAsync("#password", "ten minutes past noon");
        await viewer.SaveAsync("invited");
        await viewer.Page.ClickAsync("button[type=submit]");
        await viewer.Page.WaitForSelectorAsync(".stage canvas");
        Assert.Equal(0, await viewer.Page.Locator("a[href='/people']").CountAsync());
        await viewer.Page.GotoAsync(new Uri(cloud.Url, "people").ToString());
        await viewer.Page.WaitForSelectorAsync("text=This page needs another role");
        Assert.Empty(viewer.Faults);

        // Blocked, they are out at once, wherever they are.
        await page.ReloadAsync();
        await page.ClickAsync("tbody:first-of-type button");
        await page.ClickAsync("text=停用");
        await page.ClickAsync("text=立即登出并停用");
        await page.WaitForSelectorAsync(".tag.lost");
        await viewer.Page.GotoAsync(cloud.Url.ToString());
        await viewer.Page.WaitForSelectorAsync("#name");

        // All of it is told.
        await page.ClickAsync("a[href='/people?show=audit']");
        // the table of people may still be there
        await Assertions.Expect(page.Locator("tbody tr td:nth-child(3)")).ToHaveTextAsync(["更改人员", "接受邀请", "添加人员", "设立第一位管理员"]);
        await administrator.SaveAsync("audit");
        Assert.Empty(administrator.Faults);
    }

    [Fact]
    public async Task May_be_by_a_provider_of_another_site_which_says_the_role_each_time()
    {
        using var folder = new TemporaryFolder();
        await using var provider = new OpenIdProcess(folder);
        await using var cloud = await CloudProcess.StartAsync(folder, MosquittoBroker.FreePort(), provider);
        await provider.StartAsync(cloud);
        await cloud.SetUpAsync();
        await using var browser = await ConsoleBrowser.StartAsync();
        await using var visitor = await browser.OpenAsync(cloud, "zh", 1440, 900);
        var page = visitor.Page;

        // The way leads there and back to where it was to lead, though the session's cookie comes with no request from another site.
        await page.GotoAsync(new Uri(cloud.Url, "devices?lang=zh").ToString());
        await page.WaitForSelectorAsync($"text={ByProvider}");
        await visitor.SaveAsync("sign-in-provider");
        await EnterAsync(page, "mei", "viewer harbour:operator hilltop:administrator");
        await page.WaitForURLAsync(url => new Uri(url).AbsolutePath == "/devices");
        await page.WaitForSelectorAsync("main h1");
        await page.GotoAsync(new Uri(cloud.Url, "account").ToString());
        await page.WaitForSelectorAsync("dd:has-text('操作员')");
        Assert.Equal(0, await page.Locator("a[href='/people']").CountAsync());

        // Who left is asked there who it is, though the provider knows; what it takes back is gone at the next sign-in, and that is said.
        await page.ClickAsync("text=退出登录");
        await page.WaitForSelectorAsync("#name");
        await EnterAsync(page, "mei", "hilltop:administrator");
        await page.WaitForSelectorAsync("text=统一身份平台没有给你本商圈的角色");
        await page.ClickAsync($"text={ByProvider}");
        await page.ClickAsync("text=Cancel");
        await page.WaitForSelectorAsync("text=统一身份平台未获你的同意");
        // A stream that the sign-out ended is told by the browser, too.
        Assert.DoesNotContain(visitor.Faults, fault => fault.Contains("Content Security Policy", StringComparison.Ordinal));
        var audit = await cloud.Client.GetFromJsonAsync<JsonElement>("api/v1/audit", TestContext.Current.CancellationToken);
        Assert.Equal(["session.refuse", "session.sign-out", "session.sign-in", "person.join", "person.set-up"],
            audit.GetProperty("entries").EnumerateArray().Select(entry => entry.GetProperty("act").GetString()));
    }

    private const string ByProvider = "用 City ID 登录";

    private static async Task EnterAsync(IPage page, string name, string roles)
    {
        await page.ClickAsync($"text={ByProvider}");
        await page.FillAsync("[name=name]", name);
        await page.FillAsync("[name=roles]", roles);
        await page.ClickAsync("text=Enter");
    }
}
