namespace SmartDistrict.Edge.Drivers.Gpio;

/// <summary>What is known of one input line, and which edges never came.</summary>
/// <remarks>
/// Two signs of loss: a gap in the line's edge numbers (the kernel's queue ran over, and dropped its oldest), and a level
/// that the number of edges since the last one cannot have led to (two edges so close that the kernel saw one, or none).
/// </remarks>
internal struct LineTrack
{
    private uint sequence;

    /// <summary>The level after the newest edge.</summary>
    public int Level { get; private set; }

    /// <summary>Begins anew: nothing before counts.</summary>
    /// <param name="level">Level now.</param>
    /// <param name="newest">Number of the newest edge that this level includes; 0 where none came yet.</param>
    public void Start(int level, uint newest)
    {
        Level = level;
        sequence = newest;
    }

    /// <summary>Takes the next edge.</summary>
    /// <returns>How many edges before it are lost, at least.</returns>
    public long Take(uint number, int level)
    {
        var gap = unchecked(number - sequence) - 1;
        var expected = Level ^ (int)((gap + 1) & 1);
        sequence = number;
        Level = level;
        return level == expected ? gap : (long)gap + 1;
    }
}
