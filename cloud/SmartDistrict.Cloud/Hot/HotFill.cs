using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Cloud.Live;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Cloud.Hot;

/// <summary>
/// Brings the hot windows what the store holds. First the last day, then, in the background, older days as far as there is
/// room, then the sums of a year of days. From then on it reads all of it again and again, for what did not come by the
/// live path: the newest hours every 15 s, the rest in turn, with a twentieth of the time.
/// </summary>
internal sealed partial class HotFill(
    IFootfallStore store, LiveFeed feed, HotWindows hot, DaySums days, StoreHealth health, BusinessDay day,
    TimeProvider clock, ILogger<HotFill> log) : BackgroundService
{
    private static readonly TimeSpan NewestEvery = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LeastRest = TimeSpan.FromSeconds(1);
    private const int RestPerReading = 19;
    private const int MinuteSeconds = 31 * 60;
    private const int NewestHours = 2 * 3600;
    private const int PartSeconds = 6 * 3600;
    private const int AtOnce = 2_000;

    private readonly List<LineWindow> batch = new(AtOnce);
    private long? newestAt;
    private long upToDateTo;
    private long again = long.MaxValue;

    /// <summary>How often all that is kept has been read again.</summary>
    internal int Rounds { get; private set; }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        // before the first question can come
        hot.Begins = true;
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var reported = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            var rest = NewestEvery;
            try
            {
                rest = await StepAsync(stoppingToken);
                health.Answered();
                reported = false;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // Whatever it is, the live path must not end with it; said once until it works again.
                health.Failed(e);
                hot.Begins = false;
                (newestAt, again) = (null, long.MaxValue);
                if (!reported && e is StoreUnavailableException)
                    LogUnavailable(e.Message);
                else if (!reported)
                    LogFault(e);
                reported = true;
            }
            if (rest > TimeSpan.Zero)
                await Task.Delay(rest, clock, stoppingToken);
        }
    }

    /// <summary>Reads what is most wanted.</summary>
    /// <returns>How long to leave the store in peace then.</returns>
    internal async Task<TimeSpan> StepAsync(CancellationToken cancellation)
    {
        var began = clock.GetTimestamp();
        if (newestAt is not { } at || clock.GetElapsedTime(at) >= NewestEvery)
        {
            await NewestAsync(cancellation);
            newestAt = began;
            return TimeSpan.Zero;
        }
        if (hot.CoveredFrom(Resolution.QuarterHour) is var covered && covered > hot.Earliest)
        {
            await PartAsync(Math.Max(hot.Earliest, covered - PartSeconds), covered, cancellation);
            return TimeSpan.Zero;
        }
        if (MissingDays(covered) is { Count: > 0 } missing)
        {
            await days.ReadAsync(missing, null, cancellation);
            return Shorter(clock.GetElapsedTime(began));
        }
        await AgainAsync(cancellation);
        return Shorter(Longer(LeastRest, clock.GetElapsedTime(began) * RestPerReading));
    }

    private async Task NewestAsync(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        if (upToDateTo - NewestHours < now - HotWindows.NewestSeconds)
            hot.Uncover();
        // minutes first: the open quarter hour and the last one are made of them
        feed.Read(await ListAsync(Resolution.Minute, now - MinuteSeconds, now + 60, cancellation), await store.ReadSightingsAsync(cancellation));
        hot.Cover(Resolution.Minute, now - MinuteSeconds);
        if (hot.CoveredFrom(Resolution.QuarterHour) == long.MaxValue)
        {
            await PartAsync(Span.Down(now - HotWindows.NewestSeconds, 3600), now + 900, cancellation);
            hot.Begins = false;
            feed.TimePassed();
        }
        else
        {
            var from = Span.Down(Math.Min(now, upToDateTo) - NewestHours, 3600);
            foreach (var resolution in (Resolution[])[Resolution.QuarterHour, Resolution.Hour])
                feed.Read(await ListAsync(resolution, from, now + resolution.Seconds(), cancellation), []);
        }
        upToDateTo = now;
    }

    private async Task<List<LineWindow>> ListAsync(Resolution resolution, long from, long to, CancellationToken cancellation)
    {
        var windows = new List<LineWindow>();
        await foreach (var window in store.ReadAsync(resolution, from, to, cancellation))
            windows.Add(window);
        return windows;
    }

    /// <summary>Reads a stretch of quarter hours and hours.</summary>
    private async Task PartAsync(long from, long to, CancellationToken cancellation)
    {
        foreach (var resolution in (Resolution[])[Resolution.QuarterHour, Resolution.Hour])
        {
            await foreach (var window in store.ReadAsync(resolution, from, to, cancellation))
            {
                batch.Add(window);
                if (batch.Count == AtOnce)
                    Put();
            }
            Put();
            if (to >= hot.CoveredFrom(resolution) || hot.CoveredFrom(resolution) == long.MaxValue)
                hot.Cover(resolution, from);
        }
        days.Leave(hot.CoveredFrom(Resolution.QuarterHour));
    }

    private void Put()
    {
        hot.Put(batch, []);
        batch.Clear();
    }

    /// <summary>Reads one more stretch again, from the newest to the oldest and then from the newest.</summary>
    private async Task AgainAsync(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        var covered = hot.CoveredFrom(Resolution.QuarterHour);
        if (again <= days.Oldest)
            Rounds++;
        if (again > now || again <= days.Oldest)
            again = Span.Down(now, 3600) + 3600;
        if (again > covered)
        {
            var from = Math.Max(covered, again - PartSeconds);
            await PartAsync(from, again, cancellation);
            again = from;
            return;
        }
        var stretch = new List<long> { day.AnchorAt(again - 1) };
        while (stretch.Count < days.AtOnce && stretch[^1] > days.Oldest)
            stretch.Add(day.AnchorAt(stretch[^1] - 1));
        stretch.Reverse();
        await days.ReadAsync(stretch, null, cancellation);
        again = stretch[0];
    }

    /// <summary>The newest days that are neither hot nor summed up, ascending.</summary>
    private List<long> MissingDays(long covered)
    {
        var (missing, oldest) = (new List<long>(), days.Oldest);
        for (var start = day.AnchorAt(covered - 1); start > oldest && missing.Count < days.AtOnce; start = day.AnchorAt(start - 1))
            if (days.Find(start) is null)
                missing.Add(start);
            else if (missing.Count > 0)
                break;
        missing.Reverse();
        return missing;
    }

    /// <summary>The newest hours come first, whatever else there is to do.</summary>
    private TimeSpan Shorter(TimeSpan rest) => newestAt is { } at && NewestEvery - clock.GetElapsedTime(at) is var left && left < rest ? left : rest;

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;

    [LoggerMessage(LogLevel.Warning, "The store cannot be read, and the map goes on with what it has: {Reason}")]
    private partial void LogUnavailable(string reason);

    [LoggerMessage(LogLevel.Error, "A fault kept the store from being read; trying again, and the map goes on with what it has")]
    private partial void LogFault(Exception exception);
}
