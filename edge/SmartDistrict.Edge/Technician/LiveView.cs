using System.Text.Json.Serialization;
using SmartDistrict.Edge.Status;

namespace SmartDistrict.Edge.Technician;

/// <summary>What moves, small enough to be asked for once a second: <c>GET /technician/api/live</c>.</summary>
/// <param name="At">ms since the Unix epoch, by the gateway's clock.</param>
/// <param name="Failing">Why what is counted now does not get into the numbers; empty where it does.</param>
public sealed record LiveView(
    long At, IReadOnlyList<HealthReason> Failing, IReadOnlyList<LiveLine> Lines, IReadOnlyList<LiveDevice> Devices, IReadOnlyList<LiveGpio> Gpio, WalkTest? Walk);

/// <param name="Entered">People booked since the process started.</param>
public sealed record LiveLine(string Id, long Entered, long Left);

/// <param name="BatteryAt">When it told its battery, ms since the Unix epoch; this and what follows is null where it has not told.</param>
public sealed record LiveDevice(
    string Id, string State, string Cause, string NextStep, long? AgeSeconds, long Readings, long Missing, long Refused,
    double? BatteryPercent, double? BatteryVolts, long? BatteryAt, string? Firmware, long? FirmwareSince);

/// <param name="Fault">Why its lines cannot be used now; empty where they can.</param>
/// <param name="Edges">Since the process started.</param>
public sealed record LiveGpio(string Device, string Fault, long Edges, long Lost, IReadOnlyList<LiveLevel> Levels);

/// <param name="Level">1: the beam is broken.</param>
public sealed record LiveLevel(string Role, int Level);

/// <summary>A request's body: which fields are meant depends on the path.</summary>
public sealed record TechnicianRequest(string? Code, string? Line, int? In, int? Out, int? Minutes, string? Topic, string? Yaml);

/// <summary>An answer that is only a sentence.</summary>
public sealed record TechnicianAnswer(string Problem);

/// <summary>Who is there, before anybody has signed in.</summary>
public sealed record TechnicianGate(bool NeedsCode, bool Allowed);

/// <param name="Problems">Empty where the profile is sound.</param>
public sealed record ProfileCheck(IReadOnlyList<string> Problems);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Wiring))]
[JsonSerializable(typeof(LiveView))]
[JsonSerializable(typeof(SniffState))]
[JsonSerializable(typeof(ProfileProposal))]
[JsonSerializable(typeof(ProfileCheck))]
[JsonSerializable(typeof(TechnicianRequest))]
[JsonSerializable(typeof(TechnicianAnswer))]
[JsonSerializable(typeof(TechnicianGate))]
internal sealed partial class TechnicianJson : JsonSerializerContext;
