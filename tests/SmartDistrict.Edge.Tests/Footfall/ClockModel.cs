using SmartDistrict.Edge.Clock;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Edge.Tests.Footfall;

/// <summary>
/// Random power cuts, clocks and people, and what must come of them. The line <c>ln-d1</c> counts people at their receipt,
/// <c>ln-t1</c> by running totals, <c>ln-b1</c> by a device with a clock of its own.
/// </summary>
internal sealed class ClockModel(int seed, bool crashes) : IDisposable
{
    private readonly Random random = new(seed);
    private readonly Random crash = new(seed + 1);
    private readonly FoldBench bench = new(("d1", "door"), ("t1", "turnstile"), ("b1", "native"));

    /// <summary>By boot: who passed the door when, whether that boot was ever told the time, and whether he waited for it.</summary>
    private readonly List<(int Boot, long At, bool Waited)> passed = [];
    private readonly HashSet<int> told = [0];
    private readonly Dictionary<long, long> native = [];
    private int boot;
    private int total = 1000;
    private int sequence;

    public void Run()
    {
        bench.Turnstile("t1", total);
        for (var step = 0; step < 120; step++)
        {
            Step();
            bench.Drain();
            if (!crashes)
                continue;
            if (crash.Next(4) == 0)
                bench.Fold.Checkpoint();
            if (crash.Next(4) == 0)
                bench.Crash();
        }
        Synchronise();
        bench.Turnstile("t1", ++total);
        bench.Time.Advance(TimeSpan.FromHours(2));
        bench.Tick();
    }

    public void Verify()
    {
        var windows = bench.Windows().Values.ToList();
        Assert.Equal(0, bench.Held);
        Assert.Empty(bench.Letters());
        Assert.DoesNotContain(windows, window => window.Status == WindowStatus.Provisional);
        foreach (var resolution in Resolutions.All)
        {
            Assert.Equal(passed.Count, Total(windows, "ln-d1", resolution));
            Assert.Equal(total - 1000, Total(windows, "ln-t1", resolution));
            Assert.Equal(native.Values.Sum(), Total(windows, "ln-b1", resolution));
        }
        var minutes = windows.Where(window => window.Resolution == Resolution.Minute).ToDictionary(window => (window.Line, window.Start));
        var known = passed.Where(one => told.Contains(one.Boot)).CountBy(one => Resolution.Minute.WindowStart(one.At)).ToDictionary();
        var unknown = passed.Where(one => !told.Contains(one.Boot)).CountBy(one => Resolution.Minute.WindowStart(one.At)).ToDictionary();
        foreach (var ((line, start), window) in minutes)
            if (line == "ln-d1")
                Assert.InRange(window.Counts.Entries, known.GetValueOrDefault(start), known.GetValueOrDefault(start) + unknown.GetValueOrDefault(start));
        foreach (var (start, people) in native)
            Assert.Equal(people, minutes[("ln-b1", start)].Counts.Entries);
        foreach (var (_, at, _) in passed.Where(one => one.Waited && told.Contains(one.Boot)))
            Assert.Equal(WindowStatus.Repaired, minutes[("ln-d1", Resolution.Minute.WindowStart(at))].Status);
    }

    /// <summary>Every window but for its revision, which counts the process's starts too.</summary>
    public List<LineWindow> Outcome() =>
        [.. bench.Windows().Values.Select(window => window with { Revision = default })
            .OrderBy(window => window.Line, StringComparer.Ordinal).ThenBy(window => window.Resolution).ThenBy(window => window.Start)];

    public void Dispose() => bench.Dispose();

    private void Step()
    {
        bench.Time.Advance(TimeSpan.FromMilliseconds(random.Next(1, 90_000)));
        switch (random.Next(12))
        {
            case 0:
                PowerCut();
                break;
            case 1:
                Synchronise();
                break;
            case 2 when bench.State == ClockState.Synchronised:
                // somebody sets the clock by hand
                bench.Time.JumpTo(bench.Truth + TimeSpan.FromMinutes(random.Next(-90, 90)));
                bench.State = ClockState.Holdover;
                break;
            case 3:
                bench.Tick();
                break;
            case < 6:
                total += random.Next(4);
                bench.Turnstile("t1", total);
                break;
            case < 8:
                var at = bench.Truth.ToUnixTimeMilliseconds() - random.Next(3_600_000);
                bench.Native("b1", at, sequence++, 1);
                var minute = Resolution.Minute.WindowStart(at);
                native[minute] = native.GetValueOrDefault(minute) + 1;
                break;
            default:
                bench.Door("d1", 1);
                passed.Add((boot, bench.Truth.ToUnixTimeMilliseconds(), Math.Abs((bench.Time.GetUtcNow() - bench.Truth).TotalSeconds) > 1));
                break;
        }
    }

    private void PowerCut()
    {
        bench.Tick();
        bench.Drain();
        bench.State = ClockState.Unsynchronised;
        var off = TimeSpan.FromSeconds(random.Next(5, 4000));
        var wrong = bench.Truth + off;
        bench.Reboot(off, random.Next(5) switch
        {
            0 => DateTimeOffset.UnixEpoch,
            1 => wrong.AddYears(-10),
            2 => wrong.AddHours(-1),
            3 => wrong.AddYears(10),
            _ => wrong - off,
        });
        boot++;
    }

    private void Synchronise()
    {
        bench.Synchronise();
        bench.Tick();
        told.Add(boot);
    }

    private static long Total(List<LineWindow> windows, string line, Resolution resolution) => windows
        .Where(window => window.Line == line && window.Resolution == resolution).Sum(window => window.Counts.Entries + window.Counts.UnplacedEntries);
}
