using System.Globalization;

namespace SmartDistrict.Testing.Simulation.Replay;

/// <summary>One street sensor of the City of Melbourne.</summary>
/// <param name="Number">The city's number of the sensor.</param>
/// <param name="Name">Where it hangs.</param>
public sealed record StreetSensor(int Number, string Name, double Longitude, double Latitude);

/// <summary>
/// The hourly pedestrian counts of Melbourne's street sensors (City of Melbourne open data), both directions together,
/// by local hour: the hour that summer time leaves out has no row, the one that it repeats holds both of its hours.
/// </summary>
public sealed class PedestrianCounts
{
    private readonly Dictionary<DateTime, int?[]> rows = [];

    private PedestrianCounts(IReadOnlyList<StreetSensor> sensors) => Sensors = sensors;

    public static TimeZoneInfo TimeZone { get; } = TimeZoneInfo.FindSystemTimeZoneById("Australia/Melbourne");

    public IReadOnlyList<StreetSensor> Sensors { get; }

    /// <summary>The last local hour of which most sensors tell.</summary>
    public DateTime Last { get; private set; }

    /// <param name="folder">Holds <c>Pedestrian_sensor_locations.csv</c> and <c>hourly_counts_wide_*.csv</c>.</param>
    /// <exception cref="FileNotFoundException">The data are not there; the message says where to put them.</exception>
    public static PedestrianCounts Load(string folder)
    {
        var locations = Path.Combine(folder, "Pedestrian_sensor_locations.csv");
        var counts = Directory.Exists(folder) ? Directory.GetFiles(folder, "hourly_counts_wide_*.csv").FirstOrDefault() : null;
        if (counts is null || !File.Exists(locations))
            throw new FileNotFoundException(
                $"the pedestrian counts of Melbourne are not in {folder}: put Pedestrian_sensor_locations.csv and hourly_counts_wide_*.csv " +
                "(City of Melbourne open data) there, or name their folder with --data");
        var places = File.ReadLines(locations).Skip(1).Select(Sensor).ToDictionary(sensor => sensor.Number);
        using var reader = new StreamReader(counts);
        var numbers = reader.ReadLine()!.Split(',').Skip(1).Select(column => int.Parse(column.AsSpan(1), CultureInfo.InvariantCulture)).ToList();
        var data = new PedestrianCounts([.. numbers.Select(number => places[number])]);
        while (reader.ReadLine() is { } row)
            data.Add(row.Split(','));
        return data;
    }

    /// <summary>People that a sensor saw in a local hour; null where it tells nothing.</summary>
    public int? At(int sensor, DateTime localHour) => rows.TryGetValue(localHour, out var row) ? row[sensor] : null;

    private void Add(string[] fields)
    {
        var hour = DateTime.ParseExact(fields[0], "yyyy-MM-dd'T'HH", CultureInfo.InvariantCulture);
        var row = new int?[Sensors.Count];
        for (var i = 0; i < row.Length && i + 1 < fields.Length; i++)
            row[i] = fields[i + 1].Length > 0 ? int.Parse(fields[i + 1], CultureInfo.InvariantCulture) : null;
        rows[hour] = row;
        if (row.Count(value => value is not null) > row.Length / 2 && hour > Last)
            Last = hour;
    }

    /// <summary>Number and name stand first; the position is repeated in the last two columns.</summary>
    private static StreetSensor Sensor(string row)
    {
        var fields = row.Split(',');
        return new StreetSensor(
            int.Parse(fields[0], CultureInfo.InvariantCulture), fields[2],
            double.Parse(fields[^1], CultureInfo.InvariantCulture), double.Parse(fields[^2], CultureInfo.InvariantCulture));
    }
}
