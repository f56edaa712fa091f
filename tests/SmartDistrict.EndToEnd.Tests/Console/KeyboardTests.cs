using Microsoft.Playwright;

namespace SmartDistrict.EndToEnd.Tests.Console;

/// <summary>The console without a mouse.</summary>
[Collection<AnalystPages>]
public sealed class KeyboardTests(ConsoleSite site)
{
    private const int Stops = 60;

    /// <summary>What has the focus: its name, or what is wrong with it. Null once the page has been left.</summary>
    private const string Focused = """
        async () => {
          await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))
          const e = document.activeElement
          if (!e || e === document.body) return null
          const box = e.getBoundingClientRect()
          const labels = [...(e.labels ?? [])].map(label => label.textContent).join(' ')
          const name = (e.getAttribute('aria-label') || labels || e.textContent || e.title || e.placeholder || '').trim()
          const told = e.outerHTML.slice(0, 120)
          if (!name) return 'WRONG: no name: ' + told
          if (box.width < 2 || box.height < 2 || box.bottom < 1 || box.right < 1 || box.top > innerHeight || box.left > innerWidth) return 'WRONG: out of sight: ' + told
          const style = getComputedStyle(e), around = [e, e.parentElement, e.parentElement?.parentElement].map(one => one ? getComputedStyle(one) : style)
          if (!around.some(one => one.outlineStyle !== 'none' || one.boxShadow !== 'none')) return 'WRONG: the focus cannot be seen: ' + told
          return name
        }
        """;

    [Theory]
    [InlineData(Screen.DeskEnglishDark, "/")]
    [InlineData(Screen.PhoneChineseDark, "/?zone=pier-plaza")]
    [InlineData(Screen.DeskChineseLight, "/wall")]
    [InlineData(Screen.DeskEnglishDark, "/numbers")]
    [InlineData(Screen.PhoneChineseDark, "/reports")]
    [InlineData(Screen.DeskEnglishDark, "/alarms")]
    [InlineData(Screen.DeskChineseLight, "/devices?gateway=gw-1")]
    [InlineData(Screen.DeskChineseLight, "/history?day=2026-05-01")]
    public async Task Each_stop_of_the_Tab_key_is_in_sight_and_has_a_name(Screen screen, string link)
    {
        await using var visit = await site.OpenAsync(screen);
        await visit.GoAsync(link);
        var seen = new List<string>();
        for (var i = 0; i < Stops; i++)
        {
            await visit.Page.Keyboard.PressAsync("Tab");
            if (await visit.Page.EvaluateAsync<string?>(Focused) is not { } name)
                break;
            seen.Add(name);
        }
        Assert.True(seen.Count > 5, $"only {seen.Count} stops");
        Assert.DoesNotContain(seen, name => name.StartsWith("WRONG", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_first_stop_leads_past_the_navigation_to_the_page()
    {
        await using var visit = await site.OpenAsync(Screen.DeskEnglishDark);
        await visit.GoAsync("/");
        await visit.Page.Keyboard.PressAsync("Tab");
        var skip = visit.Page.GetByText("Skip to the content");
        await Assertions.Expect(skip).ToBeFocusedAsync();
        await Assertions.Expect(skip).ToBeInViewportAsync();
        await visit.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(visit.Page.Locator("main h1")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Going_to_another_page_leads_to_its_title_and_names_the_window()
    {
        await using var visit = await site.OpenAsync(Screen.DeskEnglishDark);
        await visit.GoAsync("/");
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Wall mode" }).FocusAsync();
        await visit.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Name = "Wall mode" })).ToBeFocusedAsync();
        await Assertions.Expect(visit.Page).ToHaveTitleAsync("Wall mode · Harbour District");
    }
}
