using System.Globalization;

namespace SmartDistrict.Testing.Simulation.Devices;

/// <summary>
/// What a simulated device tells of itself. It follows from the device's id and the time since it was connected, so that it
/// takes nothing from the chance of the crossings, and each run tells the same.
/// </summary>
/// <param name="firmware">The version that it runs at first.</param>
/// <param name="update">The version that one device in ten runs from its 20th minute on.</param>
public sealed class OwnState(string id, string firmware, string update)
{
    private const long MillisecondsPerPercent = 5 * 86_400_000L;
    private const long UpdateAfter = 20 * 60_000L;

    private readonly uint character = id.Aggregate(2_166_136_261u, (hash, letter) => (hash ^ letter) * 16_777_619u);
    private long connected = long.MaxValue;

    public void Connect(long at) => connected = at;

    /// <summary>Charge, %: one device in twelve is low.</summary>
    public string Battery(long at)
    {
        var full = character % 12 == 0 ? 14 : 45 + (character / 12 % 56);
        return Math.Max(1, full - (Math.Max(0, at - connected) / MillisecondsPerPercent)).ToString(CultureInfo.InvariantCulture);
    }

    public string Firmware(long at) => character % 10 == 3 && at - connected >= UpdateAfter ? update : firmware;
}
