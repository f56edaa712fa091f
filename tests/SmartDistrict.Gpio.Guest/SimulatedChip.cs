using System.Globalization;

[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace SmartDistrict.Gpio.Guest;

/// <summary>A GPIO chip of the kernel's <c>gpio-sim</c>, made by configfs (kernel documentation, admin-guide/gpio/gpio-sim). The test's hand is on the wires.</summary>
public sealed class SimulatedChip : IDisposable
{
    private const string Root = "/sys/kernel/config/gpio-sim";
    private static int made;
    private readonly string device;
    private readonly string bank;
    private readonly FileStream?[] pulls;
    private string wires = "";

    public SimulatedChip(string label, int lines, params string[] names)
    {
        if (!Directory.Exists(Root))
            throw new InvalidOperationException("This kernel simulates no GPIO chips. Run these tests in the machine that has them: bash tests/gpio/run.sh");
        device = $"{Root}/chip{Interlocked.Increment(ref made)}";
        bank = $"{device}/bank0";
        Directory.CreateDirectory(bank);
        File.WriteAllText($"{bank}/num_lines", lines.ToString(CultureInfo.InvariantCulture));
        File.WriteAllText($"{bank}/label", label);
        for (var i = 0; i < names.Length; i++)
        {
            Directory.CreateDirectory($"{bank}/line{i}");
            File.WriteAllText($"{bank}/line{i}/name", names[i]);
        }
        pulls = new FileStream?[lines];
        Plug();
    }

    /// <summary><c>gpiochip</c> with its number of now.</summary>
    public string Name { get; private set; } = "";

    public void Plug()
    {
        File.WriteAllText($"{device}/live", "1");
        Name = File.ReadAllText($"{bank}/chip_name").Trim();
        wires = $"/sys/devices/platform/{File.ReadAllText($"{device}/dev_name").Trim()}/{Name}";
    }

    /// <summary>Takes the chip away, also from those who use its lines.</summary>
    public void Unplug()
    {
        foreach (ref var pull in pulls.AsSpan())
        {
            pull?.Dispose();
            pull = null;
        }
        File.WriteAllText($"{device}/live", "0");
    }

    /// <summary>Pulls an input up (1) or down (0).</summary>
    public void Pull(int line, int level)
    {
        var pull = pulls[line] ??= new FileStream($"{wires}/sim_gpio{line}/pull", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        pull.Position = 0;
        pull.Write(level == 0 ? "pull-down"u8 : "pull-up"u8);
    }

    /// <summary>The voltage on a line: 1 is high, whatever its user calls active.</summary>
    public int Level(int line) => File.ReadAllText($"{wires}/sim_gpio{line}/value")[0] - '0';

    public void Dispose()
    {
        Unplug();
        foreach (var line in Directory.GetDirectories(bank, "line*"))
            Directory.Delete(line);
        Directory.Delete(bank);
        Directory.Delete(device);
    }
}
