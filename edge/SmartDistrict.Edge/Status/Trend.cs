namespace SmartDistrict.Edge.Status;

/// <summary>How fast a count rises: its newest samples over a span of monotonic time. Belongs to one thread at a time.</summary>
/// <param name="span">How far back the rate looks.</param>
/// <param name="step">Time between two samples that are kept; one more, the newest, is always known.</param>
internal sealed class Trend(TimeProvider time, TimeSpan span, TimeSpan step)
{
    /// <summary>A rate over less than this says nothing yet.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(30);

    private readonly Queue<(long At, double Count)> kept = new();
    private (long At, double Count) newest;
    private long keptAt;

    /// <summary>Enters the count as it stands now.</summary>
    public void Add(double count)
    {
        var now = time.GetTimestamp();
        newest = (now, count);
        if (kept.Count == 0 || time.GetElapsedTime(keptAt, now) >= step)
        {
            kept.Enqueue(newest);
            keptAt = now;
        }
        while (kept.Count > 1 && time.GetElapsedTime(kept.Peek().At, now) > span)
            kept.Dequeue();
    }

    /// <summary>Time that the rate looks back on.</summary>
    public TimeSpan Over => kept.TryPeek(out var oldest) ? time.GetElapsedTime(oldest.At, newest.At) : TimeSpan.Zero;

    /// <summary>Mean rate over <see cref="Over"/>, per second; null while that is too short.</summary>
    public double? PerSecond => Over >= Shortest ? Math.Max(0, newest.Count - kept.Peek().Count) / Over.TotalSeconds : null;
}
