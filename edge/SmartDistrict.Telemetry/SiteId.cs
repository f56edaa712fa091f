namespace SmartDistrict.Telemetry;

/// <summary>
/// The stable names of a site: districts, gateways, devices, lines and zones. They become MQTT topic levels,
/// InfluxDB tags and file names, so the alphabet is what all three take without escaping.
/// </summary>
public static class SiteId
{
    public const int MaxLength = 63;

    public const string Rule = "1 to 63 characters: a-z, 0-9, '-' and '_', the first a letter or a digit";

    public static bool IsValid(ReadOnlySpan<char> id)
    {
        if (id.IsEmpty || id.Length > MaxLength || id[0] is '-' or '_')
            return false;
        foreach (var c in id)
            if (c is not ((>= 'a' and <= 'z') or (>= '0' and <= '9') or '-' or '_'))
                return false;
        return true;
    }
}
