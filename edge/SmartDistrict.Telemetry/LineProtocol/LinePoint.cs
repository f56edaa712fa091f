namespace SmartDistrict.Telemetry.LineProtocol;

/// <summary>
/// A point as read from one line, checked whole: its parts point into the text and are valid as long as that is.
/// "Raw" spans keep their escapes; names without a backslash are the same either way.
/// </summary>
public readonly ref struct LinePoint
{
    private readonly ReadOnlySpan<byte> tags;
    private readonly ReadOnlySpan<byte> fields;

    internal LinePoint(ReadOnlySpan<byte> line, int measurementEnd, int seriesEnd, int fieldsStart, int fieldsEnd, long? timestamp)
    {
        Line = line;
        RawMeasurement = line[..measurementEnd];
        RawSeries = line[..seriesEnd];
        tags = line[measurementEnd..seriesEnd];
        fields = line[fieldsStart..fieldsEnd];
        Timestamp = timestamp;
    }

    /// <summary>The whole line, without leading space and line break.</summary>
    public ReadOnlySpan<byte> Line { get; }

    public ReadOnlySpan<byte> RawMeasurement { get; }

    /// <summary>Measurement and tags as they stand on the wire.</summary>
    public ReadOnlySpan<byte> RawSeries { get; }

    public string Measurement => LineEscapes.Resolve(RawMeasurement, LineEscapes.OfMeasurement);

    /// <summary>In the unit of the write request's precision; null where the server's own time is meant.</summary>
    public long? Timestamp { get; }

    /// <summary>The tags in the order of the line: <c>foreach (var tag in point.Tags)</c>.</summary>
    public Pairs Tags => new(tags, ofTags: true);

    /// <summary>The fields in the order of the line.</summary>
    public Pairs Fields => new(fields, ofTags: false);

    /// <summary>The raw value of a tag; false where the point does not have it.</summary>
    public bool TryGetTag(ReadOnlySpan<byte> key, out ReadOnlySpan<byte> rawValue)
    {
        foreach (var tag in Tags)
            if (tag.RawKey.SequenceEqual(key))
            {
                rawValue = tag.RawValue;
                return true;
            }
        rawValue = default;
        return false;
    }

    /// <summary>A field's value. Of a field that stands in the line twice the last one counts, as in InfluxDB.</summary>
    public bool TryGetField(ReadOnlySpan<byte> key, out FieldValue value)
    {
        var found = false;
        value = default;
        foreach (var field in Fields)
            if (field.RawKey.SequenceEqual(key))
            {
                value = field.Field;
                found = true;
            }
        return found;
    }

    /// <summary>A key with its value.</summary>
    public readonly ref struct Pair(ReadOnlySpan<byte> rawKey, ReadOnlySpan<byte> rawValue)
    {
        public ReadOnlySpan<byte> RawKey { get; } = rawKey;

        public ReadOnlySpan<byte> RawValue { get; } = rawValue;

        public string Key => LineEscapes.Resolve(RawKey, LineEscapes.OfKey);

        /// <summary>A tag's value.</summary>
        public string Value => LineEscapes.Resolve(RawValue, LineEscapes.OfKey);

        /// <summary>A field's value.</summary>
        public FieldValue Field => FieldSyntax.TryParse(RawValue, out var value, out _) ? value : default;
    }

    /// <summary>Walks over key=value pairs that have been checked: tags with a comma before each, or fields with one between.</summary>
    public ref struct Pairs(ReadOnlySpan<byte> text, bool ofTags)
    {
        private readonly bool ofTags = ofTags;
        private ReadOnlySpan<byte> rest = ofTags && !text.IsEmpty ? text[1..] : text;
        private Pair current;

        public readonly Pair Current => current;

        public readonly Pairs GetEnumerator() => this;

        public bool MoveNext()
        {
            if (rest.IsEmpty)
                return false;
            var keyEnd = FieldSyntax.NameEnd(rest, LineEscapes.EndOfKey);
            var value = rest[(keyEnd + 1)..];
            var valueEnd = ofTags ? FieldSyntax.NameEnd(value, LineEscapes.EndOfKey) : FieldSyntax.ValueEnd(value);
            current = new(rest[..keyEnd], value[..valueEnd]);
            rest = valueEnd == value.Length ? default : value[(valueEnd + 1)..];
            return true;
        }
    }
}
