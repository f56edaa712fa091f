using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SmartDistrict.Telemetry.Assets;
using SmartDistrict.Telemetry.LineProtocol;

namespace SmartDistrict.EndToEnd.Tests.Console;

/// <summary>Lockers, kiosks and carts on the map, from an InfluxDB by way of the service's live stream.</summary>
[Collection<OperatorPages>]
public sealed partial class LayersPageTests(ConsoleSite site)
{
    [Theory]
    [InlineData(Screen.DeskChineseLight)]
    [InlineData(Screen.PhoneEnglishLight)]
    public async Task Lockers_kiosks_and_carts_are_found_in_the_list_and_on_the_map_and_say_how_they_stand(Screen screen)
    {
        await WriteAsync();
        await site.VisitAsync(screen, "assets", "/?list=assets", async visit =>
        {
            var page = visit.Page;
            if (screen.IsPhone())
                await page.Locator(".grip").ClickAsync();
            // the gravest first: a door that was forced, a cart whose link is lost; then what is well
            var rows = page.Locator("#zones li button");
            await Assertions.Expect(rows.First).ToContainTextAsync(visit.Say("有门被强开", "Door forced"));
            await Assertions.Expect(page.Locator("#zones")).ToContainTextAsync(visit.Say("失去通信", "Link lost"));
            await rows.First.ClickAsync();
            await Assertions.Expect(page).ToHaveURLAsync(Locker());
            await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = visit.Say("环球港智能柜", "Mall locker") })).ToHaveCountAsync(1);
            await Assertions.Expect(page.Locator(".doors li.lost")).ToHaveCountAsync(1);
            await page.WaitForFunctionAsync(MarkersAreDrawn);
            await page.Keyboard.PressAsync("Escape");
            await Assertions.Expect(page).Not.ToHaveURLAsync(Locker());
        });
        await WriteAsync();
        await site.VisitAsync(screen, "assets-cart", "/?asset=cart:cart-1", async visit =>
        {
            await Assertions.Expect(visit.Page.Locator("#zones")).ToContainTextAsync(visit.Say("行驶中", "Driving"));
            await Assertions.Expect(visit.Page.Locator("#zones")).ToContainTextAsync("76");
            await Assertions.Expect(visit.Page.Locator("#zones")).ToContainTextAsync(visit.Say("路线已画在地图上", "drawn on the map"));
        });
    }

    /// <summary>Whether anything is painted on the canvas of the markers that is shown; it can only be read from a copy.</summary>
    private const string MarkersAreDrawn = """
        () => [...document.querySelectorAll('.stage .markers canvas')].some(canvas => {
          if (canvas.style.opacity === '0' || !canvas.width) return false
          const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d')
          copy.drawImage(canvas, 0, 0)
          return copy.getImageData(0, 0, canvas.width, canvas.height).data.some((value, i) => i % 4 === 3 && value > 0)
        })
        """;

    private async Task WriteAsync()
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var writer = new LineWriter();
        foreach (var locker in site.District.Lockers)
            for (var number = 1; number <= locker.Compartments; number++)
                new LockerPoint(locker.Id, number, now, (locker.Id, number) switch
                {
                    ("lk-mall", 5) => CompartmentState.Forced,
                    (_, var n) when n % 3 == 0 => CompartmentState.Free,
                    (_, var n) when n % 7 == 0 => CompartmentState.OutOfService,
                    _ => CompartmentState.Occupied,
                }, number == 5, (now - (number * 300)) * 1000).Write(writer, site.District.Id);
        foreach (var kiosk in site.District.Kiosks)
            new KioskPoint(kiosk.Id, now, kiosk.Id == "ks-pier" ? PaperState.Low : PaperState.Ok, PartState.Ok, PartState.Ok).Write(writer, site.District.Id);
        for (var second = 90L; second >= 0; second--)
            Cart("cart-1", now - second, 121.49891 + (0.00003 * (90 - second)), 31.24805 + (0.0000074 * (90 - second)), CartConnection.Online);
        Cart("cart-2", now - 20, 121.5006, 31.24955, CartConnection.ConnectionBroken);
        var (status, answer) = await site.Influx.WriteAsync(Encoding.UTF8.GetString(writer.Written));
        Assert.True((int)status < 300, answer);

        void Cart(string id, long at, double x, double y, CartConnection connection) => new CartPose(
            id, at, x, y, 0, at * 1000, 74, 1.4, 76, false, true, CartMode.Automatic, EmergencyStop.None, connection).Write(writer, site.District.Id);
    }

    [GeneratedRegex("[?&]asset=locker(:|%3A)lk-mall")]
    private static partial Regex Locker();
}
