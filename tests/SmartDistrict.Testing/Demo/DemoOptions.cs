using System.Text.RegularExpressions;
using SmartDistrict.Testing.Simulation;
using SmartDistrict.Testing.Simulation.Faults;

namespace SmartDistrict.Testing.Demo;

/// <summary>How the demo was asked to run.</summary>
public sealed partial record DemoOptions
{
    /// <summary>Stops by itself after so long; null runs until it is told to stop.</summary>
    public TimeSpan? Time { get; init; }

    /// <summary>The console's port; null takes 8080 or, if that is in use, a free one.</summary>
    public int? Port { get; init; }

    public double Speed { get; init; } = 1;

    public int Seed { get; init; } = 1;

    /// <summary>A real InfluxDB to sync to and to read from instead of the embedded store.</summary>
    public Uri? Influx { get; init; }

    public string Database { get; init; } = "";

    /// <summary>Whether Melbourne's real counts are replayed instead of the invented harbour.</summary>
    public bool Melbourne { get; init; }

    /// <summary>What goes wrong on the way.</summary>
    public FaultRates Faults { get; init; } = FaultRates.Usual;

    /// <summary>Folder of these counts.</summary>
    public string Data { get; init; } = "";

    public string? Summary { get; init; }

    /// <exception cref="CommandLineException">An option is wrong.</exception>
    public static DemoOptions Read(IReadOnlyList<string> arguments)
    {
        var line = new CommandLine(arguments, "seconds", "port", "speed", "seed", "influx", "database", "replay", "data", "faults", "summary");
        if (line.Text("replay") is { } replay and not "melbourne")
            throw new CommandLineException($"--replay is '{replay}': there is melbourne");
        var influx = Url(line.Text("influx"));
        var database = line.Text("database");
        if (influx is null != database is null)
            throw new CommandLineException("--influx and --database belong together: give --influx http://HOST:8086 --database NAME");
        if (database is not null && !DatabaseName().IsMatch(database))
            throw new CommandLineException($"--database is '{database}': give letters, digits, '_' and '-'");
        return new DemoOptions
        {
            Time = line.Whole("seconds", 1, 1_000_000) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            Port = line.Whole("port", 1, 65_535),
            Speed = line.Number("speed", 0.1, 10_000) ?? 1,
            Seed = line.Whole("seed", 0, int.MaxValue) ?? 1,
            Influx = influx,
            Database = database ?? "",
            Melbourne = line.Text("replay") is not null,
            Data = line.Text("data") ?? SimulateCommand.DefaultData,
            Faults = FaultRates.Parse(line.Text("faults") ?? "usual"),
            Summary = Writable(line.Text("summary")),
        };
    }

    private static Uri? Url(string? text) => text is null ? null
        : Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? url
        : throw new CommandLineException($"--influx is '{text}': give a URL such as http://127.0.0.1:8086");

    private static string? Writable(string? file) =>
        file is null || Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(file))) ? file
        : throw new CommandLineException($"--summary is '{file}': its folder does not exist");

    [GeneratedRegex("^[A-Za-z0-9_-]{1,64}$")]
    private static partial Regex DatabaseName();
}
