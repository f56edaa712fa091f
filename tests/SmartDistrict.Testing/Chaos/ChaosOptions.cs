namespace SmartDistrict.Testing.Chaos;

/// <summary>How much goes wrong, and for how long.</summary>
public sealed record ChaosOptions
{
    /// <summary>Ends after so many SIGKILLs of gateways, and all the power cuts.</summary>
    public int Kills { get; init; } = 1000;

    /// <summary>Ends after so long at the latest.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromHours(10);

    /// <summary>Gateways that run as processes, and are killed, side by side.</summary>
    public int Gateways { get; init; } = 6;

    /// <summary>Gateways beside these in a machine of their own (QEMU), of which the power is cut.</summary>
    public int Machines { get; init; }

    /// <summary>Ends after so many power cuts, if there are machines.</summary>
    public int PowerCuts { get; init; }

    /// <summary>Devices of each gateway, with a counting line each.</summary>
    public int Devices { get; init; } = 10;

    /// <summary>Readings per second of each gateway.</summary>
    public int Rate { get; init; } = 100;

    public int Seed { get; init; } = 1;

    /// <summary>The gateway's program and its first arguments.</summary>
    public required IReadOnlyList<string> Gateway { get; init; }

    /// <summary>Kept, with all logs and data; null for one that is gone afterwards.</summary>
    public string? Folder { get; init; }

    /// <summary>How long a trouble of the surroundings lasts at most.</summary>
    public TimeSpan Trouble { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>How long there is none between two of them, on average.</summary>
    public TimeSpan Rest { get; init; } = TimeSpan.FromSeconds(4);
}
