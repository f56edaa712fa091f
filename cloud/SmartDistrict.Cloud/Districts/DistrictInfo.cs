using System.Text.Json.Serialization;

namespace SmartDistrict.Cloud.Districts;

/// <summary>A name in the languages of the console.</summary>
/// <param name="Zh">Chinese.</param>
/// <param name="En">English.</param>
public sealed record LocalizedName(string Zh, string En);

/// <summary>The district that this service watches.</summary>
/// <param name="Id">Site id.</param>
/// <param name="Name">Name.</param>
/// <param name="TimeZone">IANA time zone of its business days.</param>
/// <param name="Coordinates">wgs84 (degrees: longitude, latitude) or local-metres (x to the east, y to the north).</param>
/// <param name="OccupancyReset">Local time, HH:mm, at which occupancy starts from zero and the business day begins.</param>
/// <param name="Store">Where footfall is read from: embedded or influx.</param>
/// <param name="Levels">Storeys that have names.</param>
/// <param name="Lockers">How many lockers stand here.</param>
/// <param name="Kiosks">How many kiosks stand here.</param>
/// <param name="Carts">How many carts drive here.</param>
/// <param name="Basemap">The map under the zones; null where none is configured.</param>
public sealed record DistrictInfo(
    string Id, LocalizedName Name, string TimeZone, string Coordinates, string OccupancyReset, string Store, IReadOnlyList<LevelInfo> Levels,
    int Lockers, int Kiosks, int Carts, BasemapInfo? Basemap);

/// <summary>A storey that has a name.</summary>
/// <param name="Level">Its number; 0 is the street.</param>
/// <param name="Name">Name.</param>
public sealed record LevelInfo(int Level, LocalizedName Name);

/// <summary>GeoJSON (RFC 7946). In a district of local-metres the positions are metres, which the RFC allows by prior arrangement.</summary>
/// <param name="Features">The features, in the order of the district's file.</param>
public sealed record ZoneCollection(IReadOnlyList<ZoneFeature> Features)
{
    /// <summary>Always FeatureCollection.</summary>
    [JsonPropertyOrder(-1)]
    public string Type { get; } = "FeatureCollection";
}

/// <summary>A zone.</summary>
/// <param name="Id">Zone id.</param>
/// <param name="Geometry">Its outline, or the middle line of a segment of a street.</param>
/// <param name="Properties">What is known of it.</param>
public sealed record ZoneFeature(string Id, ZoneGeometry Geometry, ZoneProperties Properties)
{
    /// <summary>Always Feature.</summary>
    [JsonPropertyOrder(-1)]
    public string Type { get; } = "Feature";
}

/// <summary>What is known of a zone.</summary>
/// <param name="Name">Name.</param>
/// <param name="Kind">street, plaza, shop, hall, entrance or storey.</param>
/// <param name="Level">Storey; 0 is the street.</param>
/// <param name="AreaSquareMetres">Floor that people can stand on; absent where nobody measured it.</param>
/// <param name="Capacity">People allowed in at once; absent where there is no limit.</param>
/// <param name="WidthMetres">How wide a segment of a street is drawn; absent for an outline.</param>
public sealed record ZoneProperties(
    LocalizedName Name, string Kind, int Level,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? AreaSquareMetres = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Capacity = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? WidthMetres = null);

/// <summary>Where a zone lies.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(ZoneOutline), "Polygon")]
[JsonDerivedType(typeof(StreetSegment), "LineString")]
public abstract record ZoneGeometry;

/// <summary>The outline of a zone.</summary>
/// <param name="Coordinates">One closed ring of positions.</param>
public sealed record ZoneOutline(IReadOnlyList<IReadOnlyList<IReadOnlyList<double>>> Coordinates) : ZoneGeometry;

/// <summary>The middle line of a segment of a street.</summary>
/// <param name="Coordinates">Positions along it.</param>
public sealed record StreetSegment(IReadOnlyList<IReadOnlyList<double>> Coordinates) : ZoneGeometry;

/// <summary>GeoJSON (RFC 7946) of counting lines.</summary>
/// <param name="Features">The features, in the order of the district's file.</param>
public sealed record LineCollection(IReadOnlyList<LineFeature> Features)
{
    /// <summary>Always FeatureCollection.</summary>
    [JsonPropertyOrder(-1)]
    public string Type { get; } = "FeatureCollection";
}

/// <summary>A counting line.</summary>
/// <param name="Id">Line id.</param>
/// <param name="Geometry">Where it lies.</param>
/// <param name="Properties">What is known of it.</param>
public sealed record LineFeature(string Id, LineGeometry Geometry, LineProperties Properties)
{
    /// <summary>Always Feature.</summary>
    [JsonPropertyOrder(-1)]
    public string Type { get; } = "Feature";
}

/// <summary>Where a line lies.</summary>
/// <param name="Coordinates">Two positions.</param>
public sealed record LineGeometry(IReadOnlyList<IReadOnlyList<double>> Coordinates)
{
    /// <summary>Always LineString.</summary>
    [JsonPropertyOrder(-1)]
    public string Type { get; } = "LineString";
}

/// <summary>What is known of a counting line.</summary>
/// <param name="Name">Name.</param>
/// <param name="Device">The device that counts it; null where none does yet.</param>
/// <param name="Gateway">The gateway that owns it; null where none does yet.</param>
/// <param name="Joins">Which zones it joins, since when.</param>
/// <param name="Calibration">
/// What numbers, reports and exports multiply its counts by, since when. Live numbers, heatmaps and flows are as counted.
/// </param>
public sealed record LineProperties(LocalizedName Name, string? Device, string? Gateway, IReadOnlyList<JoinInfo> Joins, IReadOnlyList<CalibrationInfo> Calibration);

/// <summary>From an instant on, what a line counted is multiplied by, until a later one.</summary>
/// <param name="Since">ISO 8601.</param>
/// <param name="Entries">Factor of the line's "in" direction.</param>
/// <param name="Exits">Factor of its "out" direction.</param>
public sealed record CalibrationInfo(DateTimeOffset Since, double Entries, double Exits);

/// <summary>From an instant on, an entry is a person going from one zone to another.</summary>
/// <param name="Since">ISO 8601.</param>
/// <param name="From">Zone id, or "outside".</param>
/// <param name="To">Zone id, or "outside".</param>
public sealed record JoinInfo(DateTimeOffset Since, string From, string To);
