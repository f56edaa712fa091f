using System.Globalization;

namespace SmartDistrict.Testing.Simulation.Faults;

/// <summary>How often what goes wrong. The first four are shares of the published messages, the others per device and hour.</summary>
public sealed record FaultRates
{
    public static readonly FaultRates None = new();

    /// <summary>What a well-kept site sees, more often than it does: duplicates, late and reordered readings, reboots, resets, outages.</summary>
    public static readonly FaultRates Usual = new() { Duplicates = 0.02, Late = 0.01, Reordered = 0.01, Reboots = 0.5, Resets = 0.5, Outages = 1 };

    /// <summary>As <see cref="Usual"/>, with broken payloads.</summary>
    public static readonly FaultRates Harsh = Usual with { Garbage = 0.001 };

    /// <summary>Sent a second time.</summary>
    public double Duplicates { get; init; }

    /// <summary>Held back for <see cref="LateBy"/> and more.</summary>
    public double Late { get; init; }

    /// <summary>Overtaken by what the device sends within the next second or so.</summary>
    public double Reordered { get; init; }

    /// <summary>Broken payloads, sent in addition.</summary>
    public double Garbage { get; init; }

    /// <summary>Restarts with a new boot id.</summary>
    public double Reboots { get; init; }

    /// <summary>Running totals set back to 0.</summary>
    public double Resets { get; init; }

    /// <summary>Network losses of 2 to 5 minutes that a model with a history makes good.</summary>
    public double Outages { get; init; }

    /// <summary>The shortest delay of a late message; the longest is four times as long.</summary>
    public TimeSpan LateBy { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Reads <c>none</c>, <c>usual</c>, <c>harsh</c> or <c>duplicates=0.02,late=0.01,…</c>.</summary>
    /// <exception cref="FormatException">The message names the part and what may stand there.</exception>
    public static FaultRates Parse(string text) => text switch
    {
        "none" => None,
        "usual" => Usual,
        "harsh" => Harsh,
        _ => text.Split(',').Aggregate(None, With),
    };

    private static FaultRates With(FaultRates rates, string part)
    {
        var pair = part.Split('=', 2);
        if (pair.Length != 2 || !double.TryParse(pair[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var rate) || rate < 0)
            throw Unknown(part);
        return pair[0] switch
        {
            "duplicates" => rates with { Duplicates = rate },
            "late" => rates with { Late = rate },
            "reordered" => rates with { Reordered = rate },
            "garbage" => rates with { Garbage = rate },
            "reboots" => rates with { Reboots = rate },
            "resets" => rates with { Resets = rate },
            "outages" => rates with { Outages = rate },
            "late-by" => rates with { LateBy = TimeSpan.FromSeconds(rate) },
            _ => throw Unknown(part),
        };
    }

    private static FormatException Unknown(string part) => new(
        $"faults: '{part}' is not understood; write none, usual, harsh, or a list such as duplicates=0.02,late=0.01,reordered=0.01,garbage=0.001 " +
        "(shares of the messages), reboots=0.5,resets=0.5,outages=1 (per device and hour), late-by=20 (seconds)");
}
