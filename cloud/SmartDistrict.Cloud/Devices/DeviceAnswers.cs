using System.Text.Json.Serialization;
using SmartDistrict.Cloud.Districts;
using SmartDistrict.Cloud.Footfall;

namespace SmartDistrict.Cloud.Devices;

/// <summary>Whether a device or gateway is heard.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DeviceState>))]
public enum DeviceState
{
    /// <summary>Heard lately.</summary>
    [JsonStringEnumMemberName("live")]
    Live,

    /// <summary>Not heard for longer than it should take.</summary>
    [JsonStringEnumMemberName("silent")]
    Silent,

    /// <summary>Never heard.</summary>
    [JsonStringEnumMemberName("unknown")]
    Unknown,
}

/// <summary>What a device is there for.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DeviceKind>))]
public enum DeviceKind
{
    /// <summary>Counts people and publishes its counts.</summary>
    [JsonStringEnumMemberName("counter")]
    Counter,

    /// <summary>Two light beams on the gateway's own GPIO.</summary>
    [JsonStringEnumMemberName("beams")]
    Beams,

    /// <summary>A sensor chip on the gateway's own buses, which measures its surroundings.</summary>
    [JsonStringEnumMemberName("environment")]
    Environment,
}

/// <summary>A sensor.</summary>
/// <param name="Id">Device id.</param>
/// <param name="Gateway">The gateway that reads it.</param>
/// <param name="Profile">Its device profile.</param>
/// <param name="Lines">The counting lines that it watches.</param>
/// <param name="LastSeen">Receive time of its last reading, ms since the Unix epoch; null where it was never heard.</param>
/// <param name="SilentSeconds">Seconds since then.</param>
/// <param name="State">Whether it is heard.</param>
public sealed record DeviceInfo(
    string Id, string Gateway, string Profile, IReadOnlyList<string> Lines, long? LastSeen, long? SilentSeconds, DeviceState State);

/// <summary>
/// What became of readings, as the gateway's ledger has it: expected − received are missing, received − forwarded stand in no window
/// yet, forwarded − acknowledged − rejected − dropped wait for the store.
/// </summary>
/// <param name="From">First quarter hour, s since the Unix epoch.</param>
/// <param name="To">Exclusive, s since the Unix epoch.</param>
/// <param name="Quarters">Quarter hours that were told.</param>
/// <param name="QuartersDue">Quarter hours of the span: of those not told nothing is known.</param>
/// <param name="Expected">Readings that should have come; null where neither sequence numbers nor a period say so.</param>
/// <param name="Received">Readings that came, duplicates not counted.</param>
/// <param name="Refused">Messages or readings that went to the dead letters.</param>
/// <param name="Forwarded">Readings that stand in a window which was put into the outbox.</param>
/// <param name="Acknowledged">Of those: that the store is known to have.</param>
/// <param name="Rejected">Of those: that the store refused.</param>
/// <param name="Dropped">Of those: given up because the outbox was full.</param>
/// <param name="Status">complete: every quarter was told and nothing is missing; provisional: some wait; partial; none: nothing was told.</param>
public sealed record CompletenessInfo(
    long From, long To, int Quarters, int QuartersDue, long? Expected, long Received, long Refused, long Forwarded, long Acknowledged, long Rejected, long Dropped,
    Trust Status);

/// <summary>A counting line of a device.</summary>
/// <param name="Id">Line id.</param>
/// <param name="Name">Its name.</param>
public sealed record DeviceLine(string Id, LocalizedName Name);

/// <summary>How a device stands.</summary>
/// <param name="Id">Device id.</param>
/// <param name="Kind">What it is there for.</param>
/// <param name="Gateway">The gateway that reads it.</param>
/// <param name="Profile">Its device profile.</param>
/// <param name="Lines">The counting lines that it watches.</param>
/// <param name="LastSeen">Receive time of its last reading, ms since the Unix epoch; null where it was never heard.</param>
/// <param name="SilentSeconds">Seconds since then.</param>
/// <param name="State">Whether it is heard.</param>
/// <param name="Sensor">What its counts or beams betray (docs/measurements.md): ok, blind, stuck …; null where its gateway has not said.</param>
/// <param name="Tells">What of itself its model tells, battery or firmware; what is not here does not apply to it. Null where its gateway has not said.</param>
/// <param name="Battery">Null where the model does not tell, or the device has not told yet.</param>
/// <param name="Firmware">Null where the model does not tell, or the device has not told yet.</param>
/// <param name="Completeness">What became of its readings in the last 24 hours; null for a device that counts nobody.</param>
public sealed record DeviceStatus(
    string Id, DeviceKind Kind, string Gateway, string Profile, IReadOnlyList<DeviceLine> Lines, long? LastSeen, long? SilentSeconds, DeviceState State,
    string? Sensor, IReadOnlyList<string>? Tells, BatteryStatus? Battery, FirmwareStatus? Firmware, CompletenessInfo? Completeness);

/// <summary>Devices of a gateway, in the order of the district's file.</summary>
/// <param name="Devices">The devices.</param>
/// <param name="Total">How many the gateway has.</param>
/// <param name="Next">Ask for the next page with after= this; null where this is the last one.</param>
public sealed record DevicePage(IReadOnlyList<DeviceStatus> Devices, int Total, string? Next);

/// <summary>How many of a gateway's devices are in which state.</summary>
/// <param name="All">All devices.</param>
/// <param name="Live">Heard lately.</param>
/// <param name="Silent">Not heard for longer than it should take.</param>
/// <param name="Unknown">Never heard.</param>
/// <param name="Doubtful">Heard, but their counts or beams betray a fault.</param>
/// <param name="LowBattery">With a low battery, heard or not.</param>
public sealed record DeviceCounts(int All, int Live, int Silent, int Unknown, int Doubtful, int LowBattery);

