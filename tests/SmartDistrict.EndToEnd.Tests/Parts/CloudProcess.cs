using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using SmartDistrict.Testing;
using SmartDistrict.Testing.Demo;

namespace SmartDistrict.EndToEnd.Tests.Parts;

/// <summary>The cloud service as a process of its own, serving the built console, on an InfluxDB or on its embedded store.</summary>
internal sealed class CloudProcess : IAsyncDisposable
{
    public const string Administrator = "lin";
    public const string Password = "a long way down to the harbour";

    private static readonly string Harbour = RepositoryFiles.Path("firmware-config", "districts", "harbour.yaml");

    private readonly DemoPart part;
    private readonly string setUpCodeFile;
    private readonly CookieContainer cookies = new();
    private bool setUp;

    private CloudProcess(DemoPart part, Uri url, string setUpCodeFile)
    {
        this.part = part;
        this.setUpCodeFile = setUpCodeFile;
        Url = url;
        Client = new HttpClient(new HttpClientHandler { CookieContainer = cookies }) { BaseAddress = url };
    }

    public Uri Url { get; }

    /// <summary>A client of the API; <see cref="SignInAsync"/> lets it in.</summary>
    public HttpClient Client { get; }

    /// <summary>What the service gave to <see cref="Client"/> at its sign-in.</summary>
    public IEnumerable<Cookie> Cookies => cookies.GetCookies(Url);

    /// <summary>The code that the service made at its first start; gone once <see cref="SetUpAsync"/> used it.</summary>
    public string SetUpCode => File.ReadAllText(setUpCodeFile);

    /// <summary>Reads from an InfluxDB, into which the gateways write.</summary>
    public static Task<CloudProcess> StartAsync(TemporaryFolder folder, int brokerPort, InfluxServer influx, string? district = null) => StartAsync(folder, brokerPort, new Dictionary<string, string>
    {
        ["Cloud__District"] = district ?? Harbour,
        ["Cloud__Store"] = "influx",
        ["Cloud__Influx__Url"] = influx.Url.ToString(),
        ["Cloud__Influx__Database"] = influx.Database,
    });

    /// <summary>Takes the points itself, from a gateway with this token.</summary>
    public static Task<CloudProcess> StartAsync(TemporaryFolder folder, int brokerPort, string gateway, string token) => StartAsync(folder, brokerPort, new Dictionary<string, string>
    {
        ["Cloud__Gateways__0__Id"] = gateway,
        ["Cloud__Gateways__0__TokenSha256"] = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token))),
    });

    /// <summary>Serves another district than the demo's, and takes points from nobody.</summary>
    public static Task<CloudProcess> StartAsync(TemporaryFolder folder, int brokerPort, string district) =>
        StartAsync(folder, brokerPort, new Dictionary<string, string> { ["Cloud__District"] = district });

    /// <summary>Lets people in by a provider of OpenID Connect, too.</summary>
    public static Task<CloudProcess> StartAsync(TemporaryFolder folder, int brokerPort, OpenIdProcess provider) => StartAsync(folder, brokerPort, provider.Settings());

    private static async Task<CloudProcess> StartAsync(TemporaryFolder folder, int brokerPort, Dictionary<string, string> store)
    {
        var console = RepositoryFiles.Path("cloud", "console", "dist");
        Assert.True(File.Exists(Path.Combine(console, "index.html")), $"the console is not built ({console} has no index.html): run npm ci and npm run build in cloud/console");
        var url = new Uri($"http://127.0.0.1:{MosquittoBroker.FreePort()}/");
        var part = DemoPart.Start("cloud", folder.Path,
            ["dotnet", RepositoryFiles.Program("cloud/SmartDistrict.Cloud", "smartdistrict-cloud.dll"), "--urls", url.ToString()],
            new Dictionary<string, string>(store)
            {
                ["Cloud__District"] = store.GetValueOrDefault("Cloud__District", Harbour),
                ["Cloud__Data"] = folder.File("cloud"),
                ["Cloud__Console"] = console,
                ["Cloud__Broker__Host"] = "127.0.0.1",
                ["Cloud__Broker__Port"] = brokerPort.ToString(CultureInfo.InvariantCulture),
            });
        var cloud = new CloudProcess(part, url, folder.File("cloud", "set-up-code"));
        try
        {
            await Waiting.UntilAsync(cloud.HealthAsync, () => $"no answer from {url}healthz");
            return cloud;
        }
        catch
        {
            await cloud.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes the first administrator, once.</summary>
    public async Task SetUpAsync()
    {
        if (setUp)
            return;
        using var answer = await Client.PostAsJsonAsync("api/v1/set-up", new { code = SetUpCode, name = Administrator, password = Password }, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        setUp = true;
    }

    /// <summary>Lets <see cref="Client"/> in, as the first administrator.</summary>
    public Task SignInAsync() => SetUpAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await part.DisposeAsync();
    }

    private async Task<string?> HealthAsync()
    {
        part.MustRun();
        try
        {
            return await Client.GetStringAsync(new Uri("healthz", UriKind.Relative), TestContext.Current.CancellationToken);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
