using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Cloud.Live;

/// <summary>
/// The newest windows of every line, from wherever they come first: the live path, the write endpoint or the store. Of
/// one window the highest revision wins, so the order of arrival does not matter. Thread-safe.
/// </summary>
/// <remarks>
/// Holds half an hour of minutes and a little more than a business day of quarter hours, which is what the live map
/// needs: the current minute, the last 15, and occupancy since the reset.
/// </remarks>
internal sealed class LiveWindowCache(Topology topology, TimeProvider clock)
{
    private const int Minutes = 32;
    private const int Quarters = 128;
    private const int Hours = 28;
    private const int AheadSeconds = 300;

    private readonly Lock gate = new();
    private readonly WindowRing[] rings =
    [
        new(topology, Resolution.Minute, Minutes),
        new(topology, Resolution.QuarterHour, Quarters),
        new(topology, Resolution.Hour, Hours),
    ];

    /// <summary>Puts windows in. One that starts well ahead of our clock is left out: it would push the true ones aside.</summary>
    /// <param name="changedLines">Receives the index of each line of which something changed.</param>
    public void Put(IEnumerable<LineWindow> windows, HashSet<int> changedLines)
    {
        var latest = clock.GetUtcNow().ToUnixTimeSeconds() + AheadSeconds;
        lock (gate)
            foreach (var window in windows)
                if (window.Start <= latest && rings[(int)window.Resolution].Put(window))
                    changedLines.Add(topology.LineIndex(window.Line));
    }

    /// <summary>Lays the cached windows over a grid.</summary>
    public void CopyTo(WindowGrid grid)
    {
        var ring = rings[(int)grid.Resolution];
        var newest = Span.Down(clock.GetUtcNow().ToUnixTimeSeconds() + AheadSeconds, grid.Seconds);
        var from = Math.Max(grid.From, newest - ((ring.Capacity - 1L) * grid.Seconds));
        lock (gate)
            for (var line = 0; line < topology.LineCount; line++)
                for (var start = from; start < grid.To && start <= newest; start += grid.Seconds)
                    if (ring.TryGetAny(line, start, out var window))
                        grid.Put(window);
    }

    /// <summary>Works on the minutes and the quarter hours while nobody changes them.</summary>
    public T Read<T>(Func<WindowTable, WindowTable, T> read)
    {
        lock (gate)
            return read(rings[(int)Resolution.Minute], rings[(int)Resolution.QuarterHour]);
    }
}
