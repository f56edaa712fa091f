using SmartDistrict.Telemetry.Readings;

namespace SmartDistrict.Edge.Devices;

/// <summary>
/// What one message says. Made once and used for message after message: it also holds the working memory of
/// <see cref="Device.Decode"/>, so it belongs to one thread at a time.
/// </summary>
public sealed class DecodedPayload
{
    /// <summary>The longest version of a firmware, bytes.</summary>
    public const int LongestFirmware = 64;

    private readonly byte[] firmware = new byte[LongestFirmware];
    private int firmwareLength;

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

    /// <summary>What is left in its battery, % or V as <see cref="DeviceProfile.Battery"/> says; null where the message does not tell.</summary>
    public double? Battery { get; set; }

    /// <summary>Its firmware's version, UTF-8; empty where the message does not tell.</summary>
    public ReadOnlySpan<byte> Firmware => firmware.AsSpan(0, firmwareLength);

    /// <summary>Whether the message tells anything of the device itself.</summary>
    public bool TellsHealth => Battery is not null || firmwareLength > 0;

    internal PayloadScan Scan { get; } = new();

    public void Clear()
    {
        Readings.Clear();
        Boot = 0;
        Sequence = -1;
        Problem = null;
        ForgetHealth();
    }

    internal void ForgetHealth()
    {
        Battery = null;
        firmwareLength = 0;
    }

    /// <returns>False: it is empty or too long, and not taken.</returns>
    internal bool TakeFirmware(ReadOnlySpan<byte> version)
    {
        if (version.Length is 0 or > LongestFirmware)
            return false;
        version.CopyTo(firmware);
        firmwareLength = version.Length;
        return true;
    }
}
