using SmartDistrict.Configuration;
using SmartDistrict.Telemetry.Assets;
using SmartDistrict.Telemetry.LineProtocol;

namespace SmartDistrict.Testing.Simulation.Assets;

/// <summary>
/// The district's lockers, kiosks and carts, as points: what a gateway's drivers for them will write. A kiosk runs out of paper, and one
/// falls silent every few minutes.
/// </summary>
public sealed class SimulatedAssets
{
    private const int KioskTroubleEvery = 480;

    private readonly District district;
    private readonly List<SimulatedLocker> lockers;
    private readonly List<SimulatedCart> carts;
    private readonly long begun;
    private long stepped = -1;

    public SimulatedAssets(District district, int seed, DateTimeOffset start)
    {
        this.district = district;
        begun = start.ToUnixTimeSeconds();
        lockers = [.. district.Lockers.Select((locker, i) => new SimulatedLocker(locker, i, Chance.For(seed, locker.Id), begun * 1000))];
        var streets = new Streets(district, start);
        carts = [.. district.Carts.Select((cart, i) => (cart, i, random: Chance.For(seed, cart.Id)))
            .Where(each => streets.Begin(each.random) is not null)
            .Select(each => new SimulatedCart(each.cart, each.i, streets, each.random, streets.Begin(each.random)!))];
    }

    /// <summary>Whether the district has any of them.</summary>
    public bool Any => district.Lockers.Count + district.Kiosks.Count + carts.Count > 0;

    /// <summary>Lives up to an instant, second by second, and writes what there is to write.</summary>
    public void Advance(DateTimeOffset to, LineWriter writer)
    {
        for (var elapsed = stepped + 1; elapsed <= to.ToUnixTimeSeconds() - begun; elapsed++)
        {
            stepped = elapsed;
            var now = (begun + elapsed) * 1000;
            foreach (var point in lockers.SelectMany(locker => locker.Step(elapsed, now)))
                point.Write(writer, district.Id);
            for (var i = 0; i < district.Kiosks.Count; i++)
                if (Kiosk(i, elapsed) is { } point)
                    point.Write(writer, district.Id);
            foreach (var cart in carts)
                if (cart.Step(elapsed, now) is { } pose)
                    pose.Write(writer, district.Id);
        }
    }

    private KioskPoint? Kiosk(int i, long elapsed)
    {
        var phase = (elapsed + (i * 150)) % KioskTroubleEvery;
        var silent = i == 1 && phase is >= 240 and < 420;
        if (silent || (elapsed + (i * 3)) % (long)KioskPoint.Every.TotalSeconds != 0 && elapsed > 0)
            return null;
        var paper = i == 0 ? phase switch { < 150 => PaperState.Low, < 210 => PaperState.Out, _ => PaperState.Ok } : PaperState.Ok;
        return new(district.Kiosks[i].Id, begun + elapsed, paper, PartState.Ok, PartState.Ok);
    }
}
