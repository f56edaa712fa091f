using System.Runtime.InteropServices;
using SmartDistrict.Configuration;
using SmartDistrict.Testing;
using SmartDistrict.Testing.Chaos;
using SmartDistrict.Testing.Demo;
using SmartDistrict.Testing.Simulation;

using var stop = new CancellationTokenSource();
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
try
{
    switch (args)
    {
        case [_, "--help", ..] or ["--help" or "help", ..] or []:
            Console.WriteLine($"{SimulateCommand.Help}\n{DemoCommand.Help}\n{ChaosCommand.Help}");
            return args.Length == 0 ? 2 : 0;
        case ["simulate", .. var rest]:
            return await SimulateCommand.RunAsync(rest, stop.Token);
        case ["demo", .. var rest]:
            return await DemoCommand.RunAsync(rest, stop.Token);
        case ["chaos", .. var rest]:
            return await ChaosCommand.RunAsync(rest, stop.Token);
        default:
            throw new CommandLineException($"unknown command '{args[0]}': there are simulate, demo and chaos; --help tells more");
    }
}
catch (Exception e) when (e is CommandLineException or FormatException or ConfigurationException or IOException or UnauthorizedAccessException or DemoException)
{
    await Console.Error.WriteLineAsync(e.Message);
    return e is CommandLineException ? 2 : 1;
}
