using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Cloud.Hot;
using SmartDistrict.Cloud.Live;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Cloud.Numbers;

/// <summary>
/// Derives the days of the last 400 that are neither hot nor kept, the newest first, when the hot windows are filled: with
/// half of the time, so that whoever asks finds the store free. Asks of the kept ones whether the store still holds what
/// they were derived from: of the last eight days every 8 s, of the others in turn with a twentieth of the time.
/// </summary>
internal sealed class NumbersFill(NumbersDays days, LiveFeed feed, HotWindows hot, BusinessDay day, TimeProvider clock) : BackgroundService
{
    private const int DaysBack = DaySums.MostDays;
    private const int LookedAtOnce = 8;
    private const int RestPerLook = 19;
    private static readonly TimeSpan LeastRest = TimeSpan.FromSeconds(1);
    private static readonly DigestOf[] AllDigests = [DigestOf.Revisions, DigestOf.Generations, DigestOf.Provisional];

    private long? polledAt;
    private int next;

    /// <summary>How often all that is kept has been looked at.</summary>
    internal int Rounds { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        feed.Came += days.Forget;
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                TimeSpan rest;
                try
                {
                    rest = await StepAsync(stoppingToken);
                }
                catch (StoreUnavailableException)
                {
                    // the filling of the hot windows says so, and what is wrong
                    rest = HotFill.PollEvery;
                }
                await Task.Delay(rest > LeastRest ? rest : LeastRest, clock, stoppingToken);
            }
        }
        finally
        {
            feed.Came -= days.Forget;
        }
    }

    /// <summary>Does what is most wanted.</summary>
    /// <returns>How long to leave the store in peace then.</returns>
    internal async Task<TimeSpan> StepAsync(CancellationToken cancellation)
    {
        var began = clock.GetTimestamp();
        days.LeaveHot();
        if (hot.CoveredFrom(Resolution.QuarterHour) is var covered && covered > hot.Earliest)
            return TimeSpan.Zero;
        var cold = Cold(covered);
        if (cold.Where(each => days.IsKept(each) && !days.IsKnown(each)).Take(LookedAtOnce).ToArray() is { Length: > 0 } unknown)
        {
            await days.LookAsync(unknown, [DigestOf.Revisions], cancellation);
            return clock.GetElapsedTime(began);
        }
        if (polledAt is not { } at || clock.GetElapsedTime(at) >= HotFill.PollEvery)
        {
            polledAt = began;
            await days.LookAsync([.. cold.TakeWhile(each => each.End > Now - (LookedAtOnce * 86_400L)).Where(days.IsKept)], [DigestOf.Revisions], cancellation);
            return TimeSpan.Zero;
        }
        if (Missing(cold) is { Count: > 0 } missing)
        {
            await days.DeriveAsync(missing, cancellation);
            return clock.GetElapsedTime(began);
        }
        await days.LookAsync([.. cold.Skip(next).Take(LookedAtOnce).Where(days.IsKept)], AllDigests, cancellation);
        next += LookedAtOnce;
        if (next >= cold.Count)
            (next, Rounds) = (0, Rounds + 1);
        return clock.GetElapsedTime(began) * RestPerLook;
    }

    private long Now => clock.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>The days before those that are hot, the newest first.</summary>
    private List<(long Start, long End)> Cold(long covered)
    {
        var (cold, oldest) = (new List<(long, long)>(), Now - (DaysBack * 86_400L));
        for (var end = covered == (day.AnchorAt(covered)) ? covered : day.NextAnchor(covered); end > oldest;)
        {
            var start = day.AnchorAt(end - 1);
            cold.Add((start, end));
            end = start;
        }
        return cold;
    }

    /// <summary>The newest run of days that follow each other and are missing, ascending.</summary>
    private List<(long Start, long End)> Missing(List<(long Start, long End)> cold)
    {
        List<(long Start, long End)> run = [.. cold.SkipWhile(each => !days.IsMissing(each)).TakeWhile(days.IsMissing).Take(days.AtOnce)];
        run.Reverse();
        return run;
    }
}
