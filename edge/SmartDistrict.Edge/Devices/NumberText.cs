using System.Buffers.Text;

namespace SmartDistrict.Edge.Devices;

internal static class NumberText
{
    /// <summary>Reads a whole number in any of its JSON spellings: <c>12</c>, <c>12.0</c>, <c>1.2e1</c>.</summary>
    public static bool TryWhole(ReadOnlySpan<byte> text, out long value)
    {
        if (Utf8Parser.TryParse(text, out value, out var used) && used == text.Length)
            return true;
        if (!Utf8Parser.TryParse(text, out decimal exact, out used) || used != text.Length
            || decimal.Truncate(exact) != exact || exact is < long.MinValue or > long.MaxValue)
            return false;
        value = (long)exact;
        return true;
    }
}
