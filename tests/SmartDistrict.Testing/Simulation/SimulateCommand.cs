using System.Text.Json;
using System.Text.Json.Nodes;
using SmartDistrict.Configuration;
using SmartDistrict.Telemetry.Mqtt;
using SmartDistrict.Testing.Simulation.Faults;
using SmartDistrict.Testing.Simulation.Replay;

namespace SmartDistrict.Testing.Simulation;

/// <summary>The simulator's command line: lets a district live against a broker until stopped, and says what was true.</summary>
public static class SimulateCommand
{
    public const string Help = """
        simulate --broker HOST:PORT --district FILE [options]
          Publishes what the devices of a district would, at QoS 1, in real time.
          --broker HOST:PORT  the gateway's MQTT broker
          --district FILE     the district's YAML; with --replay the file that is written for you
          --seed N            decides everything that chance decides (default 1)
          --seconds N         stop after N seconds (default: at Ctrl-C or SIGTERM)
          --messages N        stop after N messages
          --since 2h          begin that long ago: what the devices said meanwhile comes as fast as the broker takes it
          --peak N            people arriving per minute at the weekday peak (default 240)
          --speed X           the day's ebb and flow passes X times faster, from now on: with 24 a day's rhythm passes
                              within an hour. Events keep the true time, people walk no faster. With --replay the real
                              counts pass X times faster, so X times as many people come.
          --history 24h       at the start devices that keep a history send the last 24 h as quarter-hours (default 0s)
          --replay melbourne  real hourly counts of 39 street sensors, of the same weekday and hour as it is there now
          --data DIR          folder of these counts (default ../shared/data/melbourne beside the working copy)
          --faults LIST       none, usual, harsh, or duplicates=0.02,late=0.01,reordered=0.01,garbage=0.001 (shares of the
                              messages), reboots=0.5,resets=0.5,outages=1 (per device and hour), late-by=20 (seconds)
          --status FILE       JSON, rewritten each second: published, acknowledged, …
          --truth FILE        JSON at the end: per line what the acknowledged messages let one know
        """;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <returns>0; 1 where the broker did not answer every message.</returns>
    /// <exception cref="CommandLineException">Called wrongly.</exception>
    public static async Task<int> RunAsync(string[] arguments, CancellationToken stop)
    {
        var line = new CommandLine(
            arguments, "broker", "district", "seed", "seconds", "messages", "since", "peak", "speed", "history", "replay", "data", "faults", "status", "truth");
        var clock = TimeProvider.System;
        var (host, port) = Broker(line.Required("broker"));
        var district = District(line, clock.GetUtcNow());
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await using var session = Session(host, port);
        session.Start();
        using var feed = new DistrictFeed(district, session, clock);
        using var status = line.Text("status") is { } file
            ? clock.CreateTimer(_ => Write(file, Status(feed, district)), null, TimeSpan.Zero, TimeSpan.FromSeconds(1)) : null;
        if (line.Whole("seconds", 1, 10_000_000) is { } seconds)
            ended.CancelAfter(TimeSpan.FromSeconds(seconds));
        var answered = await feed.RunAsync(line.Whole("messages", 1, int.MaxValue) ?? long.MaxValue, Patience, ended.Token);
        if (line.Text("truth") is { } truth)
            Write(truth, Truth(feed, district));
        Console.WriteLine($"published {feed.Published}, acknowledged {feed.Acknowledged}, refused {feed.Refused}");
        if (!answered)
            await Console.Error.WriteLineAsync($"the broker at {host}:{port} did not answer every message within {Patience.TotalSeconds} s ({session.State.Reason})");
        return answered ? 0 : 1;
    }

    /// <summary>A session as devices have it: what is not acknowledged is sent again.</summary>
    public static MqttSession Session(string host, int port) => new(
        new MqttSessionOptions
        {
            Host = host,
            Port = port,
            ClientId = $"simulated-district-{Environment.ProcessId}",
            BackoffMaximum = TimeSpan.FromSeconds(2),
            OnEvent = happened =>
            {
                if (happened.Kind != MqttSessionEventKind.Connected)
                    Console.Error.WriteLine($"simulated district: {happened.Text}");
            },
        },
        TimeProvider.System);

    /// <summary>What was published so far, as JSON.</summary>
    public static JsonObject Status(DistrictFeed feed, SimulatedDistrict district) => new()
    {
        ["published"] = feed.Published,
        ["acknowledged"] = feed.Acknowledged,
        ["refused"] = feed.Refused,
        ["crossings"] = district.Truth.Count,
        ["garbage"] = new JsonObject(feed.Garbage.Select(kind => KeyValuePair.Create<string, JsonNode?>(kind.Key, kind.Value))),
    };

    private static JsonObject Truth(DistrictFeed feed, SimulatedDistrict district)
    {
        var truth = Status(feed, district);
        var total = feed.Ledger.Total();
        truth["truth_in"] = total.Entries;
        truth["truth_out"] = total.Exits;
        truth["lines"] = new JsonObject(feed.Ledger.Expected().OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => KeyValuePair.Create<string, JsonNode?>(
            l.Key, new JsonObject { ["entries"] = l.Value.Entries, ["exits"] = l.Value.Exits })));
        return truth;
    }

    private static SimulatedDistrict District(CommandLine line, DateTimeOffset now)
    {
        var options = new SimulationOptions
        {
            Start = now - (line.Duration("since", TimeSpan.FromDays(6)) ?? TimeSpan.Zero),
            Seed = line.Whole("seed", 0, int.MaxValue) ?? 1,
            Speed = line.Number("speed", 0.1, 10_000) ?? 1,
            History = line.Duration("history", TimeSpan.FromDays(6)) ?? TimeSpan.Zero,
            PeakPerMinute = line.Number("peak", 0.1, 1_000_000) ?? 240,
            Faults = FaultRates.Parse(line.Text("faults") ?? "none"),
        };
        var file = line.Required("district");
        return line.Text("replay") switch
        {
            null => SimulatedDistrict.Walked(DistrictFile.Load(file), options),
            "melbourne" => Melbourne(line.Text("data") ?? DefaultData, file, options),
            var other => throw new CommandLineException($"--replay is '{other}': there is melbourne"),
        };
    }

    public static string DefaultData => Path.GetFullPath(RepositoryFiles.Path("..", "shared", "data", "melbourne"));

    /// <summary>Writes the sensors' district to a file and makes their counts live in it.</summary>
    /// <exception cref="FileNotFoundException">The counts are not there.</exception>
    public static SimulatedDistrict Melbourne(string data, string file, SimulationOptions options)
    {
        var counts = PedestrianCounts.Load(data);
        File.WriteAllText(file, SensorDistrict.Yaml(counts.Sensors));
        return SimulatedDistrict.Replayed(DistrictFile.Load(file), options, new CountReplay(counts, options));
    }

    private static (string Host, int Port) Broker(string text)
    {
        var colon = text.LastIndexOf(':');
        return colon > 0 && int.TryParse(text.AsSpan(colon + 1), out var port) && port is > 0 and < 65_536
            ? (text[..colon], port)
            : throw new CommandLineException($"--broker is '{text}': give HOST:PORT, for example 127.0.0.1:1883");
    }

    /// <summary>Replaces the file as a whole, so that a reader never sees half of it.</summary>
    private static void Write(string file, JsonObject content)
    {
        File.WriteAllText(file + ".new", content.ToJsonString(Indented) + "\n");
        File.Move(file + ".new", file, overwrite: true);
    }
}
