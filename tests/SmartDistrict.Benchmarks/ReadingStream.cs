using System.Globalization;

namespace SmartDistrict.Benchmarks;

/// <summary>
/// What a saturating sender sends: native readings (see <c>firmware-config/profiles/native.yaml</c>) of so many devices, one
/// after the other, round by round. <c>seq</c> counts a device's readings; each round is a little later than the one before.
/// </summary>
internal sealed record ReadingStream
{
    public string District { get; init; } = "bench";

    public int Devices { get; init; } = 200;

    public int PayloadBytes { get; init; } = 200;

    public string Boot { get; init; } = "9f3a61c2";

    /// <summary>People that each reading counts as entries; 0 to 2 by turns where it is not given.</summary>
    public int? Entries { get; init; }

    /// <summary>Unix ms of the first round.</summary>
    public required long FirstTimestamp { get; init; }

    public int RoundMilliseconds { get; init; } = 100;

    /// <summary>Device ids are cam-001, cam-002 and so on.</summary>
    public static string Device(int index) => string.Create(CultureInfo.InvariantCulture, $"cam-{index + 1:000}");
}
