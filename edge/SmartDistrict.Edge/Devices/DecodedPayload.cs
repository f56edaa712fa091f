using SmartDistrict.Telemetry.Readings;

namespace SmartDistrict.Edge.Devices;

/// <summary>
/// What one message says. Made once and used for message after message: it also holds the working memory of
/// <see cref="Device.Decode"/>, so it belongs to one thread at a time.
/// </summary>
public sealed class DecodedPayload
{
    /// <summary>The observations, in the order of the profile's rules and the payload's arrays. May be empty: a sign of life.</summary>
    public List<Reading> Readings { get; } = [];

    /// <summary>Stable 64-bit hash of the device's boot id; 0 where it gives none.</summary>
    public ulong Boot { get; set; }

    /// <summary>The device's number of this message; −1 where it gives none.</summary>
    public long Sequence { get; set; } = -1;

    /// <summary>
    /// Why the message was refused; or, with <see cref="Device.Decode"/> true, which part of it was left out (a channel
    /// that no line is bound to, beside others that are).
    /// </summary>
    public PayloadProblem? Problem { get; set; }

    internal PayloadScan Scan { get; } = new();


    public void Clear()
    {
        Readings.Clear();
        Boot = 0;
        Sequence = -1;
        Problem = null;
    }
}
