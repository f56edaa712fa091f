using System.Text;
using SmartDistrict.Configuration;
using SmartDistrict.Edge.Devices;
using SmartDistrict.Telemetry.Readings;
using SmartDistrict.Testing;
using SmartDistrict.Testing.Simulation;
using SmartDistrict.Testing.Simulation.Faults;

namespace SmartDistrict.Edge.Tests.Devices;

/// <summary>The profiles against the simulated district: two independent accounts of what the devices send must agree.</summary>
public sealed class SimulatedDistrictTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 4, 3, 58, 20, 250, TimeSpan.Zero);
    private static readonly District Harbour = DistrictFile.Load(RepositoryFiles.Path("firmware-config", "districts", "harbour.yaml"));
    private static readonly DeviceCatalog Catalog = DeviceCatalog.Build(Harbour, DeviceProfiles.Load(RepositoryFiles.Path("firmware-config", "profiles")), "gw-1");

    private readonly DecodedPayload decoded = new();

    [Fact]
    public void Every_sound_message_means_what_the_simulation_meant()
    {
        var samples = 0;
        foreach (var publication in Publish(FaultRates.None with { Duplicates = 0.02, Resets = 0.5, Reboots = 0.5, Outages = 1 }))
        {
            Assert.Null(publication.Garbage);
            Assert.Null(Refusal(publication));
            Assert.Null(decoded.Problem);
            foreach (var sample in publication.Samples)
            {
                Assert.Contains(decoded.Readings, reading => Catalog.Lines[reading.Line].Id == sample.Line && Says(reading, sample));
                samples++;
            }
            Assert.True(publication.Samples.Count > 0 || decoded.Readings.All(reading => reading.Kind == ReadingKind.Heartbeat));
        }
        Assert.True(samples > 5_000, $"only {samples} samples");
    }

    [Fact]
    public void Every_broken_message_is_refused_with_its_mend()
    {
        var refused = new HashSet<string>();
        foreach (var publication in Publish(FaultRates.None with { Garbage = 0.05 }))
            // how far off a time may be is for the receiver to judge, who knows the time
            if (publication.Garbage is { } kind and not "far-off timestamp")
            {
                var problem = Refusal(publication);
                Assert.NotNull(problem);
                Assert.NotEmpty(problem.Value.What);
                Assert.NotEmpty(problem.Value.Mend);
                refused.Add(kind);
            }
        Assert.Equal(7, refused.Count);
    }

    /// <summary>So that a demo shows both, and a battery that is to be changed.</summary>
    [Fact]
    public void Devices_of_models_that_tell_it_tell_their_battery_and_firmware()
    {
        Dictionary<string, double> charge = [];
        HashSet<string> firmware = [];
        foreach (var publication in Publish(FaultRates.None))
        {
            Assert.Null(Refusal(publication));
            if (decoded.Battery is { } battery)
                charge[publication.Device] = battery;
            if (decoded.Firmware.Length > 0)
                firmware.Add(publication.Device);
        }
        Assert.Equal(Of(device => device.Profile.Battery is not null), charge.Keys.Order());
        Assert.Equal(Of(device => device.Profile.TellsFirmware), firmware.Order());
        Assert.InRange(charge.Values.Count(value => value <= 20), 1, charge.Count / 4);

        static IEnumerable<string> Of(Func<Device, bool> tells) => Catalog.Devices.Where(tells).Select(device => device.Id).Order();
    }

    private PayloadProblem? Refusal(Publication publication)
    {
        var topic = Encoding.UTF8.GetBytes(publication.Topic);
        if (Catalog.Resolve(topic, out var problem) is not { } device)
            return problem;
        return device.Decode(topic, publication.Payload.Span, publication.Due, decoded) ? null : decoded.Problem;
    }

    private static bool Says(Reading reading, Sample sample) => sample switch
    {
        Counted counted => reading.Kind is ReadingKind.Increment or ReadingKind.Interval
            && (reading.At, reading.Entries, reading.Exits) == (counted.At, counted.Entries, counted.Exits),
        Totals totals => reading.Kind == ReadingKind.Counter
            && (reading.At, reading.Entries, reading.Exits) == (totals.At, totals.Entries ?? Reading.NotReported, totals.Exits ?? Reading.NotReported),
        Period period => reading.Kind == ReadingKind.Interval
            && (reading.At, reading.At - reading.Since, reading.Entries, reading.Exits) == (period.At, 60_000, period.Entries, period.Exits),
        _ => false,
    };

    private static List<Publication> Publish(FaultRates faults)
    {
        var district = SimulatedDistrict.Walked(Harbour, new SimulationOptions { Seed = 5, Start = Start, Faults = faults, History = TimeSpan.FromHours(1), PeakPerMinute = 120 });
        return [.. district.Advance(Start + TimeSpan.FromMinutes(20)), .. district.Flush()];
    }
}
