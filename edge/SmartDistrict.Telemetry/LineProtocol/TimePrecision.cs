namespace SmartDistrict.Telemetry.LineProtocol;

/// <summary>The unit of a line's timestamp, the <c>precision</c> parameter of <c>/write</c> and <c>/api/v2/write</c>.</summary>
public enum TimePrecision : byte
{
    Nanoseconds,
    Microseconds,
    Milliseconds,
    Seconds,
}

public static class TimePrecisions
{
    /// <summary>The parameter's value in both APIs: InfluxDB 1.x also takes <c>ns</c> and <c>us</c>.</summary>
    public static string Name(this TimePrecision precision) => precision switch
    {
        TimePrecision.Nanoseconds => "ns",
        TimePrecision.Microseconds => "us",
        TimePrecision.Milliseconds => "ms",
        TimePrecision.Seconds => "s",
        _ => throw new ArgumentOutOfRangeException(nameof(precision), precision, null),
    };

    /// <summary>Reads the parameter; without one (null or empty) it is nanoseconds. <c>n</c> and <c>u</c> are the spellings of 1.x.</summary>
    public static bool TryParse(ReadOnlySpan<char> name, out TimePrecision precision)
    {
        precision = name switch
        {
            "" or "ns" or "n" => TimePrecision.Nanoseconds,
            "us" or "u" or "µ" => TimePrecision.Microseconds,
            "ms" => TimePrecision.Milliseconds,
            "s" => TimePrecision.Seconds,
            _ => (TimePrecision)byte.MaxValue,
        };
        return precision <= TimePrecision.Seconds;
    }

    /// <summary>How many of this unit make a second.</summary>
    public static long PerSecond(this TimePrecision precision) => precision switch
    {
        TimePrecision.Nanoseconds => 1_000_000_000,
        TimePrecision.Microseconds => 1_000_000,
        TimePrecision.Milliseconds => 1_000,
        TimePrecision.Seconds => 1,
        _ => throw new ArgumentOutOfRangeException(nameof(precision), precision, null),
    };

    /// <summary>The whole second that holds the timestamp, s since the Unix epoch (rounded down, also before 1970).</summary>
    public static long ToSeconds(this TimePrecision precision, long timestamp)
    {
        var seconds = Math.DivRem(timestamp, precision.PerSecond(), out var rest);
        return rest < 0 ? seconds - 1 : seconds;
    }

    /// <summary>
    /// Whether the timestamp lies in the range of the specification's "Unix timestamp": 1677-09-21T00:12:43.145224194Z to
    /// 2262-04-11T23:47:16.854775806Z, in nanoseconds an Int64 without its last values at either end.
    /// </summary>
    public static bool InRange(this TimePrecision precision, long timestamp)
    {
        var limit = (long.MaxValue - 1) / (1_000_000_000 / precision.PerSecond());
        return timestamp <= limit && timestamp >= -limit;
    }
}
