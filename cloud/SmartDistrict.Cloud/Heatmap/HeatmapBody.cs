using System.Buffers;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Cloud.Hot;

namespace SmartDistrict.Cloud.Heatmap;

/// <summary>A heatmap as it goes over the wire: written once, packed once, sent to whoever asks.</summary>
internal sealed class HeatmapBody
{
    /// <summary>Brotli's quickest that looks for repetitions.</summary>
    private const int BrotliQuality = 1;

    private const int BrotliWindow = 22;

    private const int LongestRun = 12;

    private static readonly byte[] Letters = "crpmsn"u8.ToArray();

    private readonly Lazy<ReadOnlyMemory<byte>> brotli;
    private readonly Lazy<ReadOnlyMemory<byte>> gzip;

    private HeatmapBody(ReadOnlyMemory<byte> json)
    {
        Json = json;
        Tag = Convert.ToHexStringLower(SHA256.HashData(json.Span).AsSpan(0, 16));
        brotli = new(() => Brotli(json.Span));
        gzip = new(() => Gzip(json.Span));
    }

    public ReadOnlyMemory<byte> Json { get; }

    /// <summary>Another one for other content.</summary>
    public string Tag { get; }

    /// <summary>Memory that it takes.</summary>
    public long Bytes => Json.Length + (brotli.IsValueCreated ? brotli.Value.Length : 0) + (gzip.IsValueCreated ? gzip.Value.Length : 0);

    public ReadOnlyMemory<byte> PackedByBrotli => brotli.Value;

    public ReadOnlyMemory<byte> PackedByGzip => gzip.Value;

    /// <summary>Writes a heatmap as <see cref="HeatmapAnswer"/> describes it.</summary>
    public static HeatmapBody Of(HeatmapRequest request, HeatmapFigures figures, Topology topology, StaleStore? stale)
    {
        var zones = topology.District.Zones;
        var bytes = new ArrayBufferWriter<byte>(1024 + (figures.Zones.Count * (figures.Starts.Count + 16) * 4));
        using var json = new Utf8JsonWriter(bytes, new() { SkipValidation = true });
        json.WriteStartObject();
        json.WriteString("measure"u8, request.Measure.Name());
        json.WriteString("bucket"u8, request.Bucket);
        json.WriteNumber("from"u8, request.Span.From);
        json.WriteNumber("to"u8, request.Span.To);
        json.WriteStartArray("starts"u8);
        foreach (var start in figures.Starts)
            json.WriteNumberValue(start);
        json.WriteEndArray();
        json.WriteStartArray("zones"u8);
        foreach (var zone in figures.Zones)
            json.WriteStringValue(zones[zone].Id);
        json.WriteEndArray();
        json.WriteStartArray("values"u8);
        for (var row = 0; row < figures.Zones.Count; row++)
            WriteValues(json, figures.Values(row), figures.Trust(row));
        json.WriteEndArray();
        json.WriteStartArray("status"u8);
        for (var row = 0; row < figures.Zones.Count; row++)
            WriteRuns(json, figures.Trust(row));
        json.WriteEndArray();
        json.WritePropertyName("stale"u8);
        JsonSerializer.Serialize(json, stale, JsonSerializerOptions.Web);
        json.WriteEndObject();
        json.Flush();
        return new(bytes.WrittenMemory);
    }

    private static void WriteValues(Utf8JsonWriter json, ReadOnlySpan<long> values, ReadOnlySpan<Trust> trust)
    {
        json.WriteStartArray();
        for (var i = 0; i < values.Length; i++)
            if (trust[i] == Trust.None)
                json.WriteNullValue();
            else
                json.WriteNumberValue(values[i]);
        json.WriteEndArray();
    }

    private static void WriteRuns(Utf8JsonWriter json, ReadOnlySpan<Trust> trust)
    {
        Span<byte> text = trust.Length <= 128 ? stackalloc byte[trust.Length * LongestRun] : new byte[trust.Length * LongestRun];
        json.WriteStringValue(text[..Runs(trust, text)]);
    }

    /// <summary>What numbers are worth, as <see cref="HeatmapAnswer.Status"/> has it.</summary>
    public static string Runs(ReadOnlySpan<Trust> trust)
    {
        var text = new byte[trust.Length * LongestRun];
        return Encoding.ASCII.GetString(text.AsSpan(0, Runs(trust, text)));
    }

    private static int Runs(ReadOnlySpan<Trust> trust, Span<byte> text)
    {
        var length = 0;
        for (var i = 0; i < trust.Length;)
        {
            var next = trust[i..].IndexOfAnyExcept(trust[i]);
            var run = next < 0 ? trust.Length - i : next;
            text[length++] = Letters[(int)trust[i]];
            run.TryFormat(text[length..], out var digits, provider: CultureInfo.InvariantCulture);
            length += digits;
            i += run;
        }
        return length;
    }

    private static ReadOnlyMemory<byte> Brotli(ReadOnlySpan<byte> json)
    {
        var packed = new byte[BrotliEncoder.GetMaxCompressedLength(json.Length)];
        return BrotliEncoder.TryCompress(json, packed, out var length, BrotliQuality, BrotliWindow)
            ? packed.AsMemory(0, length)
            : throw new InvalidOperationException("brotli needs more than its own limit");
    }

    private static ReadOnlyMemory<byte> Gzip(ReadOnlySpan<byte> json)
    {
        var packed = new MemoryStream(json.Length / 2);
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(json);
        return packed.GetBuffer().AsMemory(0, (int)packed.Length);
    }
}
