using System.Text.Json.Serialization;

namespace SmartDistrict.Cloud.Districts;

/// <summary>What lies under the zones, section <c>Cloud:Basemap</c>. Without it the map needs no server but this one.</summary>
public sealed class BasemapOptions
{
    /// <summary>Address of raster tiles with {z}, {x} and {y}: <c>https://tiles.example/{z}/{x}/{y}.png</c>.</summary>
    public string? Tiles { get; set; }

    /// <summary>A PMTiles archive of raster tiles: an address, or a file of this machine, which the service then serves itself.</summary>
    public string? PmTiles { get; set; }

    /// <summary>Whose map it is, as its licence wants it shown.</summary>
    public string? Attribution { get; set; }

    /// <summary>The closest zoom level that the tiles have.</summary>
    [System.ComponentModel.DataAnnotations.Range(0, 24)]
    public int MaxZoom { get; set; } = 19;
}

/// <summary>How the map is tiled.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<BasemapKind>))]
public enum BasemapKind
{
    /// <summary>Raster tiles at an address with {z}, {x}, {y}.</summary>
    [JsonStringEnumMemberName("xyz")]
    Xyz,

    /// <summary>One PMTiles archive, read by ranges.</summary>
    [JsonStringEnumMemberName("pmtiles")]
    PmTiles,
}

/// <summary>The map under the zones.</summary>
/// <param name="Kind">How it is tiled.</param>
/// <param name="Url">Where it is fetched from.</param>
/// <param name="Attribution">Whose map it is; empty where nothing needs to be said.</param>
/// <param name="MaxZoom">The closest zoom level that it has.</param>
public sealed record BasemapInfo(BasemapKind Kind, string Url, string Attribution, int MaxZoom);

/// <summary>The configured basemap, and the one origin beyond our own that it is fetched from.</summary>
/// <param name="Info">Null where none is configured.</param>
/// <param name="Origin">For the content security policy; null where it is our own.</param>
/// <param name="File">The archive that this service serves; null where another does.</param>
internal sealed record Basemap(BasemapInfo? Info, string? Origin, string? File)
{
    public const string FileUrl = "/api/v1/basemap";

    /// <summary>Would end the address's directive in the content security policy, or is a placeholder that nobody fills.</summary>
    private static readonly System.Buffers.SearchValues<char> NotInAnAddress = System.Buffers.SearchValues.Create("{} ;,'\"");

    /// <summary>Reads the settings.</summary>
    /// <exception cref="StartException">They name no map; the message says how to mend it.</exception>
    public static Basemap Read(BasemapOptions options)
    {
        if (options is { Tiles.Length: > 0, PmTiles.Length: > 0 })
            throw new StartException("Cloud:Basemap has Tiles and PmTiles: keep one");
        if (options.Tiles is { Length: > 0 } tiles)
            return new(Info(BasemapKind.Xyz, tiles), OriginOf(tiles, "Cloud:Basemap:Tiles"), null);
        if (options.PmTiles is not { Length: > 0 } archive)
            return new(null, null, null);
        if (archive.Contains("://", StringComparison.Ordinal))
            return new(Info(BasemapKind.PmTiles, archive), OriginOf(archive, "Cloud:Basemap:PmTiles"), null);
        if (!System.IO.File.Exists(archive))
            throw new StartException($"Cloud:Basemap:PmTiles names {archive}, and there is no such file");
        return new(Info(BasemapKind.PmTiles, FileUrl), null, Path.GetFullPath(archive));

        BasemapInfo Info(BasemapKind kind, string url) => new(kind, url, options.Attribution ?? "", options.MaxZoom);
    }

    private static string OriginOf(string url, string setting)
    {
        var tiled = setting == "Cloud:Basemap:Tiles";
        var plain = url.Replace("{z}", "0", StringComparison.Ordinal).Replace("{x}", "0", StringComparison.Ordinal).Replace("{y}", "0", StringComparison.Ordinal);
        if (!Uri.TryCreate(plain, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || plain.AsSpan().IndexOfAny(NotInAnAddress) >= 0)
            throw new StartException($"{setting} is {url}, which is no address: write it as in https://tiles.example/{(tiled ? "{z}/{x}/{y}.png" : "district.pmtiles")}");
        if (tiled && !(url.Contains("{z}", StringComparison.Ordinal) && url.Contains("{x}", StringComparison.Ordinal) && url.Contains("{y}", StringComparison.Ordinal)))
            throw new StartException($"{setting} is {url}, without {{z}}, {{x}} and {{y}}: write it as in https://tiles.example/{{z}}/{{x}}/{{y}}.png");
        return uri.GetLeftPart(UriPartial.Authority);
    }
}
