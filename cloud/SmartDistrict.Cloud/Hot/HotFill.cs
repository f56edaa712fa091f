using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Cloud.Live;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Cloud.Hot;

/// <summary>
/// Brings the hot windows what the store holds. First the last day, then, in the background, older days as far as there is
/// room, then the sums of a year of days. From then on it asks every few seconds what has changed in the last eight days,
/// and of all the rest in turn, with a twentieth of the time.
/// </summary>
internal sealed partial class HotFill(
    StoreWatch watch, LiveFeed feed, HotWindows hot, DaySums days, StoreHealth health, BusinessDay day, TimeProvider clock, ILogger<HotFill> log) : BackgroundService
{
    /// <summary>From the beginning of one poll to that of the next.</summary>
    public static readonly TimeSpan PollEvery = TimeSpan.FromSeconds(8);

    private static readonly TimeSpan LeastRest = TimeSpan.FromSeconds(1);
    private const int RestPerReading = 19;
    private const int DaySeconds = 86_400;

    private long? polledAt;
    private long again;

    /// <summary>How often all that is kept has been looked at.</summary>
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
            var rest = PollEvery;
            try
            {
                rest = await StepAsync(stoppingToken);
                reported = false;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // Whatever it is, the live path must not end with it; said once until it works again.
                health.Failed(e);
                hot.Begins = false;
                polledAt = null;
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
        var (began, now) = (clock.GetTimestamp(), clock.GetUtcNow());
        // hours are the last of what is read first
        if (hot.CoveredFrom(Resolution.Hour) is var covered && covered == long.MaxValue)
        {
            await watch.BeginAsync(cancellation);
            health.Answered(now);
            hot.Begins = false;
            feed.TimePassed();
            return TimeSpan.Zero;
        }
        if (polledAt is not { } at || clock.GetElapsedTime(at) >= PollEvery)
        {
            await watch.PollAsync(cancellation);
            // not before: until all of it was looked at, the last known picture may be an old one
            health.Answered(now);
            polledAt = began;
            return TimeSpan.Zero;
        }
        if (covered > hot.Earliest)
        {
            await watch.ExtendAsync(Math.Max(hot.Earliest, Span.Down(covered - 1, DaySeconds)), covered, cancellation);
            return TimeSpan.Zero;
        }
        if (MissingDays(covered) is { Count: > 0 } missing)
        {
            await watch.ReadDaysAsync(missing, cancellation);
            return Shorter(clock.GetElapsedTime(began));
        }
        await LookBackAsync(cancellation);
        var spent = clock.GetElapsedTime(began) * RestPerReading;
        return Shorter(spent > LeastRest ? spent : LeastRest);
    }

    /// <summary>Looks at one more stretch, from the newest to the oldest and then from the newest.</summary>
    private async Task LookBackAsync(CancellationToken cancellation)
    {
        if (again <= days.Oldest)
            again = watch.NewestFrom;
        again = await watch.LookBackAsync(again, cancellation);
        if (again > days.Oldest)
            return;
        watch.Trim();
        Rounds++;
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

    /// <summary>The next poll comes first, whatever else there is to do.</summary>
    private TimeSpan Shorter(TimeSpan rest) => polledAt is { } at && PollEvery - clock.GetElapsedTime(at) is var left && left < rest ? left : rest;

    [LoggerMessage(LogLevel.Warning, "The store cannot be read, and the map goes on with what it has: {Reason}")]
    private partial void LogUnavailable(string reason);

    [LoggerMessage(LogLevel.Error, "A fault kept the store from being read; trying again, and the map goes on with what it has")]
    private partial void LogFault(Exception exception);
}
