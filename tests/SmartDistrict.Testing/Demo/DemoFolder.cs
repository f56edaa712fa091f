namespace SmartDistrict.Testing.Demo;

/// <summary>The folder of everything that a run writes; gone when the run is over.</summary>
public sealed class DemoFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("smartdistrict-demo-").FullName;

    public string Path(params string[] parts) => System.IO.Path.Combine([Root, .. parts]);

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
