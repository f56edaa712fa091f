namespace SmartDistrict.Testing.Chaos;

/// <summary>What a gateway runs in: a process of this machine, or a machine of its own.</summary>
internal interface IGatewayBody : IAsyncDisposable
{
    /// <summary>How long it takes, about, until the gateway in it acknowledges something.</summary>
    TimeSpan StartTime { get; }

    /// <summary>The gateway's data folder, to be read while it is stopped in order; and, of a process, whenever it does not run.</summary>
    string Data { get; }

    /// <summary>Where the gateway finds what listens on this machine's loopback interface.</summary>
    string Host { get; }

    bool Ended { get; }

    /// <summary>The end of what was written in its newest life, for a person who looks for the cause.</summary>
    string LastWords { get; }

    /// <param name="settings">The gateway's settings file; the data folder is given beside it.</param>
    /// <param name="overrides">Settings that differ this time, as <c>--Section:Setting=value</c>.</param>
    void Start(string settings, params ReadOnlySpan<string> overrides);

    /// <summary>Ends it without a warning.</summary>
    Task KillAsync();

    /// <summary>Asks the gateway to end.</summary>
    /// <returns>Whether it did, and in good order.</returns>
    Task<bool> StopAsync(TimeSpan patience);
}
