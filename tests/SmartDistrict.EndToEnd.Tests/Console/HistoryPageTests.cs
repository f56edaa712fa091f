using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;

namespace SmartDistrict.EndToEnd.Tests.Console;

/// <summary>The weeks' rhythm and the calendar: the numbers are the API's, and what operators enter is there at once.</summary>
[Collection<AnalystPages>]
public sealed class HistoryPageTests(ConsoleSite site)
{
    [Theory, ClassData<EveryScreen>]
    public Task A_day_of_the_calendar_tells_what_the_API_tells(Screen screen)
    {
        var yesterday = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(TimeProvider.System.GetUtcNow(), site.District.TimeZone).DateTime).AddDays(-2);
        return site.VisitAsync(screen, "history", $"/history?zone=pier-plaza&day={yesterday:yyyy-MM-dd}", async visit =>
        {
            var from = new DateTimeOffset(yesterday.ToDateTime(site.District.OccupancyReset), site.District.TimeZone.GetUtcOffset(yesterday.ToDateTime(site.District.OccupancyReset)));
            var total = await site.Cloud.Client.GetFromJsonAsync<JsonElement>(new Uri(
                $"api/v1/footfall/total?zone=pier-plaza&bucket=1d&from={from.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}&to={from.AddHours(1).UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}", UriKind.Relative), TestContext.Current.CancellationToken);
            var entries = total.GetProperty("values")[0].GetInt64();
            Assert.True(entries > 0);
            await Assertions.Expect(visit.Page.Locator(".day .main b")).ToHaveTextAsync(entries.ToString("N0", CultureInfo.InvariantCulture));
            await Assertions.Expect(visit.Page.Locator(".rhythm .cell")).ToHaveCountAsync(7 * 24);
            await Assertions.Expect(visit.Page.Locator(".rhythm .cell.hatched")).ToHaveCountAsync(0);
            await Assertions.Expect(visit.Page.GetByRole(AriaRole.Link, new() { Name = visit.Say("在地图上回放这一天", "Replay this day on the map") })).ToBeVisibleAsync();
        });
    }

    [Fact]
    public async Task An_event_is_entered_seen_and_removed()
    {
        const string name = "<img src=x onerror=alert(1)>";
        await using var visit = await site.OpenAsync(Screen.DeskEnglishDark);
        await visit.GoAsync("/history");
        var page = visit.Page;
        await page.GetByRole(AriaRole.Button, new() { Name = "Add an event or a holiday" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("Fill in a name.");
        await page.GetByLabel("Name").FillAsync(name);
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(page.Locator(".day .special .name").Filter(new() { HasText = name })).ToHaveCountAsync(1);
        await page.GetByRole(AriaRole.Button, new() { Name = $"Remove \"{name}\"" }).ClickAsync();
        await Assertions.Expect(page.Locator(".day .special .name").Filter(new() { HasText = name })).ToHaveCountAsync(0);
        Assert.Empty(visit.Faults);
    }
}