/// <summary>What a gateway said of itself last (gateway_health): each figure is null where it has not said.</summary>
/// <param name="At">When it said so, ms since the Unix epoch.</param>
/// <param name="Clock">synchronised, holdover, unsynchronised or unknown.</param>
/// <param name="UptimeSeconds">s since its process started.</param>
/// <param name="Backlog">Points that waited for the store.</param>
/// <param name="RunwaySeconds">s until something must be dropped while the store is away.</param>
/// <param name="DiskFree">Bytes free on its disk.</param>
/// <param name="Resident">Resident set, bytes.</param>
/// <param name="Cpu">% of a core.</param>
/// <param name="Temperature">Hottest thermal zone, °C.</param>
/// <param name="Throttled">Why its processor is slowed down; empty where it is not.</param>
/// <param name="Lost">Records that its journal could not give back, since enrolment.</param>
/// <param name="Dropped">Points given up, since enrolment.</param>
/// <param name="Refused">Dead letters, since enrolment.</param>
/// <param name="Generation">Its enrolment.</param>
/// <param name="Firmware">Version of its software.</param>
public sealed record GatewayVitals(
    long At, string? Clock, long? UptimeSeconds, long? Backlog, long? RunwaySeconds, long? DiskFree, long? Resident, double? Cpu, double? Temperature,
    string? Throttled, long? Lost, long? Dropped, long? Refused, long? Generation, string? Firmware);

/// <summary>How a gateway stands.</summary>
/// <param name="Id">Gateway id.</param>
/// <param name="Name">Its name.</param>
/// <param name="State">Whether it is heard.</param>
/// <param name="LastSeen">When anything was last heard of it or its devices, ms since the Unix epoch.</param>
/// <param name="Devices">Its devices by state.</param>
/// <param name="Vitals">What it said of itself last; null where it has not within 30 days.</param>
/// <param name="Completeness">What became of its devices' readings in the last 24 hours.</param>
/// <param name="Source">What the district's file says of it.</param>
public sealed record GatewayStatus(
    string Id, LocalizedName Name, DeviceState State, long? LastSeen, DeviceCounts Devices, GatewayVitals? Vitals, CompletenessInfo Completeness, SourceText? Source);

/// <summary>A stretch of a configuration file, as it was when this service started.</summary>
/// <param name="Of">What it configures: gateway, device, line or profile.</param>
/// <param name="Id">The id of that.</param>
/// <param name="File">Name of the file.</param>
/// <param name="Line">Number of its first line.</param>
/// <param name="Text">YAML.</param>
public sealed record SourceText(string Of, string Id, string File, int Line, string Text);

/// <summary>A setting that holds for a device.</summary>
/// <param name="Key">Its key in the district's file; of a nested one with its parents: gpio.chip.</param>
/// <param name="Value">Its value.</param>
/// <param name="Given">It stands in the file; false: as usual.</param>
public sealed record DeviceSetting(string Key, string Value, bool Given);

/// <summary>What a sensor chip measured.</summary>
/// <param name="Quantity">Quantity and unit: temperature_celsius, humidity_percent …</param>
/// <param name="Value">Its value.</param>
public sealed record AmbientValue(string Quantity, double Value);

/// <summary>The newest reading of a sensor chip.</summary>
/// <param name="At">ms since the Unix epoch.</param>
/// <param name="Values">What it measured.</param>
public sealed record AmbientReading(long At, IReadOnlyList<AmbientValue> Values);

/// <summary>A device, with what configures it.</summary>
/// <param name="Device">How it stands.</param>
/// <param name="Settings">What holds for it.</param>
/// <param name="Sources">The YAML that says so: of the device, its lines, and its profile where that lies beside the district's file.</param>
/// <param name="Ambient">The newest reading of a sensor chip; null for another device, and where there is none.</param>
public sealed record DeviceDetail(DeviceStatus Device, IReadOnlyList<DeviceSetting> Settings, IReadOnlyList<SourceText> Sources, AmbientReading? Ambient);

/// <summary>What became of a device's readings, by quarter hour; null where the gateway has told nothing of one.</summary>
/// <param name="Total">All of them together.</param>
/// <param name="Starts">Start of each quarter hour, s since the Unix epoch.</param>
/// <param name="Expected">Readings that should have come; null also where that is not known.</param>
/// <param name="Received">Readings that came.</param>
/// <param name="Refused">Messages or readings that went to the dead letters.</param>
/// <param name="Acknowledged">Readings that the store is known to have.</param>
public sealed record CompletenessSeries(
    CompletenessInfo Total, IReadOnlyList<long> Starts, IReadOnlyList<long?> Expected, IReadOnlyList<long?> Received, IReadOnlyList<long?> Refused, IReadOnlyList<long?> Acknowledged);

/// <summary>One quantity over time.</summary>
/// <param name="Quantity">Quantity and unit: temperature_celsius.</param>
/// <param name="Means">Mean of each quarter hour; null where nothing was measured.</param>
public sealed record AmbientSeries(string Quantity, IReadOnlyList<double?> Means);

/// <summary>What a sensor chip measured, by quarter hour.</summary>
/// <param name="Starts">Start of each quarter hour, s since the Unix epoch.</param>
/// <param name="Series">The quantities that it measures.</param>
public sealed record EnvironmentSeries(IReadOnlyList<long> Starts, IReadOnlyList<AmbientSeries> Series);
