using System.Text.Json;
using System.Text.Json.Serialization;

namespace SmartDistrict.Edge.Journal;

/// <summary>The payload of a <see cref="RecordKind.Gap"/> record, JSON: records of the journal that are not there.</summary>
/// <param name="First">Number of the first of them.</param>
/// <param name="Last">Number of the last of them.</param>
/// <param name="Torn">They were being written when the power failed and were never acknowledged, so nothing is lost.</param>
internal sealed record GapNotice(long First, long Last, bool Torn)
{
    public long Records => Last - First + 1;

    public static byte[] Write(GapNotice notice) => JsonSerializer.SerializeToUtf8Bytes(notice, GapNoticeJson.Default.GapNotice);

    /// <summary>Null where the payload is none; it is only ever written by this program.</summary>
    public static GapNotice? Read(ReadOnlySpan<byte> payload)
    {
        try
        {
            return JsonSerializer.Deserialize(payload, GapNoticeJson.Default.GapNotice) is { } notice && notice.First <= notice.Last ? notice : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(GapNotice))]
internal sealed partial class GapNoticeJson : JsonSerializerContext;
