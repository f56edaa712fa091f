using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using SmartDistrict.Edge.Devices;

namespace SmartDistrict.Edge.Drivers.Iio;

/// <summary>Reads the sensor chips on the gateway's own buses, each in its period, and journals the kernel's numbers as they are.</summary>
public sealed partial class SensorDriver : IDriver
{
    private readonly List<Device> devices;
    private readonly SysfsSensors sensors;
    private readonly TimeProvider time;
    private readonly ILogger<SensorDriver> log;
    private readonly ConcurrentDictionary<string, string> faults = new();
    private long readings;

    /// <param name="devices">Those with <see cref="Device.Sensor"/> are this driver's.</param>
    /// <param name="sensors">Where the chips are.</param>
    public SensorDriver(IEnumerable<Device> devices, SysfsSensors sensors, TimeProvider time, ILogger<SensorDriver> log)
    {
        this.devices = [.. devices.Where(device => device.Sensor is not null)];
        this.sensors = sensors;
        this.time = time;
        this.log = log;
    }

    public string Name => "sensors";

    public string State => devices.Find(device => faults.ContainsKey(device.Id)) is { } faulty && faults.TryGetValue(faulty.Id, out var fault)
        ? $"{faulty.Id}: {fault}"
        : IDriver.Connected;

    /// <summary>Readings journaled since the start.</summary>
    public long Readings => Volatile.Read(ref readings);

    public Task RunAsync(Intake intake, CancellationToken cancellation) => Task.WhenAll(devices.Select(device => RunAsync(device, intake, cancellation)));

    private async Task RunAsync(Device device, Intake intake, CancellationToken cancellation)
    {
        // a conversion takes up to a second on slow buses: not on the caller's thread
        await Task.Yield();
        using var timer = new PeriodicTimer(device.Period!.Value, time);
        try
        {
            do
                Read(device, intake);
            while (await timer.WaitForNextTickAsync(cancellation));
        }
        catch (OperationCanceledException)
        {
            // told to stop
        }
    }

    private void Read(Device device, Intake intake)
    {
        try
        {
            var chip = sensors.Find(device.Sensor!.Chip, device.Sensor.At);
            var attributes = SysfsSensors.Read(chip, out var fault);
            if (attributes.Count > 0)
            {
                intake.Take(intake.Now(), SensorEnvelope.Topic(device.Id), SensorEnvelope.Write(chip.Name, attributes));
                intake.Flush();
                Interlocked.Increment(ref readings);
            }
            else
                fault ??= "it says nothing that the gateway knows";
            Tell(device.Id, fault is null ? null : $"{chip.Shown}: {fault}. Mend: check its wires and its supply");
        }
        catch (SensorException e)
        {
            Tell(device.Id, e.Message);
        }
    }

    private void Tell(string device, string? fault)
    {
        var known = faults.GetValueOrDefault(device);
        if (fault == known)
            return;
        if (fault is null)
        {
            faults.TryRemove(device, out _);
            LogRead(device);
            return;
        }
        faults[device] = fault;
        LogFault(device, fault);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Sensor {Device} is not read: {Fault}")]
    private partial void LogFault(string device, string fault);

    [LoggerMessage(Level = LogLevel.Information, Message = "Sensor {Device} is read again")]
    private partial void LogRead(string device);
}
