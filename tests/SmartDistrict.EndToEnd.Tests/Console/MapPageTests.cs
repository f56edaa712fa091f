using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace SmartDistrict.EndToEnd.Tests.Console;

/// <summary>The live map as a page: what it does with data is told in <see cref="WholeWayTests"/>.</summary>
[Collection<OperatorPages>]
public sealed class MapPageTests(ConsoleSite site)
{
    [Theory, ClassData<EveryScreen>]
    public Task The_map_shows_the_district_live(Screen screen) => site.VisitAsync(screen, "map", "/", async visit =>
    {
        await Assertions.Expect(visit.Page.Locator(".stage canvas")).Not.ToHaveCountAsync(0);
        // a screen reader says of each number what it is; a phone's list opens at a touch
        if (!screen.IsPhone())
            await Assertions.Expect(visit.Page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex(visit.Say(@"进入 [\d,]+ 在场 [\d,]+", @"Entries [\d,]+ Occupancy [\d,]+")) })).Not.ToHaveCountAsync(0);
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Status, new() { Name = visit.Say("实时连接", "Live connection") })).ToHaveTextAsync(visit.Say("实时", "Live"));
    });

    [Theory, ClassData<EveryScreen>]
    public Task A_link_opens_a_zone(Screen screen) => site.VisitAsync(screen, "map-zone", "/?zone=pier-plaza", async visit =>
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Name = visit.Say("码头广场", "Pier Plaza") })).ToBeVisibleAsync());
}
