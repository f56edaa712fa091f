namespace SmartDistrict.Telemetry.Windows;

/// <summary>The lengths of window that a gateway folds. Each is a measurement of its own in the time series store.</summary>
public enum Resolution : byte
{
    Minute,
    QuarterHour,
    Hour,
}

public static class Resolutions
{
    public static readonly Resolution[] All = [Resolution.Minute, Resolution.QuarterHour, Resolution.Hour];

    /// <summary>Length in seconds.</summary>
    public static int Seconds(this Resolution resolution) => resolution switch
    {
        Resolution.Minute => 60,
        Resolution.QuarterHour => 900,
        Resolution.Hour => 3600,
        _ => throw new ArgumentOutOfRangeException(nameof(resolution), resolution, null),
    };

    /// <summary>InfluxDB measurement of footfall at this resolution.</summary>
    public static string FootfallMeasurement(this Resolution resolution) => "footfall_" + resolution.Name();

    /// <summary>Short name in measurements, API and payloads: <c>1m</c>, <c>15m</c>, <c>1h</c>.</summary>
    public static string Name(this Resolution resolution) => resolution switch
    {
        Resolution.Minute => "1m",
        Resolution.QuarterHour => "15m",
        Resolution.Hour => "1h",
        _ => throw new ArgumentOutOfRangeException(nameof(resolution), resolution, null),
    };

    public static bool TryParse(ReadOnlySpan<char> name, out Resolution resolution)
    {
        foreach (var candidate in All)
            if (name.SequenceEqual(candidate.Name()))
            {
                resolution = candidate;
                return true;
            }
        resolution = default;
        return false;
    }

    /// <summary>Start of the window that holds an instant. Windows are aligned to the Unix epoch, which is also UTC midnight.</summary>
    /// <param name="resolution">Window length.</param>
    /// <param name="unixMilliseconds">The instant, ms since the Unix epoch.</param>
    /// <returns>Start of the window, s since the Unix epoch.</returns>
    public static long WindowStart(this Resolution resolution, long unixMilliseconds)
    {
        var length = resolution.Seconds();
        var seconds = Math.DivRem(unixMilliseconds, 1000, out var rest) - (rest < 0 ? 1 : 0);
        var into = seconds % length;
        return seconds - (into < 0 ? into + length : into);
    }
}
