using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace SmartDistrict.EndToEnd.Tests.Console;

/// <summary>The pages of numbers and of reports, over yesterday's business day.</summary>
[Collection<AnalystPages>]
public sealed partial class NumbersPageTests(ConsoleSite site)
{
    [Theory, ClassData<EveryScreen>]
    public async Task Each_number_is_the_APIs_and_says_what_it_is_and_why(Screen screen)
    {
        var day = await YesterdayAsync();
        var visits = (await site.Cloud.Client.GetFromJsonAsync<JsonElement>($"api/v1/numbers/over-time?period={day}&area=book-store", TestContext.Current.CancellationToken))
            .GetProperty("area").GetProperty("figures").GetProperty("visits").GetProperty("value").GetDouble();
        await site.VisitAsync(screen, "numbers", $"/numbers?period={day}&area=book-store", async visit =>
        {
            await Assertions.Expect(visit.Page.Locator("figure")).ToHaveCountAsync(2);
            await Assertions.Expect(visit.Page.Locator("[data-measure=visits] b")).ToHaveTextAsync(visits.ToString("#,0", CultureInfo.InvariantCulture));
            await Assertions.Expect(visit.Page.Locator("[data-measure=uniqueVisitors] b")).ToHaveTextAsync(visit.Say("不适用", "n/a"));
            await visit.Page.ClickAsync("[data-measure=captureRate]");
            await Assertions.Expect(visit.Page.Locator(".explained")).ToContainTextAsync(visit.Say("到访人次 ÷ 路过人次", "visits ÷ passers-by"));
            await Assertions.Expect(visit.Page.Locator("[data-measure=visits] .until")).ToContainTextAsync(visit.Say("暂定至", "provisional until"));
        });
    }

    [Fact]
    public async Task Where_tills_tell_their_sales_the_conversion_is_shown()
    {
        var day = await YesterdayAsync();
        var told = await site.Cloud.Client.GetFromJsonAsync<JsonElement>($"api/v1/numbers/over-time?period={day}&area=book-store", TestContext.Current.CancellationToken);
        var visits = told.GetProperty("area").GetProperty("figures").GetProperty("visits").GetProperty("value").GetDouble();
        var noon = told.GetProperty("period").GetProperty("from").GetInt64() + (8 * 3600);
        await TellAsync(300);
        try
        {
            await site.VisitAsync(Screen.DeskEnglishDark, "numbers-sales", $"/numbers?period={day}&area=book-store", async visit =>
            {
                await Assertions.Expect(visit.Page.Locator("[data-measure=transactions] b")).ToHaveTextAsync("300");
                await Assertions.Expect(visit.Page.Locator("[data-measure=conversion] b")).ToHaveTextAsync((300 / visits).ToString("0.0%", CultureInfo.InvariantCulture));
            });
        }
        finally
        {
            await TellAsync(null);
        }

        async Task TellAsync(int? transactions)
        {
            using var answer = await site.Cloud.Client.PostAsJsonAsync(
                "api/v1/sales", new { sales = new[] { new { zone = "book-store", start = noon, transactions } } }, TestContext.Current.CancellationToken);
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }
    }

    [Theory, ClassData<EveryScreen>]
    public async Task The_district_is_shown_by_week_with_its_flows(Screen screen)
    {
        // the week of yesterday: one that has just begun has no numbers yet
        await site.VisitAsync(screen, "numbers-week", $"/numbers?period={await YesterdayAsync()}", async visit =>
        {
            await visit.Page.ClickAsync(".choice button:nth-child(2)");
            await Assertions.Expect(visit.Page).ToHaveURLAsync(Week());
            await Assertions.Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Name = visit.Say("各日到访", "Visits by day") })).ToBeVisibleAsync();
            await visit.SettleAsync();
        });
    }

    [Theory, ClassData<EveryScreen>]
    public async Task A_report_is_read_and_taken_along(Screen screen)
    {
        var day = await YesterdayAsync();
        await site.VisitAsync(screen, "reports", $"/reports?period={day}", async visit =>
        {
            await Assertions.Expect(visit.Page.Locator(".paper .table")).ToHaveCountAsync(2);
            if (screen.IsPhone())
                return;
            await visit.Page.Locator(".files .opener").ClickAsync();
            foreach (var (file, start) in (IEnumerable<(int, string)>)[(1, "%PDF-1.4"), (2, "PK"), (3, "\u00EF\u00BB\u00BFid,name")])
            {
                var download = await visit.Page.RunAndWaitForDownloadAsync(() => visit.Page.Locator($".files li:nth-child({file}) a").ClickAsync());
                Assert.Contains(day, download.SuggestedFilename, StringComparison.Ordinal);
                Assert.StartsWith(start, Encoding.Latin1.GetString(await File.ReadAllBytesAsync(await download.PathAsync(), TestContext.Current.CancellationToken)), StringComparison.Ordinal);
            }
        });
    }

    [Theory]
    [InlineData(Screen.DeskChineseLight)]
    [InlineData(Screen.PhoneEnglishLight)]
    public async Task A_link_to_no_period_says_so(Screen screen) => await site.VisitAsync(screen, "numbers-no-period", "/numbers?period=2026-02-30", async visit =>
        await Assertions.Expect(visit.Page.GetByText(visit.Say("链接里的时段不存在", "names a period that does not exist"))).ToBeVisibleAsync(), excused: "400");

    [GeneratedRegex(@"[?&]period=(week|\d{4}-W\d{2})(&|$)")]
    private static partial Regex Week();

    private async Task<string> YesterdayAsync() =>
        (await site.Cloud.Client.GetFromJsonAsync<JsonElement>("api/v1/numbers?period=day", TestContext.Current.CancellationToken)).GetProperty("previous").GetString()!;
}
