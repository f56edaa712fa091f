namespace SmartDistrict.Testing;

public static class Allocations
{
    private const int Runs = 10;

    /// <summary>
    /// Bytes that <paramref name="run"/> allocates on this thread once it is warm: the least of several runs, because a
    /// collection may take a pooled buffer away at any time, and the next run then pays for a new one.
    /// </summary>
    public static long InSteadyState(Action run)
    {
        run();
        var least = long.MaxValue;
        for (var i = 0; i < Runs && least > 0; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            run();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return least;
    }
}
