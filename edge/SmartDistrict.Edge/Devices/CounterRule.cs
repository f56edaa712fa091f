namespace SmartDistrict.Edge.Devices;

/// <summary>How a device's running totals behave.</summary>
/// <param name="Bits">Width, 8 to 62: the total is below 2^Bits and continues from 0 after 2^Bits − 1.</param>
/// <param name="OnChange">
/// True: reported at every change, so a difference of two totals happened at the later one's time.
/// False: reported from time to time, so it happened somewhere between the two.
/// </param>
public sealed record CounterRule(int Bits, bool OnChange);

/// <summary>What the number that a device gives its messages is good for.</summary>
public enum SequenceUse
{
    /// <summary>The device numbers nothing. A reading is known by (line, since, at), at the profile's time resolution.</summary>
    None,

    /// <summary>(device, boot, sequence) is the identity of a message: a second one is a duplicate.</summary>
    Deduplicate,

    /// <summary>The numbers rise by one, so a hole shows a loss; a reading is known by (line, since, at).</summary>
    Gaps,
}
