namespace SmartDistrict.Configuration;

/// <summary>
/// A pair of light beams across a passage, wired to the gateway: who walks in breaks <see cref="GpioWiring.A"/> first.
/// </summary>
/// <param name="Gpio">Where the two receivers are wired to.</param>
/// <param name="Spacing">Distance between the two beams, m. Below the depth of a body, so that it breaks both at once.</param>
/// <param name="LongestPerson">
/// The longest that one person is in walking direction, m: what breaks the beams for longer is more than one.
/// </param>
/// <param name="Blocked">A beam that is broken without a pause for this long is blocked: a fault, no person.</param>
public sealed record DualBeamEntry(GpioWiring Gpio, double Spacing, double LongestPerson, TimeSpan Blocked)
{
    /// <summary>Name of the profile of such a device. It has no file: what it sends are edges, not payloads.</summary>
    public const string Profile = "dual-beam";
}

/// <summary>How a receiver's output is pulled while it drives nothing.</summary>
public enum GpioBias
{
    /// <summary>By resistors on the board.</summary>
    None,
    PullUp,
    PullDown,
}

/// <summary>Two input lines of one GPIO chip.</summary>
/// <param name="Chip">The chip's name (<c>gpiochip0</c>) or label (<c>pinctrl-rp1</c>).</param>
/// <param name="A">The line of the beam that an entering person breaks first.</param>
/// <param name="B">The line of the other beam.</param>
/// <param name="ActiveLow">The input is low while the beam is broken.</param>
/// <param name="Debounce">The kernel reports a level only when it has been stable for this long; zero: every edge.</param>
public sealed record GpioWiring(string Chip, GpioLineId A, GpioLineId B, bool ActiveLow, GpioBias Bias, TimeSpan Debounce);

/// <summary>A line of a chip: its offset, or its name as <c>gpioinfo</c> shows it. Exactly one of the two is given.</summary>
public readonly record struct GpioLineId(int? Offset, string? Name)
{
    public override string ToString() => Name ?? Offset?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "";
}
