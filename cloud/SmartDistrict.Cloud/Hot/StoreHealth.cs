using SmartDistrict.Cloud.Footfall;

namespace SmartDistrict.Cloud.Hot;

/// <summary>Why an answer may be out of date: the store cannot be read, and what is shown is the last known picture.</summary>
/// <param name="Since">When the store was last read, s since the Unix epoch; null where it never was since the service started.</param>
/// <param name="Code">Stable code of the reason, for translation.</param>
/// <param name="Reason">What is wrong with the store, and what to look at.</param>
public sealed record StaleStore(long? Since, string Code, string Reason);

/// <summary>Whether the store answers, as the last reading of it found. Thread-safe.</summary>
internal sealed class StoreHealth(TimeProvider clock)
{
    private volatile StaleStore? stale;
    private long? readAt;

    /// <summary>Null while the store answers.</summary>
    public StaleStore? Stale => stale;

    public void Answered()
    {
        readAt = clock.GetUtcNow().ToUnixTimeSeconds();
        stale = null;
    }

    public void Failed(Exception e) => stale = e is StoreUnavailableException known
        ? new(readAt, known.Code, known.Message)
        : new(readAt, "store-fault", "A fault of this service kept it from reading the store: its log says which");
}
