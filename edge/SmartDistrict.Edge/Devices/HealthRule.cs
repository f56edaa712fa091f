namespace SmartDistrict.Edge.Devices;

/// <summary>How a profile's devices say what is left in their battery.</summary>
public enum BatteryUnit
{
    /// <summary>Charge, 0 to 100 %.</summary>
    Percent,

    /// <summary>Voltage. How much charge that is depends on the cell, so nothing is made of it.</summary>
    Volts,

    /// <summary>Voltage, written in mV; told in V.</summary>
    Millivolts,
}

/// <summary>Where a model's payloads say how the device itself stands: each of them may hold it, with readings or alone.</summary>
/// <param name="Battery">Null: the model does not tell.</param>
/// <param name="Firmware">Null: the model does not tell.</param>
internal sealed record HealthRule(PayloadField? Battery, BatteryUnit Unit, PayloadField? Firmware);
