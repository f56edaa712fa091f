namespace SmartDistrict.Edge.Footfall;

/// <summary>
/// Recognises what a device without sequence numbers says twice: its key is the line and the time span, in the
/// resolution of the device's clock.
/// </summary>
internal sealed class KeyedReadings(int line, FoldState state)
{
    private const long KeptInMemory = 2 * 3600 * 1000L;

    private readonly HashSet<(long Since, long At)> seen = [];
    private readonly List<IntervalSample> unsaved = [];
    private long newest = long.MinValue;

    /// <summary>Everything from this event time on is in memory.</summary>
    private long loadedFrom = long.MaxValue;

    /// <summary>Enters a reading.</summary>
    /// <returns>False where it had come before.</returns>
    public bool Add(IntervalSample reading)
    {
        if (reading.At < loadedFrom)
        {
            foreach (var stored in state.Intervals(line, reading.At, loadedFrom))
                seen.Add((stored.Since, stored.At));
            loadedFrom = reading.At;
        }
        if (!seen.Add((reading.Since, reading.At)))
            return false;
        newest = Math.Max(newest, reading.At);
        unsaved.Add(reading);
        return true;
    }

    /// <summary>Stores what is new, as part of a checkpoint.</summary>
    public void Save()
    {
        foreach (var reading in unsaved)
            state.SaveInterval(line, reading);
    }

    /// <summary>The checkpoint has been committed: lets go of what is old.</summary>
    public void Saved()
    {
        unsaved.Clear();
        if (loadedFrom >= newest - (2 * KeptInMemory))
            return;
        loadedFrom = newest - KeptInMemory;
        seen.RemoveWhere(key => key.At < loadedFrom);
    }
}
