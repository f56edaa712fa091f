using SmartDistrict.Testing.Simulation.Faults;

namespace SmartDistrict.Testing.Simulation;

/// <summary>What a simulation is to be. The same options give the same messages, byte for byte.</summary>
public sealed record SimulationOptions
{
    /// <summary>Decides everything that chance decides.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>When the devices connect and start to publish.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>How much of the time before <see cref="Start"/> the devices that keep a history send when they connect.</summary>
    public TimeSpan History { get; init; }

    /// <summary>How long people have been walking when the history (or, without one, the publishing) begins.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromHours(1);

    /// <summary>People arriving per minute at the weekday peak.</summary>
    public double PeakPerMinute { get; init; } = 240;

    /// <summary>How many times faster than the clock the day's ebb and flow passes after <see cref="Start"/>.</summary>
    public double Speed { get; init; } = 1;

    public FaultRates Faults { get; init; } = FaultRates.None;

    /// <summary>When the first person may come.</summary>
    public DateTimeOffset Begin => Start - History - WarmUp;
}
