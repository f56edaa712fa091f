using System.Runtime.InteropServices;
using static SmartDistrict.Edge.Drivers.Gpio.GpioAbi;

namespace SmartDistrict.Edge.Drivers.Gpio;

/// <summary>Lines that the kernel has given us: a descriptor whose edges are read like a file.</summary>
internal sealed unsafe class KernelGpioRequest : IGpioInputs, IGpioOutputs
{
    private const int NonBlockCloseOnExec = 0x80800;
    private const int Interrupted = 4, NoDevice = 19;
    private const int EventsAtOnce = 64;

    private readonly int lines;
    private readonly int stop;
    private readonly uint[] offsets;
    private readonly string chip;
    private bool disposed;

    public KernelGpioRequest(int lines, uint[] offsets, string chip)
    {
        this.lines = lines;
        this.offsets = offsets;
        this.chip = chip;
        stop = EventDescriptor(0, NonBlockCloseOnExec);
        if (stop >= 0)
            return;
        var errno = Marshal.GetLastPInvokeError();
        _ = Close(lines);
        throw KernelGpioLines.Gone(chip, errno);
    }

    public void ReadLevels(Span<int> levels)
    {
        var bits = Levels(ulong.MaxValue >> (MaxLines - offsets.Length));
        for (var i = 0; i < offsets.Length; i++)
            levels[i] = (int)(bits >> i) & 1;
    }

    public int Read(Span<GpioLineEdge> into, TimeSpan wait)
    {
        var polls = stackalloc Poll[2];
        polls[0] = new Poll { Descriptor = lines, Wanted = PollIn };
        polls[1] = new Poll { Descriptor = stop, Wanted = PollIn };
        var ready = Wait(polls, 2, (int)wait.TotalMilliseconds);
        if (ready < 0 && Marshal.GetLastPInvokeError() is not Interrupted and var errno)
            throw KernelGpioLines.Gone(chip, errno);
        if (polls[1].Happened != 0)
            return 0;
        if (ready <= 0)
        {
            // not every kernel wakes those who wait for the lines of a chip that goes away
            Levels(1);
            return 0;
        }
        if ((polls[0].Happened & PollIn) == 0)
            throw KernelGpioLines.Gone(chip, NoDevice);
        var events = stackalloc Event[EventsAtOnce];
        var bytes = GpioAbi.Read(lines, events, (nuint)(Math.Min(into.Length, EventsAtOnce) * sizeof(Event)));
        if (bytes < 0)
            return Marshal.GetLastPInvokeError() is Interrupted ? 0 : throw KernelGpioLines.Gone(chip, Marshal.GetLastPInvokeError());
        var count = (int)(bytes / sizeof(Event));
        for (var i = 0; i < count; i++)
            into[i] = new GpioLineEdge(
                Array.IndexOf(offsets, events[i].Offset), events[i].Id == RisingEdge ? 1 : 0, (long)events[i].Time, events[i].LineSequence);
        return count;
    }

    public void Write(int line, int level)
    {
        var values = new Values { Bits = (ulong)(level & 1) << line, Mask = 1UL << line };
        if (Control(lines, SetValues, &values) < 0)
            throw KernelGpioLines.Gone(chip, Marshal.GetLastPInvokeError());
    }

    public int Read(int line) => (int)(Levels(1UL << line) >> line) & 1;

    public void Interrupt()
    {
        ulong one = 1;
        lock (offsets)
            if (!disposed)
                _ = GpioAbi.Write(stop, &one, sizeof(ulong));
    }

    public void Dispose()
    {
        lock (offsets)
        {
            if (disposed)
                return;
            disposed = true;
            _ = Close(lines);
            _ = Close(stop);
        }
    }

    private ulong Levels(ulong mask)
    {
        var values = new Values { Mask = mask };
        return Control(lines, GetValues, &values) == 0 ? values.Bits : throw KernelGpioLines.Gone(chip, Marshal.GetLastPInvokeError());
    }
}
