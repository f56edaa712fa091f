using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using SmartDistrict.Edge.Devices;

namespace SmartDistrict.Edge.Drivers.Iio;

/// <summary>
/// Envelopes of sensor chips: topic <c>sensor/{device}</c>, payload UTF-8 JSON: the kernel's attributes as they were
/// read, such as <code>{"chip":"sht3x","read":{"humidity1_input":"45300","temp1_input":"21437"}}</code>
/// </summary>
public static class SensorEnvelope
{
    /// <summary>Attributes in one envelope at most.</summary>
    public const int MaxAttributes = 128;

    /// <summary>The longest text of an attribute; the kernel's numbers are shorter.</summary>
    public const int MaxText = 64;

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The envelope's topic, UTF-8.</summary>
    public static byte[] Topic(string device) => Encoding.UTF8.GetBytes($"sensor/{device}");

    public static byte[] Write(string chip, IEnumerable<KeyValuePair<string, string>> attributes)
    {
        var bytes = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(bytes, Plain))
        {
            json.WriteStartObject();
            json.WriteString("chip"u8, chip);
            json.WriteStartObject("read"u8);
            foreach (var (name, text) in attributes)
                json.WriteString(name, text);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>Reads an envelope's payload; whatever it holds, nothing is thrown. Members it does not know are passed over.</summary>
    /// <param name="attributes">Attribute → text.</param>
    /// <param name="problem">Set exactly when false is returned.</param>
    public static bool TryRead(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out Dictionary<string, string>? attributes, [NotNullWhen(false)] out PayloadProblem? problem)
    {
        problem = null;
        attributes = null;
        try
        {
            var reader = new Utf8JsonReader(payload);
            var read = Read(ref reader);
            while (reader.Read())
            {
            }
            attributes = read;
            return true;
        }
        // InvalidOperationException: a lone surrogate in \u escapes is valid JSON but no text
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            problem = new PayloadProblem($"no attributes of a sensor chip: {e.Message.TrimEnd('.')}",
                "nobody but the gateway should write this topic: compare with the other records of the device");
            return false;
        }
    }

    private static Dictionary<string, string> Read(ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("it is no JSON object");
        Dictionary<string, string>? attributes = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var wanted = reader.ValueTextEquals("read"u8);
            reader.Read();
            if (wanted)
                attributes = Attributes(ref reader);
            else
                reader.Skip();
        }
        return attributes ?? throw new JsonException("'read' is missing");
    }

    private static Dictionary<string, string> Attributes(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("'read' is no object");
        var attributes = new Dictionary<string, string>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            if (reader.TokenType != JsonTokenType.String || reader.ValueSpan.Length > MaxText || name.Length > MaxText || attributes.Count == MaxAttributes)
                throw new JsonException($"'read' must hold at most {MaxAttributes} texts of {MaxText} characters");
            attributes[name] = reader.GetString()!;
        }
        return attributes;
    }
}
