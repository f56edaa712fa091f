namespace SmartDistrict.Configuration;

/// <summary>A sensor chip on the gateway's own buses, read by the kernel's IIO or hwmon driver: temperature, distance, light.</summary>
/// <param name="Chip">What the kernel's driver calls it (<c>sht3x</c>, <c>bh1750</c>, <c>w1_slave_temp</c>), or its device-tree label.</param>
/// <param name="At">Its place where several are of that name: bus and address, as in <c>1-0044</c> or <c>28-0315a2794bff</c>; null: there is only one.</param>
public sealed record SensorEntry(string Chip, string? At)
{
    /// <summary>Name of the profile of such a device. It has no file: the kernel says what its numbers are.</summary>
    public const string Profile = "environment";
}
