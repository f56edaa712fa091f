using SmartDistrict.Edge.Sensors;

namespace SmartDistrict.Edge.Tests.Footfall;

/// <summary>The sensor watch as a part of the fold: fed by closed windows, stored with the checkpoint, written with the device's health.</summary>
public sealed class SensorFoldTests : IDisposable
{
    private readonly FoldBench bench = new(("a", "native"), ("b", "native"));
    private readonly int[] sequence = new int[2];

    public void Dispose() => bench.Dispose();

    [Fact]
    public void A_counter_that_falls_silent_in_busy_hours_is_blind_and_a_crash_does_not_forget_it()
    {
        for (var hour = 0; hour < 35 * 24; hour++)
            Hour(a: 60, b: 60);
        Assert.All(bench.Fold.Devices, device => Assert.Equal(SensorFault.None, bench.Fold.SensorOf(device.Device).State.Fault));
        // it speaks only when somebody passes, so it has no window where nobody does
        for (var hour = 0; hour < 3; hour++)
            Hour(a: 0, b: 60);
        Assert.Equal(SensorFault.Blind, bench.Fold.SensorOf(bench.Fold.Devices[0].Device).State.Fault);
        Assert.Equal(SensorFault.None, bench.Fold.SensorOf(bench.Fold.Devices[1].Device).State.Fault);
        bench.Crash();
        Assert.Equal(SensorFault.Blind, bench.Fold.SensorOf(bench.Fold.Devices[0].Device).State.Fault);
        Hour(a: 60, b: 60);
        Hour(a: 60, b: 60);
        Assert.Contains("sensor=\"blind\"", bench.Health("a"), StringComparison.Ordinal);
        Assert.Contains("sensor=\"ok\"", bench.Health("b"), StringComparison.Ordinal);
    }

    /// <summary>An hour passes, in which so many come and as many go, more or less.</summary>
    private void Hour(int a, int b)
    {
        Speak("a", 0, a);
        Speak("b", 1, b);
        bench.Time.Advance(TimeSpan.FromHours(1));
        bench.Tick();
        bench.Drain();
        bench.Fold.Checkpoint();
    }

    private void Speak(string device, int index, int people)
    {
        if (people > 0)
            bench.Native(device, bench.Time.GetUtcNow().ToUnixTimeMilliseconds(), ++sequence[index], people + (sequence[index] * 7 % 11), people);
    }
}
