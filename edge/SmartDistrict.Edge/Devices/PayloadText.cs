using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace SmartDistrict.Edge.Devices;

/// <summary>Pieces of a payload as they are shown in messages, and as keys.</summary>
internal static class PayloadText
{
    private const int Shown = 60;

    /// <summary>A value as written, shortened.</summary>
    public static string Show(ReadOnlySpan<byte> json, in FoundValue value) => value.Type switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => $"the text \"{Shorten(json.Slice(value.Start, value.Length))}\"",
        _ => Shorten(json.Slice(value.Start, value.Length)),
    };

    /// <summary>Text for people: at most 60 characters, control characters replaced.</summary>
    public static string Shorten(ReadOnlySpan<byte> utf8)
    {
        var text = Encoding.UTF8.GetString(utf8.Length <= Shown * 4 ? utf8 : utf8[..(Shown * 4)]);
        var shown = text.Length <= Shown ? text : text[..(Shown - 1)] + "…";
        return string.Create(shown.Length, shown, static (span, from) =>
        {
            for (var i = 0; i < span.Length; i++)
                span[i] = char.IsControl(from[i]) || char.IsSurrogate(from[i]) ? '\uFFFD' : from[i];
        });
    }

    /// <summary>The surroundings of a byte.</summary>
    public static string Around(ReadOnlySpan<byte> json, long at)
    {
        if (at >= json.Length)
            return "the payload ends too early";
        var from = (int)Math.Max(0, at - 12);
        return $"'{Shorten(json[from..Math.Min(json.Length, from + 28)])}'";
    }

    /// <summary>Offset of a JSON error, bytes from the start.</summary>
    public static long Offset(ReadOnlySpan<byte> json, JsonException error)
    {
        long start = 0;
        for (var line = error.LineNumber ?? 0; line > 0; line--)
        {
            var end = json[(int)start..].IndexOf((byte)'\n');
            if (end < 0)
                break;
            start += end + 1;
        }
        return Math.Min(json.Length, start + (error.BytePositionInLine ?? 0));
    }

    /// <summary>Offset of the first byte that is no UTF-8.</summary>
    public static int FirstInvalid(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (Rune.DecodeFromUtf8(bytes[at..], out _, out var used) == OperationStatus.Done)
            at += used;
        return at;
    }

    /// <summary>A text's content; empty where it is longer than <paramref name="buffer"/>.</summary>
    public static ReadOnlySpan<byte> Unescape(scoped ReadOnlySpan<byte> json, FoundValue value, Span<byte> buffer)
    {
        if (value.Length > buffer.Length)
            return default;
        var reader = new Utf8JsonReader(json.Slice(value.Start - 1, value.Length + 2));
        reader.Read();
        try
        {
            return buffer[..reader.CopyString(buffer)];
        }
        catch (InvalidOperationException)
        {
            // a lone surrogate in \u escapes is valid JSON but no text
            return default;
        }
    }

    /// <summary>FNV-1a, 64 bits: the same in every process and version, because it is kept on disk. Never 0.</summary>
    public static ulong Hash(ReadOnlySpan<byte> text)
    {
        var hash = 14695981039346656037UL;
        foreach (var b in text)
            hash = (hash ^ b) * 1099511628211UL;
        return hash == 0 ? 1 : hash;
    }
}
