using System.Text.Json;
using System.Text.Json.Nodes;
using SmartDistrict.Testing;
using SmartDistrict.Testing.Demo;

namespace SmartDistrict.EndToEnd.Tests.Parts;

/// <summary>The gateway of the harbour as a process of its own, which can be killed and started again on its data folder.</summary>
internal sealed class GatewayProcess : IAsyncDisposable
{
    private readonly TemporaryFolder folder;
    private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(10) };
    private DemoPart? part;
    private string said = "nothing";

    public GatewayProcess(TemporaryFolder folder, int brokerPort, JsonObject sync)
    {
        this.folder = folder;
        var broker = new JsonObject { ["Host"] = "127.0.0.1", ["Port"] = brokerPort };
        Configuration = new JsonObject
        {
            ["Gateway"] = new JsonObject
            {
                ["Id"] = "gw-1",
                ["District"] = RepositoryFiles.Path("firmware-config", "districts", "harbour.yaml"),
                ["Profiles"] = RepositoryFiles.Path("firmware-config", "profiles"),
                ["Data"] = folder.File("gateway"),
            },
            ["Broker"] = broker,
            ["Live"] = broker.DeepClone(),
            ["Sync"] = sync,
        };
    }

    /// <summary>What stands in the configuration file at the next start.</summary>
    public JsonObject Configuration { get; }

    public string ConfigurationFile => folder.File("gateway.json");

    /// <summary>What the gateway has written so far, over all its lives.</summary>
    public (string Output, string Error) Log => (Read(folder.File("gateway.out")), Read(folder.File("gateway.err")));

    /// <summary>A file of the data folder.</summary>
    public string DataFile(string name) => folder.File("gateway", name);

    public int ProcessId => part!.ProcessId;

    /// <summary>A command that becomes the gateway's at the next start.</summary>
    public IReadOnlyList<string> Wrapper { get; init; } = [];

    /// <summary>Variables of the gateway's environment at the next start.</summary>
    public Dictionary<string, string> Environment { get; } = [];

    public void Start(params string[] arguments)
    {
        File.WriteAllText(ConfigurationFile, Configuration.ToJsonString());
        part = DemoPart.Start(
            "gateway", folder.Path, [.. Wrapper, "dotnet", RepositoryFiles.Program("edge/SmartDistrict.Edge", "smartdistrict-edge.dll"), "run", "--config", ConfigurationFile, .. arguments], Environment);
    }

    public async Task KillAsync()
    {
        await part!.KillAsync();
        await part.DisposeAsync();
    }

    /// <summary>Asks the gateway to end.</summary>
    public async Task StopAsync()
    {
        Assert.True(await part!.StopAsync(Waiting.Patience), $"the gateway did not end at SIGTERM: {Log}");
        var code = await part.EndAsync(Waiting.Patience);
        Assert.True(code == 0, $"exit code {code}: {Log}");
    }

    /// <summary>Waits until the gateway ends by itself.</summary>
    /// <returns>Its exit code.</returns>
    public Task<int> EndAsync() => part!.EndAsync(Waiting.Patience);

    /// <summary>What the running gateway says of itself; null while it does not answer.</summary>
    public async Task<GatewayWord?> StatusAsync()
    {
        part!.MustRun();
        if (!File.Exists(DataFile("status-url")))
            return null;
        try
        {
            said = await http.GetStringAsync(new Uri((await File.ReadAllTextAsync(DataFile("status-url"))).Trim()));
            return new GatewayWord(JsonDocument.Parse(said).RootElement);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or UriFormatException)
        {
            // not started yet; or the address is of its former life
            return null;
        }
    }

    /// <summary>Asks for another page of the running gateway, such as <c>healthz</c>.</summary>
    public async Task<(int Code, string? Type, string Body)> GetAsync(string page)
    {
        var url = (await File.ReadAllTextAsync(DataFile("status-url"))).Trim();
        using var answer = await http.GetAsync(new Uri(new Uri(url), page));
        return ((int)answer.StatusCode, answer.Content.Headers.ContentType?.ToString(), await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Waits until the gateway says what is hoped for.</summary>
    public Task<GatewayWord> SaysAsync(string what, Func<GatewayWord, bool> holds) => Waiting.UntilAsync(
        async () => await StatusAsync() is { } word && holds(word) ? word : null, () => $"{what}. It said {said}\n{Log}");

    /// <summary>Waits until the gateway listens: its broker has granted what it subscribes to.</summary>
    public Task<GatewayWord> ListensAsync() =>
        SaysAsync("the gateway did not come up", word => word.Json.GetProperty("drivers").GetProperty("mqtt").GetString() == "connected");

    /// <summary>Waits until its log holds a text: a line is written a moment after what it tells of has happened.</summary>
    public Task LogsAsync(string text) => Waiting.UntilAsync(
        () => Task.FromResult(Log.Output.Contains(text, StringComparison.Ordinal) ? text : null), () => $"'{text}' is not in the log: {Log}");

    public async ValueTask DisposeAsync()
    {
        if (part is not null)
            await part.DisposeAsync();
        http.Dispose();
    }

    private static string Read(string file)
    {
        if (!File.Exists(file))
            return "";
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }
}

/// <summary>An answer of the status page.</summary>
internal sealed record GatewayWord(JsonElement Json)
{
    public long Number(string name) => Json.GetProperty(name).GetInt64();

    public string Text(string name) => Json.GetProperty(name).GetString()!;

    public override string ToString() => Json.GetRawText();
}
