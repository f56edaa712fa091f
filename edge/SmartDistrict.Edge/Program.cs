using SmartDistrict.Edge;
using SmartDistrict.Edge.Checking;
using SmartDistrict.Edge.Replay;

switch (args)
{
    case ["run", .. var arguments]:
        return await RunCommand.RunAsync(arguments);
    case ["check", .. var arguments]:
        return CheckCommand.Run(arguments, Console.Out);
    case ["replay"]:
        Console.WriteLine(ReplayArguments.Usage);
        return 64;
    case ["replay", .. var arguments]:
        return ReplayCommand.Run(arguments, Console.Out, Console.Error);
    default:
        await Console.Error.WriteLineAsync("""
            usage: smartdistrict-edge run --config FILE [--Section:Setting=value ...]
                   smartdistrict-edge check DIR
                   smartdistrict-edge replay --config FILE --from TIME --to TIME [--with CHANGE ...]
            """);
        return 64;
}
