using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Cloud.Footfall;

/// <summary>
/// Reads the facts that gateways wrote: the windows of counting lines, and when a device was last heard. The one seam
/// between the API and a time series store; everything about zones is derived above it.
/// </summary>
internal interface IFootfallStore
{
    /// <summary>
    /// The windows of one resolution whose start lies in [<paramref name="from"/>, <paramref name="to"/>), of the lines
    /// asked for, each once, in its newest revision, in no promised order. Withdrawn windows come with the status
    /// <see cref="WindowStatus.Void"/> (their revision still outranks older ones). A window that nobody wrote does not come.
    /// </summary>
    /// <param name="from">s since the Unix epoch, UTC.</param>
    /// <param name="to">s since the Unix epoch, UTC.</param>
    /// <param name="lines">Line ids; null for every line of the district.</param>
    /// <exception cref="StoreUnavailableException">The store does not answer, or not as it should.</exception>
    IAsyncEnumerable<LineWindow> ReadAsync(Resolution resolution, long from, long to, IReadOnlyList<string>? lines, CancellationToken cancellation);

    /// <summary>
    /// A number for each span that is another one when something of that kind was written there since, and the same
    /// while nothing was; null where the store knows that there is nothing.
    /// </summary>
    /// <remarks>Far cheaper than to read the windows.</remarks>
    /// <exception cref="StoreUnavailableException">The store does not answer, or not as it should.</exception>
    Task<IReadOnlyList<long?>> DigestAsync(DigestOf what, IReadOnlyList<Span> spans, CancellationToken cancellation);

    /// <summary>When each device was last heard, as its gateway wrote it (<c>device_health</c>); a device never heard does not come.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer, or not as it should.</exception>
    Task<IReadOnlyList<DeviceSighting>> ReadSightingsAsync(CancellationToken cancellation);
}

/// <summary>What a digest shows. Revisions only rise, so that their sum shows every change, but for two rare ones.</summary>
internal enum DigestOf
{
    /// <summary>Every window that was written, revised or withdrawn by the gateway that it was of.</summary>
    Revisions,

    /// <summary>A gateway that was set up anew counts from the beginning: by chance the sum of revisions may be the same.</summary>
    Generations,

    /// <summary>A window that is closed on its timer keeps its revision.</summary>
    Provisional,
}

internal static class FootfallStores
{
    /// <summary>The windows of every line.</summary>
    public static IAsyncEnumerable<LineWindow> ReadAsync(
        this IFootfallStore store, Resolution resolution, long from, long to, CancellationToken cancellation) =>
        store.ReadAsync(resolution, from, to, null, cancellation);
}

/// <summary>The store cannot answer now. The message says which one, why, and what to look at; the process goes on.</summary>
internal sealed class StoreUnavailableException(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Stable code of the problem, for translation.</summary>
    public string Code { get; } = code;
}
