using Microsoft.Extensions.Logging;
using SmartDistrict.Configuration;
using SmartDistrict.Edge.Devices;

namespace SmartDistrict.Edge.Drivers.Gpio;

/// <summary>Journals the edges of the devices that are wired to the gateway itself; <see cref="GpioEnvelope"/> is what it writes.</summary>
public sealed class GpioDriver : IDriver
{
    private static readonly string[] Beams = ["a", "b"];
    private readonly List<GpioInput> inputs;

    /// <param name="devices">Those with <see cref="Device.Beams"/> are this driver's.</param>
    /// <param name="lines">Where the lines are.</param>
    /// <param name="retry">Pause before a chip or line that could not be had is asked for again.</param>
    /// <param name="log">Starts, faults and losses.</param>
    public GpioDriver(IEnumerable<Device> devices, IGpioLines lines, TimeSpan retry, ILogger<GpioDriver> log) =>
        inputs = [.. devices.Where(device => device.Beams is not null)
            .Select(device => new GpioInput(device.Id, Request(device.Id, device.Beams!.Gpio), Beams, lines, retry, log))];

    public static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    public string Name => "gpio";

    /// <summary>One for each device.</summary>
    internal IReadOnlyList<GpioInput> Inputs => inputs;

    public string State => inputs.Find(input => input.Fault is not null) is { } faulty ? $"{faulty.Device}: {faulty.Fault}" : IDriver.Connected;

    /// <summary>Edges journaled since the start.</summary>
    public long Edges => inputs.Sum(input => input.Edges);

    /// <summary>Edges known to be lost since the start, at least.</summary>
    public long Lost => inputs.Sum(input => input.Lost);

    public Task RunAsync(Intake intake, CancellationToken cancellation) => Task.WhenAll(inputs.Select(input => OnThread(input, intake, cancellation)));

    private static Task OnThread(GpioInput input, Intake intake, CancellationToken cancellation)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                input.Run(intake, cancellation);
                ended.SetResult();
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                // the journal has no room, and the gateway stops
                ended.SetResult();
            }
            catch (Exception e)
            {
                ended.SetException(e);
            }
        }) { Name = $"gpio {input.Device}", IsBackground = true }.Start();
        return ended.Task;
    }

    private static GpioInputRequest Request(string device, GpioWiring wiring) => new(
        wiring.Chip, [wiring.A, wiring.B], $"smartdistrict {device}", wiring.ActiveLow, wiring.Bias, wiring.Debounce);
}
