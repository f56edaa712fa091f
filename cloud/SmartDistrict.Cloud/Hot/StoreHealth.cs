using SmartDistrict.Cloud.Footfall;

namespace SmartDistrict.Cloud.Hot;

/// <summary>An answer is older than 20 s, because the store cannot be read or is slow: what is shown is the last known picture.</summary>
/// <param name="Since">Until when all that the store held is in the answer, s since the Unix epoch; null where it was never read since the service started.</param>
/// <param name="Code">Stable code of the reason, for translation: store-slow, store-fault, or that of a question refused for want of the store.</param>
/// <param name="Reason">What is wrong with the store, and what to look at.</param>
public sealed record StaleStore(long? Since, string Code, string Reason);

/// <summary>How old what is hot is: whether the store answers, and when all of it was last looked at. Thread-safe.</summary>
internal sealed class StoreHealth(TimeProvider clock)
{
    /// <summary>Numbers of an older look are said to be old: more than two polls.</summary>
    public const int MostSeconds = 20;

    private volatile StaleStore? stale;
    private long readAt = long.MaxValue;

    /// <summary>Null while what is hot is what the store held a few seconds ago.</summary>
    public StaleStore? Stale => stale ?? (clock.GetUtcNow().ToUnixTimeSeconds() - MostSeconds > ReadAt
        ? new(ReadAt, "store-slow", $"The store takes more than {MostSeconds} s to say what has changed: look at its load")
        : null);

    private long ReadAt => Interlocked.Read(ref readAt);

    /// <param name="at">Everything that was written before is hot.</param>
    public void Answered(DateTimeOffset at)
    {
        Interlocked.Exchange(ref readAt, at.ToUnixTimeSeconds());
        stale = null;
    }

    public void Failed(Exception e)
    {
        long? since = ReadAt == long.MaxValue ? null : ReadAt;
        stale = e is StoreUnavailableException known
            ? new(since, known.Code, known.Message)
            : new(since, "store-fault", "A fault of this service kept it from reading the store: its log says which");
    }
}
