namespace SmartDistrict.Testing;

/// <summary>How a test wants its broker. The defaults are an open broker on one plain listener that keeps nothing on disk.</summary>
public sealed record MosquittoOptions
{
    /// <summary>The configuration that we ship for the gateway's broker, without its listener and folder.</summary>
    public static IReadOnlyList<string> ShippedLines =>
        [.. File.ReadLines(RepositoryFiles.Path("deploy", "edge", "mosquitto.conf"))
            .Where(line => !line.StartsWith("listener ", StringComparison.Ordinal) && !line.StartsWith("persistence_location ", StringComparison.Ordinal))];

    /// <summary>Adds a TLS listener, with a certificate of the broker's own <see cref="TestAuthority"/>.</summary>
    public bool Tls { get; init; }

    /// <summary>The TLS listener lets in only clients with a certificate of the same authority.</summary>
    public bool RequireClientCertificate { get; init; }

    /// <summary>User → password. With any, a client without a password is refused.</summary>
    public IReadOnlyDictionary<string, string> Users { get; init; } = new Dictionary<string, string>();

    /// <summary>Lines of the access control list, such as <c>topic read public/#</c>; without any, everything is allowed.</summary>
    public IReadOnlyList<string> AccessList { get; init; } = [];

    /// <summary>Sessions and queued messages survive a restart (saved at every change).</summary>
    public bool Persistence { get; init; }

    /// <summary>Further lines of mosquitto.conf, such as <c>max_inflight_messages 1000</c>.</summary>
    public IReadOnlyList<string> Lines { get; init; } = [];
}
