using System.Globalization;
using System.Text;

namespace SmartDistrict.Telemetry.LineProtocol;

/// <summary>
/// Writes points as InfluxDB line protocol, UTF-8, into one buffer of its own that grows and is used again: in steady
/// state nothing is allocated. Order of calls: <see cref="Measurement"/>, any <see cref="Tag"/>s, one or more
/// <c>Field</c>s, <see cref="End(long)"/>.
/// </summary>
/// <remarks>
/// Escaping as in the specification, "Special characters": measurement <c>, space</c>; tag key, tag value and field key
/// <c>, = space</c>; string value <c>" \</c>. What no escape can express is refused with an <see cref="ArgumentException"/>:
/// an empty name or tag value (leave the tag out), in a name or tag value a newline, a trailing backslash or one right before <c>, = space</c> (servers differ there), a
/// measurement beginning with <c>#</c> (a comment) or a tab (passed over), the reserved names, NaN and infinities (a missing value is left out).
/// For best ingest write the tags in the order of their keys' bytes.
/// </remarks>
public sealed class LineWriter(int capacity = 4096)
{
    private enum Stage
    {
        Between,
        Tags,
        Fields,
    }

    private byte[] buffer = new byte[Math.Max(16, capacity)];
    private int length;
    private int lineStart;
    private int seriesEnd;
    private int lineEnd;
    private Stage stage;

    /// <summary>All finished lines, each ending in a newline.</summary>
    public ReadOnlySpan<byte> Written => buffer.AsSpan(0, stage == Stage.Between ? length : lineStart);

    /// <summary><see cref="Written"/>; valid until the writer is used again.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => buffer.AsMemory(0, Written.Length);

    /// <summary>The line finished last, without its newline.</summary>
    public ReadOnlySpan<byte> Line => buffer.AsSpan(lineStart, lineEnd - lineStart);

    /// <summary>Measurement and tags of the line finished last, as they stand on the wire: the point's series.</summary>
    public ReadOnlySpan<byte> Series => buffer.AsSpan(lineStart, seriesEnd - lineStart);

    /// <summary>Forgets all lines, keeps the buffer.</summary>
    public void Clear()
    {
        length = lineStart = seriesEnd = lineEnd = 0;
        stage = Stage.Between;
    }

    /// <summary>Begins a line. A line that was not ended is dropped.</summary>
    public LineWriter Measurement(ReadOnlySpan<char> name)
    {
        LineNames.CheckMeasurement(name);
        if (stage != Stage.Between)
            length = lineStart;
        lineStart = lineEnd = length;
        Escaped(name, LineNames.MeasurementSpecials);
        seriesEnd = length;
        stage = Stage.Tags;
        return this;
    }

    public LineWriter Tag(ReadOnlySpan<char> key, ReadOnlySpan<char> value)
    {
        Require(stage == Stage.Tags, "a tag follows the measurement or another tag");
        LineNames.CheckTagKey(key);
        LineNames.CheckTagValue(value);
        Byte((byte)',');
        Escaped(key, LineNames.KeySpecials);
        Byte((byte)'=');
        Escaped(value, LineNames.KeySpecials);
        seriesEnd = length;
        return this;
    }

    /// <summary>An integer field, <c>42i</c>.</summary>
    public LineWriter Field(ReadOnlySpan<char> key, long value)
    {
        FieldKey(key);
        Number(value);
        Byte((byte)'i');
        return this;
    }

    /// <summary>An unsigned field, <c>42u</c>: InfluxDB 2.x and later; 1.x refuses it unless built for it.</summary>
    public LineWriter Field(ReadOnlySpan<char> key, ulong value)
    {
        FieldKey(key);
        Number(value);
        Byte((byte)'u');
        return this;
    }

    /// <summary>A float field, shortest form that reads back as the same 64 bits.</summary>
    public LineWriter Field(ReadOnlySpan<char> key, double value)
    {
        if (!double.IsFinite(value))
            throw new ArgumentException($"field {key}: {value} has no form in line protocol; leave the field out", nameof(value));
        FieldKey(key);
        Number(value);
        return this;
    }

    public LineWriter Field(ReadOnlySpan<char> key, bool value)
    {
        FieldKey(key);
        Byte(value ? (byte)'t' : (byte)'f');
        return this;
    }

    /// <summary>A string field. Newlines stand in it as they are.</summary>
    public LineWriter Field(ReadOnlySpan<char> key, ReadOnlySpan<char> value)
    {
        FieldKey(key);
        Byte((byte)'"');
        Escaped(value, "\"\\");
        Byte((byte)'"');
        return this;
    }

    /// <summary>A string field. Without this overload a <see cref="string"/> would not choose between span and bool.</summary>
    public LineWriter Field(ReadOnlySpan<char> key, string value) => Field(key, value.AsSpan());

    /// <summary>Ends the line without a timestamp: the server takes its own time.</summary>
    public void End()
    {
        Require(stage == Stage.Fields, "a line needs a field before it can end");
        lineEnd = length;
        Byte((byte)'\n');
        stage = Stage.Between;
    }

    /// <summary>Ends the line.</summary>
    /// <param name="timestamp">In the unit that the write request names as its precision.</param>
    public void End(long timestamp)
    {
        Require(stage == Stage.Fields, "a line needs a field before it can end");
        Byte((byte)' ');
        Number(timestamp);
        End();
    }

    private void FieldKey(ReadOnlySpan<char> key)
    {
        Require(stage != Stage.Between, "a field follows the measurement, a tag or another field");
        LineNames.CheckFieldKey(key);
        Byte(stage == Stage.Tags ? (byte)' ' : (byte)',');
        Escaped(key, LineNames.KeySpecials);
        Byte((byte)'=');
        stage = Stage.Fields;
    }

    private void Escaped(ReadOnlySpan<char> text, ReadOnlySpan<char> specials)
    {
        for (var next = text.IndexOfAny(specials); next >= 0; next = text.IndexOfAny(specials))
        {
            Utf8(text[..next]);
            Byte((byte)'\\');
            Byte((byte)text[next]);
            text = text[(next + 1)..];
        }
        Utf8(text);
    }

    private void Utf8(ReadOnlySpan<char> text) => length += Encoding.UTF8.GetBytes(text, Room(text.Length * 3));

    private void Number<T>(T value) where T : IUtf8SpanFormattable
    {
        if (!value.TryFormat(Room(32), out var written, default, CultureInfo.InvariantCulture))
            throw new InvalidOperationException("a number longer than 32 bytes");
        length += written;
    }

    private void Byte(byte value)
    {
        Room(1)[0] = value;
        length++;
    }

    private Span<byte> Room(int bytes)
    {
        if (buffer.Length - length < bytes)
            Array.Resize(ref buffer, Math.Max(buffer.Length * 2, length + bytes));
        return buffer.AsSpan(length);
    }

    private static void Require(bool held, string order)
    {
        if (!held)
            throw new InvalidOperationException(order);
    }
}
