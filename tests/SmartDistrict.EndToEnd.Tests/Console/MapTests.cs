using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SmartDistrict.EndToEnd.Tests.Parts;
using SmartDistrict.Testing;

namespace SmartDistrict.EndToEnd.Tests.Console;

/// <summary>The live map of a building with two storeys, a street, plans that are sound and not, and names that would like to be scripts.</summary>
public sealed partial class TheMap
{
    private const string Evil = "<img src=x onerror='window.hurt=1'>";

    private const string District =
        $$$"""
        district: mapped
        name: {zh: 图测, en: Mapped}
        time_zone: Asia/Shanghai
        occupancy_reset: "04:00"
        coordinates: local-metres
        levels:
          - {level: 1, name: {zh: 二层, en: Upper floor}}
        plans:
          - {id: drawn, name: {zh: 二层图, en: Upper plan}, level: 1, file: hall.svg, at: [0, 0], width_m: 60}
          - {id: large, name: {zh: 大图, en: Large plan}, level: 1, file: large.png, at: [0, 0], width_m: 60}
        gateways:
          - {id: gw-1, name: {zh: 网关, en: Gateway}}
        zones:
          - {id: evil, name: {zh: "{{{Evil}}}", en: "{{{Evil}}}"}, kind: hall, level: 0, area_m2: 400, polygon: [[0, 0], [30, 0], [30, 20], [0, 20]]}
          - {id: east, name: {zh: 东厅, en: East hall}, kind: hall, level: 0, area_m2: 400, polygon: [[32, 0], [60, 0], [60, 20], [32, 20]]}
          - {id: street, name: {zh: 北街, en: North Street}, kind: street, level: 0, segment: [[0, 26], [60, 26]], width_m: 8}
          - {id: upper, name: {zh: 影院, en: Cinema}, kind: hall, level: 1, polygon: [[0, 0], [60, 0], [60, 20], [0, 20]]}
        lines:
          - {id: ln-1, name: {zh: 门, en: Door}, at: [[10, 20], [14, 20]], joins: [{since: "2026-01-01T00:00:00+08:00", from: street, to: evil}]}
        devices:
          - {id: cam-1, gateway: gw-1, profile: native, line: ln-1}

        """;

    /// <summary>Whether anything is painted on the canvas of the plans.</summary>
    private const string PlanIsDrawn = """
        () => {
          const canvas = document.querySelector('.stage .plan canvas')
          if (!canvas?.width) return false
          const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
          return data.some((value, i) => i % 4 === 3 && value > 0)
        }
        """;

    [Fact]
    public async Task Shows_storeys_plans_and_layers_keeps_them_in_the_link_and_obeys_the_keyboard()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("mapped.yaml"), District, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(folder.File("hall.svg"),
            """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 20" width="600" height="200"><script>window.hurt=1</script><rect x="5" y="5" width="20" height="10" fill="none" stroke="#333"/></svg>""",
            TestContext.Current.CancellationToken);
        await using (var large = File.Create(folder.File("large.png")))
            large.SetLength(50L * 1024 * 1024);
        await using var broker = await MosquittoBroker.StartNewAsync();
        await using var cloud = await CloudProcess.StartAsync(folder, broker.Port, folder.File("mapped.yaml"));
        await cloud.SignInAsync();
        await using var browser = await ConsoleBrowser.StartAsync();
        foreach (var screen in (Screen[])[Screen.DeskChineseLight, Screen.DeskEnglishDark])
        {
            await using var visit = await browser.VisitAsync(screen, cloud);
            var page = visit.Page;
            await visit.GoAsync("/");

            await Assertions.Expect(page.Locator("#zones")).ToContainTextAsync(Evil);
            await page.FocusAsync(".target");
            await page.Keyboard.PressAsync("ArrowRight");
            await page.Keyboard.PressAsync("Enter");
            await Assertions.Expect(page).ToHaveURLAsync(EastHall());
            await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = visit.Say("东厅", "East hall") })).ToBeVisibleAsync();
            await page.Keyboard.PressAsync("Escape");
            await Assertions.Expect(page).Not.ToHaveURLAsync(EastHall());

            await page.GetByRole(AriaRole.Button, new() { Name = visit.Say("二层", "Upper floor"), Exact = true }).ClickAsync();
            await page.Locator(".measures button").Nth(2).ClickAsync();
            await Assertions.Expect(page.Locator(".legend")).ToContainTextAsync("Fruin");
            await page.WaitForFunctionAsync(PlanIsDrawn);
            await page.Locator(".layers .toggle").ClickAsync();
            await Assertions.Expect(page.Locator(".layers .panel")).ToContainTextAsync("20 MB");
            await page.Locator(".layers").GetByLabel(visit.Say("设备", "Devices")).CheckAsync();
            await Assertions.Expect(page).ToHaveURLAsync(UpperFloor());
            await visit.SaveAsync("map-level");

            await page.ReloadAsync();
            await visit.SettleAsync();
            await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = visit.Say("二层", "Upper floor"), Exact = true })).ToHaveAttributeAsync("aria-pressed", "true");
            await Assertions.Expect(page.Locator(".measures button").Nth(2)).ToHaveAttributeAsync("aria-pressed", "true");

            await visit.GoAsync("/?zone=nowhere");
            await Assertions.Expect(page.Locator(".notice")).ToContainTextAsync("nowhere");
            Assert.False(await page.EvaluateAsync<bool>("() => 'hurt' in window"), "a name or a plan ran as a script");
            Assert.Empty(visit.Faults);
        }
    }

    [GeneratedRegex("[?&]zone=east")]
    private static partial Regex EastHall();

    [GeneratedRegex("(?=.*level=1)(?=.*measure=density)(?=.*layers=lines(,|%2C)names(,|%2C)devices(,|%2C)plan)")]
    private static partial Regex UpperFloor();
}
