using SmartDistrict.Testing.Simulation;

namespace SmartDistrict.Testing.Demo;

/// <summary>
/// The whole way of the data on one machine: broker, cloud, gateway and a simulated district, each started when the one
/// before it is ready and ended in the other order, so that nothing published is left behind.
/// </summary>
public static class DemoCommand
{
    public const string Help = """
        demo [options]
          Runs a broker, the cloud, one gateway and a simulated district until Ctrl-C, and leaves nothing behind.
          --seconds N         stop after N seconds
          --port P            port of the console (default 8080, or a free one)
          --speed X           the day's ebb and flow passes X times faster (see simulate)
          --seed N            another story (default 1)
          --influx URL --database NAME
                              sync to a real InfluxDB and read from it instead of the embedded store
          --replay melbourne  real hourly counts of 39 street sensors
          --data DIR          folder of these counts (default ../shared/data/melbourne beside the working copy)
          --faults LIST       what goes wrong on the way (default usual; see simulate)
          --summary FILE      JSON at the end
        """;

    private static readonly TimeSpan Catch = TimeSpan.FromSeconds(30);

    /// <returns>0; 1 where a part failed or the store does not hold what was told.</returns>
    /// <exception cref="CommandLineException">Called wrongly.</exception>
    /// <exception cref="DemoException">A part could not be started, or ended.</exception>
    public static async Task<int> RunAsync(string[] arguments, CancellationToken stop)
    {
        var options = DemoOptions.Read(arguments);
        using var folder = new DemoFolder();
        try
        {
            return await RunAsync(options, folder, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 0;
        }
    }

    private static async Task<int> RunAsync(DemoOptions options, DemoFolder folder, CancellationToken stop)
    {
        using var site = await DemoSite.PrepareAsync(options, folder, stop);
        await using var broker = await site.StartBrokerAsync(stop);
        await using var cloud = await site.StartCloudAsync(stop);
        await using var gateway = await site.StartGatewayAsync(stop);
        using var client = await site.SignInAsync(stop);
        await using var session = SimulateCommand.Session("127.0.0.1", site.BrokerPort);
        session.Start();

        var clock = TimeProvider.System;
        var district = site.Populate(clock.GetUtcNow());
        var viewer = new LiveViewer(district, clock);
        using var feed = new DistrictFeed(district, session, clock) { OnPublishing = viewer.Publishing };
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var gone = new CancellationTokenSource();
        var watching = viewer.WatchAsync(client, gone.Token);
        Console.WriteLine(site.Greeting(district.District));
        if (options.Time is { } time)
            ended.CancelAfter(time);

        var screen = new StatusLine();
        var running = feed.RunAsync(long.MaxValue, Catch, ended.Token);
        var furnished = site.Furnish(district.District).RunAsync(ended.Token);
        while (await Task.WhenAny(running, Task.Delay(screen.Pace, clock, ended.Token)) != running && !ended.IsCancellationRequested)
        {
            broker.MustRun();
            cloud.MustRun();
            gateway.MustRun();
            if (furnished.IsFaulted)
                await furnished;
            screen.Show(await DemoFigures.NowAsync(site, feed, viewer));
        }

        // From here on nothing is hurried: what was published shall be stored.
        screen.Show("ending: the gateway brings in what was published …");
        var answered = await running;
        await furnished;
        var figures = await DemoFigures.NowAsync(site, feed, viewer);
        for (var start = clock.GetTimestamp(); !figures.AllJournaled && clock.GetElapsedTime(start) < Catch; figures = await DemoFigures.NowAsync(site, feed, viewer))
            await Task.Delay(TimeSpan.FromMilliseconds(100), clock, CancellationToken.None);
        await gone.CancelAsync();
        await watching;
        await session.DisposeAsync();
        var clean = await gateway.StopAsync();
        figures = figures with { After = site.LastGatewayStatus() };
        var stored = await site.StoredAsync(client);
        var summary = figures.Summary(stored);
        clean &= await cloud.StopAsync();
        clean &= await broker.StopAsync();
        screen.End();
        Console.WriteLine(summary.Text());
        var differences = figures.Differences(stored).ToList();
        foreach (var difference in differences)
            Console.WriteLine(difference);
        if (options.Summary is { } file)
            await File.WriteAllTextAsync(file, summary.Json() + "\n", CancellationToken.None);
        if (!answered)
            await Console.Error.WriteLineAsync("not every message was acknowledged by the broker");
        if (!clean)
            await Console.Error.WriteLineAsync("not every part ended when it was asked to");
        return differences.Count == 0 && answered && clean ? 0 : 1;
    }
}
