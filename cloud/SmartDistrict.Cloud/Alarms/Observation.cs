using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Configuration;

namespace SmartDistrict.Cloud.Alarms;

/// <summary>What is known now of one subject in the sense of one kind.</summary>
/// <param name="Subject">Site id of the zone, gateway, device or district.</param>
/// <param name="Figure">In the kind's unit; of a state 1 where it is so, else 0. Null: not known now.</param>
/// <param name="Detail">Stable code of what it is exactly (the sensor's fault, the Fruin level); null where the kind says it all.</param>
/// <param name="Trust">What the figure is worth; null of figures that are not counted.</param>
internal readonly record struct Observation(AlarmKind Kind, string Subject, double? Figure, string? Detail = null, Trust? Trust = null);
