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
        await page.WaitForSelectorAsync("tbody tr");
        Assert.Equal(["更改人员", "接受邀请", "添加人员", "设立第一位管理员"], await page.Locator("tbody tr td:nth-child(3)").AllTextContentsAsync());
        await administrator.SaveAsync("audit");
        Assert.Empty(administrator.Faults);
    }
}
