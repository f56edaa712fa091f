using System.ComponentModel.DataAnnotations;

namespace SmartDistrict.Cloud;

/// <summary>Where the cloud reads footfall from.</summary>
public enum StoreKind
{
    /// <summary>The service takes <c>/api/v2/write</c> itself and keeps the points in SQLite.</summary>
    Embedded,

    /// <summary>An InfluxDB 1.x, 2.x or 3.x that the gateways write to.</summary>
    Influx,
}

/// <summary>The settings of the cloud service, section <c>Cloud</c>. A setting exists only where two sites differ.</summary>
public sealed class CloudOptions
{
    public const string Section = "Cloud";

    /// <summary>The district's YAML file.</summary>
    [Required(ErrorMessage = "Cloud:District is missing: name the district's YAML file, for example firmware-config/districts/demo.yaml")]
    public string District { get; set; } = "";

    /// <summary>Folder of everything this service keeps: points, people and what they decided, the keys that protect cookies.</summary>
    [Required(ErrorMessage = "Cloud:Data is missing: name a folder that this service may write to")]
    public string Data { get; set; } = "";

    public StoreKind Store { get; set; } = StoreKind.Embedded;

    /// <summary>The gateways that may write to the embedded store, each with the hash of its token.</summary>
    public IList<GatewayToken> Gateways { get; } = [];

    /// <summary>Programs that may use the API from the start, each with the hash of its token. People make others in the console.</summary>
    public IList<ApiTokenOptions> ApiTokens { get; } = [];

    /// <summary>Whether whoever has this machine may become an administrator once more, with a new set-up code: where the last one lost the password.</summary>
    public bool SetUpAgain { get; set; }

    /// <summary>A provider of OpenID Connect at which people may sign in; none where left out.</summary>
    public Access.OpenId.OpenIdOptions OpenId { get; set; } = new();

    /// <summary>Folder of the built console; <c>wwwroot</c> beside the program where none is given.</summary>
    public string? Console { get; set; }

    /// <summary>Seconds without a word from a gateway after which its zones are shown as stale.</summary>
    [Range(5, 600)]
    public int StaleAfterSeconds { get; set; } = 30;

    /// <summary>Seconds without a reading after which a device is shown as silent.</summary>
    [Range(10, 86_400)]
    public int SilentAfterSeconds { get; set; } = 300;

    /// <summary>Memory for the recent days that are answered without the store, MB: 2,000 lines take 25 MB a day. At least 2 days are kept, at most 32.</summary>
    [Range(1, 100_000)]
    public int HotMegabytes { get; set; } = 256;

    /// <summary>The map under the zones; none where left out.</summary>
    public Districts.BasemapOptions Basemap { get; set; } = new();

    /// <summary>Days for which late readings may still change a number: the gateways' Fold:LateHorizonDays.</summary>
    [Range(1, 365)]
    public int LateHorizonDays { get; set; } = 7;

    /// <summary>The keys that protect cookies.</summary>
    internal string Keys => Path.Combine(Data, "keys");

    internal string SetUpCodePath => Path.Combine(Data, "set-up-code");

    internal TimeSpan StaleAfter => TimeSpan.FromSeconds(StaleAfterSeconds);

    internal TimeSpan SilentAfter => TimeSpan.FromSeconds(SilentAfterSeconds);
}

/// <summary>Binds a write token to the lines of one gateway.</summary>
public sealed class GatewayToken
{
    /// <summary>The gateway's site id in the district's file.</summary>
    public string Id { get; set; } = "";

    /// <summary>SHA-256 of the token, 64 hexadecimal digits: <c>printf %s TOKEN | sha256sum</c>.</summary>
    public string TokenSha256 { get; set; } = "";
}

/// <summary>A token that a program shows: <c>Authorization: Bearer TOKEN</c>.</summary>
public sealed class ApiTokenOptions
{
    /// <summary>What the audit calls the program.</summary>
    public string Name { get; set; } = "";

    /// <summary>What it may do.</summary>
    public Access.Role Role { get; set; } = Access.Role.Viewer;

    /// <summary>SHA-256 of the token, 64 hexadecimal digits: <c>printf %s TOKEN | sha256sum</c>.</summary>
    public string TokenSha256 { get; set; } = "";
}
