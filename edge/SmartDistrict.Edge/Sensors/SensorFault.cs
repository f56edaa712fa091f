namespace SmartDistrict.Edge.Sensors;

/// <summary>What a line's counts betray of its sensor.</summary>
public enum SensorFault : byte
{
    None = 0,

    /// <summary>Counts nobody where people are usual: dead, covered, or looking elsewhere.</summary>
    Blind = 1,

    /// <summary>Counts entries and no exits, where both are usual.</summary>
    NoExits = 2,

    /// <summary>Counts exits and no entries, where both are usual.</summary>
    NoEntries = 3,

    /// <summary>Says the same number hour after hour.</summary>
    Stuck = 4,

    /// <summary>Counts far more than usual, day after day, while its neighbours do not.</summary>
    High = 5,

    /// <summary>Counts far less than usual, day after day, while its neighbours do not.</summary>
    Low = 6,

    /// <summary>The share of entries has shifted and stays shifted.</summary>
    Imbalanced = 7,
}

/// <summary>A fault as it stands, with what is needed to tell it.</summary>
/// <param name="Since">Start of the hour in which it was noticed, s since the Unix epoch.</param>
/// <param name="Counted">What the sensor said, people: in the zero or equal hours, or per usual 100.</param>
/// <param name="Expected">What is usual, people: in the same hours, or 100.</param>
public readonly record struct SensorState(SensorFault Fault, long Since, double Counted, double Expected)
{
    /// <summary>The state's name on the wire (<c>device_health</c>, metrics, status).</summary>
    public string Name => NameOf(Fault);

    public static string NameOf(SensorFault fault) => fault switch
    {
        SensorFault.None => "ok",
        SensorFault.Blind => "blind",
        SensorFault.NoExits => "no_exits",
        SensorFault.NoEntries => "no_entries",
        SensorFault.Stuck => "stuck",
        SensorFault.High => "high",
        SensorFault.Low => "low",
        _ => "imbalanced",
    };

    /// <summary>What is wrong, for a person.</summary>
    public string Cause => Fault switch
    {
        SensorFault.None => "",
        SensorFault.Blind => $"it counts nobody, where about {Expected:0} people are usual",
        SensorFault.NoExits => $"it counts no exits, where about {Expected:0} are usual",
        SensorFault.NoEntries => $"it counts no entries, where about {Expected:0} are usual",
        SensorFault.Stuck => $"it says {Counted:0} hour after hour",
        SensorFault.High or SensorFault.Low => $"for days it has counted {Counted:0} where 100 are usual, and its neighbours have not changed so",
        _ => $"for days its entries per exit have been {Counted:0} % of what is usual",
    };

    /// <summary>What the technician does about it.</summary>
    public string NextStep => Fault switch
    {
        SensorFault.None => "",
        SensorFault.Blind => "walk through it; if it stays at zero, look at its lens or beams, its power and its aim",
        SensorFault.NoExits or SensorFault.NoEntries => "walk through it in both directions; if one is not counted, look at the second beam or the counting rule, and at 'reversed' in the district",
        SensorFault.Stuck => "restart the device; if it stays, its firmware repeats its last report",
        SensorFault.High => "walk through it five times: counted twice means a reflection, a second sensor of the same address or a wrong mounting height. If the street has changed, it is taken as usual after four weeks",
        SensorFault.Low => "walk through it five times: missed people mean dirt, a moved sensor or a wrong mounting height. If the street has changed, it is taken as usual after four weeks",
        _ => "walk through it in both directions five times; look at its aim and at what stands in one direction's way",
    };
}
