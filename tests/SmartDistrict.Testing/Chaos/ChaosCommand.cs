namespace SmartDistrict.Testing.Chaos;

/// <summary>The command line of <see cref="ChaosRun"/>.</summary>
public static class ChaosCommand
{
    public const string Help = """
        chaos [options]
          Kills gateways, brokers, stores and disks under load, and accounts for each acknowledged reading.
          --kills N           end after N SIGKILLs of gateways (default 1000, or no end with --minutes)
          --power-cuts N      and after N power cuts of a gateway in a machine of its own (default: a fiftieth of the
                              kills, 20 at most; 0 for none). Needs QEMU, see tests/gpio
          --minutes M         end after M minutes at the latest
          --gateway PROGRAM   the installed gateway (default: the build of this working copy)
          --gateways N        how many run, and are killed, side by side (default 6)
          --rate N            readings per second of each gateway (default 100)
          --seed N            decides everything that chance decides (default: another one each time)
          --folder DIR        keep data and logs there
        """;

    /// <returns>0; 1 where a reading is unexplained.</returns>
    /// <exception cref="CommandLineException">Called wrongly.</exception>
    public static async Task<int> RunAsync(string[] arguments, CancellationToken stop)
    {
        var line = new CommandLine(arguments, "kills", "power-cuts", "minutes", "gateway", "gateways", "rate", "seed", "folder");
        var minutes = line.Number("minutes", 0.1, 10_000);
        var kills = line.Whole("kills", 1, 1_000_000) ?? (minutes is null ? 1000 : int.MaxValue);
        var cuts = line.Whole("power-cuts", 0, 100_000) ?? Math.Min(kills / 50, 20);
        var options = new ChaosOptions
        {
            Gateway = line.Text("gateway") is { } program ? [program] : Built(),
            Kills = kills,
            Machines = cuts > 0 ? 1 : 0,
            PowerCuts = minutes is null || line.Text("power-cuts") is not null ? cuts : int.MaxValue,
            Time = minutes is { } limit ? TimeSpan.FromMinutes(limit) : TimeSpan.FromDays(1),
            Gateways = line.Whole("gateways", 0, 100) ?? 6,
            Rate = line.Whole("rate", 1, 10_000) ?? 100,
            Seed = line.Whole("seed", 0, int.MaxValue) ?? Random.Shared.Next(),
            Folder = line.Text("folder"),
        };
        Console.WriteLine($"seed {options.Seed}");
        try
        {
            var account = await ChaosRun.RunAsync(options, TimeProvider.System, Console.WriteLine, stop);
            Console.WriteLine(account);
            return account.Unexplained == 0 ? 0 : 1;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("stopped before the account was drawn");
            return 1;
        }
    }

    /// <summary>The gateway of this working copy.</summary>
    public static IReadOnlyList<string> Built() => ["dotnet", RepositoryFiles.Program("edge/SmartDistrict.Edge", "smartdistrict-edge.dll")];
}
