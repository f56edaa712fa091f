using System.Text;

namespace SmartDistrict.Telemetry.Mqtt.Subscribing;

/// <summary>The rules for topic filters (MQTT 5 section 4.7).</summary>
internal static class TopicFilter
{
    public static bool IsValid(string filter)
    {
        if (filter.Length == 0 || filter.Contains('\0', StringComparison.Ordinal) || !MqttMessage.IsWellFormed(filter)
            || Encoding.UTF8.GetByteCount(filter) > ushort.MaxValue)
        {
            return false;
        }
        var levels = filter.Split('/');
        for (var i = 0; i < levels.Length; i++)
        {
            if (levels[i].Contains('#', StringComparison.Ordinal) && (levels[i].Length > 1 || i < levels.Length - 1))
                return false;
            if (levels[i].Contains('+', StringComparison.Ordinal) && levels[i].Length > 1)
                return false;
        }
        return true;
    }
}
