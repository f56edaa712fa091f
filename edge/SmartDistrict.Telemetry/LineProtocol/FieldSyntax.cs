using System.Buffers;
using System.Buffers.Text;
using System.Globalization;

namespace SmartDistrict.Telemetry.LineProtocol;

/// <summary>The grammar of names and field values ("Data types and format" of the specification).</summary>
internal static class FieldSyntax
{
    private static readonly SearchValues<byte> NumberCharacters = SearchValues.Create("0123456789.eE+-"u8);

    /// <summary>Length of the name at the start of <paramref name="text"/>: up to the first delimiter without a backslash before it.</summary>
    public static int NameEnd(ReadOnlySpan<byte> text, ReadOnlySpan<byte> delimiters)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var next = text[i..].IndexOfAny(delimiters);
            if (next < 0)
                return text.Length;
            i += next;
            // No backslash escapes another one in a name, so the one right before decides; a line break has no escape.
            if (i == 0 || text[i - 1] != '\\' || text[i] is (byte)'\n' or (byte)'\r')
                return i;
        }
        return text.Length;
    }

    /// <summary>Length of the field value at the start of <paramref name="text"/>: a quoted string, or up to a comma or space.</summary>
    public static int ValueEnd(ReadOnlySpan<byte> text) =>
        !text.IsEmpty && text[0] == '"' && ClosingQuote(text) is > 0 and var quote ? quote + 1 : NameEnd(text, LineEscapes.EndOfKey);

    /// <summary>Index of the quote that closes the string which begins at 0, or -1.</summary>
    public static int ClosingQuote(ReadOnlySpan<byte> text)
    {
        for (var i = 1; i < text.Length; i++)
        {
            var next = text[i..].IndexOfAny((byte)'"', (byte)'\\');
            if (next < 0)
                return -1;
            i += next;
            if (text[i] == '"')
                return i;
            if (LineEscapes.IsEscape(text, i, LineEscapes.OfString))
                i++;
        }
        return -1;
    }

    public static bool TryParse(ReadOnlySpan<byte> raw, out FieldValue value, out string? problem)
    {
        value = default;
        problem = null;
        if (raw.IsEmpty)
        {
            problem = "a field without a value: leave the field out, or give it one";
            return false;
        }
        switch (raw[0])
        {
            case (byte)'"':
                value = FieldValue.Of(raw[1..^1]);
                return true;
            case (byte)'t' or (byte)'T' when raw.SequenceEqual("t"u8) || raw.SequenceEqual("T"u8)
                || raw.SequenceEqual("true"u8) || raw.SequenceEqual("True"u8) || raw.SequenceEqual("TRUE"u8):
                value = FieldValue.Of(true);
                return true;
            case (byte)'f' or (byte)'F' when raw.SequenceEqual("f"u8) || raw.SequenceEqual("F"u8)
                || raw.SequenceEqual("false"u8) || raw.SequenceEqual("False"u8) || raw.SequenceEqual("FALSE"u8):
                value = FieldValue.Of(false);
                return true;
            case (byte)'-' or (byte)'.' or (>= (byte)'0' and <= (byte)'9'):
                return TryParseNumber(raw, out value, out problem);
            default:
                problem = "not a number, a boolean (t, f, true, false) or a string in double quotes";
                return false;
        }
    }

    private static bool TryParseNumber(ReadOnlySpan<byte> raw, out FieldValue value, out string? problem)
    {
        value = default;
        problem = null;
        switch (raw[^1])
        {
            case (byte)'i':
                if (Utf8Parser.TryParse(raw[..^1], out long integer, out var read) && read == raw.Length - 1)
                {
                    value = FieldValue.Of(integer);
                    return true;
                }
                problem = "not an integer of 64 bits (-9223372036854775808i to 9223372036854775807i)";
                return false;
            case (byte)'u':
                if (raw[0] != '-' && Utf8Parser.TryParse(raw[..^1], out ulong unsigned, out read) && read == raw.Length - 1)
                {
                    value = FieldValue.Of(unsigned);
                    return true;
                }
                problem = "not an unsigned integer of 64 bits (0u to 18446744073709551615u)";
                return false;
            default:
                // TryParse also takes white space and signs of other kinds: the grammar's characters only.
                if (raw.IndexOfAnyExcept(NumberCharacters) < 0
                    && double.TryParse(raw, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
                        CultureInfo.InvariantCulture, out var number)
                    && double.IsFinite(number))
                {
                    value = FieldValue.Of(number);
                    return true;
                }
                problem = "not a number, or out of the range of a 64-bit float; integers end in i, strings stand in double quotes";
                return false;
        }
    }
}
