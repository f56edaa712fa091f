using System.Globalization;
using System.Text;

namespace SmartDistrict.Edge.Devices;

/// <summary>
/// What a payload tells of the device itself as text, for samples in profiles and for test cases:
/// <c>battery=87% firmware=v1.10</c>, <c>battery=3.61V</c>; empty where it tells nothing.
/// </summary>
public static class HealthText
{
    public static string Write(DecodedPayload told, DeviceProfile profile)
    {
        var text = new StringBuilder();
        if (told.Battery is { } battery)
            text.Append(CultureInfo.InvariantCulture, $"battery={battery}{(profile.Battery == BatteryUnit.Percent ? "%" : "V")}");
        if (told.Firmware.Length > 0)
            text.Append(text.Length > 0 ? " " : "").Append("firmware=").Append(Encoding.UTF8.GetString(told.Firmware));
        return text.ToString();
    }
}
