using System.Diagnostics;
using SmartDistrict.Configuration;
using SmartDistrict.Edge.Drivers.Gpio;

namespace SmartDistrict.Gpio.Guest;

/// <summary><see cref="KernelGpioLines"/> on a real kernel.</summary>
public sealed class KernelLinesTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly KernelGpioLines lines = new();

    [Fact]
    public void A_chip_is_found_by_its_name_and_by_its_label_and_a_line_by_its_name_and_its_number()
    {
        using var chip = new SimulatedChip("door", 4, "BEAM_A", "BEAM_B");
        chip.Pull(1, 1);
        foreach (var name in (string[])[chip.Name, "door"])
        {
            using var inputs = lines.Watch(Inputs(name, Named("BEAM_B"), At(0)));
            Assert.Equal([1, 0], Levels(inputs, 2));
        }
    }

    [Fact]
    public void What_is_not_there_is_told_with_what_is()
    {
        using var chip = new SimulatedChip("door", 3, "BEAM_A", "", "BEAM_B");
        using var twin = new SimulatedChip("twins", 2, "SAME", "SAME");
        using var other = new SimulatedChip("twins", 2);
        void Refused(string chipName, string what, params GpioLineId[] wanted) =>
            Assert.Contains(what, Assert.Throws<GpioException>(() => lines.Watch(Inputs(chipName, wanted))).Message, StringComparison.Ordinal);

        Refused("dor", $"there is no GPIO chip 'dor'. Mend: plug it in, load its driver, or name one of GPIO chip {chip.Name} (door)", At(0));
        Refused("twins", $"2 GPIO chips have the label 'twins': {twin.Name}, {other.Name}. Mend: name the chip by its name", At(0));
        Refused("door", "(door) has no line 3. Mend: its lines are 0 to 2", At(3));
        Refused("door", "(door) has no line 'BEAM_C'. Mend: its named lines are BEAM_A, BEAM_B", Named("BEAM_C"));
        Refused(twin.Name, "(twins) has several lines 'SAME'. Mend: give the line's number, 0 or another", Named("SAME"));
        Refused("door", "'BEAM_A' and '0' are both line 0", Named("BEAM_A"), At(0));
    }

    [Fact]
    public void Edges_come_in_order_with_their_numbers_and_times_of_the_gateways_own_monotonic_clock()
    {
        using var chip = new SimulatedChip("door", 2);
        using var inputs = lines.Watch(Inputs("door", At(0), At(1)));
        var before = Now();
        foreach (var (line, level) in ((int, int)[])[(0, 1), (1, 1), (0, 0), (1, 0)])
            chip.Pull(line, level);
        var edges = Take(inputs, 4);
        var after = Now();
        Assert.Equal([(0, 1, 1u), (1, 1, 1u), (0, 0, 2u), (1, 0, 2u)], edges.Select(edge => (edge.Line, edge.Level, edge.Sequence)));
        Assert.Equal(edges.OrderBy(edge => edge.Time), edges);
        Assert.All(edges, edge => Assert.InRange(edge.Time, before, after));
    }

    [Fact]
    public void Active_low_turns_levels_and_edges_and_bias_holds_an_open_input()
    {
        using var chip = new SimulatedChip("door", 2);
        using (var pulled = lines.Watch(Inputs("door", At(0)) with { Bias = GpioBias.PullUp }))
            Assert.Equal([1], Levels(pulled));
        using (var pulled = lines.Watch(Inputs("door", At(0)) with { Bias = GpioBias.PullDown }))
            Assert.Equal([0], Levels(pulled));
        using var turned = lines.Watch(Inputs("door", At(0)) with { Bias = GpioBias.PullUp, ActiveLow = true });
        Assert.Equal([0], Levels(turned));
        chip.Pull(0, 0);
        Assert.Equal((1, 1), (Take(turned, 1)[0].Level, Levels(turned)[0]));
    }

    [Fact]
    public void A_level_counts_when_it_has_been_stable_for_the_debounce_time()
    {
        using var chip = new SimulatedChip("door", 1);
        using var inputs = lines.Watch(Inputs("door", At(0)) with { Debounce = TimeSpan.FromMilliseconds(200) });
        for (var bounce = 0; bounce < 5; bounce++)
        {
            chip.Pull(0, 1);
            chip.Pull(0, 0);
        }
        var pulled = Now();
        chip.Pull(0, 1);
        var edge = Assert.Single(Take(inputs, 1));
        Assert.Equal((1, 1u), (edge.Level, edge.Sequence));
        Assert.InRange(edge.Time - pulled, 190_000_000, 5_000_000_000);
        Assert.Equal(0, inputs.Read(new GpioLineEdge[8], TimeSpan.FromMilliseconds(300)));
        Assert.Equal([1], Levels(inputs));
    }

    [Fact]
    public void Outputs_have_their_first_levels_at_once_and_then_what_is_written()
    {
        using var chip = new SimulatedChip("locks", 4, "LOCK", "BUZZER", "LAMP");
        using (var outputs = lines.Drive(new("locks", [Named("LOCK"), Named("BUZZER"), At(2)], [1, 0, 1], "test", ActiveLow: false)))
        {
            Assert.Equal([1, 0, 1], Enumerable.Range(0, 3).Select(chip.Level));
            outputs.Write(1, 1);
            outputs.Write(0, 0);
            Assert.Equal([0, 1, 1], Enumerable.Range(0, 3).Select(chip.Level));
            Assert.Equal([0, 1, 1], Enumerable.Range(0, 3).Select(outputs.Read));
        }
        using var turned = lines.Drive(new("locks", [Named("LOCK")], [1], "test", ActiveLow: true));
        Assert.Equal((0, 1), (chip.Level(0), turned.Read(0)));
    }

    [Fact]
    public void A_line_in_use_says_by_whom_and_is_free_again_after_its_user()
    {
        using var chip = new SimulatedChip("door", 2, "BEAM_A", "BEAM_B");
        using (lines.Watch(Inputs("door", At(1)) with { Consumer = "somebody else with a name beyond the kernel's 31 bytes" }))
        {
            var refused = Assert.Throws<GpioException>(() => lines.Watch(Inputs("door", At(0), At(1))));
            Assert.Equal($"GPIO chip {chip.Name} (door) is busy (EBUSY): line 1 (BEAM_B) by 'somebody else with a name beyon' in use. "
                + "Mend: stop the program or the device-tree overlay that uses it, or move the wire to a free line and name that one", refused.Message);
        }
        using var inputs = lines.Watch(Inputs("door", At(0), At(1)));
        Assert.Equal([0, 0], Levels(inputs, 2));
    }

    [Fact]
    public void A_chip_that_goes_is_told_to_those_who_wait_and_can_be_used_again_when_it_is_back()
    {
        using var chip = new SimulatedChip("door", 2);
        using (var inputs = lines.Watch(Inputs("door", At(0))))
        {
            chip.Pull(0, 1);
            Take(inputs, 1);
            chip.Unplug();
            var gone = Assert.Throws<GpioException>(() => Wait(inputs, TimeSpan.FromMilliseconds(500)));
            Assert.Contains("(door) cannot be used: No such device", gone.Message, StringComparison.Ordinal);
            Assert.Throws<GpioException>(() => Levels(inputs));
        }
        Assert.Contains("there is no GPIO chip 'door'", Assert.Throws<GpioException>(() => lines.Watch(Inputs("door", At(0)))).Message, StringComparison.Ordinal);
        chip.Plug();
        using var again = lines.Watch(Inputs("door", At(0)));
        chip.Pull(0, 1);
        Assert.Equal(1u, Assert.Single(Take(again, 1)).Sequence);
    }

    [Fact]
    public void What_the_kernels_queue_cannot_hold_is_missing_in_the_numbers_to_the_unit()
    {
        const int sent = 2_500;
        using var chip = new SimulatedChip("door", 1);
        using var inputs = lines.Watch(Inputs("door", At(0)));
        for (var i = 1; i <= sent; i++)
            chip.Pull(0, i & 1);
        var edges = new List<GpioLineEdge>();
        var into = new GpioLineEdge[64];
        while (inputs.Read(into, TimeSpan.FromMilliseconds(200)) is var count and > 0)
            edges.AddRange(into.AsSpan(0, count));
        Assert.Equal(1024, edges.Count);
        Assert.Equal((uint)sent, edges[^1].Sequence);
        Assert.Equal((uint)(sent - 1023), edges[0].Sequence);
    }

    [Fact]
    public async Task Waiting_can_be_ended_from_outside()
    {
        using var chip = new SimulatedChip("door", 1);
        using var inputs = lines.Watch(Inputs("door", At(0)));
        var began = Now();
        var waiting = Task.Run(() => inputs.Read(new GpioLineEdge[1], TimeSpan.FromMinutes(5)), TestContext.Current.CancellationToken);
        inputs.Interrupt();
        Assert.Equal(0, await waiting.WaitAsync(Patience, TestContext.Current.CancellationToken));
        Assert.Equal(0, inputs.Read(new GpioLineEdge[1], TimeSpan.FromMinutes(5)));
        Assert.True(Now() - began < 60_000_000_000);
    }

    private static GpioInputRequest Inputs(string chip, params GpioLineId[] wanted) => new(chip, wanted, "test", false, GpioBias.None, TimeSpan.Zero);

    private static GpioLineId Named(string name) => new(null, name);

    private static GpioLineId At(int offset) => new(offset, null);

    private static int[] Levels(IGpioInputs inputs, int lines = 1)
    {
        var levels = new int[lines];
        inputs.ReadLevels(levels);
        return levels;
    }

    private static List<GpioLineEdge> Take(IGpioInputs inputs, int count)
    {
        var edges = new List<GpioLineEdge>();
        var into = new GpioLineEdge[8];
        while (edges.Count < count)
        {
            var came = inputs.Read(into, Patience);
            Assert.True(came > 0, $"only {edges.Count} of {count} edges came");
            edges.AddRange(into.AsSpan(0, came));
        }
        return edges;
    }

    /// <summary>Waits without end for a chip that has gone.</summary>
    private static void Wait(IGpioInputs inputs, TimeSpan each)
    {
        for (var i = 0; i < 20; i++)
            inputs.Read(new GpioLineEdge[1], each);
    }

    /// <summary>CLOCK_MONOTONIC, ns, as .NET reads it.</summary>
    private static long Now() => Stopwatch.GetTimestamp();
}
