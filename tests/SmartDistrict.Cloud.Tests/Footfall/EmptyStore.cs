using System.Runtime.CompilerServices;
using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Cloud.Tests.Footfall;

/// <summary>A store with nothing in it that counts how often it is read.</summary>
internal sealed class EmptyStore : IFootfallStore
{
    private int reads;

    public int Reads => reads;

    public async IAsyncEnumerable<LineWindow> ReadAsync(
        Resolution resolution, long from, long to, IReadOnlyList<string>? lines, [EnumeratorCancellation] CancellationToken cancellation)
    {
        Interlocked.Increment(ref reads);
        cancellation.ThrowIfCancellationRequested();
        await Task.Yield();
        yield break;
    }

    public Task<IReadOnlyList<long?>> DigestAsync(DigestOf what, IReadOnlyList<Span> spans, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<long?>>(new long?[spans.Count]);

    public Task<IReadOnlyList<DeviceSighting>> ReadSightingsAsync(CancellationToken cancellation) => Task.FromResult<IReadOnlyList<DeviceSighting>>([]);
}
