using SmartDistrict.Edge;
using SmartDistrict.Edge.Checking;

switch (args)
{
    case ["run", .. var arguments]:
        return await RunCommand.RunAsync(arguments);
    case ["check", .. var arguments]:
        return CheckCommand.Run(arguments, Console.Out);
    default:
        await Console.Error.WriteLineAsync("""
            usage: smartdistrict-edge run --config FILE [--Section:Setting=value ...]
                   smartdistrict-edge check DIR
            """);
        return 64;
}
