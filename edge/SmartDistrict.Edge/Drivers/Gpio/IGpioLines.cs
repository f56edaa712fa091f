using SmartDistrict.Configuration;

namespace SmartDistrict.Edge.Drivers.Gpio;

/// <summary>Lines of GPIO chips: edges in, levels out. Levels are logical: 1 is active, also where active is low.</summary>
public interface IGpioLines
{
    /// <summary>Takes inputs into use, and watches both edges of each from now on.</summary>
    /// <exception cref="GpioException">The chip or a line cannot be had now; trying again later makes sense.</exception>
    IGpioInputs Watch(GpioInputRequest request);

    /// <summary>Takes outputs into use, which have their first levels when this returns.</summary>
    /// <exception cref="GpioException">The chip or a line cannot be had now; trying again later makes sense.</exception>
    IGpioOutputs Drive(GpioOutputRequest request);
}

/// <summary>Inputs in use, by their place in the request. One thread reads; <see cref="Interrupt"/> is any thread's.</summary>
public interface IGpioInputs : IDisposable
{
    /// <summary>Reads the levels now; of debounced lines the debounced ones.</summary>
    /// <param name="levels">As long as the request's list of lines.</param>
    /// <exception cref="GpioException">The chip is gone.</exception>
    void ReadLevels(Span<int> levels);

    /// <summary>Waits for edges and takes those that came, in their order.</summary>
    /// <returns>How many; 0: the time passed, or <see cref="Interrupt"/> was called.</returns>
    /// <exception cref="GpioException">The chip is gone.</exception>
    int Read(Span<GpioLineEdge> into, TimeSpan wait);

    /// <summary>Ends this and each further <see cref="Read"/> at once.</summary>
    void Interrupt();
}

/// <summary>Outputs in use, by their place in the request; given back when disposed.</summary>
public interface IGpioOutputs : IDisposable
{
    /// <exception cref="GpioException">The chip is gone.</exception>
    void Write(int line, int level);

    /// <summary>The level that the line is driven to.</summary>
    /// <exception cref="GpioException">The chip is gone.</exception>
    int Read(int line);
}

/// <param name="Chip">Name (<c>gpiochip0</c>) or label (<c>pinctrl-rp1</c>).</param>
/// <param name="Lines">At most 64, each once.</param>
/// <param name="Consumer">What <c>gpioinfo</c> shows as the lines' user; cut to 31 bytes.</param>
/// <param name="Debounce">A level is reported when it has been stable for so long; zero: every edge.</param>
public sealed record GpioInputRequest(
    string Chip, IReadOnlyList<GpioLineId> Lines, string Consumer, bool ActiveLow, GpioBias Bias, TimeSpan Debounce);

/// <param name="Levels">First level of each line.</param>
/// <param name="OpenDrain">The line is pulled low or let go, never driven high.</param>
public sealed record GpioOutputRequest(
    string Chip, IReadOnlyList<GpioLineId> Lines, IReadOnlyList<int> Levels, string Consumer, bool ActiveLow, bool OpenDrain = false);

/// <param name="Line">Place in the request.</param>
/// <param name="Level">The level after the edge.</param>
/// <param name="Time">ns, CLOCK_MONOTONIC.</param>
/// <param name="Sequence">Number of the edge on its line, from 1 since the request; wraps.</param>
public readonly record struct GpioLineEdge(int Line, int Level, long Time, uint Sequence);

/// <summary>A chip or line cannot be used.</summary>
/// <param name="what">What is wrong, a sentence without its full stop.</param>
/// <param name="mend">What a technician does about it.</param>
public sealed class GpioException(string what, string mend) : IOException($"{what}. Mend: {mend}");
