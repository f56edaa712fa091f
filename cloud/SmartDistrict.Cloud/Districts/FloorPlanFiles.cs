using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using System.Xml;
using Microsoft.Extensions.Options;
using SmartDistrict.Cloud.Problems;
using SmartDistrict.Configuration;

namespace SmartDistrict.Cloud.Districts;

/// <summary>A floor plan's file, read and found sound, or why it is not.</summary>
/// <param name="ContentType">By its content, whatever its name says.</param>
/// <param name="Tag">Hash of the content.</param>
/// <param name="Problem">Why it cannot be shown; null where it can.</param>
internal sealed record FloorPlanFile(string? ContentType, string Tag, PlanProblem? Problem);

/// <summary>
/// The floor plans' files beside the district's. A file may be exchanged while the service runs; it is looked at again when its
/// size or its time has changed. What is wrong with one is told with the plan, and stops nothing else.
/// </summary>
internal sealed class FloorPlanFiles(IOptions<CloudOptions> options)
{
    public const int MostBytes = 20 * 1024 * 1024;

    private readonly string folder = Path.GetDirectoryName(Path.GetFullPath(options.Value.District))!;
    private readonly ConcurrentDictionary<string, (DateTime Written, long Length, FloorPlanFile File)> looked = new();

    public string PathOf(FloorPlan plan) => Path.Combine(folder, plan.File);

    /// <summary>Looks at a plan's file.</summary>
    public FloorPlanFile Look(FloorPlan plan)
    {
        var file = new FileInfo(PathOf(plan));
        if (!file.Exists)
            return Refused("plan-missing", $"There is no file {plan.File} beside the district's file: put it there, or mend 'file' of plan '{plan.Id}'");
        if (looked.TryGetValue(plan.Id, out var known) && known.Written == file.LastWriteTimeUtc && known.Length == file.Length)
            return known.File;
        var read = Read(plan, file);
        looked[plan.Id] = (file.LastWriteTimeUtc, file.Length, read);
        return read;
    }

    private static FloorPlanFile Read(FloorPlan plan, FileInfo file)
    {
        if (file.Length > MostBytes)
            return Refused("plan-too-large", $"{plan.File} has {file.Length / 1024 / 1024} MB, at most {MostBytes / 1024 / 1024} MB are shown: save it smaller (fewer pixels, or WebP)");
        try
        {
            var bytes = File.ReadAllBytes(file.FullName);
            var type = TypeOf(bytes);
            if (type is null)
                return Refused("plan-no-image", $"{plan.File} is neither PNG, JPEG, WebP, SVG nor GeoJSON, whatever its name says: export it anew");
            if ((type == GeoJson) != (plan.Width is null))
                return Refused("plan-no-image", $"{plan.File} holds {type}, which its name denies: give it the right ending, and 'width_m' if it is a picture");
            return new(type, Convert.ToHexStringLower(SHA256.HashData(bytes)[..16]), null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Refused("plan-missing", $"{plan.File} cannot be read ({e.Message}): check its rights");
        }
    }

    private const string GeoJson = "application/geo+json";

    private static string? TypeOf(ReadOnlyMemory<byte> bytes)
    {
        var start = bytes.Span;
        if (start.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10]))
            return "image/png";
        if (start.StartsWith((ReadOnlySpan<byte>)[0xff, 0xd8, 0xff]))
            return "image/jpeg";
        if (start.Length > 12 && start.StartsWith("RIFF"u8) && start[8..12].SequenceEqual("WEBP"u8))
            return "image/webp";
        return IsSvg(bytes) ? "image/svg+xml" : IsGeoJson(bytes) ? GeoJson : null;
    }

    private static bool IsSvg(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(bytes.ToArray()), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null });
            return reader.MoveToContent() == XmlNodeType.Element && reader is { LocalName: "svg", NamespaceURI: "http://www.w3.org/2000/svg" };
        }
        catch (XmlException)
        {
            return false;
        }
    }

    private static bool IsGeoJson(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String && type.GetString() == "FeatureCollection"
                && root.TryGetProperty("features", out var features) && features.ValueKind == JsonValueKind.Array;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static FloorPlanFile Refused(string code, string detail) => new(null, "", new(code, detail));
}
