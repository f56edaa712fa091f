using System.Globalization;
using SmartDistrict.Configuration;
using SmartDistrict.Edge.Sensors;
using SmartDistrict.Testing;
using SmartDistrict.Testing.Simulation.Replay;

namespace SmartDistrict.Edge.Tests.Sensors;

/// <summary>
/// Three years of 39 real street sensors, hour by hour: how often the watch cries wolf, and which injected faults it finds, when.
/// The data have both directions together; they are split here by chance, with a share of entries that goes with the time of day.
/// </summary>
public sealed class MelbourneTests(ITestOutputHelper output)
{
    private static readonly string Folder = RepositoryFiles.Path("..", "shared", "data", "melbourne");
    private static readonly TimeSpan FaultLasts = TimeSpan.FromDays(10);

    [Fact]
    public void Real_counts_raise_hardly_any_alarm_but_for_hours_that_stand_as_zero_in_the_record()
    {
        var alarms = Run(null, out var sensorHours);
        Say(alarms, sensorHours);
        Assert.InRange(sensorHours, 500_000, 800_000);
        // zeros in the record are what the fault is defined as; whoever reads it can look them up
        var others = alarms.Where(alarm => alarm.Fault != SensorFault.Blind).ToList();
        Assert.True(others.Count <= 6, $"{others.Count} other alarms");
        Assert.DoesNotContain(others, alarm => alarm.Fault is SensorFault.Stuck or SensorFault.NoEntries or SensorFault.NoExits or SensorFault.Imbalanced);
        Assert.True(alarms.Count(alarm => alarm.Fault == SensorFault.Blind) <= 30);
    }

    [Fact]
    public void Injected_faults_are_found()
    {
        var trials = new List<Trial>();
        Run(trials, out _);
        foreach (var kind in trials.GroupBy(trial => trial.Fault))
        {
            var found = kind.Where(trial => trial.Found is not null).Select(trial => (trial.Found!.Value - trial.Start).TotalHours + 1).Order().ToList();
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{SensorState.NameOf(kind.Key)}: {found.Count} of {kind.Count()} found, after {found[found.Count / 2]:0} h in the middle, {found[^1]:0} h at the most; missed: {string.Join(", ", kind.Where(trial => trial.Found is null).Select(trial => trial.Sensor))}"));
        }
        Assert.All(trials.GroupBy(trial => trial.Fault), kind => Assert.True(kind.Count() >= 30, $"{kind.Key}: {kind.Count()} trials"));
        Assert.True(Share(SensorFault.Blind) >= 0.99);
        Assert.True(Share(SensorFault.Stuck) >= 0.99);
        Assert.True(Share(SensorFault.NoExits) >= 0.99);
        Assert.True(Share(SensorFault.High) >= 0.8);

        double Share(SensorFault fault) => trials.Where(trial => trial.Fault == fault).Average(trial => trial.Found is null ? 0.0 : 1);
    }

