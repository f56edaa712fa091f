using System.Buffers.Text;
using System.Text.Json;

namespace SmartDistrict.Edge.Devices;

/// <summary>
/// Reads from a payload how the device itself stands. What cannot be is left out and named: a wrong battery costs no count.
/// </summary>
internal static class HealthDecoder
{
    private const double MostVolts = 100;

    /// <summary>Reads what the profile names; the payload has been scanned already.</summary>
    public static void Decode(DeviceProfile profile, ReadOnlySpan<byte> json, DecodedPayload into)
    {
        if (profile.Health is not { } rule)
            return;
        if (rule.Battery is { } battery && into.Scan.TryFind(json, 0, battery, out var charge) && !Battery(profile, rule.Unit, json, charge, into))
            Wrong(profile, json, battery, charge, rule.Unit == BatteryUnit.Percent ? "a number from 0 to 100" : "a voltage up to 100 V", into);
        if (rule.Firmware is { } firmware && into.Scan.TryFind(json, 0, firmware, out var version) && !Firmware(json, version, into))
            Wrong(profile, json, firmware, version, "a text of at most 64 bytes", into);
    }

    private static bool Battery(DeviceProfile profile, BatteryUnit unit, ReadOnlySpan<byte> json, in FoundValue value, DecodedPayload into)
    {
        var text = json.Slice(value.Start, value.Length);
        if (!(value.Type == JsonTokenType.Number || (value.Type == JsonTokenType.String && profile.NumbersAsText))
            || !Utf8Parser.TryParse(text, out double number, out var used) || used != text.Length)
            return false;
        var most = unit == BatteryUnit.Percent ? 100 : MostVolts;
        number = unit == BatteryUnit.Millivolts ? number / 1000 : number;
        if (!(number >= 0 && number <= most))
            return false;
        into.Battery = Math.Round(number * 1000) / 1000;
        return true;
    }

    private static bool Firmware(ReadOnlySpan<byte> json, in FoundValue value, DecodedPayload into)
    {
        if (value.Type is not (JsonTokenType.String or JsonTokenType.Number))
            return false;
        Span<byte> unescaped = stackalloc byte[256];
        var text = value.Escaped ? PayloadText.Unescape(json, value, unescaped) : json.Slice(value.Start, value.Length);
        // control characters have no place in a version, and a line feed would end a point
        return text.IndexOfAnyInRange((byte)0, (byte)0x1F) < 0 && into.TakeFirmware(text.Trim((byte)' '));
    }

    private static void Wrong(DeviceProfile profile, ReadOnlySpan<byte> json, PayloadField field, in FoundValue value, string expected, DecodedPayload into) =>
        into.Problem ??= new PayloadProblem($"{field.Pointer} is {PayloadText.Show(json, value)}, where {expected} is expected",
            $"check the device, or 'health' in profile '{profile.Name}'");
}
