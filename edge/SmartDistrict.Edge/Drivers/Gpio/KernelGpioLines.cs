using System.Runtime.InteropServices;
using SmartDistrict.Configuration;
using static SmartDistrict.Edge.Drivers.Gpio.GpioAbi;

namespace SmartDistrict.Edge.Drivers.Gpio;

/// <summary>The GPIO lines of this machine, by the kernel's character device.</summary>
/// <remarks>Chips are looked up at each request: their numbers change when drivers come and go.</remarks>
public sealed class KernelGpioLines : IGpioLines
{
    private const int ReadWriteCloseOnExec = 0x80002;
    private const int Forbidden = 13, Busy = 16;

    public IGpioInputs Watch(GpioInputRequest request)
    {
        var flags = Flags.Input | Flags.EdgeRising | Flags.EdgeFalling
            | (request.ActiveLow ? Flags.ActiveLow : 0)
            | request.Bias switch { GpioBias.PullUp => Flags.PullUp, GpioBias.PullDown => Flags.PullDown, _ => 0 };
        var debounce = (ulong)(request.Debounce.Ticks / TimeSpan.TicksPerMicrosecond);
        return Take(request.Chip, request.Lines, request.Consumer, flags, debounce == 0 ? default : new() { Id = AttributeDebounce, Value = debounce });
    }

    public IGpioOutputs Drive(GpioOutputRequest request)
    {
        var flags = Flags.Output | (request.ActiveLow ? Flags.ActiveLow : 0) | (request.OpenDrain ? Flags.OpenDrain : 0);
        ulong levels = 0;
        for (var i = 0; i < request.Lines.Count; i++)
            levels |= (ulong)(request.Levels[i] & 1) << i;
        return Take(request.Chip, request.Lines, request.Consumer, flags, new() { Id = AttributeOutputValues, Value = levels });
    }

    private static unsafe KernelGpioRequest Take(string name, IReadOnlyList<GpioLineId> lines, string consumer, Flags flags, GpioAbi.Attribute attribute)
    {
        if (lines.Count is < 1 or > MaxLines)
            throw new ArgumentOutOfRangeException(nameof(lines), $"a request is for 1 to {MaxLines} lines");
        var chip = Open(name);
        try
        {
            var offsets = lines.Select(line => Find(chip, line)).ToArray();
            for (var i = 0; i < offsets.Length; i++)
                if (Array.IndexOf(offsets, offsets[i]) is var first && first != i)
                    throw new GpioException($"'{lines[first]}' and '{lines[i]}' are both line {offsets[i]} of {chip.Shown}", "name two different lines");
            var request = new Request
            {
                Consumer = Name.Of(consumer),
                Flags = flags,
                LineCount = (uint)offsets.Length,
                EventBufferSize = flags.HasFlag(Flags.Input) ? MaxEvents : 0u,
            };
            offsets.CopyTo(request.Offsets);
            if (attribute.Id != 0)
            {
                request.AttributeCount = 1;
                request.Attributes[0] = new() { Attribute = attribute, Mask = ulong.MaxValue >> (MaxLines - offsets.Length) };
            }
            if (Control(chip.Descriptor, GetLine, &request) < 0)
                throw Refused(chip, offsets, Marshal.GetLastPInvokeError());
            return new KernelGpioRequest(request.Descriptor, offsets, chip.Shown);
        }
        finally
        {
            _ = Close(chip.Descriptor);
        }
    }

    private static OpenChip Open(string name)
    {
        var chips = new List<OpenChip>();
        GpioException? forbidden = null;
        foreach (var path in Directory.Exists("/dev") ? Directory.GetFiles("/dev", "gpiochip*").Order(StringComparer.Ordinal) : Enumerable.Empty<string>())
        {
            if (TryOpen(path, out var errno) is { } chip)
                chips.Add(chip);
            else if (errno == Forbidden)
                forbidden ??= new GpioException($"the gateway's user may not use {path}", "add the user to the group that owns it, usually 'gpio', and start the gateway again");
        }
        var named = chips.FindAll(chip => chip.Name == name || chip.Label == name);
        foreach (var other in chips.Except(named.Take(1)))
            _ = Close(other.Descriptor);
        if (named.Count == 1)
            return named[0];
        if (named.Count > 1)
        {
            _ = Close(named[0].Descriptor);
            throw new GpioException($"{named.Count} GPIO chips have the label '{name}': {string.Join(", ", named.Select(chip => chip.Name))}", "name the chip by its name");
        }
        if (forbidden is not null)
            throw forbidden;
        throw new GpioException($"there is no GPIO chip '{name}'", chips.Count == 0
            ? "this machine has no GPIO chip at all: load its driver or device-tree overlay"
            : $"plug it in, load its driver, or name one of {string.Join(", ", chips.Select(chip => chip.Shown))}");
    }

    private static unsafe OpenChip? TryOpen(string path, out int errno)
    {
        var descriptor = GpioAbi.Open(path, ReadWriteCloseOnExec);
        Chip info;
        if (descriptor < 0 || Control(descriptor, ChipInfo, &info) < 0)
        {
            errno = Marshal.GetLastPInvokeError();
            if (descriptor >= 0)
                _ = Close(descriptor);
            return null;
        }
        errno = 0;
        return new OpenChip(descriptor, info.Name.ToString(), info.Label.ToString(), info.Lines);
    }

    private static uint Find(OpenChip chip, GpioLineId line)
    {
        if (line.Offset is { } offset)
            return offset < chip.Lines
                ? (uint)offset
                : throw new GpioException($"{chip.Shown} has no line {offset}", $"its lines are 0 to {chip.Lines - 1}: correct the line");
        var names = Enumerable.Range(0, (int)chip.Lines).Select(i => Info(chip, (uint)i).Name.ToString()).ToList();
        var found = names.IndexOf(line.Name!);
        if (found < 0)
            throw new GpioException($"{chip.Shown} has no line '{line.Name}'",
                names.Any(name => name.Length > 0)
                    ? $"its named lines are {string.Join(", ", names.Where(name => name.Length > 0).Take(40))}: correct the name, or give the line's number"
                    : "its lines have no names: give the line's number");
        return names.LastIndexOf(line.Name!) == found
            ? (uint)found
            : throw new GpioException($"{chip.Shown} has several lines '{line.Name}'", $"give the line's number, {found} or another");
    }

    private static unsafe Line Info(OpenChip chip, uint offset)
    {
        var info = new Line { Offset = offset };
        return Control(chip.Descriptor, LineInfo, &info) == 0 ? info : throw Gone(chip.Shown, Marshal.GetLastPInvokeError());
    }

    private static GpioException Refused(OpenChip chip, uint[] offsets, int errno)
    {
        if (errno != Busy)
            return Gone(chip.Shown, errno);
        var taken = offsets.Select(offset => Info(chip, offset)).Where(line => line.Flags.HasFlag(Flags.Used))
            .Select(line => $"line {line.Offset}{(line.Name.ToString() is { Length: > 0 } name ? $" ({name})" : "")} by '{line.Consumer}'");
        return new GpioException($"{chip.Shown} is busy (EBUSY): {string.Join(", ", taken)} in use",
            "stop the program or the device-tree overlay that uses it, or move the wire to a free line and name that one");
    }

    internal static GpioException Gone(string chip, int errno) => new(
        $"{chip} cannot be used: {Marshal.GetPInvokeErrorMessage(errno)} (errno {errno})", "check its cable, power and driver; the gateway tries again each second");

    private sealed record OpenChip(int Descriptor, string Name, string Label, uint Lines)
    {
        public string Shown => $"GPIO chip {Name} ({Label})";
    }
}
