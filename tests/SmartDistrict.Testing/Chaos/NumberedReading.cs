namespace SmartDistrict.Testing.Chaos;

/// <summary>
/// One reading that can be told from all others wherever it is counted: it adds 1 to its window's entries and a bit of
/// its own to its window's exits. So a window says which readings it holds, and that it holds none of them twice.
/// </summary>
/// <param name="Number">Its place among all readings of its gateway, in the order of publication, from 0.</param>
/// <param name="Device">The native device that says it.</param>
/// <param name="Sequence">Its number among the readings of the device.</param>
/// <param name="At">Event time, ms since the Unix epoch.</param>
/// <param name="Bit">0 to <see cref="PerWindow"/> - 1.</param>
public sealed record NumberedReading(int Number, string Device, long Sequence, long At, int Bit)
{
    /// <summary>The most readings in one window of a line: their bits must stay below the profile's limit of 10,000.</summary>
    public const int PerWindow = 12;

    /// <summary>Start of its window of one minute, s since the Unix epoch.</summary>
    public long Window => At / 60_000 * 60;

    /// <summary>Whether the witness saw the gateway acknowledge it.</summary>
    public bool Acknowledged { get; set; }

    /// <summary>In which life of the gateway it was acknowledged first.</summary>
    public int Life { get; set; }
}
