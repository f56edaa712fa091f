using SmartDistrict.Configuration;
using SmartDistrict.Telemetry.Assets;

namespace SmartDistrict.Testing.Simulation.Assets;

/// <summary>
/// A locker whose compartments are reserved, filled and emptied; the first one of the district has a door that is forced every few minutes, and another
/// that jams.
/// </summary>
public sealed class SimulatedLocker
{
    private const int TroubleEvery = 360;
    private const double ChangesPerSecond = 0.012;

    private readonly LockerEntry entry;
    private readonly int number;
    private readonly Random random;
    private readonly (CompartmentState State, long Since)[] compartments;

    public SimulatedLocker(LockerEntry entry, int number, Random random, long now)
    {
        (this.entry, this.number, this.random) = (entry, number, random);
        compartments = new (CompartmentState, long)[entry.Compartments];
        for (var i = 0; i < compartments.Length; i++)
            compartments[i] = (random.NextDouble() switch { < 0.45 => CompartmentState.Free, < 0.9 => CompartmentState.Occupied, < 0.96 => CompartmentState.Overdue, _ => CompartmentState.OutOfService },
                now - random.Next(60_000, 5_400_000));
    }

    /// <summary>One second more: what its gateway writes, which is every minute all of it.</summary>
    /// <inheritdoc cref="SimulatedCart.Step"/>
    public IEnumerable<LockerPoint> Step(long elapsed, long now)
    {
        var whole = (elapsed + (number * 7)) % (long)LockerPoint.Every.TotalSeconds == 0 || elapsed == 0;
        for (var i = 0; i < compartments.Length; i++)
        {
            var next = Next(i, elapsed, now);
            if (next != compartments[i].State)
                compartments[i] = (next, now);
            else if (!whole)
                continue;
            yield return new(entry.Id, i + 1, now / 1000, next, next is CompartmentState.Open or CompartmentState.Forced or CompartmentState.Jammed, compartments[i].Since);
        }
    }

    private CompartmentState Next(int i, long elapsed, long now)
    {
        var (state, since) = compartments[i];
        var phase = elapsed % TroubleEvery;
        if (number == 0 && i == compartments.Length / 2 && phase is >= 40 and < 130)
            return CompartmentState.Forced;
        if (number == 1 && i == 1 && phase is >= 200 and < 260)
            return CompartmentState.Jammed;
        if (state is CompartmentState.Forced or CompartmentState.Jammed)
            return CompartmentState.Free;
        if (state == CompartmentState.Open)
            return now - since < 12_000 ? state : random.Happens(0.5) ? CompartmentState.Occupied : CompartmentState.Free;
        if (!random.Happens(ChangesPerSecond))
            return state;
        return state switch
        {
            CompartmentState.Free => CompartmentState.Reserved,
            CompartmentState.Reserved or CompartmentState.Occupied or CompartmentState.Overdue => CompartmentState.Open,
            _ => state,
        };
    }
}
