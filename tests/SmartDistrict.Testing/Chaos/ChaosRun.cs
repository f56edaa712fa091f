using System.Globalization;
using SmartDistrict.Testing.Demo;
using SmartDistrict.Testing.Simulation;

namespace SmartDistrict.Testing.Chaos;

/// <summary>
/// Real gateways against a real Mosquitto and a real InfluxDB: everything is killed, cut and filled while numbered readings
/// come in; then, in peace, each reading that a gateway acknowledged must be found, once.
/// </summary>
public static class ChaosRun
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(240);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    /// <param name="tell">Gets a line for each step.</param>
    /// <exception cref="DemoException">A part did not start, or did not come to rest.</exception>
    public static async Task<Account> RunAsync(ChaosOptions options, TimeProvider clock, Action<string> tell, CancellationToken stop)
    {
        var folder = options.Folder is { } kept ? Directory.CreateDirectory(kept).FullName : Directory.CreateTempSubdirectory("sd-chaos-").FullName;
        try
        {
            return await RunAsync(options, folder, clock, tell, stop);
        }
        finally
        {
            if (options.Folder is null)
                Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<Account> RunAsync(ChaosOptions options, string folder, TimeProvider clock, Action<string> tell, CancellationToken stop)
    {
        await using var site = await ChaosSite.StartAsync(options, folder, clock);
        tell(site.Disk is { } disk ? $"{site.Gateways[0].Id} lies on a small {disk.Kind}, which will be full at times" : "full disks are left out: mounting a small file system is not allowed");
        var feed = new Feed(site, clock, Chance.For(options.Seed, "readings"));

        using var enough = CancellationTokenSource.CreateLinkedTokenSource(stop);
        enough.CancelAfter(options.Time);
        var (kills, cuts) = (new KillCount(options.Gateways > 0 ? options.Kills : 0), new KillCount(options.Machines > 0 ? options.PowerCuts : 0));
        var troubles = new Troubles(site, options, clock, Chance.For(options.Seed, "troubles"));
        var begun = clock.GetTimestamp();
        var feeding = feed.RunAsync(options.Rate, enough.Token);
        var reaping = site.Gateways.Select(gateway => new Reaper(gateway, gateway.Body is MachineBody ? cuts : kills, clock, Chance.For(options.Seed, gateway.Id), tell).RunAsync(enough.Token)).ToList();
        var troubling = troubles.RunAsync(enough.Token);
        var telling = TellAsync(site, kills, cuts, clock, tell, enough.Token);
        await Task.WhenAny(Task.WhenAll(kills.Reached, cuts.Reached), feeding);
        await enough.CancelAsync();
        await Task.WhenAll([feeding, troubling, telling, .. reaping]);
        stop.ThrowIfCancellationRequested();
        tell(string.Create(CultureInfo.InvariantCulture, $"within {clock.GetElapsedTime(begun).TotalSeconds:0} s"));
        tell($"  kills: {kills}");
        tell($"  power cuts: {cuts}");
        tell($"  torn files: {kills.TornFiles}; bits turned over: {site.Gateways.Sum(gateway => gateway.Destroyed.Count)}; ends for want of disk space: {kills.NoRoom}; other ends by itself: {kills.Ended + cuts.Ended}");
        tell($"  around: {troubles}");

        await ArriveAsync(site, feed, clock);
        tell("what the brokers held has come; now the store goes out of reach, and more comes in");
        site.StoreCable.Lets = false;
        site.StoreCable.Cut();
        foreach (var gateway in site.Gateways)
            for (var reading = 0; reading < options.Rate; reading++)
                feed.Publish(gateway);
        await ArriveAsync(site, feed, clock);
        var away = await StopAndDrawAsync(site, tell);
        tell($"with the store away: {away}");

        site.StoreCable.Lets = true;
        foreach (var gateway in site.Gateways)
            gateway.Start("--Sync:DrainTimeout=00:01:00");
        foreach (var gateway in site.Gateways)
            await UntilAsync(clock, () => Task.FromResult(gateway.Witness.Connected), () => $"{gateway.Id} does not connect");
        var end = await StopAndDrawAsync(site, tell);
        return end with { Unexplained = end.Unexplained + away.Unexplained + kills.Ended + cuts.Ended, Findings = [.. away.Findings, .. end.Findings] };
    }

    /// <summary>Publishes a last reading for each gateway and waits for its acknowledgement: the broker keeps the order, so all before it have come.</summary>
    private static async Task ArriveAsync(ChaosSite site, Feed feed, TimeProvider clock)
    {
        // a broker that was killed may have forgotten its gateway, and a machine may never have come so far as to subscribe
        foreach (var gateway in site.Gateways)
            await UntilAsync(clock, () => Task.FromResult(IsUp(gateway)), () => $"{gateway.Id} does not come up ({(gateway.Body.Ended ? "it has ended" : "it runs")}, {(gateway.Witness.Subscribed ? "has subscribed once" : "has never subscribed")}); its last words:{gateway.Body.LastWords}");
        foreach (var (gateway, last) in site.Gateways.Select(gateway => (gateway, feed.Publish(gateway))).ToList())
            await UntilAsync(clock, () => Task.FromResult(last.Acknowledged && gateway.Witness.InFlight == 0), () => $"{gateway.Id} does not acknowledge its last reading");
    }

    /// <summary>One that found its disk full in its last life and ended is started once more, as systemd does.</summary>
    private static bool IsUp(ChaosGateway gateway)
    {
        if (gateway.Body.Ended && gateway.DiskWasFull)
            gateway.Start();
        return gateway.Witness.Subscribed && gateway.Witness.Ready;
    }

    private static async Task<Account> StopAndDrawAsync(ChaosSite site, Action<string> tell)
    {
        var ends = await Task.WhenAll(site.Gateways.Select(async gateway => (gateway, Word: await gateway.StopAsync())).ToList());
        if (ends.Where(end => end.Word is null).Select(end => end.gateway.Id).ToList() is { Count: > 0 } failed)
            throw new DemoException($"{string.Join(", ", failed)} did not end in order when asked to");
        var declared = ends.ToDictionary(end => end.gateway, end => end.Word!.Value.GetProperty("lost").GetInt64());
        var account = await new Accountant(site).DrawAsync(declared);
        foreach (var finding in account.Findings.Take(20))
            tell(finding);
        return account;
    }

    private static async Task TellAsync(ChaosSite site, KillCount kills, KillCount cuts, TimeProvider clock, Action<string> tell, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromSeconds(10), clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            tell(string.Create(CultureInfo.InvariantCulture,
                $"{kills.Kills} kills, {cuts.Kills} power cuts; {site.Gateways.Sum(gateway => gateway.Ledger.Published)} readings said, {site.Gateways.Sum(gateway => gateway.Ledger.Acknowledged)} acknowledged"));
        }
    }

    private static async Task UntilAsync(TimeProvider clock, Func<Task<bool>> holds, Func<string> missing)
    {
        for (var start = clock.GetTimestamp(); !await holds();)
        {
            if (clock.GetElapsedTime(start) > Patience)
                throw new DemoException($"within {Patience.TotalSeconds} s: {missing()}");
            await Task.Delay(Look, clock);
        }
    }
}
