using SmartDistrict.Fuzz;
using SmartDistrict.Fuzz.Targets;
using SmartDistrict.Testing;

Func<FuzzTarget>[] targets = [() => new MqttPackets(), () => new ProfilePayloads(), () => new LineProtocolText(), () => new ConfigurationFiles()];
try
{
    if (args is not [var name, ..] || name.StartsWith('-'))
        throw new CommandLineException("give a target: mqtt, payload, line-protocol, configuration, or all");
    var options = new CommandLine(args[1..], "inputs", "seed", "only");
    var chosen = targets.Select(make => make()).Where(target => name == "all" || target.Name == name).ToList();
    if (chosen.Count == 0)
        throw new CommandLineException($"there is no target '{name}': give mqtt, payload, line-protocol, configuration, or all");
    var only = options.Whole("only", 0, int.MaxValue - 1);
    var outcomes = chosen.Select(target => new FuzzRun(target, options.Whole("seed", 0, int.MaxValue) ?? 1, TimeProvider.System, Console.Out)
        .Run(only ?? 0, only is null ? options.Whole("inputs", 1, int.MaxValue) ?? 1_000_000 : 1)).ToList();
    outcomes.ForEach(Console.WriteLine);
    return outcomes.TrueForAll(outcome => outcome.Sound) ? 0 : 1;
}
catch (CommandLineException e)
{
    Console.Error.WriteLine($"{e.Message}\nusage: TARGET [--inputs N] [--seed S] [--only NUMBER-OF-ONE-INPUT]");
    return 2;
}
