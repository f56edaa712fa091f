using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using SmartDistrict.Edge.Devices;
using SmartDistrict.Telemetry;

namespace SmartDistrict.Edge.Drivers.Gpio;

/// <summary>
/// Envelopes of GPIO devices: topic <c>gpio/{device}</c>, payload UTF-8 JSON, one of
/// <code>
/// {"start":true,"cause":"gateway started","levels":{"a":0,"b":1},"at":81000000123}
/// {"edges":[{"line":"a","level":1,"t":81400000000,"seq":17},…]}
/// {"lost":{"a":3},"at":81400000000}
/// {"gone":"the chip … is busy: …","at":81400000000}
/// </code>
/// </summary>
public static class GpioEnvelope
{
    /// <summary>Edges in one envelope at most: all that the kernel keeps for one request (16 for each of up to 64 lines).</summary>
    public const int MaxEdges = 1024;

    private const string Mend = "nobody but the gateway should write this topic: compare with the other records of the device";

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static ReadOnlySpan<byte> TopicRoot => "gpio/"u8;

    /// <summary>The envelope's topic, UTF-8.</summary>
    public static byte[] Topic(string device) => [.. TopicRoot, .. Encoding.UTF8.GetBytes(device)];

    /// <summary>Tells which device an envelope is of; false where it is not a GPIO envelope.</summary>
    public static bool TryDevice(ReadOnlySpan<byte> topic, out ReadOnlySpan<byte> device)
    {
        device = topic.StartsWith(TopicRoot) ? topic[TopicRoot.Length..] : default;
        return !device.IsEmpty && !device.Contains((byte)'/');
    }

