namespace SmartDistrict.Telemetry.LineProtocol;

/// <summary>
/// What the specification lets stand in measurements, keys and tag values ("Special characters", "Naming restrictions").
/// </summary>
internal static class LineNames
{
    public const string MeasurementSpecials = ", ";
    public const string KeySpecials = ",= ";

    public static void CheckMeasurement(ReadOnlySpan<char> name)
    {
        CheckText("measurement", name);
        if (name[0] is '_' or '#')
            throw new ArgumentException($"measurement '{name}' begins with '{name[0]}': '_' is reserved for the server, '#' begins a comment");
        if (name[0] is '\t' or '\0')
            throw new ArgumentException($"measurement '{name}' begins with white space, which servers pass over");
    }

    public static void CheckTagKey(ReadOnlySpan<char> key)
    {
        CheckText("tag key", key);
        if (Reserved(key) is { } why)
            throw new ArgumentException($"tag key '{key}' {why}");
        if (key is "field")
            throw new ArgumentException("tag key 'field' is reserved for the server");
    }

    public static void CheckTagValue(ReadOnlySpan<char> value) => CheckText("tag value", value);

    public static void CheckFieldKey(ReadOnlySpan<char> key)
    {
        CheckText("field key", key);
        if (Reserved(key) is { } why)
            throw new ArgumentException($"field key '{key}' {why}");
    }

    private static string? Reserved(ReadOnlySpan<char> key) =>
        key[0] == '_' ? "begins with '_', which is reserved for the server"
        : key is "time" ? "is reserved: the point's time stands at the end of its line"
        : null;

    private static void CheckText(string what, ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
            throw new ArgumentException($"an empty {what} has no form in line protocol; leave it out");
        if (text.ContainsAny('\n', '\r'))
            throw new ArgumentException($"{what} '{text}' holds a line break, which would end the line");
        if (text[^1] == '\\')
            throw new ArgumentException($"{what} '{text}' ends with a backslash, which would escape what follows it");
        for (var i = 1; i < text.Length; i++)
            if (text[i - 1] == '\\' && text[i] is (',' or ' ' or '='))
                throw new ArgumentException($"{what} '{text}' holds a backslash before '{text[i]}', which servers read differently");
    }
}
