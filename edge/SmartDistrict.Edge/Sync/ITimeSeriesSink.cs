namespace SmartDistrict.Edge.Sync;

/// <summary>What became of a batch of lines.</summary>
public enum WriteResult
{
    /// <summary>The store has all of them.</summary>
    Accepted,

    /// <summary>More bytes than the store takes at once: send fewer.</summary>
    TooLarge,

    /// <summary>At least one line is refused for good, whatever became of the others.</summary>
    Rejected,

    /// <summary>Nothing is wrong with the lines; a setting on either side must be mended before any can be written.</summary>
    Held,

    /// <summary>Not now: the store is away or busy.</summary>
    Unavailable,
}

/// <summary>A store's answer.</summary>
/// <param name="Reason">What the store said, or what kept it from saying anything.</param>
/// <param name="Mend">What a person can do about it.</param>
/// <param name="RetryAfter">How long the store wants to be left alone.</param>
/// <param name="Ambiguous">Whether the store may still write these lines later.</param>
public readonly record struct WriteOutcome(
    WriteResult Result, string Reason = "", string Mend = "", TimeSpan? RetryAfter = null, bool Ambiguous = false);

/// <summary>
/// Where points go. Writing the same point again must change nothing, and writing a point of the same series and timestamp
/// must replace its fields.
/// </summary>
public interface ITimeSeriesSink
{
    /// <summary>Where it writes, for logs and status; holds no secret.</summary>
    string Target { get; }

    /// <summary>
    /// Writes lines of line protocol with timestamps in seconds, each ending in a newline. Does not throw for anything the
    /// store or the network does; cancelling makes the outcome ambiguous. Called concurrently with disjoint points.
    /// </summary>
    ValueTask<WriteOutcome> WriteAsync(ReadOnlyMemory<byte> lines, CancellationToken cancellation);
}
