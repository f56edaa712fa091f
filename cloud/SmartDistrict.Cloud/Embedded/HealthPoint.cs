using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Cloud.Embedded;

/// <summary>A point of anything but footfall: health, surroundings, ledgers, lockers, kiosks and carts.</summary>
/// <param name="Tags">As on the wire, in the order of the keys, so that one series has one spelling.</param>
/// <param name="TimeNanoseconds">ns since the Unix epoch.</param>
/// <param name="FieldsJson">The fields as one JSON object.</param>
/// <param name="Sighting">When the device was last heard; of <c>device_health</c> only.</param>
internal readonly record struct HealthPoint(string Measurement, string Tags, long TimeNanoseconds, string FieldsJson, DeviceSighting? Sighting);