    public static byte[] Write(GpioNotice notice)
    {
        var bytes = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(bytes, Plain))
        {
            json.WriteStartObject();
            switch (notice)
            {
                case GpioNotice.Start start:
                    json.WriteBoolean("start"u8, true);
                    json.WriteString("cause"u8, start.Cause);
                    Write(json, "levels"u8, start.Levels.Select(level => (level.Key, (long)level.Value)));
                    json.WriteNumber("at"u8, start.At);
                    break;
                case GpioNotice.Edges edges:
                    json.WriteStartArray("edges"u8);
                    foreach (var edge in edges.List)
                        Write(json, edge);
                    json.WriteEndArray();
                    break;
                case GpioNotice.Lost lost:
                    Write(json, "lost"u8, lost.Counts.Select(count => (count.Key, count.Value)));
                    json.WriteNumber("at"u8, lost.At);
                    break;
                case GpioNotice.Gone gone:
                    json.WriteString("gone"u8, gone.Reason);
                    json.WriteNumber("at"u8, gone.At);
                    break;
            }
            json.WriteEndObject();
        }
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>Reads an envelope's payload, whole or not at all; whatever it holds, nothing is thrown. Members it does not know are passed over.</summary>
    /// <param name="problem">Set exactly when false is returned.</param>
    public static bool TryRead(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out GpioNotice? notice, [NotNullWhen(false)] out PayloadProblem? problem)
    {
        notice = null;
        problem = null;
        try
        {
            var reader = new Utf8JsonReader(payload);
            notice = Read(ref reader);
            while (reader.Read())
            {
            }
            return true;
        }
        // InvalidOperationException: a lone surrogate in \u escapes is valid JSON but no text
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            notice = null;
            problem = new PayloadProblem($"no notice of GPIO lines: {e.Message.TrimEnd('.')}", Mend);
            return false;
        }
    }

    private static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> name, IEnumerable<(string Role, long Number)> numbers)
    {
        json.WriteStartObject(name);
        foreach (var (role, number) in numbers)
            json.WriteNumber(role, number);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, in GpioEdge edge)
    {
        json.WriteStartObject();
        json.WriteString("line"u8, edge.Line);
        json.WriteNumber("level"u8, edge.Level);
        json.WriteNumber("t"u8, edge.Time);
        json.WriteNumber("seq"u8, edge.Sequence);
        json.WriteEndObject();
    }

    private static GpioNotice Read(ref Utf8JsonReader reader)
    {
        Expect(reader.Read() && reader.TokenType == JsonTokenType.StartObject, "it is no JSON object");
        string? cause = null, gone = null;
        var start = false;
        long? at = null;
        Dictionary<string, int>? levels = null;
        Dictionary<string, long>? lost = null;
        List<GpioEdge>? edges = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            switch (name)
            {
                case "start": start = reader.TokenType == JsonTokenType.True; break;
                case "cause": cause = Text(ref reader, name); break;
                case "levels": levels = Numbers(ref reader, name, 0, 1).ToDictionary(level => level.Key, level => (int)level.Value); break;
                case "at": at = Number(ref reader, name, 0, long.MaxValue); break;
                case "lost": lost = Numbers(ref reader, name, 1, uint.MaxValue); break;
                case "gone": gone = Text(ref reader, name); break;
                case "edges": edges = Edges(ref reader); break;
                default: reader.Skip(); break;
            }
        }
        var kinds = (start ? 1 : 0) + (edges is null ? 0 : 1) + (lost is null ? 0 : 1) + (gone is null ? 0 : 1);
        Expect(kinds == 1, "it must have exactly one of 'start', 'edges', 'lost' and 'gone'");
        if (edges is not null)
            return new GpioNotice.Edges(edges);
        var time = at ?? throw new JsonException("'at' is missing");
        return start ? new GpioNotice.Start(cause ?? "", levels ?? throw new JsonException("'levels' is missing"), time)
            : lost is not null ? new GpioNotice.Lost(lost, time)
            : new GpioNotice.Gone(gone!, time);
    }

    private static List<GpioEdge> Edges(ref Utf8JsonReader reader)
    {
        Expect(reader.TokenType == JsonTokenType.StartArray, "'edges' is no array");
        var edges = new List<GpioEdge>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            Expect(edges.Count < MaxEdges, $"'edges' has more than {MaxEdges} elements");
            edges.Add(Edge(ref reader));
        }
        Expect(edges.Count > 0, "'edges' is empty");
        return edges;
    }

    private static GpioEdge Edge(ref Utf8JsonReader reader)
    {
        Expect(reader.TokenType == JsonTokenType.StartObject, "an edge is no object");
        string? line = null;
        long? level = null, time = null, sequence = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            switch (name)
            {
                case "line": line = Role(Text(ref reader, name)); break;
                case "level": level = Number(ref reader, name, 0, 1); break;
                case "t": time = Number(ref reader, name, 0, long.MaxValue); break;
                case "seq": sequence = Number(ref reader, name, 0, uint.MaxValue); break;
                default: reader.Skip(); break;
            }
        }
        return line is not null && level is { } l && time is { } t && sequence is { } s
            ? new GpioEdge(line, (int)l, t, s)
            : throw new JsonException("an edge lacks 'line', 'level', 't' or 'seq'");
    }

    private static Dictionary<string, long> Numbers(ref Utf8JsonReader reader, string name, long lowest, long highest)
    {
        Expect(reader.TokenType == JsonTokenType.StartObject, $"'{name}' is no object");
        var numbers = new Dictionary<string, long>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var role = Role(reader.GetString()!);
            reader.Read();
            numbers[role] = Number(ref reader, name, lowest, highest);
        }
        Expect(numbers.Count > 0, $"'{name}' is empty");
        return numbers;
    }

    private static long Number(ref Utf8JsonReader reader, string name, long lowest, long highest) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number) && number >= lowest && number <= highest
            ? number
            : throw new JsonException($"'{name}' is no whole number from {lowest} to {highest}");

    private static string Text(ref Utf8JsonReader reader, string name) =>
        reader.TokenType == JsonTokenType.String ? reader.GetString()! : throw new JsonException($"'{name}' is no text");

    private static string Role(string text) =>
        SiteId.IsValid(text) ? text : throw new JsonException($"a line's role must be {SiteId.Rule}");

    private static void Expect(bool holds, string otherwise)
    {
        if (!holds)
            throw new JsonException(otherwise);
    }
}
