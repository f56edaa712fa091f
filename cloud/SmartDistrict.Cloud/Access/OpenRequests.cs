using System.Collections.Concurrent;

namespace SmartDistrict.Cloud.Access;

/// <summary>
/// What is being read now: an event stream lasts for days, and must not outlive the session or the token that opened it.
/// What changes something is short, and may be the very act that ends a session, so it is left alone.
/// </summary>
internal sealed class OpenRequests(Sessions sessions, ApiTokens tokens, TimeProvider clock) : BackgroundService
{
    /// <summary>How long after its end a session or a token may still be listened with.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<HttpContext, byte> open = [];

    /// <summary>Knows a request while it lasts.</summary>
    public async Task FollowAsync(HttpContext context, RequestDelegate next)
    {
        if (!HttpMethods.IsGet(context.Request.Method))
        {
            await next(context);
            return;
        }
        open.TryAdd(context, 0);
        try
        {
            await next(context);
        }
        finally
        {
            open.TryRemove(context, out _);
        }
    }

    /// <summary>Ends every request whose session or token holds no longer.</summary>
    public void EndWhatIsOver()
    {
        foreach (var (context, _) in open)
            if (Sessions.IdOf(context.User) is { } session && !sessions.Holds(session) || ApiTokens.IdOf(context.User) is { } token && !tokens.Holds(token))
                context.Abort();
    }

    /// <summary>Ends what ends by itself.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            EndWhatIsOver();
    }
}
