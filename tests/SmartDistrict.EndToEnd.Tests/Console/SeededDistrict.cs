using System.Text.Json;
using SmartDistrict.Configuration;
using SmartDistrict.Telemetry;
using SmartDistrict.Telemetry.LineProtocol;
using SmartDistrict.Telemetry.Mqtt;
using SmartDistrict.Telemetry.Windows;
using SmartDistrict.Testing;
using SmartDistrict.Testing.Simulation;

namespace SmartDistrict.EndToEnd.Tests.Console;

/// <summary>
/// A past for the harbour, written as its gateway would have written it, and a present that goes on. All of it follows from
/// the line and the minute, so that the lengths of window agree; what is out of order is always in the same places.
/// </summary>
internal sealed class SeededDistrict(District district, TimeProvider clock) : IAsyncDisposable
{
    /// <summary>Has not counted for a day: its zones are partial.</summary>
    public const string SilentLine = "ln-01";

    /// <summary>Misses one reading in seven.</summary>
    public const string LossyLine = "ln-30";

    /// <summary>Had the times of its readings repaired.</summary>
    public const string RepairedLine = "ln-25";

    private const string Gateway = "gw-1";
    private const int LinesAtOnce = 10_000;
    private static readonly TimeSpan Hours = TimeSpan.FromDays(60), Quarters = TimeSpan.FromDays(9), Minutes = TimeSpan.FromHours(3);
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource end = new();
    private Task present = Task.CompletedTask;

    public District District => district;

    /// <summary>Writes everything up to the present.</summary>
    public async Task WritePastAsync(InfluxServer influx)
    {
        foreach (var (resolution, span) in new[] { (Resolution.Hour, Hours), (Resolution.QuarterHour, Quarters), (Resolution.Minute, Minutes) })
            foreach (var batch in Past(resolution, span).Chunk(LinesAtOnce))
            {
                var writer = new LineWriter(LinesAtOnce * 220);
                foreach (var window in batch)
                    FootfallPoint.Write(writer, district.Id, window);
                var (status, answer) = await influx.WriteAsync(System.Text.Encoding.UTF8.GetString(writer.Written));
                Assert.True((int)status < 300, answer);
            }
    }

    /// <summary>From now on the open windows go up the live path each second.</summary>
    public void BeginPresent(int brokerPort) => present = PublishAsync(brokerPort, end.Token);

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await present;
        end.Dispose();
    }

    private IEnumerable<LineWindow> Past(Resolution resolution, TimeSpan span)
    {
        var now = clock.GetUtcNow();
        var first = resolution.WindowStart((now - span).ToUnixTimeMilliseconds());
        var last = resolution.WindowStart(now.ToUnixTimeMilliseconds());
        for (var start = first; start < last; start += resolution.Seconds())
            foreach (var line in district.Lines)
                if (Window(line.Id, resolution, start, start + resolution.Seconds()) is { } window)
                    yield return window;
    }

    /// <summary>The window as it stands at an instant (s since the Unix epoch); null for one in which nothing was heard.</summary>
    private LineWindow? Window(string line, Resolution resolution, long start, long until)
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        if (line == SilentLine && start > now - 86_400)
            return null;
        var open = until < start + resolution.Seconds();
        var expected = (until - start) / 60;
        var lost = line == LossyLine ? (expected + 6) / 7 : 0;
        var counts = new LineCounts { Expected = expected, Received = expected - lost };
        for (var minute = start; minute < until; minute += 60)
        {
            var (entries, exits) = Crossings(line, minute);
            counts.Entries += entries;
            counts.Exits += exits;
        }
        var status = open ? WindowStatus.Provisional : lost > 0 ? WindowStatus.Partial : line == RepairedLine ? WindowStatus.Repaired : WindowStatus.Complete;
        return new(line, resolution, start, counts, status, new Revision(1, until));
    }

    /// <summary>People of one minute: two peaks a day, fuller at the week's end; who goes in comes out two hours later.</summary>
    private (int Entries, int Exits) Crossings(string line, long minute)
    {
        var number = int.Parse(line.AsSpan(3), System.Globalization.CultureInfo.InvariantCulture);
        return (People(number, minute), People(number, minute - 7200));
    }

    private int People(int line, long minute)
    {
        var local = TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeSeconds(minute), district.TimeZone);
        var hour = local.TimeOfDay.TotalHours;
        var rush = Math.Exp(-Math.Pow((hour - 12.5) / 2.2, 2)) + (1.3 * Math.Exp(-Math.Pow((hour - 18.5) / 2.4, 2))) + 0.02;
        var week = local.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? 1.5 : 1;
        var share = 0.5 + (line * 37 % 100 / 25.0);
        var dice = (uint)(((minute / 60 * 2_654_435_761) ^ (line * 40_503)) >> 4) % 1000 / 1000.0;
        return (int)((rush * week * share) + dice);
    }

    private async Task PublishAsync(int brokerPort, CancellationToken stop)
    {
        await using var session = SimulateCommand.Session("127.0.0.1", brokerPort);
        session.Start();
        try
        {
            while (true)
            {
                await session.PublishAsync(new MqttMessage(Topics.Live(district.Id, Gateway), Live()), stop);
                await Task.Delay(Pace, clock, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // the tests are over
        }
    }

    private byte[] Live()
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var windows = Resolutions.All.SelectMany(_ => district.Lines, (resolution, line) => Window(line.Id, resolution, resolution.WindowStart(now), now / 1000)).OfType<LineWindow>().ToList();
        var devices = district.Devices.Where(device => !device.Lines.Values.Contains(SilentLine)).Select(device => new DeviceSighting(device.Id, now)).ToList();
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
            new LiveWindows(now, Gateway, now, windows, devices).WriteTo(json);
        return bytes.ToArray();
    }
}
