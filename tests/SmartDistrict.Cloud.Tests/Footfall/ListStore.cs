using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Cloud.Hot;
using SmartDistrict.Cloud.Tests.Hosting;
using SmartDistrict.Configuration;
using SmartDistrict.Telemetry.Windows;
using SmartDistrict.Testing;

namespace SmartDistrict.Cloud.Tests.Footfall;

/// <summary>Windows in a list, to ask the derivation about.</summary>
internal sealed class ListStore(IReadOnlyList<LineWindow> windows) : IFootfallStore
{
    public IAsyncEnumerable<LineWindow> ReadAsync(Resolution resolution, long from, long to, IReadOnlyList<string>? lines, CancellationToken cancellation) =>
        windows.Where(window => window.Resolution == resolution && window.Start >= from && window.Start < to && (lines is null || lines.Contains(window.Line)))
            .ToAsyncEnumerable();

    public Task<IReadOnlyList<long?>> DigestAsync(DigestOf what, IReadOnlyList<Span> spans, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<long?>>(new long?[spans.Count]);

    public Task<IReadOnlyList<DeviceSighting>> ReadSightingsAsync(CancellationToken cancellation) => Task.FromResult<IReadOnlyList<DeviceSighting>>([]);

    /// <summary>A reader over the windows, long after they were closed (or at <paramref name="now"/>).</summary>
    public FootfallReader Reader(District? district = null, long? now = null)
    {
        district ??= TestDistrict.Load();
        var topology = new Topology(district);
        var clock = new ManualTimeProvider(now is { } at ? DateTimeOffset.FromUnixTimeSeconds(at) : new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero));
        return new(this, new HotWindows(topology, clock, 1), new StoreHealth(clock), topology, new BusinessDay(district), clock);
    }
}
