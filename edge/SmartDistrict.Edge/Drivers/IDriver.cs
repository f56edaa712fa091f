namespace SmartDistrict.Edge.Drivers;

/// <summary>
/// Takes readings in from one kind of source. A driver only journals what it hears, raw, through <see cref="Intake"/>;
/// it interprets nothing, so that a wrong profile can be mended and the day replayed.
/// </summary>
/// <remarks>
/// Lifecycle: <see cref="RunAsync"/> is called once and runs until it is cancelled. A fault of the source (a broker away,
/// a chip unplugged) is the driver's to report through <see cref="State"/> and to retry; only a fault of the
/// configuration may end it with an exception.
/// </remarks>
public interface IDriver
{
    /// <summary>The <see cref="State"/> in which nothing is wrong.</summary>
    const string Connected = "connected";

    string Name { get; }

    /// <summary>What the technician should know now: "connected", or what is wrong and the mend.</summary>
    string State { get; }

    Task RunAsync(Intake intake, CancellationToken cancellation);
}
