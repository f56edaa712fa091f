using System.Globalization;

namespace SmartDistrict.Testing.Chaos;

/// <summary>What goes wrong around the gateways, one thing at a time, while they are being killed.</summary>
internal sealed class Troubles
{
    private readonly ChaosSite site;
    private readonly ChaosOptions options;
    private readonly TimeProvider clock;
    private readonly Random random;
    private readonly List<(string Name, Func<Task> Happen)> kinds;
    private readonly Dictionary<string, int> happened = [];

    public Troubles(ChaosSite site, ChaosOptions options, TimeProvider clock, Random random)
    {
        (this.site, this.options, this.clock, this.random) = (site, options, clock, random);
        kinds =
        [
            ("broker restarted", () => SomeAsync(broker => AwayAsync(broker.StopAsync, broker.StartAsync))),
            ("broker killed", () => SomeAsync(broker => AwayAsync(broker.KillAsync, broker.StartAsync))),
            ("store restarted", () => AwayAsync(site.Store.StopAsync, site.Store.StartAsync)),
            ("store killed", () => AwayAsync(site.Store.KillAsync, site.Store.StartAsync)),
            ("store frozen", FreezeAsync),
            ("store out of reach", UnreachableAsync),
            ("broker's cables cut", CutAsync),
        ];
        if (site.Disk is not null)
            kinds.Add(("disk full", FillDiskAsync));
    }

    public async Task RunAsync(CancellationToken stop)
    {
        // each kind once before any comes again
        for (var round = 0; !stop.IsCancellationRequested; round++)
        {
            foreach (var (name, happen) in kinds.OrderBy(_ => random.Next()).ToList())
            {
                await Task.Delay(options.Rest * random.NextDouble() * 2, clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (stop.IsCancellationRequested)
                    return;
                await happen();
                happened[name] = happened.GetValueOrDefault(name) + 1;
            }
        }
    }

    public override string ToString() => happened.Count == 0 ? "none"
        : string.Join(", ", happened.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Key} {one.Value}×")));

    private Task LastAsync() => Task.Delay(options.Trouble * random.NextDouble(), clock);

    private Task SomeAsync(Func<MosquittoBroker, Task> happen) =>
        Task.WhenAll(site.Gateways.Where((_, index) => index == 0 || random.Next(2) == 0).Select(gateway => happen(gateway.Mosquitto)).ToList());

    private async Task AwayAsync(Func<Task> end, Func<Task> start)
    {
        await end();
        await LastAsync();
        await start();
    }

    private async Task FreezeAsync()
    {
        site.Store.Freeze();
        await LastAsync();
        site.Store.Thaw();
    }

    private async Task UnreachableAsync()
    {
        site.StoreCable.Lets = false;
        site.StoreCable.Cut();
        await LastAsync();
        site.StoreCable.Lets = true;
    }

    private Task CutAsync()
    {
        foreach (var gateway in site.Gateways)
            gateway.Cable.Cut();
        return Task.CompletedTask;
    }

    private async Task FillDiskAsync()
    {
        var gateway = site.Gateways[0];
        gateway.DiskIsFull = true;
        site.Disk!.Fill(leave: random.Next(3) * random.Next(64 << 10));
        await LastAsync();
        site.Disk.Free();
        gateway.DiskIsFull = false;
    }
}
