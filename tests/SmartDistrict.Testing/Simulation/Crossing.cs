namespace SmartDistrict.Testing.Simulation;

/// <summary>One person crossing one counting line.</summary>
/// <param name="Line">Index in <see cref="Configuration.District.Lines"/>.</param>
/// <param name="At">ms since the Unix epoch, UTC.</param>
/// <param name="Entry">Whether the person goes from the line's "from" zone to its "to" zone.</param>
public readonly record struct Crossing(int Line, long At, bool Entry);

/// <summary>Where the people of a simulation come from: walkers, or a replay of real counts.</summary>
public interface ICrossingSource
{
    /// <summary>When the next crossing happens, ms since the Unix epoch; <see cref="long.MaxValue"/> where none will.</summary>
    long Next { get; }

    /// <summary>Takes the crossing that <see cref="Next"/> announced.</summary>
    Crossing Take();
}
