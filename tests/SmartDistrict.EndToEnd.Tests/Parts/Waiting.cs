namespace SmartDistrict.EndToEnd.Tests.Parts;

/// <summary>Waits for real processes: looks again and again, up to a deadline.</summary>
internal static class Waiting
{
    /// <summary>Far more than anything takes on an idle machine: the machine may be busy with other things.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(25);

    /// <param name="look">Yields what is waited for, or null while it has not come.</param>
    /// <param name="missing">Tells, at the deadline, what did not come.</param>
    public static async Task<T> UntilAsync<T>(Func<Task<T?>> look, Func<string> missing) where T : class
    {
        var clock = TimeProvider.System;
        for (var start = clock.GetTimestamp(); ;)
        {
            if (await look() is { } found)
                return found;
            if (clock.GetElapsedTime(start) > Patience)
                throw new TimeoutException($"within {Patience.TotalSeconds} s: {missing()}");
            await Task.Delay(Pace, clock, TestContext.Current.CancellationToken);
        }
    }
}
