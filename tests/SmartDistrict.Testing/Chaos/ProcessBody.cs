using SmartDistrict.Testing.Demo;

namespace SmartDistrict.Testing.Chaos;

/// <summary>A gateway as a process of this machine; its death is SIGKILL.</summary>
/// <param name="name">For its logs.</param>
/// <param name="folder">Gets its logs.</param>
/// <param name="program">Program and first arguments.</param>
/// <param name="data">Its data folder.</param>
internal sealed class ProcessBody(string name, string folder, IReadOnlyList<string> program, string data) : IGatewayBody
{
    private DemoPart? part;

    public TimeSpan StartTime => TimeSpan.FromSeconds(0.6);

    public string Data => data;

    public string Host => "127.0.0.1";

    public bool Ended => part?.Ended ?? true;

    public string LastWords => part?.LastLines() ?? "";

    public void Start(string settings, params ReadOnlySpan<string> overrides) =>
        part = DemoPart.Start(name, folder, [.. program, "run", "--config", settings, $"--Gateway:Data={data}", .. overrides]);

    public async Task KillAsync()
    {
        await part!.KillAsync();
        await DisposeAsync();
    }

    public async Task<bool> StopAsync(TimeSpan patience)
    {
        var inTime = await part!.StopAsync(patience);
        var code = await part.EndAsync(patience);
        await DisposeAsync();
        return inTime && code == 0;
    }

    public async ValueTask DisposeAsync()
    {
        if (part is not null)
            await part.DisposeAsync();
        part = null;
    }
}
