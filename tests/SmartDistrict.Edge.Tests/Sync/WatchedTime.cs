using System.Threading.Channels;
using SmartDistrict.Testing;

namespace SmartDistrict.Edge.Tests.Sync;

/// <summary>A manual clock that tells which timers are set, so that a test moves it only when somebody waits.</summary>
internal sealed class WatchedTime : TimeProvider
{
    private readonly Channel<TimeSpan> timers = Channel.CreateUnbounded<TimeSpan>();

    public ManualTimeProvider Manual { get; } = new();

    public override long TimestampFrequency => Manual.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => Manual.GetUtcNow();

    public override long GetTimestamp() => Manual.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = Manual.CreateTimer(callback, state, dueTime, period);
        if (dueTime > TimeSpan.Zero)
            timers.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>The next timer set by the code under test.</summary>
    public async Task<TimeSpan> TimerAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        return await timers.Reader.ReadAsync(limit.Token);
    }

    /// <summary>Waits for the next timer and lets it fire.</summary>
    public async Task<TimeSpan> FireAsync()
    {
        var due = await TimerAsync();
        Manual.Advance(due);
        return due;
    }
}
