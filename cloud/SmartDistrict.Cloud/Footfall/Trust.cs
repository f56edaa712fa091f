using System.Text.Json.Serialization;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Cloud.Footfall;

/// <summary>
/// What a number is worth; every number of the API has one. In the order of gravity: of several, the last counts.
/// </summary>
[JsonConverter(typeof(JsonStringEnumConverter<Trust>))]
public enum Trust
{
    /// <summary>Closed, and every expected reading arrived.</summary>
    [JsonStringEnumMemberName("complete")]
    Complete,

    /// <summary>Complete, but the time of some readings had to be repaired.</summary>
    [JsonStringEnumMemberName("repaired")]
    Repaired,

    /// <summary>Still open: more is to be expected.</summary>
    [JsonStringEnumMemberName("provisional")]
    Provisional,

    /// <summary>Readings, or whole lines, are missing: the true number is not lower, and perhaps higher.</summary>
    [JsonStringEnumMemberName("partial")]
    Partial,

    /// <summary>Should have been closed or renewed long ago: who was to do it has gone silent.</summary>
    [JsonStringEnumMemberName("stale")]
    Stale,

    /// <summary>No data. The number is null, which is not zero.</summary>
    [JsonStringEnumMemberName("none")]
    None,
}

internal static class TrustRules
{
    /// <summary>A window still provisional this long after its end is stale: its gateway would have closed it.</summary>
    public const int ProvisionalSeconds = 600;

    /// <summary>
    /// A line whose window has not come yet this long after the window's end is missing (partial). Before that it is only
    /// not there yet (provisional): a gateway publishes a window with its first reading.
    /// </summary>
    public const int SettlingSeconds = 60;

    /// <param name="now">s since the Unix epoch.</param>
    public static Trust Of(WindowStatus status, long end, long now) => status switch
    {
        WindowStatus.Complete => Trust.Complete,
        WindowStatus.Repaired => Trust.Repaired,
        WindowStatus.Partial => Trust.Partial,
        WindowStatus.Provisional => now > end + ProvisionalSeconds ? Trust.Stale : Trust.Provisional,
        _ => Trust.None,
    };

    /// <summary>What a missing window does to the sum that it should have been part of.</summary>
    public static Trust OfMissing(long end, long now) => now < end + SettlingSeconds ? Trust.Provisional : Trust.Partial;

    /// <summary>A gateway also writes windows of devices that should have reported and did not: no reading is not zero footfall.</summary>
    public static bool SaysNothing(in LineWindow window) =>
        window.Counts is { Received: 0, Entries: 0, Exits: 0, UnplacedEntries: 0, UnplacedExits: 0 };

    public static Trust Worst(Trust a, Trust b) => a > b ? a : b;
}
