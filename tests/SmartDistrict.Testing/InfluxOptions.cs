namespace SmartDistrict.Testing;

/// <summary>How an <see cref="InfluxServer"/> is set up.</summary>
public sealed record InfluxOptions
{
    /// <summary>Whether requests need <see cref="InfluxServer.AdminUser"/> and <see cref="InfluxServer.AdminPassword"/>, or a user made with them.</summary>
    public bool Authentication { get; init; }

    /// <summary>The largest body that a write may have (<c>max-body-size</c>); 0 for the server's default, 25 MB.</summary>
    public int MaxBodyBytes { get; init; }

    /// <summary>Created at the start.</summary>
    public string Database { get; init; } = "district";
}
