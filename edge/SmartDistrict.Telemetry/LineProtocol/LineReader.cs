using System.Text;
using System.Text.Unicode;
using System.Buffers.Text;

namespace SmartDistrict.Telemetry.LineProtocol;

/// <summary>What is wrong with a line, and where.</summary>
/// <param name="Line">The line in the text, from 1; a string that spans lines counts all of them.</param>
/// <param name="Column">The byte in that line, from 1.</param>
/// <param name="What">What is wrong there.</param>
public readonly record struct LineProblem(int Line, int Column, string What)
{
    public override string ToString() => $"line {Line}, column {Column}: {What}";
}

/// <summary>
/// Reads line protocol, one point at a time, without allocating for good lines. Blank lines and comments are passed over;
/// a bad line is reported with its position and the rest goes on.
/// </summary>
/// <example><code>
/// var reader = new LineReader(body);
/// while (reader.Read())
///     if (reader.Problem is { } problem) refuse(problem); else take(reader.Point);
/// </code></example>
/// <remarks>
/// Follows InfluxDB's "Line protocol" reference; where it leaves a choice, InfluxDB 1.6's own: several spaces count as
/// one, leading space is passed over, a tag key that comes twice is an error, and of a field that comes twice the last
/// value holds. A carriage return before the newline belongs to the line break. After a bad line reading goes on behind
/// its line break, which lies outside of strings as long as those are closed.
/// </remarks>
public ref struct LineReader(ReadOnlySpan<byte> text)
{
    /// <summary>The longest name or string that the specification recommends, and that every server takes: 64 KiB.</summary>
    public const int MaxTextLength = 65_536;

    private const string NeedsField = "a point needs a field: measurement[,tag=value] field=value [timestamp]";

    private readonly ReadOnlySpan<byte> text = text;
    private int position;
    private int lineNumber = 1;
    private int lineStart;
    private LinePoint point;

    /// <summary>The point read last, where there is no <see cref="Problem"/>.</summary>
    public readonly LinePoint Point => point;

    /// <summary>What is wrong with the line read last; null for a point.</summary>
    public LineProblem? Problem { get; private set; }

    /// <summary>Number of the line read last, from 1.</summary>
    public int LineNumber { get; private set; } = 1;

    /// <summary>The line read last as it stands in the text, good or bad, without its line break.</summary>
    public ReadOnlySpan<byte> RawLine { get; private set; }

    /// <summary>Reads up to the next point or bad line.</summary>
    /// <returns>False at the end of the text.</returns>
    public bool Read()
    {
        while (SkipBlank())
        {
            if (text[position] == '#')
            {
                EndLine(IndexOfNewline(position));
                continue;
            }
            LineNumber = lineNumber;
            var start = position;
            var end = ReadPoint(start, out var what, out var at);
            if (what is null && !Utf8.IsValid(text[start..end]))
                (what, at) = ("not UTF-8: the sender must encode its text so", start + Utf8ErrorIndex(text[start..end]));
            if (what is null)
                Problem = null;
            else
            {
                end = BadLineEnd(start, at);
                Problem = Locate(at, what);
            }
            RawLine = TrimCarriageReturn(text[start..end]);
            EndLine(end);
            return true;
        }
        return false;
    }

    /// <summary>Reads the line at <paramref name="start"/> into <see cref="point"/>; returns its end.</summary>
    private int ReadPoint(int start, out string? what, out int at)
    {
        at = start;
        var measurementEnd = start + FieldSyntax.NameEnd(text[start..], LineEscapes.EndOfMeasurement);
        if ((what = NameProblem("measurement", text[start..measurementEnd])) is not null)
            return 0;
        var i = measurementEnd;
        if (AtLineEnd(i))
            return Fail(i, NeedsField, out what, out at);

        while (text[i] == ',')
            if (!ReadTag(measurementEnd, ref i, out what, out at))
                return 0;
        var seriesEnd = i;
        SkipSpaces(ref i);

        var fieldsStart = i;
        do
        {
            if (i > fieldsStart)
                i++;
            if (!ReadField(ref i, out what, out at))
                return 0;
        }
        while (i < text.Length && text[i] == ',');
        var fieldsEnd = i;

        if (!ReadTimestamp(ref i, out var timestamp, out what, out at))
            return 0;
        point = new(text[start..i].TrimEnd(" \r"u8), measurementEnd - start, seriesEnd - start, fieldsStart - start, fieldsEnd - start, timestamp);
        return i;
    }

    /// <summary>Reads <c>,key=value</c> at <paramref name="i"/> and stops at the comma or space behind it.</summary>
    private readonly bool ReadTag(int measurementEnd, ref int i, out string? what, out int at)
    {
        at = ++i;
        var key = Name(i);
        if ((what = NameProblem("tag key", key)) is not null)
            return false;
        i += key.Length;
        if (i == text.Length || text[i] != '=')
            return Refuse(i, "a tag without '=': write key=value, and a backslash before a comma, a space or an equals sign that belongs to a name", out what, out at);
        at = ++i;
        var value = Name(i);
        if (value.IsEmpty)
            return Refuse(i, "a tag without a value: leave the tag out", out what, out at);
        if ((what = NameProblem("tag value", value)) is not null)
            return false;
        i += value.Length;
        if (i < text.Length && text[i] == '=')
            return Refuse(i, "an equals sign in a tag value needs a backslash before it", out what, out at);
        if (AtLineEnd(i))
            return Refuse(i, NeedsField, out what, out at);
        foreach (var earlier in new LinePoint.Pairs(text[measurementEnd..(at - key.Length - 2)], ofTags: true))
            if (earlier.RawKey.SequenceEqual(key))
                return Refuse(at - key.Length - 1, $"tag {Encoding.UTF8.GetString(key)} comes twice", out what, out at);
        return true;
    }

    /// <summary>Reads <c>key=value</c> at <paramref name="i"/> and stops behind it.</summary>
    private readonly bool ReadField(ref int i, out string? what, out int at)
    {
        at = i;
        var key = Name(i);
        if ((what = NameProblem("field key", key)) is not null)
            return false;
        i += key.Length;
        if (i == text.Length || text[i] != '=')
            return Refuse(i, "a field without '=': write key=value, and a backslash before a comma, a space or an equals sign that belongs to a key", out what, out at);
        at = ++i;
        int length;
        if (i < text.Length && text[i] == '"')
        {
            var quote = FieldSyntax.ClosingQuote(text[i..]);
            if (quote < 0)
                return Refuse(i, "a string that is never closed: a double quote within it needs a backslash", out what, out at);
            length = quote + 1;
        }
        else
            length = BareValue(i).Length;
        if (length > MaxTextLength + 2)
            return Refuse(i, $"a string of {length - 2} bytes: {MaxTextLength} are the most", out what, out at);
        if (!FieldSyntax.TryParse(text.Slice(i, length), out _, out what))
            return false;
        i += length;
        if (i < text.Length && text[i] is not ((byte)',' or (byte)' ' or (byte)'\n' or (byte)'\r'))
            return Refuse(i, "after a field's value comes a comma, a space or the end of the line", out what, out at);
        return true;
    }

    /// <summary>Reads the optional timestamp and stops at the newline or the end of the text.</summary>
    private readonly bool ReadTimestamp(ref int i, out long? timestamp, out string? what, out int at)
    {
        (timestamp, what) = (null, null);
        SkipSpaces(ref i);
        at = i;
        var end = i + BareValue(i).Length;
        if (end > i)
        {
            var number = text[i..end];
            if (number[0] == '+' || !Utf8Parser.TryParse(number, out long value, out var read) || read != number.Length)
                return Refuse(i, "not a timestamp: whole units since 1970-01-01 UTC", out what, out at);
            if (value is > long.MaxValue - 1 or < -(long.MaxValue - 1))
                return Refuse(i, "a timestamp outside of -9223372036854775806 to 9223372036854775806", out what, out at);
            timestamp = value;
        }
        i = end;
        SkipSpaces(ref i);
        if (i < text.Length && text[i] == '\r')
            i++;
        return i == text.Length || text[i] == '\n'
            || Refuse(i, "after the timestamp the line ends; each point stands on its own line", out what, out at);
    }

    /// <summary>The key or tag value at <paramref name="i"/>, up to its unescaped delimiter or the end of the line.</summary>
    private readonly ReadOnlySpan<byte> Name(int i) => text.Slice(i, FieldSyntax.NameEnd(text[i..], LineEscapes.EndOfKey));

    private readonly bool AtLineEnd(int i) => i == text.Length || text[i] is (byte)'\n' or (byte)'\r';

    private readonly ReadOnlySpan<byte> BareValue(int i)
    {
        var end = text[i..].IndexOfAny(", \r\n"u8);
        return end < 0 ? text[i..] : text.Slice(i, end);
    }

    private static string? NameProblem(string what, ReadOnlySpan<byte> name) =>
        name.IsEmpty ? $"a {what} is missing"
        : name[0] == '_' && what != "tag value" ? $"a {what} that begins with '_', which is reserved for the server"
        : name.Length > MaxTextLength ? $"a {what} of {name.Length} bytes: {MaxTextLength} are the most"
        : name[^1] == '\\' ? $"a {what} that ends with a backslash"
        : what is "tag key" or "field key" && name.SequenceEqual("time"u8) ? $"a {what} named time, which is reserved"
        : what is "tag key" && name.SequenceEqual("field"u8) ? "a tag key named field, which is reserved"
        : null;

    private static int Fail(int where, string problem, out string? what, out int at)
    {
        (what, at) = (problem, where);
        return 0;
    }

    private static bool Refuse(int where, string problem, out string? what, out int at)
    {
        (what, at) = (problem, where);
        return false;
    }

    private readonly void SkipSpaces(ref int i)
    {
        while (i < text.Length && text[i] == ' ')
            i++;
    }

    /// <summary>Moves to the first character of the next line that is not blank.</summary>
    private bool SkipBlank()
    {
        for (; position < text.Length; position++)
            if (text[position] == '\n')
            {
                lineNumber++;
                lineStart = position + 1;
            }
            else if (text[position] is not ((byte)' ' or (byte)'\t' or (byte)'\r'))
                return true;
        return false;
    }

    private readonly int IndexOfNewline(int from)
    {
        var newline = text[from..].IndexOf((byte)'\n');
        return newline < 0 ? text.Length : from + newline;
    }

    /// <summary>
    /// The end of a bad line: its first newline that does not stand in a string value, so that no string's text is taken
    /// for a point. A string that is never closed ends with its line, so that it takes no good line with it.
    /// </summary>
    private readonly int BadLineEnd(int start, int at)
    {
        for (var i = start; i < text.Length; i++)
        {
            if (text[i] == '\n' && i >= at)
                return i;
            if (text[i] == '"' && i > start && text[i - 1] == '=')
            {
                var quote = FieldSyntax.ClosingQuote(text[i..]);
                if (quote < 0)
                    return IndexOfNewline(Math.Max(i, at));
                i += quote;
            }
        }
        return text.Length;
    }

    /// <summary>Puts the position behind the line that ends at <paramref name="end"/>.</summary>
    private void EndLine(int end)
    {
        var breaks = text[position..end].Count((byte)'\n');
        if (breaks > 0)
            lineStart = position + text[position..end].LastIndexOf((byte)'\n') + 1;
        lineNumber += breaks;
        position = end;
    }

    private readonly LineProblem Locate(int at, string what)
    {
        var before = text[lineStart..at];
        var breaks = before.Count((byte)'\n');
        return new(lineNumber + breaks, before.Length - (before.LastIndexOf((byte)'\n') + 1) + 1, what);
    }

    private static ReadOnlySpan<byte> TrimCarriageReturn(ReadOnlySpan<byte> line) => line is [.. var rest, (byte)'\r'] ? rest : line;

    private static int Utf8ErrorIndex(ReadOnlySpan<byte> line)
    {
        var index = 0;
        while (index < line.Length && Rune.DecodeFromUtf8(line[index..], out _, out var length) == System.Buffers.OperationStatus.Done)
            index += length;
        return index;
    }
}
