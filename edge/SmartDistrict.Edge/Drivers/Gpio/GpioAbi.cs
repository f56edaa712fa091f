using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace SmartDistrict.Edge.Drivers.Gpio;

/// <summary>
/// The kernel's GPIO character device, uAPI v2 (Linux 5.10 and newer; <c>linux/gpio.h</c>, <c>struct gpio_v2_*</c>). All
/// reserved bytes must be zero. The layouts are the same on 32 and 64 bits.
/// </summary>
internal static partial class GpioAbi
{
    public const int MaxLines = 64;

    /// <summary>Edges that the kernel keeps for one request at most; beyond it drops the oldest.</summary>
    public const int MaxEvents = 16 * MaxLines;

    public const uint ChipInfo = 0x8044B401;
    public const uint LineInfo = 0xC100B405;
    public const uint GetLine = 0xC250B407;
    public const uint GetValues = 0xC010B40E;
    public const uint SetValues = 0xC010B40F;

    public const uint AttributeOutputValues = 2;
    public const uint AttributeDebounce = 3;
    public const uint RisingEdge = 1;

    [Flags]
    public enum Flags : ulong
    {
        None = 0,
        Used = 1 << 0,
        ActiveLow = 1 << 1,
        Input = 1 << 2,
        Output = 1 << 3,
        EdgeRising = 1 << 4,
        EdgeFalling = 1 << 5,
        OpenDrain = 1 << 6,
        PullUp = 1 << 8,
        PullDown = 1 << 9,
    }

    /// <summary>A zero-ended text.</summary>
    [InlineArray(32)]
    public struct Name
    {
        private byte first;

        public static Name Of(string text)
        {
            Name name = default;
            Encoding.UTF8.GetEncoder().Convert(text, ((Span<byte>)name)[..31], flush: true, out _, out _, out _);
            return name;
        }

        public override readonly string ToString()
        {
            ReadOnlySpan<byte> bytes = this;
            var end = bytes.IndexOf((byte)0);
            return Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
        }
    }

    [InlineArray(MaxLines)]
    public struct Offsets
    {
        private uint first;
    }

    [InlineArray(5)]
    public struct FiveReserved
    {
        private uint first;
    }

    [InlineArray(10)]
    public struct Attributes
    {
        private Attribute first;
    }

    [InlineArray(10)]
    public struct MaskedAttributes
    {
        private MaskedAttribute first;
    }

    /// <summary><c>struct gpiochip_info</c>.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 68)]
    public struct Chip
    {
        public Name Name;
        public Name Label;
        public uint Lines;
    }

    /// <summary><c>gpio_v2_line_attribute</c> <see cref="Value"/> is flags, output levels, or µs of debounce.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 16)]
    public struct Attribute
    {
        public uint Id;
        public uint Padding;
        public ulong Value;
    }

    /// <summary><c>gpio_v2_line_config_attribute</c>.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 24)]
    public struct MaskedAttribute
    {
        public Attribute Attribute;
        public ulong Mask;
    }

    /// <summary><c>gpio_v2_line_request</c> with its <c>gpio_v2_line_config</c>, 272 bytes from <see cref="Flags"/>.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 592)]
    public struct Request
    {
        public Offsets Offsets;
        public Name Consumer;
        public Flags Flags;
        public uint AttributeCount;
        public FiveReserved Reserved1;
        public MaskedAttributes Attributes;
        public uint LineCount;
        public uint EventBufferSize;
        public FiveReserved Reserved2;
        public int Descriptor;
    }

    /// <summary><c>gpio_v2_line_info</c>.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 256)]
    public struct Line
    {
        public Name Name;
        public Name Consumer;
        public uint Offset;
        public uint AttributeCount;
        public Flags Flags;
        public Attributes Attributes;
    }

    /// <summary><c>gpio_v2_line_event</c>.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 48)]
    public struct Event
    {
        public ulong Time;
        public uint Id;
        public uint Offset;
        public uint Sequence;
        public uint LineSequence;
    }

    /// <summary><c>gpio_v2_line_values</c>; bits by place in the request.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 16)]
    public struct Values
    {
        public ulong Bits;
        public ulong Mask;
    }

    /// <summary><c>struct pollfd</c>.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 8)]
    public struct Poll
    {
        public int Descriptor;
        public short Wanted;
        public short Happened;
    }

    public const short PollIn = 1;

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static unsafe partial int Control(int descriptor, nuint request, void* argument);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    public static unsafe partial int Wait(Poll* polls, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static unsafe partial nint Read(int descriptor, void* into, nuint length);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    public static partial int EventDescriptor(uint value, int flags);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static unsafe partial nint Write(int descriptor, void* from, nuint length);
}
