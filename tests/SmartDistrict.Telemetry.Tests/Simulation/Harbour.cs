using SmartDistrict.Configuration;
using SmartDistrict.Testing;
using SmartDistrict.Testing.Simulation;
using SmartDistrict.Testing.Simulation.Faults;

namespace SmartDistrict.Telemetry.Tests.Simulation;

/// <summary>The demo's district, as the tests of the simulation use it.</summary>
public static class Harbour
{
    /// <summary>A Wednesday, 11:58:20 in Shanghai: just before the lunch peak, and on no boundary of any window.</summary>
    public static readonly DateTimeOffset Start = new(2026, 3, 4, 3, 58, 20, 250, TimeSpan.Zero);

    public static District District { get; } = DistrictFile.Load(RepositoryFiles.Path("firmware-config", "districts", "harbour.yaml"));

    public static SimulatedDistrict Live(int seed = 1, FaultRates? faults = null, TimeSpan history = default, double peak = 60) => SimulatedDistrict.Walked(
        District, new SimulationOptions { Seed = seed, Start = Start, Faults = faults ?? FaultRates.None, History = history, PeakPerMinute = peak });

    /// <summary>Everything published until the end, including what the network held back.</summary>
    public static List<Publication> Publish(this SimulatedDistrict district, TimeSpan time) => [.. district.Advance(Start + time), .. district.Flush()];

    public static TruthLedger Learn(IEnumerable<Publication> publications)
    {
        var ledger = new TruthLedger();
        foreach (var publication in publications)
            ledger.Acknowledged(publication);
        return ledger;
    }
}
