namespace SmartDistrict.Configuration;

/// <summary>A name in the languages of the console.</summary>
public sealed record LocalName(string Zh, string En);

/// <summary>How coordinates are to be read.</summary>
public enum CoordinateSystem
{
    /// <summary>Longitude, latitude in degrees (EPSG:4326).</summary>
    Wgs84,

    /// <summary>x (east), y (north) in metres on a plan of the site's own.</summary>
    LocalMetres,
}

/// <summary>A position: longitude and latitude, or x and y in metres.</summary>
public readonly record struct Position(double X, double Y);

/// <summary>What stands where in one district: the content of <c>firmware-config/districts/*.yaml</c>.</summary>
/// <param name="Id">Site id.</param>
/// <param name="TimeZone">IANA zone of the business day.</param>
/// <param name="OccupancyReset">Local time at which the district is emptiest: occupancy starts from zero there.</param>
public sealed record District(
    string Id, LocalName Name, TimeZoneInfo TimeZone, TimeOnly OccupancyReset, CoordinateSystem Coordinates,
    IReadOnlyList<Gateway> Gateways, IReadOnlyList<Zone> Zones, IReadOnlyList<CountingLine> Lines, IReadOnlyList<DeviceEntry> Devices)
{
    /// <summary>The zone id of everything beyond the district; may stand on one side of a line, is never drawn.</summary>
    public const string Outside = "outside";

    /// <summary>Levels that have names of their own; a zone may stand on others, too.</summary>
    public IReadOnlyList<Level> Levels { get; init; } = [];

    /// <summary>Drawings of the place, to be seen with the zones of their level.</summary>
    public IReadOnlyList<FloorPlan> Plans { get; init; } = [];

    /// <summary>Lockers, each where it stands.</summary>
    public IReadOnlyList<LockerEntry> Lockers { get; init; } = [];

    /// <summary>Kiosks, each where it stands.</summary>
    public IReadOnlyList<KioskEntry> Kiosks { get; init; } = [];

    /// <summary>Carts that drive here.</summary>
    public IReadOnlyList<CartEntry> Carts { get; init; } = [];

    /// <summary>How the district's numbers are defined and shown.</summary>
    public NumbersRules Numbers { get; init; } = NumbersRules.Usual;

    /// <summary>When alarms come and go, where not as usual; the cloud's alone.</summary>
    public IReadOnlyList<AlarmRule> Alarms { get; init; } = [];

    /// <summary>Days that are not like others of their weekday.</summary>
    public IReadOnlyList<CalendarDays> Calendar { get; init; } = [];
}

/// <summary>What makes days unlike others of their weekday.</summary>
public enum DayKind
{
    /// <summary>A public holiday.</summary>
    Holiday,

    /// <summary>A day of a weekend that is worked, as China's holidays have them.</summary>
    Workday,

    /// <summary>Something happens in the district: a concert, a sale.</summary>
    Event,
}

/// <param name="To">The last of the days, inclusive; dates of the district's own time.</param>
public sealed record CalendarDays(DateOnly From, DateOnly To, DayKind Kind, LocalName Name);

/// <param name="Id">Site id; also the identity its write token is bound to.</param>
public sealed record Gateway(string Id, LocalName Name);

/// <param name="Kind">street, plaza, shop, hall, entrance or storey.</param>
/// <param name="Level">Storey; 0 is the street.</param>
/// <param name="AreaSquareMetres">Floor that people can stand on; null where nobody measured it.</param>
/// <param name="Polygon">Outer ring, not closed, at least 3 positions; empty for a segment of a street.</param>
public sealed record Zone(
    string Id, LocalName Name, string Kind, int Level, double? AreaSquareMetres, int? Capacity, IReadOnlyList<Position> Polygon)
{
    /// <summary>The middle line of a segment of a street, at least 2 positions; null for a zone with an outline.</summary>
    public IReadOnlyList<Position>? Segment { get; init; }

    /// <summary>How wide that street is drawn, m.</summary>
    public double SegmentWidth { get; init; } = 8;
}

/// <param name="Number">0 is the street.</param>
public sealed record Level(int Number, LocalName Name);

/// <summary>A drawing of one level of the place: a picture, or GeoJSON in metres.</summary>
/// <param name="File">Path of its file, below the folder of the district's file.</param>
/// <param name="At">Where the picture's lower left corner, or the GeoJSON's origin, lies.</param>
/// <param name="Rotation">Degrees by which the drawing is turned, counter-clockwise.</param>
/// <param name="Width">Width of the picture on the ground, m; null for GeoJSON, which is in metres itself.</param>
public sealed record FloorPlan(string Id, LocalName Name, int Level, string File, Position At, double Rotation, double? Width);

/// <summary>A counting line. Its place and its zones are dated: it may move, the history does not.</summary>
public sealed record CountingLine(string Id, LocalName Name, Position Start, Position End, IReadOnlyList<LineJoin> Joins)
{
    /// <summary>What its counts are multiplied by, in the order of the dates; empty where nobody has counted beside it.</summary>
    public IReadOnlyList<LineFactor> Calibration { get; init; } = [];

    /// <summary>The zones that the line joined at an instant; null before its first date.</summary>
    public LineJoin? JoinAt(DateTimeOffset instant) => Joins.LastOrDefault(join => join.Since <= instant);
}

/// <summary>From <paramref name="Since"/> on, entries and exits are multiplied by these, until a later one.</summary>
public sealed record LineFactor(DateTimeOffset Since, double Entries, double Exits)
{
    /// <summary>A device that is farther off counts something else: it is to be mounted anew, not corrected.</summary>
    public const double Least = 0.5, Most = 2;
}

/// <summary>From <paramref name="Since"/> on, an entry is a person going from <paramref name="From"/> to <paramref name="To"/>.</summary>
public sealed record LineJoin(DateTimeOffset Since, string From, string To);

/// <param name="Gateway">The one gateway that owns the device's lines.</param>
/// <param name="Profile">Name of the device profile.</param>
/// <param name="Address">What the profile's topic calls the device (a serial number, an EUI); the id where none is given.</param>
/// <param name="Lines">Channel of the device → line id. A device with a single line has the channel "1".</param>
/// <param name="Reversed">The sensor looks the other way: its "in" is the line's "out".</param>
/// <param name="TimeZone">Zone of device clocks that state none; the district's where none is given.</param>
public sealed record DeviceEntry(
    string Id, string Gateway, string Profile, string Address, IReadOnlyDictionary<string, string> Lines, bool Reversed, TimeZoneInfo TimeZone)
{
    /// <summary>
    /// Channel → line id, for channels that count only the line's exits: a camera with one scenario per direction has
    /// the one in <see cref="Lines"/> and the other here. A line may stand in both.
    /// </summary>
    public IReadOnlyDictionary<string, string> ExitLines { get; init; } = System.Collections.ObjectModel.ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Time between two reports as set on this device; null: as its profile says.</summary>
    public TimeSpan? Period { get; init; }

    /// <summary>Two light beams on the gateway's own GPIO; null for a device that publishes its counts.</summary>
    public DualBeamEntry? Beams { get; init; }

    /// <summary>A sensor chip that the gateway itself reads; null for a device that counts people.</summary>
    public SensorEntry? Sensor { get; init; }
}
