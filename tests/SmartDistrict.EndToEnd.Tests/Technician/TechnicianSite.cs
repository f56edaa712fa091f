using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SmartDistrict.EndToEnd.Tests.Parts;
using SmartDistrict.Telemetry.Mqtt;
using SmartDistrict.Testing;
using SmartDistrict.Testing.Simulation;

namespace SmartDistrict.EndToEnd.Tests.Technician;

/// <summary>A gateway of the harbour beside a real broker, its store away, and a person who walks past one of its sensors.</summary>
internal sealed class TechnicianSite : IAsyncDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly MosquittoBroker broker;
    private readonly MqttSession session;
    private readonly HttpClient http;
    private int sequence;

    private TechnicianSite(MosquittoBroker broker)
    {
        this.broker = broker;
        session = SimulateCommand.Session("127.0.0.1", broker.Port);
        http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { Timeout = TimeSpan.FromSeconds(20) };
        Gateway = new GatewayProcess(folder, broker.Port, new JsonObject { [nameof(Url)] = "http://127.0.0.1:1/", ["Api"] = "v1", ["Database"] = "district" });
    }

    public GatewayProcess Gateway { get; }

    /// <summary>Root of the gateway's pages, such as http://127.0.0.1:8080/.</summary>
    public Uri Url { get; private set; } = null!;

    public string File(string name) => folder.File(name);

    /// <param name="configure">Changes the gateway's settings before it starts.</param>
    public static async Task<TechnicianSite> StartAsync(Action<TechnicianSite>? configure = null)
    {
        var site = new TechnicianSite(await MosquittoBroker.StartNewAsync());
        site.session.Start();
        configure?.Invoke(site);
        site.Gateway.Start();
        await site.Gateway.ListensAsync();
        site.Url = new Uri(new Uri((await System.IO.File.ReadAllTextAsync(site.Gateway.DataFile("status-url"))).Trim()), "/");
        return site;
    }

    /// <summary>Somebody walks past device node-08, on line ln-01.</summary>
    public async Task WalkAsync(int entries, int exits) => await SayAsync("sd/v1/harbour/counter/node-08/reading",
        $$"""{"ts":{{TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()}},"boot":"walk","seq":{{sequence++}},"entries":{{entries}},"exits":{{exits}}}""");

    public async Task SayAsync(string topic, string payload) =>
        await session.PublishAsync(new MqttMessage(topic, Encoding.UTF8.GetBytes(payload)), CancellationToken.None);

    public async Task<HttpResponseMessage> GetAsync(string path, string? session = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Url, path));
        if (session is not null)
            request.Headers.Add("Cookie", session);
        return await http.SendAsync(request);
    }

    public async Task<JsonElement> JsonAsync(string path, string? session = null)
    {
        using var answer = await GetAsync(path, session);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{path}: {answer.StatusCode} {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    /// <param name="origin">What a browser would state; null states none, "" the gateway's own.</param>
    public async Task<HttpResponseMessage> PostAsync(string path, string body, string? origin = "", string type = "application/json", string? session = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Url, path)) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        if (origin is not null)
            request.Headers.Add("Origin", origin.Length == 0 ? Url.GetLeftPart(UriPartial.Authority) : origin);
        if (session is not null)
            request.Headers.Add("Cookie", session);
        return await http.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await session.DisposeAsync();
        await broker.DisposeAsync();
        http.Dispose();
        folder.Dispose();
    }
}

/// <summary>One site for all tests of a class that leave it as it was.</summary>
public sealed class SharedTechnicianSite : IAsyncLifetime
{
    internal TechnicianSite Site { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Site = await TechnicianSite.StartAsync();

    public ValueTask DisposeAsync() => Site.DisposeAsync();
}
