using System.Text.Json.Serialization;

namespace SmartDistrict.Cloud.Alarms;

/// <summary>How grave an alarm is, in rising order.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Severity>))]
public enum Severity
{
    /// <summary>None: the figure is as it should be.</summary>
    [JsonStringEnumMemberName("none")]
    None,

    /// <summary>Look at it today.</summary>
    [JsonStringEnumMemberName("warning")]
    Warning,

    /// <summary>Act now.</summary>
    [JsonStringEnumMemberName("critical")]
    Critical,
}
