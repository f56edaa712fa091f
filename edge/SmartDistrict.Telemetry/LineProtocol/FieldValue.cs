using System.Text;

namespace SmartDistrict.Telemetry.LineProtocol;

#pragma warning disable CA1720 // these are the specification's own names of its types

/// <summary>The specification's field types.</summary>
public enum FieldType : byte
{
    Float,
    Integer,
    Unsigned,
    Boolean,
    String,
}

/// <summary>A field's value as read from a line. Only the property that belongs to <see cref="Type"/> means something.</summary>
public readonly ref struct FieldValue
{
    private readonly long bits;
    private readonly ReadOnlySpan<byte> text;

    private FieldValue(FieldType type, long bits, ReadOnlySpan<byte> text)
    {
        Type = type;
        this.bits = bits;
        this.text = text;
    }

    public FieldType Type { get; }

    public double Float => BitConverter.Int64BitsToDouble(bits);

    public long Integer => bits;

    public ulong Unsigned => unchecked((ulong)bits);

    public bool Boolean => bits != 0;

    /// <summary>The string's bytes as they stand between its quotes, escapes not resolved.</summary>
    public ReadOnlySpan<byte> RawString => text;

    /// <summary>The string with its escapes resolved.</summary>
    public string Text => LineEscapes.Resolve(text, LineEscapes.OfString);

    internal static FieldValue Of(double value) => new(FieldType.Float, BitConverter.DoubleToInt64Bits(value), default);

    internal static FieldValue Of(long value) => new(FieldType.Integer, value, default);

    internal static FieldValue Of(ulong value) => new(FieldType.Unsigned, unchecked((long)value), default);

    internal static FieldValue Of(bool value) => new(FieldType.Boolean, value ? 1 : 0, default);

    internal static FieldValue Of(ReadOnlySpan<byte> quoted) => new(FieldType.String, 0, quoted);
}

/// <summary>
/// Resolves escapes. A backslash before a character that needs no escape in its place stands for itself, so in names
/// <c>\\,</c> is a backslash and a comma; only in strings does it escape itself.
/// </summary>
internal static class LineEscapes
{
    public static ReadOnlySpan<byte> OfMeasurement => ", "u8;

    public static ReadOnlySpan<byte> OfKey => ",= "u8;

    /// <summary>What ends a measurement: its special characters and the end of the line.</summary>
    public static ReadOnlySpan<byte> EndOfMeasurement => ", \n\r"u8;

    /// <summary>What ends a key or a tag value.</summary>
    public static ReadOnlySpan<byte> EndOfKey => ",= \n\r"u8;

    public static ReadOnlySpan<byte> OfString => "\"\\"u8;

    public static string Resolve(ReadOnlySpan<byte> raw, ReadOnlySpan<byte> escapable)
    {
        if (!raw.Contains((byte)'\\'))
            return Encoding.UTF8.GetString(raw);
        var plain = new byte[raw.Length];
        var length = 0;
        for (var i = 0; i < raw.Length; i++)
        {
            if (IsEscape(raw, i, escapable))
                i++;
            plain[length++] = raw[i];
        }
        return Encoding.UTF8.GetString(plain, 0, length);
    }

    public static bool IsEscape(ReadOnlySpan<byte> text, int at, ReadOnlySpan<byte> escapable) =>
        text[at] == '\\' && at + 1 < text.Length && escapable.Contains(text[at + 1]);
}