    /// <summary>Feeds all hours. With trials, every fortnight three sensors that are far apart in the list get a fault each, for ten days.</summary>
    private static List<Alarm> Run(List<Trial>? trials, out int sensorHours)
    {
        if (!Directory.Exists(Folder))
            Assert.Skip($"the real counts are not there: {Folder}");
        var counts = PedestrianCounts.Load(Folder);
        var neighbours = NeighboursOf(counts);
        using var bench = new SensorBench(counts.Sensors.Count, PedestrianCounts.TimeZone, neighbours);
        var chance = new Random(20_120_101);
        var states = new SensorFault[counts.Sensors.Count];
        var soundSince = Enumerable.Repeat(DateTime.MaxValue, states.Length).ToArray();
        List<Alarm> alarms = [];
        List<Trial> running = [];
        var next = new DateTime(2012, 4, 1);
        sensorHours = 0;
        var seen = new int[states.Length];
        List<LineHour> hours = [];
        for (var local = new DateTime(2012, 1, 1); local <= counts.Last; local = local.AddHours(1))
        {
            if (PedestrianCounts.TimeZone.IsInvalidTime(local))
                continue;
            if (trials is not null && local >= next)
            {
                next = local.AddDays(14);
                foreach (var sensor in Enumerable.Range(0, states.Length).Where(sensor => states[sensor] == SensorFault.None && seen[sensor] > 12 * 168 && local - soundSince[sensor] > TimeSpan.FromDays(40)).OrderBy(_ => chance.Next()).Take(3))
                    running.Add(new Trial(sensor, Faults[trials.Count + running.Count & 3], local.AddHours(chance.Next(48)), chance.Next(20, 200)));
            }
            hours.Clear();
            for (var sensor = 0; sensor < states.Length; sensor++)
                if (counts.At(sensor, local) is { } people)
                {
                    var share = 0.5 + (0.15 * Math.Sin((local.Hour + sensor) * Math.PI / 12));
                    var gauss = Math.Sqrt(-2 * Math.Log(1 - chance.NextDouble())) * Math.Cos(2 * Math.PI * chance.NextDouble());
                    var entries = (int)Math.Clamp(Math.Round((people * share) + (Math.Sqrt(people * share * (1 - share)) * gauss)), 0, people);
                    var hour = new LineHour(sensor, entries, people - entries, true);
                    hours.Add(running.Find(trial => trial.Sensor == sensor && trial.Start <= local) is { } fault ? fault.Apply(hour) : hour);
                    seen[sensor]++;
                    sensorHours += seen[sensor] > 4 * 168 ? 1 : 0;
                    if (soundSince[sensor] == DateTime.MaxValue)
                        soundSince[sensor] = local;
                }
            if (hours.Count > 0)
                bench.Watch.Observe(new DateTimeOffset(TimeZoneInfo.ConvertTimeToUtc(local, PedestrianCounts.TimeZone)).ToUnixTimeSeconds(), hours);
            if (local.Hour == 0)
                bench.Save();
            for (var sensor = 0; sensor < states.Length; sensor++)
            {
                var state = bench.Watch.StateOf(sensor);
                if (running.Find(trial => trial.Sensor == sensor && trial.Start <= local) is { } trial)
                {
                    if (state.Fault == trial.Fault)
                        trial.Found ??= local;
                    soundSince[sensor] = local;
                }
                else if (state.Fault != SensorFault.None)
                {
                    if (states[sensor] != state.Fault)
                        alarms.Add(new(counts.Sensors[sensor].Number, local, state.Fault, state.Counted, state.Expected));
                    soundSince[sensor] = local;
                }
                states[sensor] = state.Fault;
            }
            foreach (var ended in running.Where(trial => local - trial.Start > FaultLasts).ToList())
            {
                running.Remove(ended);
                if (ended.Hours > 150) // the record itself has holes
                    trials!.Add(ended);
            }
        }
        return alarms;
    }

    private static readonly SensorFault[] Faults = [SensorFault.Blind, SensorFault.Stuck, SensorFault.High, SensorFault.NoExits];

    private static int[][] NeighboursOf(PedestrianCounts counts)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("melbourne.yaml"), SensorDistrict.Yaml(counts.Sensors));
        var district = DistrictFile.Load(folder.File("melbourne.yaml"));
        return Neighbours.Of(district.Lines, district.Coordinates);
    }

    private void Say(List<Alarm> alarms, int sensorHours)
    {
        foreach (var kind in alarms.GroupBy(alarm => alarm.Fault))
            output.WriteLine($"{SensorState.NameOf(kind.Key)}: {kind.Count()} in {sensorHours / 8766.0:0.0} sensor-years: "
                + string.Join(", ", kind.Select(alarm => string.Create(CultureInfo.InvariantCulture, $"s{alarm.Sensor} {alarm.At:yyyy-MM-dd HH}h {alarm.Counted:0}/{alarm.Expected:0}"))));
    }

    private sealed record Alarm(int Sensor, DateTime At, SensorFault Fault, double Counted, double Expected);

    private sealed record Trial(int Sensor, SensorFault Fault, DateTime Start, int Value)
    {
        public DateTime? Found { get; set; }

        public int Hours { get; private set; }

        public LineHour Apply(LineHour hour)
        {
            Hours++;
            return Fault switch
            {
                SensorFault.Blind => hour with { Entries = 0, Exits = 0 },
                SensorFault.Stuck => hour with { Entries = Value, Exits = Value },
                SensorFault.High => hour with { Entries = hour.Entries * 2, Exits = hour.Exits * 2 },
                _ => hour with { Exits = 0 },
            };
        }
    }
}
