namespace SmartDistrict.Cloud.Tests.Hosting;

/// <summary>One service for all tests of a class that change nothing.</summary>
public sealed class SharedCloud : IAsyncDisposable
{
    internal CloudApp App { get; } = new();

    public ValueTask DisposeAsync() => App.DisposeAsync();
}

/// <summary>The same, of a district with lockers, kiosks and carts.</summary>
public sealed class SharedAssets : IAsyncDisposable
{
    internal CloudApp App { get; } = new(TestDistrict.WithAssets);

    public ValueTask DisposeAsync() => App.DisposeAsync();
}
