using SmartDistrict.Configuration.Yaml;

namespace SmartDistrict.Configuration;

/// <summary>Reads the keys <c>gpio</c> and <c>beams</c> of a device.</summary>
internal static class DualBeamReader
{
    private const string Example = "{chip: gpiochip0, a: 17, b: 27, active_low: true, bias: pull-up}";

    /// <summary>Keys that describe messages; edges are none.</summary>
    private static readonly string[] OfMessages = ["address", "period", "time_zone", "exit_lines", "lines"];

    /// <summary>Reads what is wired; null for a device of another sort, or where something is wrong.</summary>
    /// <param name="inputs">The lines taken so far, and by which device.</param>
    public static DualBeamEntry? Read(
        YamlReader device, string profile, string? gateway, Dictionary<(string? Gateway, string Chip, GpioLineId Line), string> inputs)
    {
        var gpio = device.Map("gpio", $"'gpio' of {device.Subject}");
        var beams = device.Map("beams", $"'beams' of {device.Subject}");
        if (profile != DualBeamEntry.Profile)
        {
            foreach (var key in (string[])["gpio", "beams"])
                if (device.Has(key))
                    device.Problems.Add(device.Place(key), $"{device.Subject} has '{key}', but the profile '{profile}'",
                        $"write 'profile: {DualBeamEntry.Profile}' if two beams are wired to the gateway, or remove '{key}'");
            return null;
        }
        foreach (var key in OfMessages)
            if (device.Has(key))
                device.Problems.Add(device.Place(key), $"{device.Subject} is a pair of beams and has '{key}'",
                    key is "lines" or "exit_lines" ? "name its one line: 'line: ln-01'" : $"remove '{key}': the gateway's own clock times its edges");
        var (spacing, longest, blocked) = Geometry(beams);
        if (gpio is null)
        {
            if (!device.Has("gpio"))
                device.Required("gpio", Example);
            return null;
        }
        return Wiring(gpio) is { } wiring && Claim(gpio, device.Subject, gateway, wiring, inputs)
            ? new DualBeamEntry(wiring, spacing / 1000.0, longest / 1000.0, TimeSpan.FromSeconds(blocked))
            : null;
    }

    private static (long Spacing, long Longest, long Blocked) Geometry(YamlReader? beams)
    {
        var spacing = beams?.Whole("spacing_mm", 50, 400) ?? 200;
        var longest = beams?.Whole("longest_person_mm", 300, 2000) ?? 500;
        var blocked = beams?.Whole("blocked_s", 5, 10) ?? 8;
        beams?.End();
        return (spacing, longest, blocked);
    }

    private static GpioWiring? Wiring(YamlReader gpio)
    {
        var chip = gpio.RequiredText("chip", "gpiochip0");
        var a = Line(gpio, "a", "17");
        var b = Line(gpio, "b", "27");
        var activeLow = gpio.Flag("active_low");
        var bias = gpio.Choice("bias", ["none", "pull-up", "pull-down"]) switch
        {
            "pull-up" => GpioBias.PullUp,
            "pull-down" => GpioBias.PullDown,
            _ => GpioBias.None,
        };
        var debounce = gpio.Whole("debounce_ms", 0, 100) ?? 25;
        gpio.End();
        return chip is not null && a is { } first && b is { } second
            ? new GpioWiring(chip, first, second, activeLow, bias, TimeSpan.FromMilliseconds(debounce))
            : null;
    }

    private static GpioLineId? Line(YamlReader gpio, string key, string example)
    {
        if (gpio.Required(key, example) is not { } node)
            return null;
        if (node is YamlScalar { IsText: true, Text.Length: > 0 } name)
            return new GpioLineId(null, name.Text);
        return gpio.WholeOf(node, key, 0, 1023) is { } offset ? new GpioLineId((int)offset, null) : null;
    }

    /// <summary>A line of a chip can be requested once.</summary>
    private static bool Claim(YamlReader gpio, string device, string? gateway, GpioWiring wiring, Dictionary<(string?, string, GpioLineId), string> inputs)
    {
        var free = true;
        foreach (var (key, line) in new[] { ("a", wiring.A), ("b", wiring.B) })
            if (!inputs.TryAdd((gateway, wiring.Chip, line), $"'{key}' of {device}"))
            {
                free = false;
                gpio.Problems.Add(gpio.Place(key), $"'{key}' of {gpio.Subject} is line {line} of chip '{wiring.Chip}', which is {inputs[(gateway, wiring.Chip, line)]} already",
                    "wire each beam to an input of its own");
            }
        return free;
    }
}
